/// Reads what a person typed as a query.
///
///     query := all ("OR" all)*      all := part ("AND"? part)*      part := ("NOT" | "-") part | one
///     one   := "(" query ")" | field ":" one | "NEAR/" n "(" term+ ")" | term
///     term  := ( "…" | word ) "*"?
///
/// Operators may be in full width, quotes may be “ ”. Everything else of a word is part of it: `COVID-19`, `疫情，防控`.
public struct QueryParser {
  /// The most code points of a query.
  public static let maximumLength = 1_000
  /// The most terms.
  public static let maximumTerms = 64
  /// The most parentheses and `NOT`s within one another.
  public static let maximumDepth = 16
  /// The largest distance of `NEAR`.
  public static let maximumDistance = 1_000
  /// The distance of `NEAR` without a number.
  public static let usualDistance = 10

  private let scalars: [Unicode.Scalar]
  /// The same with operators in their usual width.
  private let plain: [Unicode.Scalar]
  private let otherFields: Set<String>
  private var position = 0
  private var depth = 0
  private var terms = 0

  /// Reads a query.
  /// - Parameter otherFields: names that are no fields of a query but parameters of a request: who types `speaker:…` is
  ///   told so.
  public static func parse(_ text: String, otherFields: Set<String> = []) throws(QueryError) -> Query {
    var parser = QueryParser(text, otherFields)
    if parser.scalars.count > maximumLength {
      throw QueryError(
        position: maximumLength,
        detail: "a query has at most \(maximumLength) characters, and this one has \(parser.scalars.count)")
    }
    parser.skipSpace()
    if parser.isAtEnd { throw QueryError(position: 0, detail: "there is nothing to look for") }
    let query = try parser.any(in: nil)
    if !parser.isAtEnd { throw parser.mistake("this parenthesis closes nothing") }
    return query
  }

  private init(_ text: String, _ otherFields: Set<String>) {
    scalars = Array(text.unicodeScalars)
    plain = scalars.map { scalar in
      switch scalar.value {
      case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
      case 0x201C, 0x201D: "\""
      default: scalar.isSpace ? " " : scalar
      }
    }
    self.otherFields = otherFields
  }

  // MARK: Operators

