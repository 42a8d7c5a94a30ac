import Corpus
import Dispatch
import GRDB

/// Finds where a query holds, on one snapshot. What was read of a term is kept until the end.
final class SearchEvaluation {
  let db: Database
  let layout: SearchLayout
  let tallies: SpeechTallies
  /// The state of the corpus that the snapshot is of.
  let state: CorpusState
  private let cache: PostingCache
  private let widths: TokenWidthsCache
  private let index: IndexReader
  private let deadline: UInt64
  /// What was read of each term or proximity: its nodes, and of some the documents.
  private var postings: [Query: (nodes: Postings, documents: Postings?)] = [:]
  private var every: (documents: NumberSet, nodes: NumberSet)?

  /// - Parameter deadline: when to give up, in nanoseconds of uptime.
  init(_ db: Database, _ store: Store, deadline: UInt64) throws {
    self.db = db
    layout = try store.searchLayout.layout(db)
    tallies = store.tallies
    cache = store.postingCache
    widths = store.tokenWidths
    index = try IndexReader(db, store.deadDocuments)
    state = try CardRepository.state(db)
    self.deadline = deadline
  }

  /// The nodes in which a query holds.
  func nodes(of query: Query) throws -> NumberSet {
    try query.numbers(
      everything: { try everything().nodes },
      term: { NumberSet(try nodes(with: $0).numbers, bound: layout.nodeCount) },
      near: { NumberSet(try nodes(near: $0).numbers, bound: layout.nodeCount) })
  }

  /// The documents for which a query holds, all their nodes and the title taken together.
  func documents(of query: Query) throws -> NumberSet {
    try query.numbers(
      everything: { try everything().documents },
      term: { NumberSet(try documents(with: $0).numbers, bound: layout.documentBound) },
      near: { near in
        var documents = NumberSet(bound: layout.documentBound)
        var walk = layout.walk()
        for node in try nodes(near: near).numbers { documents.insert(walk.document(of: Int(node))) }
        return documents
      })
  }

  /// The documents of the speeches that pass a filter, each copy by itself; nil where all do.
  func documents(passing filter: SpeechFilter) throws -> NumberSet? {
    var filter = filter
    filter.copies = .raw
    let condition = Condition(filter)
    if condition.terms.isEmpty { return nil }
    return try documents(
      "SELECT d.document FROM card JOIN search_document d ON d.speech = card.speech" + condition.whereClause,
      condition.statementArguments)
  }

  /// The documents that are left out of some where each family counts once.
  func copies(among documents: NumberSet) throws -> NumberSet {
    var left = NumberSet(bound: layout.documentBound)
    var families: Set<Int> = []
    // The head of a family first, then the others as they were imported.
    let sql = """
      SELECT d.document, card.family FROM card JOIN search_document d ON d.speech = card.speech
      WHERE card.family IS NOT NULL ORDER BY card.family, card.speech <> card.family, card.speech
      """
    try db.eachRow(sql, []) { row in
      let document = row.integer(0)
      guard document < layout.documentBound, documents.contains(document) else { return }
      if !families.insert(row.integer(1)).inserted { left.insert(document) }
    }
    return left
  }

  /// All nodes of documents.
  func nodes(of documents: NumberSet) throws -> NumberSet {
    var nodes = NumberSet(bound: layout.nodeCount)
    try documents.forEach { nodes.insert(try place(of: $0).numbers) }
    return nodes
  }

  /// A document of the snapshot.
  func place(of document: Int) throws -> SearchLayout.Place {
    guard let place = layout.place(of: Int64(document)) else { throw StorageError.snapshotOvertaken }
    return place
  }

  /// The nodes in which a term stands.
  func nodes(with term: Term) throws -> Postings {
    try nodes(of: .term(term)) {
      guard let pattern = Self.pattern(of: term), pattern.isExact else { return try scan(for: term) }
      return try Postings(index.occurrences(of: pattern), layout, field: term.field)
    }
  }

  /// The nodes in which terms stand near each other.
  private func nodes(near: Query.Proximity) throws -> Postings {
    try nodes(of: .near(near)) {
      var found = Postings()
      try find(near).forEach { found.append($0, matches: 1, worth: 0) }
      return found
    }
  }

  /// The nodes of a term or a proximity, which are found where they are not known.
  private func nodes(of query: Query, finding: () throws -> Postings) throws -> Postings {
    if let known = postings[query] { return known.nodes }
    try checkDeadline()
    if let known = cache.nodes(of: query, in: state) {
      postings[query] = (known, nil)
      return known
    }
    let start = DispatchTime.now().uptimeNanoseconds
    let found = try finding()
    cache.keep(found, of: query, in: state, cost: DispatchTime.now().uptimeNanoseconds - start)
    postings[query] = (found, nil)
    return found
  }

  /// The documents in which a term stands.
  func documents(with term: Term) throws -> Postings {
    let nodes = try nodes(with: term)
    if let known = postings[.term(term)]?.documents { return known }
    let documents = nodes.documents(layout)
    postings[.term(term)]?.documents = documents
    return documents
  }

