import Corpus
import GRDB
import Locking

/// Finds the nodes in which terms stand near each other.
///
/// The index counts tokens, and distances are in code points: where terms are near enough by tokens, what the tokens of the
/// node take up of its text decides.
struct ProximityFinder {
  private let near: Query.Proximity
  private let layout: SearchLayout
  private let cache: TokenWidthsCache
  /// Tokens that may lie between terms that are near each other: a character has two at most.
  private let window: Int
  /// The places of each term in the document at hand that lie in its field: tokens, those of two nodes far apart.
  private var tokens: [[Span]]
  /// The nodes in which terms may be near each other.
  private var candidates: Set<Int> = []
  private static let nodeShift = 40

  init(_ near: Query.Proximity, _ layout: SearchLayout, _ cache: TokenWidthsCache) {
    (self.near, self.layout, self.cache) = (near, layout, cache)
    window = 2 * (near.distance + (near.terms.map(\.folded.count).max() ?? 0))
    tokens = near.terms.map { _ in [] }
  }

  /// Hands over the nodes in which the terms are near each other.
  /// - Parameter occurrences: of each term, in their order.
  mutating func forEachNode(_ occurrences: [Occurrences], _ db: Database, _ body: (Int) -> Void) throws {
    guard let rarest = occurrences.min(by: { $0.documents.count < $1.documents.count }) else { return }
    var indices = [Int](repeating: 0, count: occurrences.count)
    for document in rarest.documents {
      for (term, found) in occurrences.enumerated() {
        indices[term] = found.documents.index(notBelow: document, from: indices[term])
        if indices[term] == found.documents.count { return }
      }
      guard indices.indices.allSatisfy({ occurrences[$0].documents[indices[$0]] == document }) else { continue }
      let places = zip(occurrences, indices).map { $0.places($1) }
      guard places.dropFirst().allSatisfy({ Self.areNear($0, places[0], window) }) else { continue }
      guard let place = layout.place(of: Int64(document)) else { throw StorageError.snapshotOvertaken }
      if place.nodes.isEmpty { continue }
      gather(places, place)
      for node in candidates {
        if try holds(in: node, document: Int64(document), place, db) { body(place.numbers.lowerBound + node) }
      }
    }
  }

  /// Whether any of some tokens is near one of others.
  private static func areNear(_ some: ArraySlice<UInt32>, _ others: ArraySlice<UInt32>, _ window: Int) -> Bool {
    var (one, other) = (some.startIndex, others.startIndex)
    while one < some.endIndex, other < others.endIndex {
      let distance = Int(some[one]) - Int(others[other])
      if abs(distance) <= window { return true }
      if distance < 0 { one += 1 } else { other += 1 }
    }
    return false
  }

  /// Finds the nodes of a document in which the terms may be near each other.
  private mutating func gather(_ places: [ArraySlice<UInt32>], _ place: SearchLayout.Place) {
    candidates.removeAll(keepingCapacity: true)
    for index in tokens.indices {
      tokens[index].removeAll(keepingCapacity: true)
      var node = 0
      for offset in places[index] {
        let field = place.field(of: offset, &node)
        if (near.terms[index].field ?? field) == field {
          let token = node << Self.nodeShift + Int(offset)
          tokens[index].append(Span(token, token))
        }
      }
    }
    Query.Proximity.forEachLast(among: tokens, within: window) { term, occurrence in
      candidates.insert(tokens[term][occurrence].start >> Self.nodeShift)
    }
  }

  /// Whether they are, by what the tokens of the node take up.
  private func holds(in node: Int, document: Int64, _ place: SearchLayout.Place, _ db: Database) throws -> Bool {
    let widths = try cache.widths(of: place.numbers.lowerBound + node) {
      try TokenWidths(ofNode: node, document: document, db)
    }
    let first = node << Self.nodeShift + place.firstToken(of: node)
    let spans = zip(near.terms, tokens).map { term, tokens in
      var walk = TokenWidths.Walk(widths)
      return tokens.filter { $0.start >> Self.nodeShift == node }.map { token in
        let start = walk.place(of: token.start - first)
        return Span(start, start + term.folded.count)
      }
    }
    var holds = false
    Query.Proximity.forEachLast(among: spans, within: near.distance) { _, _ in holds = true }
    return holds
  }
}

extension TokenWidths {
  /// Those of a node: of the title where it is the first, its heading, and its own text.
  fileprivate init(ofNode ordinal: Int, document: Int64, _ db: Database) throws {
    self.init()
    let sql = """
      SELECT r.text, s.body_spans, s.heading_start, s.heading_end, c.title FROM search_document d
      JOIN card c ON c.speech = d.speech
      JOIN section s ON s.speech = d.speech AND s.revision = d.revision AND s.position = ?2
      JOIN revision r ON r.speech = d.speech AND r.number = d.revision WHERE d.document = ?1
      """
    let isThere: Void? = try db.firstRow(sql, [document, ordinal]) { row in
      let text = TextIndex(utf8: row.bytes(0))
      if ordinal == 0, let title = row.optionalText(4) { append(Folding.fold(title)) }
      if let start = row.optionalInteger(2) { append(Folding.fold(utf8: text.slice(Span(start, row.integer(3))))) }
      for span in SpanList.spans(row.utf8(1)) { append(Folding.fold(utf8: text.slice(span))) }
    }
    if isThere == nil { throw StorageError.corrupt("document \(document) of the index has no node \(ordinal)") }
  }
}

/// What tokens take up in nodes that were looked at. A node of a document never changes, so what is known of it stays true.
final class TokenWidthsCache: Sendable {
  private struct State {
    var nodes: [Int: TokenWidths] = [:]
    var bytes = 0
  }

  /// The most that is kept, in bytes, with what a node takes up besides.
  private static let capacity = 16 << 20
  private static let overhead = 80

  private let state = Locked(State())

  /// Those of a node, by its number in the layout.
  func widths(of node: Int, reading: () throws -> TokenWidths) rethrows -> TokenWidths {
    if let known = state.withLock({ $0.nodes[node] }) { return known }
    let widths = try reading()
    state.withLock { state in
      // Filled again by what is asked for now, which costs less than to note for each node when it was.
      if state.bytes > Self.capacity { state = State() }
      if state.nodes.updateValue(widths, forKey: node) == nil { state.bytes += widths.size + Self.overhead }
    }
    return widths
  }
}
