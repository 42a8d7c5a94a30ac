import Corpus
import GRDB

/// What the terms of a query say for each place of a kind: for the nodes or for the documents.
struct SearchScores {
  private let lists: [(list: Postings.List, relevance: Relevance)]
  private let length: (Int) -> UInt32

  /// The scores of nodes.
  static func ofNodes(_ search: SearchInterpretation, _ evaluation: SearchEvaluation) throws -> SearchScores {
    let sums = try Sums(evaluation.db)
    return try SearchScores(
      search, evaluation, \.nodes, places: sums.nodes, mean: Double(sums.tokens) / Double(max(1, sums.nodes)),
      length: { evaluation.layout.length(of: $0) })
  }

  /// The scores of documents.
  static func ofDocuments(_ search: SearchInterpretation, _ evaluation: SearchEvaluation) throws -> SearchScores {
    let sums = try Sums(evaluation.db)
    return try SearchScores(
      search, evaluation, \.documents, places: sums.documents,
      mean: Double(sums.tokens) / Double(max(1, sums.documents)),
      length: { evaluation.layout.length(ofDocument: $0) })
  }

  private init(
    _ search: SearchInterpretation, _ evaluation: SearchEvaluation, _ kind: KeyPath<Postings, Postings.List>,
    places: Int, mean: Double,
    length: @escaping (Int) -> UInt32
  ) throws {
    lists = try (search.query.positiveTerms + search.bonus).map { term in
      let list = try evaluation.read(term)[keyPath: kind]
      return (list, Relevance(found: list.numbers.count, of: places, meanLength: mean))
    }
    self.length = length
  }

  /// The best places of a set that come after a place, and how many there are at most.
  func best(of set: NumberSet, bound: Int, after place: Best.Entry?, limit: Int) -> [Best.Entry] {
    var scores = [Float](repeating: 0, count: bound)
    for (list, relevance) in lists {
      for (index, number) in list.numbers.enumerated() where set.contains(Int(number)) {
        scores[Int(number)] += relevance.score(frequency: list.worth[index], length: length(Int(number)))
      }
    }
    var best = Best(limit: limit)
    set.forEach { number in
      let entry = Best.Entry(score: scores[number], number: number)
      if let place, !Best.Entry.precedes(place, entry) { return }
      best.offer(entry)
    }
    return best.sorted
  }

  /// The score of one place.
  func score(of number: Int) -> Float {
    lists.reduce(0) { sum, one in
      guard let index = one.list.index(of: number) else { return sum }
      return sum + one.relevance.score(frequency: one.list.worth[index], length: length(number))
    }
  }

  private struct Sums {
    var documents = 0
    var nodes = 0
    var tokens = 0

    init(_ db: Database) throws {
      try db.eachRow("SELECT (SELECT count(*) FROM search_document), nodes, tokens FROM search_state", []) {
        (documents, nodes, tokens) = ($0.integer(0), $0.integer(1), $0.integer(2))
      }
    }
  }
}

extension Postings.List {
  /// Where a place stands in the list.
  func index(of number: Int) -> Int? {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count && numbers[low] == number ? low : nil
  }

  /// Occurrences in a place.
  func matches(in number: Int) -> Int { index(of: number).map { Int(matches[$0]) } ?? 0 }

  /// Occurrences in all places of a set.
  func matches(in set: NumberSet) -> Int {
    var sum = 0
    for (index, number) in numbers.enumerated() where set.contains(Int(number)) { sum += Int(matches[index]) }
    return sum
  }
}
