public import Corpus

/// Search as a person would explain it: goes through all lines of all nodes and compares, without an index and without the
/// program's own ways to do so. What search answers is held against it.
public struct PlainSearch {
  /// A node: the lines of each of its fields; no phrase crosses from one to the next.
  public struct Node {
    /// Its path.
    public var path: String
    /// The lines, and the field of each.
    public var lines: [(field: Query.Field, text: String)] = []
  }

  /// The nodes of a speech, the title with the first one.
  public static func nodes(of speech: Speech) -> [Node] {
    let scalars = Array(speech.text.unicodeScalars)
    func lines(_ span: Span) -> [String] {
      scalars[span.start..<span.end].split(separator: "\n").map { String(String.UnicodeScalarView($0)) }
    }
    var nodes = speech.sections.outline(of: TextIndex(speech.text)).map { outline in
      let section = outline.section
      var node = Node(path: outline.path)
      for piece in section.bodySpans { node.lines += lines(piece).map { (.text, $0) } }
      if let heading = section.headingSpan { node.lines += lines(heading).map { (.heading, $0) } }
      return node
    }
    if let title = speech.title, !nodes.isEmpty { nodes[0].lines.append((.title, title)) }
    return nodes
  }

  /// Where a term stands in a line.
  public static func places(_ term: Term, in text: String) -> [Range<Int>] {
    func isWord(_ scalar: Unicode.Scalar) -> Bool { Folding.fold(scalar).kind == .word }
    let line = Array(text.unicodeScalars)
    let wanted = Array(term.text.unicodeScalars)
    var found: [Range<Int>] = []
    for start in line.indices {
      let end = start + wanted.count
      if end > line.count { break }
      let isEqual = (0..<wanted.count).allSatisfy {
        Folding.fold(line[start + $0]).value == Folding.fold(wanted[$0]).value
      }
      if !isEqual { continue }
      let cutsBefore = start > 0 && isWord(line[start]) && isWord(line[start - 1])
      let cutsBehind = end < line.count && isWord(line[end - 1]) && isWord(line[end])
      if !cutsBefore && (!cutsBehind || term.isPrefix) { found.append(start..<end) }
    }
    return found
  }

  /// How often a term stands in nodes.
  public static func count(_ term: Term, in nodes: [Node]) -> Int {
    nodes.flatMap(\.lines).filter { (term.field ?? $0.field) == $0.field }
      .reduce(0) { $0 + places(term, in: $1.text).count }
  }

  /// Whether a query holds in nodes taken together.
  public static func holds(_ query: Query, in nodes: [Node]) -> Bool {
    switch query {
    case .term(let term): count(term, in: nodes) > 0
    case .and(let parts): parts.allSatisfy { holds($0, in: nodes) }
    case .or(let parts): parts.contains { holds($0, in: nodes) }
    case .not(let part): !holds(part, in: nodes)
    case .near(let near):
      nodes.flatMap(\.lines).contains { line in
        (near.terms[0].field ?? line.field) == line.field
          && isNear(near.terms.map { places($0, in: line.text) }, [], near.distance)
      }
    }
  }

  /// Tries every choice of one place for each term.
  private static func isNear(_ rest: [[Range<Int>]], _ chosen: [Range<Int>], _ distance: Int) -> Bool {
    guard let next = rest.first else {
      let last = chosen.map(\.lowerBound).max() ?? 0
      return chosen.allSatisfy { $0.lowerBound == last || last - $0.upperBound <= distance }
    }
    return next.contains { isNear(Array(rest.dropFirst()), chosen + [$0], distance) }
  }

  /// How often the terms of a query that speak for a result stand in nodes.
  public static func matches(_ query: Query, in nodes: [Node]) -> Int {
    query.positiveTerms.reduce(0) { $0 + count($1, in: nodes) }
  }
}

/// Random numbers that are the same in every run.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Numbers of a seed.
  public init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// SplitMix64.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
