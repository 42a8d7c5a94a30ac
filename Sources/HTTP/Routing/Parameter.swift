import HTTPTypes

/// What the declaration of a parameter says: its name, its bounds and its default, once for reading and for documentation.
public struct ParameterSpecification: Sendable, Hashable {
  /// Where the parameter stands.
  public enum Place: String, Sendable, Hashable { case path, query }

  /// What its values are.
  public enum Kind: Sendable, Hashable {
    /// Any text of at most so many code points.
    case text(maximum: Int)
    /// An integer within bounds.
    case integer(ClosedRange<Int>)
    /// One of a closed set of words.
    case word([String])
    /// `true` or `false`.
    case boolean
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    case date
  }

  /// How often it may be given.
  public enum Multiplicity: Sendable, Hashable {
    /// At most once.
    case once
    /// Any number of times, each with one value.
    case repeatable
    /// Once, with values between commas.
    case commaSeparated
  }

  /// The name; of a family such as `meta.KEY` the part up to and with the dot.
  public var name: String
  /// Where it stands.
  public var place: Place
  /// What its values are.
  public var kind: Kind
  /// How often it may be given.
  public var multiplicity: Multiplicity
  /// Whether the name is a prefix that a free part follows.
  public var isFamily: Bool
  /// Whether a request is refused without it; parts of the path always are.
  public var isRequired = false
  /// The value it has where it is not given, as it would be written.
  public var defaultText: String?
  /// A value that it may have, as it would be written.
  public var example: String?
  /// What it means.
  public var summary: String

  /// Whether a name in a query means this parameter.
  public func matches(_ name: String) -> Bool {
    isFamily ? name.hasPrefix(self.name) && name.utf8.count > self.name.utf8.count : name == self.name
  }
}

/// A declared parameter: what it says of itself, and how its text becomes a value.
public struct Parameter<Value: Sendable>: Sendable {
  /// What the declaration says.
  public private(set) var specification: ParameterSpecification
  /// Makes the value of the texts that were given; throws a `Problem` that names the parameter.
  let read: @Sendable ([String]) throws -> Value

  /// The parameter with an example in its documentation.
  public func example(_ text: String) -> Parameter {
    var parameter = self
    parameter.specification.example = text
    return parameter
  }

  /// A problem with a value of this parameter.
  public func problem(_ detail: String, position: Int? = nil) -> Problem {
    specification.problem(detail, position: position)
  }
}

extension ParameterSpecification {
  func problem(_ detail: String, position: Int? = nil) -> Problem {
    Problem(
      .badRequest, code: "invalid_parameter", detail: "\(name): \(detail)", parameter: name, position: position)
  }

  /// Holds a text against the bounds of the kind.
  func check(_ text: String) throws {
    switch kind {
    case .text(let maximum):
      let count = text.unicodeScalars.count
      if count > maximum { throw problem("at most \(maximum) characters, found \(count)", position: maximum) }
      if count == 0 { throw problem("a value is missing", position: 0) }
      if let place = Array(text.unicodeScalars).firstIndex(of: "\0") {
        throw problem("the character U+0000 stands in no text", position: place)
      }
    case .integer(let range):
      guard let number = Int(text), range.contains(number) else {
        throw problem(
          range.upperBound == Int.max
            ? "expected an integer from \(range.lowerBound), found “\(text)”"
            : "expected an integer from \(range.lowerBound) to \(range.upperBound), found “\(text)”")
      }
    case .word(let words):
      guard words.contains(text) else {
        throw problem("expected one of \(words.joined(separator: ", ")), found “\(text)”")
      }
    case .boolean:
      guard text == "true" || text == "false" else { throw problem("expected true or false, found “\(text)”") }
    case .date: break
    }
  }
}

