public import Corpus
import Dispatch
import GRDB

/// Searches the nodes of speeches.
public struct SearchRepository: Sendable {
  let store: Store
  private let deadline: Double
  private let language: LanguageData

  /// The repository of a store.
  /// - Parameters:
  ///   - deadline: how long a query may take, in seconds.
  ///   - language: what sentences are divided by, and what may have been meant is found by.
  public init(_ store: Store, deadline: Double = 5, language: LanguageData = LanguageData()) {
    self.store = store
    self.deadline = deadline
    self.language = language
  }

  /// A page of the nodes in which a query holds. All numbers are exact.
  public func search(_ request: SearchRequest) throws -> SearchPage {
    try store.evaluating(seconds: deadline) { evaluation in
      let db = evaluation.db
      let layout = evaluation.layout
      let state = evaluation.state
      let search = try SearchInterpretation(
        request.query, mode: request.mode, lexicon: language.lexicon, evaluation)
      var found = try evaluation.nodes(of: search.query)
      if let documents = try evaluation.documents(passing: request.filter) {
        found.formIntersection(try evaluation.nodes(of: documents))
      }
      if request.filter.copies == .collapsed {
        var documents = NumberSet(bound: layout.documentBound)
        var walk = layout.walk()
        found.forEach { documents.insert(walk.document(of: $0)) }
        found.subtract(try evaluation.nodes(of: evaluation.copies(among: documents)))
      }
      var counts: [UInt32] = []
      if request.sort != .relevance || !request.facets.isEmpty {
        counts = [UInt32](repeating: 0, count: Int(layout.maximumSpeech) + 1)
        var walk = layout.walk()
        found.forEach { counts[walk.speech(of: $0)] += 1 }
      }
      let total = found.count
      let scores = try SearchScores.ofNodes(search, evaluation)
      let terms = search.query.positiveTerms

      return try evaluation.tallies.lending(SpeechTally(counts)) { tally in
        var places: [(number: Int, position: ResultPosition)]
        switch request.sort {
        case .relevance:
          places = scores.best(
            of: found, count: total, bound: layout.nodeCount, after: try request.place(in: state),
            limit: request.limit + 1
          ).map {
            ($0.number, .relevance(score: $0.score, number: $0.number, state: state.digest))
          }
        case .field(let sort):
          places = try Self.places(in: found, tally, sort: sort, request, evaluation)
        }
        var next: ResultPosition?
        if places.count > request.limit {
          places.removeLast(places.count - request.limit)
          next = places.last?.position
        }
        var reader = HitReader(evaluation, terms: terms)
        let hits = try places.map { place in
          try reader.hit(place.number, score: scores.score(of: place.number))
        }
        let facets = try request.facets.map { try Self.counts(of: $0, tally, db) }
        return SearchPage(
          page: Page(items: hits, total: total, next: next, state: state),
          notes: try notes(on: search, isEmpty: total == 0, evaluation),
          totalSpeeches: layout.documentCount(of: found),
          totalMatches: try terms.reduce(0) { $0 + (try evaluation.nodes(with: $1).matches(in: found, count: total)) },
          facets: facets)
      }
    }
  }

  /// A page of the speeches for which a query holds, title and all nodes taken together.
  public func speeches(
    _ request: SearchRequest, withContent: Bool = false
  ) throws -> (page: Page<Card, ResultPosition>, facets: [[ValueCount]], notes: SearchNotes) {
    try store.evaluating(seconds: deadline) { evaluation in
      let db = evaluation.db
      let search = try SearchInterpretation(
        request.query, mode: request.mode, lexicon: language.lexicon, evaluation)
      let found = try Self.documents(search.query, request.filter, evaluation)
      let notes = try notes(on: search, isEmpty: found.isEmpty, evaluation)
      return try Self.lending(found, evaluation) { tally in
        switch request.sort {
        case .field(let sort):
          var after: ListPosition?
          if case .field(let position, _)? = request.position { after = position }
          let (page, facets) = try CardRepository.page(
            tally, sort: sort, after: after, limit: request.limit, facets: request.facets, withContent: withContent, db)
          let next = page.next.map { ResultPosition.field($0, node: 0) }
          return (Page(items: page.items, total: page.total, next: next, state: page.state), facets, notes)
        case .relevance:
          let state = evaluation.state
          let scores = try SearchScores.ofDocuments(search, evaluation)
          let total = found.count
          var best = scores.best(
            of: found, count: total, bound: evaluation.layout.documentBound, after: try request.place(in: state),
            limit: request.limit + 1)
          var next: ResultPosition?
          if best.count > request.limit {
            best.removeLast()
            next = best.last.map { .relevance(score: $0.score, number: $0.number, state: state.digest) }
          }
          let cards = try best.compactMap { entry in
            var card = try CardRepository.card(ofDocument: Int64(entry.number), db)
            if withContent, let found = card { card?.content = try CardRepository.content(of: found, db) }
            return card
          }
          return (
            Page(items: cards, total: total, next: next, state: state),
            try request.facets.map { try CardRepository.counts(of: $0, tally, db) }, notes
          )
        }
      }
    }
  }

