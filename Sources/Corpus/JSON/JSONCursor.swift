/// What is wrong with a JSON document that is well formed: where, and in one sentence what.
public struct SchemaError: Error, Hashable, Sendable {
  /// JSON pointer (RFC 6901) to the value at fault.
  public var pointer: String
  /// One sentence.
  public var message: String

  /// A fault at a place.
  public init(pointer: String, message: String) {
    self.pointer = pointer
    self.message = message
  }
}

extension SchemaError: CustomStringConvertible {
  /// One sentence with the place in it.
  public var description: String {
    let text = (pointer.isEmpty ? "The JSON" : "The member \(pointer)") + ": " + message
    return text.hasSuffix("?") ? text : text + "."
  }
}

/// A place in a JSON document, which reads what stands there or throws an error that names the place.
public struct JSONCursor {
  /// The value at this place.
  public let value: JSONValue
  fileprivate let place: Place

  /// What leads to a place: a pointer is put together only where an error names it.
  fileprivate enum Place {
    case at(pointer: String)
    case member(String, of: Above)
    case element(Int, of: Above)
  }

  /// The place of an object or array, which all that stand in it share.
  fileprivate final class Above {
    let place: Place
    init(_ place: Place) { self.place = place }
  }

  /// The members of an object, one after another.
  public struct Members: Sequence, IteratorProtocol {
    fileprivate let members: [JSONValue.Member]
    private let above: Above
    private var index = 0

    fileprivate init(_ members: [JSONValue.Member], of above: Above) { (self.members, self.above) = (members, above) }

    /// The next one; nil behind the last.
    public mutating func next() -> (name: String, cursor: JSONCursor)? {
      guard index < members.count else { return nil }
      defer { index += 1 }
      let member = members[index]
      return (member.name, JSONCursor(member.value, .member(member.name, of: above)))
    }
  }

  /// A place in a document; the root unless told otherwise.
  public init(_ value: JSONValue, pointer: String = "") { self.init(value, .at(pointer: pointer)) }

  private init(_ value: JSONValue, _ place: Place) { (self.value, self.place) = (value, place) }

  /// JSON pointer to it.
  public var pointer: String {
    var (pointer, place) = ("", place)
    while true {
      switch place {
      case .at(let above): return above + pointer
      case .member(let name, let above):
        pointer = "/" + name.replacing("~", with: "~0").replacing("/", with: "~1") + pointer
        place = above.place
      case .element(let number, let above): (pointer, place) = ("/\(number)" + pointer, above.place)
      }
    }
  }

  /// An error at this place.
  public func error(_ message: String) -> SchemaError { SchemaError(pointer: pointer, message: message) }

  private func mismatch(_ expected: String) -> SchemaError {
    error("expected \(expected), found \(value.typeName)")
  }

  /// The members of an object, none of them unknown or given twice.
  public func members(known: some Collection<String>) throws(SchemaError) -> Members {
    let members = try members()
    for (place, member) in members.members.enumerated() {
      // No more than are known come before it: few enough to look through.
      guard known.contains(member.name), !members.members[..<place].contains(where: { $0.name == member.name }) else {
        let cursor = JSONCursor(member.value, .member(member.name, of: Above(self.place)))
        if known.contains(member.name) { throw cursor.error("given twice") }
        throw cursor.error("unknown" + (member.name.nearest(in: known).map { "; did you mean “\($0)”?" } ?? ""))
      }
    }
    return members
  }

  /// The members of an object with any names.
  public func members() throws(SchemaError) -> Members {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return Members(members, of: Above(place))
  }

  /// The elements of an array.
  public func elements() throws(SchemaError) -> [JSONCursor] { try list { $0 } }

  /// What is read of the elements of an array.
  public func list<Element>(
    _ read: (JSONCursor) throws(SchemaError) -> Element
  ) throws(SchemaError) -> [Element] {
    guard case .array(let values) = value else { throw mismatch("an array") }
    let above = Above(place)
    var elements: [Element] = []
    // Not for all: what comes may be three million numbers where sections should stand.
    elements.reserveCapacity(min(values.count, 16))
    for (number, value) in values.enumerated() {
      elements.append(try read(JSONCursor(value, .element(number, of: above))))
    }
    return elements
  }

