public import Corpus
import Dispatch
import GRDB

/// What is searched for, and which page of the results is wanted.
public struct SearchRequest: Sendable {
  /// What has to hold.
  public var query: Query
  /// Which speeches count.
  public var filter: SpeechFilter
  /// The order of the results.
  public var sort: ResultSort
  /// Where the page begins; nil for the first.
  public var position: ResultPosition?
  /// How many results a page has.
  public var limit: Int
  /// Fields whose values are counted over all results.
  public var facets: [FacetField]
  /// How the query is to be answered.
  public var mode: SearchMode

  /// A request.
  public init(
    _ query: Query, filter: SpeechFilter = SpeechFilter(), sort: ResultSort = .relevance,
    position: ResultPosition? = nil, limit: Int = 20, facets: [FacetField] = [], mode: SearchMode = .auto
  ) {
    (self.query, self.filter, self.sort) = (query, filter, sort)
    (self.position, self.limit, self.facets, self.mode) = (position, limit, facets, mode)
  }
}

/// The order of results.
public enum ResultSort: Hashable, Sendable {
  /// What speaks most to the query first.
  case relevance
  /// As lists are sorted.
  case field(SpeechSort)
}

/// A place among results: after that one.
public enum ResultPosition: Hashable, Sendable {
  /// By relevance: the score and the number of the result, in a state of the corpus.
  case relevance(score: Float, number: Int, state: String)
  /// By a field: the speech, and which of its nodes.
  case field(ListPosition, node: Int)
}

/// A node that was found.
public struct SearchHit: Sendable {
  /// Its speech.
  public var card: Card
  /// The node.
  public var node: OutlineNode
  /// The nodes that contain it, the outermost first.
  public var breadcrumb: [OutlineNode]
  /// How much it speaks to the query.
  public var score: Float
  /// Occurrences of the query's positive terms in it.
  public var matches: Int
  /// The passage that shows why.
  public var snippet: Snippet
  /// The text of the passage.
  public var passage: String
  /// Where terms stand in the title, for the first node of a speech; in code points of the title.
  public var titleHighlights: [Span]
}

/// What is true of a result besides its items.
public struct SearchNotes: Hashable, Sendable {
  /// What was searched in place of a sentence that stands nowhere; nil where the query was.
  public var wordSearch: WordSearch?
  /// What may have been meant, where a word stands nowhere.
  public var suggestions: [String] = []
}

/// A page of results, with what is true of all of them.
public struct SearchPage: Sendable {
  /// The nodes found; `total` counts all of them.
  public var page: Page<SearchHit, ResultPosition>
  /// How the query was taken.
  public var notes: SearchNotes
  /// Speeches that have at least one of the nodes.
  public var totalSpeeches: Int
  /// Occurrences of the query's positive terms in all the nodes.
  public var totalMatches: Int
  /// The counts of the wanted fields.
  public var facets: [[FacetCount]]
}

