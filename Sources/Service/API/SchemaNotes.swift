import Corpus

/// What the members of the shapes mean, with an example of each; and the examples of whole shapes that are made of these.
enum SchemaNotes {
  /// A note on a member.
  struct Note: Sendable {
    let summary: String
    let example: JSONValue?

    /// A member without an example of its own.
    static func plain(_ summary: String) -> Note { Note(summary: summary, example: nil) }
    /// A member whose value is a text.
    static func text(_ summary: String, _ example: String) -> Note { Note(summary: summary, example: .string(example)) }
    /// A member whose value is an integer.
    static func number(_ summary: String, _ example: Int) -> Note { Note(summary: summary, example: .integer(example)) }
    /// A member with any value.
    static func value(_ summary: String, _ example: JSONValue) -> Note { Note(summary: summary, example: example) }
  }

  /// A shape with what its members mean.
  /// - Parameter path: the name of the shape, and the names of the members that lead from there.
  static func explained(_ schema: JSONValue, at path: [String]) -> JSONValue {
    guard case .object(var members) = schema else { return schema }
    for (index, member) in members.enumerated() {
      switch (member.name, member.value) {
      case ("properties", .object(let properties)):
        members[index].value = .object(
          properties.map { .init($0.name, described($0.value, at: path + [$0.name])) })
      case ("items", _): members[index].value = explained(member.value, at: path)
      case ("anyOf", .array(let choices)), ("oneOf", .array(let choices)):
        members[index].value = .array(choices.map { explained($0, at: path) })
      default: break
      }
    }
    return .object(members)
  }

  private static func described(_ schema: JSONValue, at path: [String]) -> JSONValue {
    // Of a member that has to be null there is nothing to say.
    guard schema["type"] != .string("null"), case .object(var members) = explained(schema, at: path),
      let known = note(at: path)
    else { return explained(schema, at: path) }
    members.append(.init("description", .string(known.summary)))
    if let example = known.example { members.append(.init("examples", .array([example]))) }
    return .object(members)
  }

  /// The note whose key is the longest end of the path: `snippet.text` stands before `text`.
  private static func note(at path: [String]) -> Note? {
    for first in path.indices {
      let name = path[first...].joined(separator: ".")
      if let note = members[name] ?? historyMembers[name] { return note }
    }
    return nil
  }

  /// An example of a shape.
  static func example(of name: String) -> JSONValue { example(of: Schemas.reference(name), at: [], within: []) }

  private static func example(of schema: JSONValue, at path: [String], within names: [String]) -> JSONValue {
    if let example = note(at: path)?.example { return example }
    if case .string(let reference)? = schema["$ref"] {
      let name = String(reference.split(separator: "/").last ?? "")
      guard !names.contains(name), let shape = Schemas.all.first(where: { $0.0 == name })?.1 else { return .null }
      return example(of: shape, at: [name], within: names + [name])
    }
    if case .array(let choices)? = schema["anyOf"] ?? schema["oneOf"], let first = choices.first {
      return example(of: first, at: path, within: names)
    }
    if case .array(let words)? = schema["enum"] { return words.first ?? .null }
    if case .object(let properties)? = schema["properties"] {
      return .object(properties.map { .init($0.name, example(of: $0.value, at: path + [$0.name], within: names)) })
    }
    switch schema["type"] {
    case .string("array")?:
      guard let items = schema["items"] else { return .array([]) }
      let item = example(of: items, at: path, within: names)
      return .array(item == .null ? [] : [item])
    case .string("integer")?, .string("number")?: return .integer(1)
    case .string("boolean")?: return .bool(true)
    case .string("string")?: return .string("…")
    case .string("object")?: return .object([])
    default: return .null
    }
  }
}