  /// A string.
  public func string() throws(SchemaError) -> String {
    guard case .string(let text) = value else { throw mismatch("a string") }
    return text
  }

  /// A string, or nil for null.
  public func optionalString() throws(SchemaError) -> String? {
    if case .null = value { return nil }
    guard case .string(let text) = value else { throw mismatch("a string or null") }
    return text
  }

  /// Refuses the character U+0000 in any string and any name below this place: a database keeps no text beyond it.
  public func requireNoNUL() throws(SchemaError) {
    // Hardly any has one, and no place has to be known before. Depth is bounded by the reader.
    guard value.holdsNUL else { return }
    switch value {
    case .string(let text):
      if text.holdsNUL { throw error("holds the character U+0000, which cannot be kept") }
    case .array: for element in try elements() { try element.requireNoNUL() }
    case .object:
      for (name, cursor) in try members() {
        if name.holdsNUL { throw error("has a member whose name holds the character U+0000") }
        try cursor.requireNoNUL()
      }
    case .null, .bool, .integer, .number: break
    }
  }

  /// An integer within bounds, or nil for null.
  public func optionalInteger(in range: ClosedRange<Int>) throws(SchemaError) -> Int? {
    guard let number = try optionalInteger() else { return nil }
    guard range.contains(number) else {
      throw error("\(number) is not from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// An integer.
  public func integer() throws(SchemaError) -> Int {
    guard case .integer(let number) = value else { throw mismatch("an integer") }
    return number
  }

  /// An integer, or nil for null.
  public func optionalInteger() throws(SchemaError) -> Int? {
    if case .null = value { return nil }
    guard case .integer(let number) = value else { throw mismatch("an integer or null") }
    return number
  }

  /// A number.
  public func number() throws(SchemaError) -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number): return number
    default: throw mismatch("a number")
    }
  }

  /// One of a closed set of words.
  public func word<Word: RawRepresentable & CaseIterable>(
    _ type: Word.Type
  ) throws(SchemaError) -> Word where Word.RawValue == String {
    let text = try string()
    guard let word = Word(rawValue: text) else {
      throw error("“\(text)” is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }
}

extension String {
  /// The candidate that is at most a third of its length in edits away, the nearest first.
  public func nearest(in candidates: some Sequence<String>) -> String? {
    let here = Array(unicodeScalars.prefix(64))
    var best: (distance: Int, word: String)?
    for candidate in candidates.sorted() {
      let distance = here.editDistance(to: Array(candidate.unicodeScalars.prefix(64)))
      guard distance <= max(1, candidate.unicodeScalars.count / 3) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    return best?.word
  }
}

extension [Unicode.Scalar] {
  /// How many insertions, deletions, substitutions and swaps of neighbours lead from one to the other: the optimal
  /// string alignment distance (Damerau 1964, without edits inside a swap).
  func editDistance(to other: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var above = [Int](0...other.count)
    for (line, scalar) in enumerated() {
      var row = [line + 1]
      for (column, candidate) in other.enumerated() {
        var least = Swift.min(
          above[column] + (scalar == candidate ? 0 : 1), above[column + 1] + 1, row[column] + 1)
        if line > 0, column > 0, scalar == other[column - 1], self[line - 1] == candidate {
          least = Swift.min(least, before[column - 1] + 1)
        }
        row.append(least)
      }
      (before, above) = (above, row)
    }
    return above[other.count]
  }
}

extension JSONValue {
  fileprivate var holdsNUL: Bool {
    switch self {
    case .string(let text): text.holdsNUL
    case .array(let values): values.contains(where: \.holdsNUL)
    case .object(let members): members.contains { $0.name.holdsNUL || $0.value.holdsNUL }
    case .null, .bool, .integer, .number: false
    }
  }
}

extension String {
  fileprivate var holdsNUL: Bool {
    var text = self
    return text.withUTF8 { $0.firstIndex(of: 0, from: 0) != nil }
  }
}
