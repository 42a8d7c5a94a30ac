import Corpus
import HTTP
import HTTPTypes

/// How a declared parameter is described in OpenAPI 3.1.
enum OpenAPIParameters {
  static func write(_ parameter: ParameterSpecification, to writer: inout JSONWriter) {
    writer.member("name", parameter.isFamily ? parameter.name + "KEY" : parameter.name)
    writer.member("in", parameter.place.rawValue)
    writer.member("description", parameter.summary)
    if parameter.place == .path || parameter.isRequired { writer.member("required", true) }
    // OpenAPI has no names with a free part; this tells a reader of our own.
    if parameter.isFamily { writer.member("x-name-prefix", parameter.name) }
    if parameter.multiplicity != .once {
      writer.member("style", "form")
      writer.member("explode", parameter.multiplicity == .repeatable)
    }
    writer.name("schema")
    writer.value(schema(of: parameter))
    if let example = example(of: parameter) {
      writer.name("example")
      writer.value(example)
    }
  }

  // MARK: Fields

  /// The header fields that a request which changes something may have, beside those that every request may.
  static func fields(of endpoint: Endpoint) -> [JSONValue] {
    guard endpoint.method != .get else { return [] }
    // Who says that the condition may fail looks at it.
    let isConditional = endpoint.problems.contains { $0.code == "precondition_failed" }
    return isConditional ? [idempotencyKey, ifMatch] : [idempotencyKey]
  }

  private static let idempotencyKey = field(
    "Idempotency-Key",
    """
    A name for this request, best a UUID, with quotes or without: sent again under it within a day it does nothing, and is \
    answered as the first time.
    """,
    example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
    // Visible ASCII, within quotes or without.
    pattern: #"^([!#-\[\]-~]{1,255}|"[!#-\[\]-~]{1,255}")$"#)

  private static let ifMatch = field(
    "If-Match",
    """
    The `ETag` of what is to be changed, as it was read, or `*` for whatever is there; if it has become another the answer \
    is 412.
    """,
    example: #""5f3c9a1e""#)

  private static func field(_ name: String, _ summary: String, example: String, pattern: String? = nil) -> JSONValue {
    let schema: [JSONValue.Member] =
      [.init("type", .string("string"))] + (pattern.map { [.init("pattern", .string($0))] } ?? [])
    return .object([
      .init("name", .string(name)), .init("in", .string("header")), .init("description", .string(summary)),
      .init("schema", .object(schema)), .init("example", .string(example)),
    ])
  }

  // MARK: Parameters

  private static func schema(of parameter: ParameterSpecification) -> JSONValue {
    let (defaultText, kind) = (parameter.defaultText, parameter.kind)
    switch (parameter.multiplicity, kind) {
    case (.once, _):
      var members = bounds(of: kind)
      if let defaultText { members.append(.init("default", value(defaultText, kind))) }
      return .object(members)
    case (.repeatable, _):
      return .object([
        .init("type", .string("array")), .init("items", .object(bounds(of: kind))), .init("minItems", .integer(1)),
        .init("maxItems", .integer(100)),
      ])
    case (.commaSeparated, .word(let words)) where words.contains(where: { $0.hasPrefix("-") }):
      // What is wanted, or with a minus what is not; not both.
      return .object([
        .init("type", .string("array")),
        .init("anyOf", .array([list(words.filter { !$0.hasPrefix("-") }), list(words.filter { $0.hasPrefix("-") })])),
      ])
    case (.commaSeparated, .word(let words)): return list(words, defaultText: defaultText)
    case (.commaSeparated, _):
      return .object([.init("type", .string("array")), .init("items", .object(bounds(of: kind)))])
    }
  }

  private static func list(_ words: [String], defaultText: String? = nil) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("type", .string("array")), .init("items", .object(bounds(of: .word(words)))),
      .init("minItems", .integer(1)),
      .init("uniqueItems", .bool(true)),
    ]
    if let defaultText { members.append(.init("default", wordList(defaultText))) }
    return .object(members)
  }

  private static func bounds(of kind: ParameterSpecification.Kind) -> [JSONValue.Member] {
    switch kind {
    case .text(let maximum):
      [
        .init("type", .string("string")), .init("minLength", .integer(1)), .init("maxLength", .integer(maximum)),
        .init("pattern", .string(#"^[^\u0000]+$"#)),
      ]
    case .integer(let range):
      [
        .init("type", .string("integer")), .init("minimum", .integer(range.lowerBound)),
        .init("maximum", .integer(range.upperBound)),
      ]
    case .word(let words):
      [.init("type", .string("string")), .init("enum", .array(words.map(JSONValue.string)))]
    case .boolean: [.init("type", .string("boolean"))]
    case .date: [.init("type", .string("string")), .init("pattern", .string(datePattern))]
    }
  }

  /// A year, a month or a day that the Gregorian calendar has.
  private static let datePattern: String = {
    let leap = "(0[48]|[2468][048]|[13579][26])"
    let years = "(?!0000)[0-9]{4}"
    let days = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
    return "^(\(years)(-(0[1-9]|1[0-2])|-(\(days)))?|([0-9]{2}\(leap)|\(leap)00)-02-29)$"
  }()

  /// The example, or what the bounds say of themselves; nil for what only the server makes, such as a cursor.
  private static func example(of parameter: ParameterSpecification) -> JSONValue? {
    guard let text = parameter.example ?? parameter.defaultText ?? usual(parameter.kind) else { return nil }
    switch parameter.multiplicity {
    case .once: return value(text, parameter.kind)
    case .repeatable: return .array([value(text, parameter.kind)])
    case .commaSeparated: return wordList(text)
    }
  }

  private static func usual(_ kind: ParameterSpecification.Kind) -> String? {
    switch kind {
    case .text: nil
    case .integer(let range): String(range.lowerBound)
    case .word(let words): words.first
    case .boolean: "true"
    case .date: "2021-10"
    }
  }

  private static func wordList(_ text: String) -> JSONValue {
    .array(text.split(separator: ",").map { .string(String($0)) })
  }

  private static func value(_ text: String, _ kind: ParameterSpecification.Kind) -> JSONValue {
    switch kind {
    case .integer: .integer(Int(text) ?? 0)
    case .boolean: .bool(text == "true")
    case .text, .word, .date: .string(text)
    }
  }
}
