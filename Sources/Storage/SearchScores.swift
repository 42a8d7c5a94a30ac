import Corpus
import GRDB

/// What the terms of a query say for each place of a kind: for the nodes or for the documents.
struct SearchScores {
  private enum Kind { case nodes, documents }

  /// So many places are looked at together; a multiple of 64.
  private static let stretch = 1 << 14

  /// For so many occurrences is the most that they are worth worked out once.
  private static let few = 256

  private let kind: Kind
  private let lists: [(list: Postings, relevance: Relevance)]
  private let layout: SearchLayout

  /// The scores of nodes.
  static func ofNodes(_ search: SearchInterpretation, _ evaluation: SearchEvaluation) throws -> SearchScores {
    try SearchScores(.nodes, search, evaluation, "SELECT nodes, tokens FROM search_state")
  }

  /// The scores of documents.
  static func ofDocuments(_ search: SearchInterpretation, _ evaluation: SearchEvaluation) throws -> SearchScores {
    try SearchScores(
      .documents, search, evaluation, "SELECT (SELECT count(*) FROM search_document), tokens FROM search_state")
  }

  /// - Parameter sums: gives how many places there are, and how many tokens in all of them.
  private init(
    _ kind: Kind, _ search: SearchInterpretation, _ evaluation: SearchEvaluation, _ sums: String
  ) throws {
    self.kind = kind
    layout = evaluation.layout
    let (places, tokens) = try evaluation.db.firstRow(sums) { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
    let mean = Double(tokens) / Double(max(1, places))
    lists = try (search.query.positiveTerms + search.bonus).map { term in
      let list = try kind == .nodes ? evaluation.nodes(with: term) : evaluation.documents(with: term)
      return (list, Relevance(found: list.numbers.count, of: places, meanLength: mean))
    }
  }

  /// The best places of a set that come after a place, and how many there are at most.
  /// - Parameter count: of the set.
  func best(of set: NumberSet, count: Int, bound: Int, after place: Best.Entry?, limit: Int) -> [Best.Entry] {
    var best = Best(limit: limit, after: place)
    var walk = layout.walk()
    func offer(_ number: Int, to best: inout Best, _ walk: inout SearchLayout.Walk) {
      let length = kind == .nodes ? walk.length(of: number) : layout.length(ofDocument: number)
      best.offer(Best.Entry(score: score(of: number, length: length), number: number))
    }
    // A few are looked up in the lists.
    if count < bound / 256 {
      set.forEach { offer($0, to: &best, &walk) }
      return best.sorted
    }
    // For many the lists are gone through, stretch by stretch: the most that a place can have, whatever its length, tells
    // nearly all of them from the best.
    let tables = lists.map { $0.relevance.most(below: Self.few) }
    var most = [Float](repeating: 0, count: Self.stretch)
    var seen = [Int](repeating: 0, count: lists.count)
    for first in stride(from: 0, to: bound, by: Self.stretch) {
      for index in most.indices { most[index] = 0 }
      for (index, (list, relevance)) in lists.enumerated() {
        let (numbers, worth, table) = (list.numbers, list.worth, tables[index])
        var place = seen[index]
        while place < numbers.count, Int(numbers[place]) < first + Self.stretch {
          let frequency = Int(worth[place])
          most[Int(numbers[place]) - first] +=
            frequency < Self.few ? table[frequency] : relevance.score(frequency: Float(frequency), length: 0)
          place += 1
        }
        seen[index] = place
      }
      set.forEach(from: first, to: first + Self.stretch) { number in
        // Of equals the first is the better one, and that was before.
        if most[number - first] > best.least { offer(number, to: &best, &walk) }
      }
    }
    return best.sorted
  }

  /// The score of one place.
  func score(of number: Int) -> Float {
    score(of: number, length: kind == .nodes ? layout.length(of: number) : layout.length(ofDocument: number))
  }

  private func score(of number: Int, length: UInt32) -> Float {
    var sum: Float = 0
    for index in lists.indices {
      guard let place = lists[index].list.index(of: number) else { continue }
      sum += lists[index].relevance.score(frequency: Float(lists[index].list.worth[place]), length: length)
    }
    return sum
  }
}
