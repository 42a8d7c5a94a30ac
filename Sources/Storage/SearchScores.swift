import Corpus
import GRDB

/// What the terms of a query say for each place of a kind: for the nodes or for the documents.
struct SearchScores {
  private enum Kind { case nodes, documents }

  private let kind: Kind
  private let lists: [(list: Postings.List, relevance: Relevance)]
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
      let postings = try evaluation.read(term)
      let list = kind == .nodes ? postings.nodes : postings.documents
      return (list, Relevance(found: list.numbers.count, of: places, meanLength: mean))
    }
  }

  /// The best places of a set that come after a place, and how many there are at most.
  func best(of set: NumberSet, bound: Int, after place: Best.Entry?, limit: Int) -> [Best.Entry] {
    var best = Best(limit: limit)
    func offer(_ number: Int, _ score: Float) {
      let entry = Best.Entry(score: score, number: number)
      if let place, !Best.Entry.precedes(place, entry) { return }
      best.offer(entry)
    }
    // A few are looked up in the lists; for many it is sooner to go through the lists.
    if set.count < bound / 256 {
      set.forEach { offer($0, score(of: $0)) }
      return best.sorted
    }
    var scores = [Float](repeating: 0, count: bound)
    for (list, relevance) in lists {
      switch kind {
      case .nodes:
        layout.forEachLength(of: list.numbers) { index, number, length in
          if set.contains(number) {
            scores[number] += relevance.score(frequency: Float(list.worth[index]), length: length)
          }
        }
      case .documents:
        for (index, number) in list.numbers.enumerated() where set.contains(Int(number)) {
          scores[Int(number)] += relevance.score(frequency: Float(list.worth[index]), length: length(of: Int(number)))
        }
      }
    }
    set.forEach { offer($0, scores[$0]) }
    return best.sorted
  }

  /// The score of one place.
  func score(of number: Int) -> Float {
    lists.reduce(0) { sum, one in
      guard let index = one.list.index(of: number) else { return sum }
      return sum + one.relevance.score(frequency: Float(one.list.worth[index]), length: length(of: number))
    }
  }

  private func length(of number: Int) -> UInt32 {
    switch kind {
    case .nodes: layout.length(of: number)
    case .documents: layout.length(ofDocument: number)
    }
  }
}

extension Postings.List {
  /// Where a place stands in the list.
  func index(of number: Int) -> Int? { numbers.index(ofSorted: UInt32(truncatingIfNeeded: number)) }

  /// Occurrences in a place.
  func matches(in number: Int) -> Int { index(of: number).map { Int(matches[$0]) } ?? 0 }

  /// Occurrences in all places of a set.
  func matches(in set: NumberSet) -> Int {
    var sum = 0
    for (index, number) in numbers.enumerated() where set.contains(Int(number)) { sum += Int(matches[index]) }
    return sum
  }
}