extension Parameter {
  /// A parameter given at most once, or nil.
  public static func optional(
    _ name: String, _ kind: ParameterSpecification.Kind, in place: ParameterSpecification.Place = .query,
    _ summary: String, convert: @escaping @Sendable (String) -> Value.Wrapped?
  ) -> Parameter where Value: OptionalValue {
    let specification = ParameterSpecification(
      name: name, place: place, kind: kind, multiplicity: .once, isFamily: false, defaultText: nil, summary: summary)
    return Parameter(specification: specification) { texts in
      guard let text = texts.first else { return Value(wrapped: nil) }
      try specification.check(text)
      guard let value = convert(text) else { throw specification.problem("“\(text)” is not valid") }
      return Value(wrapped: value)
    }
  }

  /// A parameter given at most once, with a default.
  public static func once(
    _ name: String, _ kind: ParameterSpecification.Kind, default defaultText: String, _ summary: String,
    convert: @escaping @Sendable (String) -> Value?
  ) -> Parameter {
    let specification = ParameterSpecification(
      name: name, place: .query, kind: kind, multiplicity: .once, isFamily: false, defaultText: defaultText,
      summary: summary)
    return Parameter(specification: specification) { texts in
      let text = texts.first ?? defaultText
      try specification.check(text)
      guard let value = convert(text) else { throw specification.problem("“\(text)” is not valid") }
      return value
    }
  }

  /// A parameter that has to be given, once.
  public static func required(
    _ name: String, _ kind: ParameterSpecification.Kind, _ summary: String
  ) -> Parameter where Value == String {
    var specification = ParameterSpecification(
      name: name, place: .query, kind: kind, multiplicity: .once, isFamily: false, defaultText: nil, summary: summary)
    specification.isRequired = true
    return Parameter(specification: specification) { [specification] texts in
      guard let text = texts.first else { throw specification.problem("a value is missing", position: 0) }
      try specification.check(text)
      return text
    }
  }

  /// A part of the path.
  public static func path(
    _ name: String, as kind: ParameterSpecification.Kind = .text(maximum: 200), _ summary: String
  ) -> Parameter where Value == String {
    let specification = ParameterSpecification(
      name: name, place: .path, kind: kind, multiplicity: .once, isFamily: false, defaultText: nil, summary: summary)
    return Parameter(specification: specification) { texts in
      let text = texts.first ?? ""
      try specification.check(text)
      return text
    }
  }

  /// A parameter that may be given any number of times.
  public static func repeatable(
    _ name: String, as kind: ParameterSpecification.Kind = .text(maximum: 200), isFamily: Bool = false,
    _ summary: String
  ) -> Parameter where Value == [String] {
    let specification = ParameterSpecification(
      name: name, place: .query, kind: kind, multiplicity: .repeatable, isFamily: isFamily, defaultText: nil,
      summary: summary)
    return Parameter(specification: specification) { texts in
      guard texts.count <= 100 else {
        throw specification.problem("at most 100 values are taken in one request, found \(texts.count)")
      }
      for text in texts { try specification.check(text) }
      return texts
    }
  }

  /// A parameter with words of ours between commas. Where words begin with a minus, they do not go together with others.
  public static func list(
    _ name: String, of words: [String], default defaultText: String? = nil, _ summary: String
  ) -> Parameter where Value == [String] {
    let specification = ParameterSpecification(
      name: name, place: .query, kind: .word(words), multiplicity: .commaSeparated, isFamily: false,
      defaultText: defaultText, summary: summary)
    return Parameter(specification: specification) { texts in
      guard let text = texts.first ?? defaultText else { return [] }
      let values = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      for (index, value) in values.enumerated() {
        try specification.check(value)
        if values[..<index].contains(value) { throw specification.problem("“\(value)” is given twice") }
      }
      let leftOut = values.count { $0.hasPrefix("-") }
      guard leftOut == 0 || leftOut == values.count else {
        throw specification.problem("name what is wanted, or with a minus what is not; not both")
      }
      return values
    }
  }
}

/// Lets a declaration be made for optional values only.
public protocol OptionalValue {
  /// What is inside.
  associatedtype Wrapped
  /// The optional with or without a value.
  init(wrapped: Wrapped?)
}

extension Optional: OptionalValue {
  /// The optional itself.
  public init(wrapped: Wrapped?) { self = wrapped }
}