  private mutating func any(in field: Query.Field?) throws(QueryError) -> Query {
    var parts = [try all(in: field)]
    while takeWord("OR") { parts.append(try all(in: field)) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func all(in field: Query.Field?) throws(QueryError) -> Query {
    var parts = [try part(in: field)]
    while true {
      skipSpace()
      if isAtEnd || plain[position] == ")" || isAtWord("OR") { break }
      _ = takeWord("AND")
      parts.append(try part(in: field))
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func part(in field: Query.Field?) throws(QueryError) -> Query {
    skipSpace()
    let start = position
    if takeWord("NOT") {
      try descend(from: start)
    } else if !isAtEnd, plain[position] == "-" {
      position += 1
      if isAtEnd || plain[position] == " " {
        position = start
        throw mistake("“-” stands right before what is to be left out; in quotes it is looked for")
      }
      try descend(from: start)
    } else {
      return try one(in: field)
    }
    let excluded = try part(in: field)
    depth -= 1
    return .not(excluded)
  }

  private mutating func one(in field: Query.Field?) throws(QueryError) -> Query {
    skipSpace()
    if isAtEnd { throw mistake("something to look for is missing here") }
    for word in ["OR", "AND"] where isAtWord(word) { throw mistake("“\(word)” stands between two things to look for") }
    if isAtWord("NOT") || plain[position] == "-" {
      throw mistake("what is to be left out is marked before its field: -title:疫情")
    }
    let start = position
    if plain[position] == "(" {
      position += 1
      try descend(from: start)
      let inner = try any(in: field)
      guard take(")") else { throw QueryError(position: start, detail: "this parenthesis is not closed") }
      depth -= 1
      return inner
    }
    if plain[position] == ")" { throw mistake("something to look for is missing before this parenthesis") }
    if let named = try takeField() {
      if let field, field != named {
        throw QueryError(position: start, detail: "what stands in “\(field.rawValue):” cannot be in another field")
      }
      return try one(in: named)
    }
    if let near = try takeNear(in: field) { return near }
    return .term(try term(in: field))
  }

  private mutating func takeField() throws(QueryError) -> Query.Field? {
    var end = position
    while end < plain.count, plain[end].isASCII, plain[end].properties.isAlphabetic || plain[end] == "_" { end += 1 }
    guard end > position, end < plain.count, plain[end] == ":" else { return nil }
    let name = String(String.UnicodeScalarView(plain[position..<end]))
    if let field = Query.Field(rawValue: name) {
      position = end + 1
      skipSpace()
      if isAtEnd { throw mistake("after “\(name):” something to look for is missing") }
      return field
    }
    if otherFields.contains(name) {
      throw mistake("a query has the fields title:, heading: and text:; “\(name)” is a parameter of its own: \(name)=…")
    }
    return nil
  }

  private mutating func takeNear(in field: Query.Field?) throws(QueryError) -> Query? {
    let start = position
    guard plain[position...].starts(with: "NEAR".unicodeScalars) else { return nil }
    var next = position + 4
    var distance = Self.usualDistance
    if next < plain.count, plain[next] == "/" {
      let digits = plain[(next + 1)...].prefix { ("0"..."9").contains($0) }
      guard let number = Int(String(String.UnicodeScalarView(digits.prefix(9)))), digits.count < 9,
        number <= Self.maximumDistance
      else {
        throw QueryError(
          position: min(next + 1, plain.count),
          detail: "NEAR takes a number of characters up to \(Self.maximumDistance): NEAR/20(疫情 防控)")
      }
      distance = number
      next = digits.endIndex
    }
    let hasNumber = next > position + 4
    while hasNumber, next < plain.count, plain[next] == " " { next += 1 }
    guard next < plain.count, plain[next] == "(" else {
      // A word that only begins so: NEARBY.
      if !hasNumber { return nil }
      throw QueryError(
        position: min(next, plain.count), detail: "after NEAR/n its terms stand in parentheses: NEAR/20(疫情 防控)")
    }
    position = next + 1
    var terms: [Term] = []
    while !take(")") {
      if isAtEnd { throw QueryError(position: next, detail: "this parenthesis is not closed") }
      if plain[position] == "(" { throw mistake("in NEAR there are terms only") }
      for word in ["OR", "AND", "NOT"] where isAtWord(word) {
        throw mistake("in NEAR there are terms only, no “\(word)”")
      }
      if plain[position] == "-" { throw mistake("in NEAR there are terms only, and none is left out") }
      terms.append(try term(in: field))
    }
    guard terms.count > 1 else { throw QueryError(position: start, detail: "NEAR takes two terms or more") }
    return .near(Query.Proximity(terms: terms, distance: distance))
  }

  // MARK: Terms

  private mutating func term(in field: Query.Field?) throws(QueryError) -> Term {
    let start = position
    terms += 1
    if terms > Self.maximumTerms { throw mistake("a query has at most \(Self.maximumTerms) terms") }
    let isQuoted = plain[position] == "\""
    var scalars = isQuoted ? try takeQuoted() : takeBare()
    var isPrefix = false
    if isQuoted {
      if !isAtEnd, plain[position] == "*" {
        position += 1
        isPrefix = true
      }
    } else {
      // Asterisks alone stand for a name that was made anonymous; behind a word one lets it go on.
      if scalars.count > 1, scalars.last == "*" || scalars.last == "＊",
        scalars.contains(where: { $0 != "*" && $0 != "＊" })
      {
        scalars.removeLast()
        isPrefix = true
      }
      // The comma behind a word that was copied is not looked for.
      scalars = scalars[(scalars.firstIndex { !$0.isMark } ?? scalars.endIndex)...]
      scalars = scalars[..<((scalars.lastIndex { !$0.isMark } ?? scalars.startIndex - 1) + 1)]
    }
    guard scalars.contains(where: { !$0.isMark }) else {
      throw QueryError(position: start, detail: "marks are looked for together with a word only: \"疫情，防控\"")
    }
    return Term(String(String.UnicodeScalarView(scalars)), isPrefix: isPrefix, field: field, isQuoted: isQuoted)
  }

  private mutating func takeQuoted() throws(QueryError) -> ArraySlice<Unicode.Scalar> {
    let start = position
    // Curly ones are closed by curly ones, so that straight ones may hold them.
    let closing: [Unicode.Scalar] = ["“", "”"].contains(scalars[start]) ? ["”"] : ["\"", "＂"]
    guard let end = scalars[(start + 1)...].firstIndex(where: closing.contains) else {
      throw QueryError(position: start, detail: "this quotation mark is not closed")
    }
    let content = scalars[(start + 1)..<end]
    if let line = content.firstIndex(where: { $0 == "\n" || $0 == "\r" }) {
      throw QueryError(position: line, detail: "a phrase lies within one line")
    }
    position = end + 1
    return content
  }

  private mutating func takeBare() -> ArraySlice<Unicode.Scalar> {
    let start = position
    while !isAtEnd, ![" ", "\"", "(", ")"].contains(plain[position]) { position += 1 }
    return scalars[start..<position]
  }

  // MARK: Reading

  private var isAtEnd: Bool { position >= scalars.count }

  private mutating func skipSpace() { while !isAtEnd, plain[position] == " " { position += 1 } }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard !isAtEnd, plain[position] == scalar else { return false }
    position += 1
    return true
  }

  /// Whether an operator stands here, as a word of its own.
  private func isAtWord(_ word: String) -> Bool {
    let end = position + word.unicodeScalars.count
    return end <= plain.count && plain[position..<end].elementsEqual(word.unicodeScalars)
      && (end == plain.count || [" ", "(", ")", "\""].contains(plain[end]))
  }

  private mutating func takeWord(_ word: String) -> Bool {
    skipSpace()
    guard isAtWord(word) else { return false }
    position += word.unicodeScalars.count
    return true
  }

  private mutating func descend(from start: Int) throws(QueryError) {
    depth += 1
    if depth > Self.maximumDepth {
      throw QueryError(
        position: start, detail: "at most \(Self.maximumDepth) parentheses and NOTs stand in one another")
    }
  }

  private func mistake(_ detail: String) -> QueryError { QueryError(position: position, detail: detail) }
}

extension Unicode.Scalar {
  /// Whether it is punctuation, a space or the like, which is looked for beside something else only.
  fileprivate var isMark: Bool { Folding.fold(self).kind == .mark }
}