  private func notes(
    on search: SearchInterpretation, isEmpty: Bool, _ evaluation: SearchEvaluation
  ) throws -> SearchNotes {
    let spelling = SpellingSuggestions(evaluation: evaluation, language: language)
    return SearchNotes(
      wordSearch: search.wordSearch, suggestions: isEmpty ? try spelling.suggestions(for: search.query) : [],
      maskedForms: search.maskedForms)
  }

  /// The documents for which a query holds and whose speeches pass a filter.
  static func documents(
    _ query: Query, _ filter: SpeechFilter, _ evaluation: SearchEvaluation
  ) throws -> NumberSet {
    var found = try evaluation.documents(of: query)
    if let passing = try evaluation.documents(passing: filter) { found.formIntersection(passing) }
    if filter.copies == .collapsed { found.subtract(try evaluation.copies(among: found)) }
    return found
  }

  /// Lends the condition that a speech is one of those of the documents.
  static func lending<Value>(
    _ documents: NumberSet, _ evaluation: SearchEvaluation, _ body: (Condition) throws -> Value
  ) throws -> Value {
    var counts = [UInt32](repeating: 0, count: Int(evaluation.layout.maximumSpeech) + 1)
    try documents.forEach { counts[Int(try evaluation.place(of: $0).speech)] = 1 }
    return try evaluation.tallies.lending(SpeechTally(counts)) { number in
      var condition = Condition()
      condition.add("search_hits(?, card.speech) > 0", number)
      return try body(condition)
    }
  }

  /// The nodes found, speech by speech in the order of a list.
  private static func places(
    in found: NumberSet, _ tally: Int64, sort: SpeechSort, _ request: SearchRequest, _ evaluation: SearchEvaluation
  ) throws -> [(number: Int, position: ResultPosition)] {
    let db = evaluation.db
    var condition = Condition()
    condition.add("search_hits(?, card.speech) > 0", tally)
    var places: [(number: Int, position: ResultPosition)] = []
    func add(_ position: ListPosition, after ordinal: Int) throws {
      let document = try Int64.fetchOne(
        db.cachedStatement(
          sql: "SELECT d.document FROM card JOIN search_document d ON d.speech = card.speech WHERE card.id = ?"),
        arguments: [position.id])
      guard let document, let numbers = evaluation.layout.place(of: document)?.numbers else { return }
      for number in numbers.dropFirst(ordinal + 1) where found.contains(number) {
        places.append((number, .field(position, node: number - numbers.lowerBound)))
      }
    }
    var after: ListPosition?
    if case .field(let position, let node)? = request.position {
      try add(position, after: node)
      after = position
    }
    if places.count <= request.limit {
      for row in try CardRepository.rows(condition, sort: sort, after: after, limit: request.limit + 1, db) {
        try add(row.position, after: -1)
        if places.count > request.limit { break }
      }
    }
    return places
  }

  private static func counts(of field: FacetField, _ tally: Int64, _ db: Database) throws -> [FacetCount] {
    let column = "card.\(field.rawValue)"
    return try Row.fetchAll(
      db.makeStatement(
        sql: """
          SELECT \(column), sum(search_hits(?1, card.speech)) AS hits, count(*) FROM card
          WHERE \(column) IS NOT NULL AND search_hits(?1, card.speech) > 0 GROUP BY 1 ORDER BY hits DESC, 1
          """), arguments: [tally]
    ).map { FacetCount(value: $0[0], count: $0[1], speeches: $0[2]) }
  }
}

extension SearchRequest {
  /// The result after which a page by relevance begins, in the state in which it was one.
  fileprivate func place(in state: CorpusState) throws -> Best.Entry? {
    guard case .relevance(let score, let number, let before)? = position else { return nil }
    guard before == state.digest else { throw StorageError.resultsChanged }
    return Best.Entry(score: score, number: number)
  }
}
