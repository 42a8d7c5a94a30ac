import Corpus

/// The shapes of what clients send.
extension Schemas {
  /// A document that is no JSON.
  static let document = JSONValue.object([
    .init("type", .string("string")), .init("minLength", .integer(1)), .init("pattern", .string(#"\S"#)),
  ])

  /// What may be posted as JSON: a speech, or an array of speeches.
  static let documents = JSONValue.object([
    .init(
      "oneOf",
      .array([
        reference("NewSpeech"),
        .object([
          .init("type", .string("array")), .init("items", reference("NewSpeech")), .init("minItems", .integer(1)),
        ]),
      ]))
  ])

  /// A speech as it is given. Members that only the server sets may be there and are not kept.
  static let newSpeech: JSONValue = {
    let members = Speech.jsonMembers.sorted().map { name in
      switch name {
      case "text": JSONValue.Member(name, document)
      case "id": JSONValue.Member(name, .object([.init("type", .array([.string("string"), .string("null")]))]))
      case _ where Speech.givenMembers.contains(name):
        JSONValue.Member(name, optional(loosened(speech["properties"]?[name] ?? .object([]))))
      default: JSONValue.Member(name, .object([]))
      }
    }
    return .object([
      .init("type", .string("object")), .init("required", .array([.string("text")])),
      .init("properties", .object(members)), .init("additionalProperties", .bool(false)),
    ])
  }()

  /// What may be corrected, and `corrections` with those that are taken back.
  static let correction: JSONValue = {
    let parts: KeyValuePairs<String, [String]> = [
      "speaker": ["name", "role", "organisation", "level"],
      "source": ["name", "site", "url", "author", "editor", "disclaimer"],
    ]
    var members = [
      "title", "clean_title", "subtitle", "language", "occasion", "genre", "location", "delivered", "published",
      "announced_sections",
    ].map { JSONValue.Member($0, optional(loosened(speech["properties"]?[$0] ?? .object([])))) }
    for (name, words) in parts {
      let shape = loosened(speech["properties"]?[name] ?? .object([]))
      let some = words.map { JSONValue.Member($0, shape["properties"]?[$0] ?? text) }
      members.append(
        .init(
          name,
          optional(
            .object([
              .init("type", .string("object")), .init("properties", .object(some)),
              .init("additionalProperties", .bool(false)),
            ]))))
    }
    members.append(.init("metadata", optional(object([:], open: true))))
    members.append(
      .init(
        "corrections",
        optional(.object([.init("type", .string("object")), .init("additionalProperties", type("null"))]))))
    return .object([
      .init("type", .string("object")), .init("properties", .object(members)),
      .init("additionalProperties", .bool(false)),
    ])
  }()

  /// A shape of an answer as it may be given: nothing is required, and a date may be just its value.
  private static func loosened(_ schema: JSONValue) -> JSONValue {
    switch schema {
    case .object(let members):
      if case .string(let reference)? = schema["$ref"] {
        let name = reference.split(separator: "/").last.map(String.init)
        // A node holds nodes, so it is not written out.
        guard name != "Section", let shape = answers.first(where: { $0.0 == name }) else { return type("object") }
        return name == "Date" ? .object([.init("anyOf", .array([string, loosened(shape.1)]))]) : loosened(shape.1)
      }
      return .object(
        members.filter { $0.name != "required" || !isNames($0.value) }.map { .init($0.name, loosened($0.value)) })
    case .array(let values): return .array(values.map(loosened))
    default: return schema
    }
  }

  private static func isNames(_ value: JSONValue) -> Bool {
    if case .array = value { true } else { false }
  }

  /// What makes a collection: `ids` or `filter`.
  static let collectionInput: JSONValue = {
    func text(_ maximum: Int, _ pattern: String? = nil) -> JSONValue {
      .object(
        [.init("type", .string("string")), .init("maxLength", .integer(maximum))]
          + (pattern.map { [.init("pattern", .string($0))] } ?? []))
    }
    func input(_ rule: String, _ schema: JSONValue, without other: String) -> JSONValue {
      .object([
        .init("type", .string("object")), .init("required", .array([.string("title"), .string(rule)])),
        .init(
          "properties",
          .object([
            .init("slug", optional(text(64, "^[a-z0-9][a-z0-9-]*$"))), .init("title", text(200, #"\S"#)),
            .init("description", optional(text(4_000))), .init(rule, schema), .init(other, type("null")),
          ])), .init("additionalProperties", .bool(false)),
      ])
    }
    return .object([
      .init(
        "oneOf",
        .array([
          input("filter", object([:], open: true), without: "ids"), input("ids", array(string), without: "filter"),
        ]))
    ])
  }()
}