  /// Where a term stands that the index finds too much for: the texts that may have it are looked at.
  private func scan(for term: Term) throws -> Postings {
    let documents =
      try Self.pattern(of: term).map {
        try NumberSet(index.occurrences(of: $0).documents, bound: layout.documentBound)
      } ?? everything().documents
    var found = Postings()
    try documents.forEach { document in
      let place = try place(of: document)
      try checkDeadline()
      let content = try SearchContent(document: Int64(document), db)
      for (ordinal, number) in place.numbers.enumerated() {
        var (matches, worth) = (0, 0)
        for (field, text, _) in content.fields(of: ordinal) where (term.field ?? field) == field {
          let count = term.occurrences(in: text).count
          matches += count
          worth += count * Int(Relevance.weight(of: field))
        }
        found.append(number, matches: matches, worth: worth)
      }
    }
    return found
  }

  /// Whether a term stands anywhere.
  func stands(_ term: Term) throws -> Bool {
    try checkDeadline()
    guard term.field == nil, let pattern = Self.pattern(of: term), pattern.isExact else {
      return try !nodes(with: term).numbers.isEmpty
    }
    return try !index.occurrences(of: pattern, atMost: 1).documents.isEmpty
  }

  /// Where a term stands; nil where that is in more documents than `most`, or more than the index alone can tell.
  func occurrences(of term: Term, atMost most: Int) throws -> Occurrences? {
    try checkDeadline()
    guard let pattern = Self.pattern(of: term), pattern.isExact else { return nil }
    let found = try index.occurrences(of: pattern, atMost: most + 1)
    guard found.documents.count <= most else { return nil }
    if let last = found.documents.last, last >= layout.documentBound { throw StorageError.snapshotOvertaken }
    return found
  }

  /// How the index has a term; nil where it has nothing of it.
  private static func pattern(of term: Term) -> Tokenizer.Pattern? {
    let pattern = Tokenizer.pattern(of: term.folded, isPrefix: term.isPrefix)
    return pattern.tokens.isEmpty ? nil : pattern
  }

  /// Finds the nodes in which terms stand near each other: by their tokens and how much of the text each takes up.
  private func find(_ near: Query.Proximity) throws -> NumberSet {
    // A term is near itself.
    var seen: Set<Term> = []
    let near = Query.Proximity(terms: near.terms.filter { seen.insert($0).inserted }, distance: near.distance)
    let patterns = near.terms.compactMap { Self.pattern(of: $0) }
    guard patterns.count == near.terms.count, patterns.allSatisfy(\.isExact) else { return try scan(for: near) }
    var nodes = NumberSet(bound: layout.nodeCount)
    let occurrences = try patterns.map { pattern in
      try checkDeadline()
      return try index.occurrences(of: pattern)
    }
    var finder = ProximityFinder(near, layout, widths)
    try finder.forEachNode(occurrences, db) { nodes.insert($0) }
    return nodes
  }

  /// The same where the index finds too much for a term: the texts that may have all of them are looked at.
  private func scan(for near: Query.Proximity) throws -> NumberSet {
    let candidates = try nodes(of: .and(near.terms.map { .term($0) }))
    var nodes = NumberSet(bound: layout.nodeCount)
    var content: (document: Int64, texts: SearchContent)?
    try candidates.forEach { number in
      let (document, ordinal) = layout.document(of: number)
      if content?.document != document {
        try checkDeadline()
        content = (document, try SearchContent(document: document, db))
      }
      let fields = content?.texts.fields(of: ordinal) ?? []
      if fields.contains(where: { field, text, _ in
        (near.terms[0].field ?? field) == field && text.lines.contains(where: near.holds)
      }) {
        nodes.insert(number)
      }
    }
    return nodes
  }

  private func everything() throws -> (documents: NumberSet, nodes: NumberSet) {
    if let every { return every }
    let documents = try documents("SELECT document FROM search_document", [])
    let all = (documents, try nodes(of: documents))
    every = all
    return all
  }

  private func documents(_ sql: String, _ arguments: StatementArguments) throws -> NumberSet {
    var documents = NumberSet(bound: layout.documentBound)
    try db.eachRow(db.makeStatement(sql: sql), arguments) { row in
      if row.integer(0) < layout.documentBound { documents.insert(row.integer(0)) }
    }
    return documents
  }

  func checkDeadline() throws {
    if DispatchTime.now().uptimeNanoseconds > deadline { throw StorageError.deadlineExceeded }
  }
}

extension Store {
  /// Lends what finds the places of a query, on one snapshot and with a deadline.
  func evaluating<Value: Sendable>(seconds: Double?, _ body: (SearchEvaluation) throws -> Value) throws -> Value {
    watch.noteSearch()
    let deadline = seconds.map(Store.uptime) ?? .max
    for attempt in 0... {
      do {
        return try read(seconds: seconds) { db in
          guard try SearchRebuild.isComplete(db) else { throw StorageError.indexIncomplete }
          return try body(SearchEvaluation(db, self, deadline: deadline))
        }
      } catch StorageError.snapshotOvertaken where attempt < 3 {
        // A newer snapshot no longer has the document that the layout lacks.
        continue
      }
    }
    throw StorageError.busy
  }
}
