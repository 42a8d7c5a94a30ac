import Corpus

/// What shapes are put together of.
extension Schemas {
  /// A reference to a shape.
  static func reference(_ name: String) -> JSONValue {
    .object([.init("$ref", .string("#/components/schemas/" + name))])
  }

  /// One of several shapes; any object where none is named.
  static func any(of names: [String]) -> JSONValue {
    switch names.count {
    case 0: type("object")
    case 1: reference(names[0])
    default: .object([.init("anyOf", .array(names.map(reference)))])
    }
  }

  /// Any value.
  static let anything = JSONValue.object([])
  static let string = type("string")
  static let integer = type("integer")
  static let text = JSONValue.object([.init("type", .array([.string("string"), .string("null")]))])
  static let number = JSONValue.object([.init("type", .array([.string("integer"), .string("null")]))])

  static func type(_ name: String) -> JSONValue { .object([.init("type", .string(name))]) }

  static func enumeration(_ words: [String]) -> JSONValue {
    .object([.init("type", .string("string")), .init("enum", .array(words.map(JSONValue.string)))])
  }

  static func optional(_ schema: JSONValue) -> JSONValue {
    .object([.init("anyOf", .array([schema, type("null")]))])
  }

  static func array(_ items: JSONValue) -> JSONValue {
    .object([.init("type", .string("array")), .init("items", items)])
  }

  /// An object whose members may be left out by `fields`, or not.
  static func object(
    _ members: KeyValuePairs<String, JSONValue>, open: Bool = false, selectable: Bool = false
  ) -> JSONValue {
    var schema: [JSONValue.Member] = [.init("type", .string("object"))]
    if !selectable, !members.isEmpty { schema.append(.init("required", .array(members.map { .string($0.key) }))) }
    schema.append(.init("properties", .object(members.map { .init($0.key, $0.value) })))
    if !open { schema.append(.init("additionalProperties", .bool(false))) }
    return .object(schema)
  }

  /// A list of a shape, as all lists come, with further members that are always there or not.
  static func list(of name: String, extra: [(String, JSONValue, Bool)] = []) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("items", array(reference(name))), .init("total", integer), .init("next", text),
      .init("query", type("object")), .init("corpus_revision", integer),
    ]
    let required = members.map { JSONValue.string($0.name) } + extra.filter(\.2).map { .string($0.0) }
    members += extra.map { .init($0.0, $0.1) }
    return .object([
      .init("type", .string("object")), .init("required", .array(required)), .init("properties", .object(members)),
      .init("additionalProperties", .bool(false)),
    ])
  }

  /// An object with the members of another and more.
  static func joined(_ one: JSONValue, _ more: KeyValuePairs<String, JSONValue>, selectable: Bool = false)
    -> JSONValue
  {
    guard case .object(let members) = one["properties"] else { return one }
    let all = members + more.map { JSONValue.Member($0.key, $0.value) }
    var schema: [JSONValue.Member] = [.init("type", .string("object"))]
    if !selectable { schema.append(.init("required", .array(all.map { .string($0.name) }))) }
    schema += [.init("properties", .object(all)), .init("additionalProperties", .bool(false))]
    return .object(schema)
  }
}