/// A value of a field among results.
public struct FacetCount: Hashable, Sendable {
  /// The value.
  public var value: String
  /// Nodes that were found.
  public var count: Int
  /// Speeches that they are of.
  public var speeches: Int
}

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
      let state = try CardRepository.state(db)
      let search = try SearchInterpretation(
        request.query, mode: request.mode, lexicon: language.lexicon, evaluation)
      var found = try evaluation.nodes(of: search.query)
      if let documents = try evaluation.documents(passing: request.filter) {
        found.formIntersection(evaluation.nodes(of: documents))
      }
      var counts = [UInt32](repeating: 0, count: Int(layout.maximumSpeech) + 1)
      var walk = layout.walk()
      found.forEach { counts[walk.speech(of: $0)] += 1 }
      let scores = try SearchScores.ofNodes(search, evaluation)
      let terms = search.query.positiveTerms

      return try evaluation.tallies.lending(SpeechTally(counts)) { tally in
        var places: [(number: Int, position: ResultPosition)]
        switch request.sort {
        case .relevance:
          var after: Best.Entry?
          if case .relevance(let score, let number, let before)? = request.position {
            guard before == state.digest else { throw StorageError.resultsChanged }
            after = Best.Entry(score: score, number: number)
          }
          places = scores.best(of: found, bound: layout.nodeCount, after: after, limit: request.limit + 1).map {
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
          page: Page(items: hits, total: found.count, next: next, state: state),
          notes: try notes(on: search, isEmpty: found.isEmpty, evaluation),
          totalSpeeches: counts.count { $0 > 0 },
          totalMatches: try terms.reduce(0) { $0 + (try evaluation.read($1).nodes.matches(in: found)) },
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
          let state = try CardRepository.state(db)
          var after: Best.Entry?
          if case .relevance(let score, let number, let before)? = request.position {
            guard before == state.digest else { throw StorageError.resultsChanged }
            after = Best.Entry(score: score, number: number)
          }
          let scores = try SearchScores.ofDocuments(search, evaluation)
          var best = scores.best(
            of: found, bound: evaluation.layout.documentBound, after: after, limit: request.limit + 1)
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
            Page(items: cards, total: found.count, next: next, state: state),
            try request.facets.map { try CardRepository.counts(of: $0, tally, db) }, notes
          )
        }
      }
    }
  }

  /// Hands every speech for which a query holds to `body`, the first kept first, from one snapshot.
  public func each(_ query: Query, _ filter: SpeechFilter, _ body: (Card) throws -> Void) throws {
    try store.evaluating(seconds: nil) { evaluation in
      let found = try Self.documents(query, filter, evaluation)
      try Self.lending(found, evaluation) { tally in
        try CardRepository.each(tally, sort: .added, evaluation.db, body)
      }
    }
  }

  private func notes(
    on search: SearchInterpretation, isEmpty: Bool, _ evaluation: SearchEvaluation
  ) throws -> SearchNotes {
    let spelling = SpellingSuggestions(evaluation: evaluation, language: language)
    return SearchNotes(
      wordSearch: search.wordSearch, suggestions: isEmpty ? try spelling.suggestions(for: search.query) : [])
  }

  private static func documents(
    _ query: Query, _ filter: SpeechFilter, _ evaluation: SearchEvaluation
  ) throws -> NumberSet {
    var found = try evaluation.documents(of: query)
    if let passing = try evaluation.documents(passing: filter) { found.formIntersection(passing) }
    return found
  }

  /// Lends the condition that a speech is one of those of the documents.
  private static func lending<Value>(
    _ documents: NumberSet, _ evaluation: SearchEvaluation, _ body: (Condition) throws -> Value
  ) throws -> Value {
    var counts = [UInt32](repeating: 0, count: Int(evaluation.layout.maximumSpeech) + 1)
    documents.forEach { if let place = evaluation.layout.place(of: Int64($0)) { counts[Int(place.speech)] = 1 } }
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

/// Makes the answers for nodes, reading each speech once.
private struct HitReader {
  private let evaluation: SearchEvaluation
  private let terms: [Term]
  private var read: [Int64: Found] = [:]

  /// A speech that has a hit.
  private struct Found {
    let card: Card
    let title: String?
    let text: TextIndex
    let nodes: [OutlineNode]
  }

  init(_ evaluation: SearchEvaluation, terms: [Term]) {
    self.evaluation = evaluation
    self.terms = terms
  }

  mutating func hit(_ number: Int, score: Float) throws -> SearchHit {
    let (document, ordinal) = evaluation.layout.document(of: number)
    let speech = try speech(document)
    guard speech.nodes.indices.contains(ordinal) else {
      throw StorageError.corrupt("the index knows a node of \(speech.card.id) that it does not have")
    }
    let node = speech.nodes[ordinal]
    var breadcrumb: [OutlineNode] = []
    var parent = node.parent
    while let path = parent, let above = speech.nodes.first(where: { $0.path == path }) {
      breadcrumb.insert(above, at: 0)
      parent = above.parent
    }
    let snippet = Snippet(of: node.section, in: speech.text, terms: terms)
    var titleHighlights: [Span] = []
    if ordinal == 0, let title = speech.title {
      let folded = Folding.fold(title)
      titleHighlights = terms.filter { ($0.field ?? .title) == .title }.flatMap { $0.occurrences(in: folded) }
      titleHighlights.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    }
    return SearchHit(
      card: speech.card, node: node, breadcrumb: breadcrumb, score: score,
      matches: try terms.reduce(0) { $0 + (try evaluation.read($1).nodes.matches(in: number)) },
      snippet: snippet, passage: speech.text.text(snippet.span), titleHighlights: titleHighlights)
  }

  private mutating func speech(_ document: Int64) throws -> Found {
    if let known = read[document] { return known }
    let sql = """
      SELECT d.speech, d.revision, c.id, c.json, c.title, r.text FROM search_document d JOIN card c ON c.speech = d.speech
      JOIN revision r ON r.speech = d.speech AND r.number = d.revision WHERE d.document = ?
      """
    let found = try evaluation.db.firstRow(sql, [document]) { row in
      Found(
        card: Card(id: row.text(2), revision: row.integer(1), members: row.text(3)), title: row.optionalText(4),
        text: TextIndex(utf8: row.bytes(5)),
        nodes: try SpeechRepository.nodes(
          of: Int64(row.integer(0)), revision: row.integer(1), evaluation.db))
    }
    guard let found else { throw StorageError.corrupt("document \(document) of the index is of no speech") }
    read[document] = found
    return found
  }
}

extension Store {
  /// Lends what finds the places of a query, on one snapshot and with a deadline.
  func evaluating<Value: Sendable>(seconds: Double?, _ body: (SearchEvaluation) throws -> Value) throws -> Value {
    let start = DispatchTime.now().uptimeNanoseconds
    let deadline = seconds.map { start + UInt64($0 * 1e9) } ?? .max
    for attempt in 0... {
      do {
        return try read(seconds: seconds) { db in
          guard try SearchRebuild.isComplete(db) else { throw StorageError.indexIncomplete }
          return try body(SearchEvaluation(db, try searchLayout.layout(db), tallies, deadline: deadline))
        }
      } catch StorageError.snapshotOvertaken where attempt < 3 {
        // A newer snapshot no longer has the document that the layout lacks.
        continue
      }
    }
    throw StorageError.busy
  }
}
