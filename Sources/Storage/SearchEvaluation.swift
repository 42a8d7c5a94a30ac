import Corpus
import Dispatch
import GRDB

/// Finds where a query holds, on one snapshot. What was read of a term is kept until the end.
final class SearchEvaluation {
  let db: Database
  let layout: SearchLayout
  let tallies: SpeechTallies
  private let deadline: UInt64
  private var postings: [Term: Postings] = [:]
  private var every: (documents: NumberSet, nodes: NumberSet)?

  /// - Parameter deadline: when to give up, in nanoseconds of uptime.
  init(_ db: Database, _ layout: SearchLayout, _ tallies: SpeechTallies, deadline: UInt64) {
    self.db = db
    self.layout = layout
    self.tallies = tallies
    self.deadline = deadline
  }

  /// The nodes in which a query holds.
  func nodes(of query: Query) throws -> NumberSet {
    try query.numbers(
      everything: { try everything().nodes },
      term: { set(of: try read($0).nodes.numbers, bound: layout.nodeCount) },
      near: { try nodes(near: $0) })
  }

  /// The documents for which a query holds, all their nodes and the title taken together.
  func documents(of query: Query) throws -> NumberSet {
    try query.numbers(
      everything: { try everything().documents },
      term: { set(of: try read($0).documents.numbers, bound: layout.documentBound) },
      near: { near in
        var documents = NumberSet(bound: layout.documentBound)
        var walk = layout.walk()
        try nodes(near: near).forEach { documents.insert(walk.document(of: $0)) }
        return documents
      })
  }

  /// The documents of the speeches that pass a filter; nil where all do.
  func documents(passing filter: SpeechFilter) throws -> NumberSet? {
    let condition = Condition(filter)
    if condition.terms.isEmpty { return nil }
    return try documents(
      "SELECT d.document FROM card JOIN search_document d ON d.speech = card.speech" + condition.whereClause,
      condition.statementArguments)
  }

  /// All nodes of documents.
  func nodes(of documents: NumberSet) -> NumberSet {
    var nodes = NumberSet(bound: layout.nodeCount)
    documents.forEach { if let place = layout.place(of: Int64($0)) { nodes.insert(place.numbers) } }
    return nodes
  }

  /// Where a term stands.
  func read(_ term: Term) throws -> Postings {
    if let known = postings[term] { return known }
    try checkDeadline()
    let collector = PostingCollector(layout)
    try SearchFunctions.collect(Self.expression(for: term), into: collector, db)
    if collector.missesDocument { throw StorageError.snapshotOvertaken }
    postings[term] = collector.postings
    return collector.postings
  }

  /// Whether a term stands anywhere.
  func stands(_ term: Term) throws -> Bool {
    try checkDeadline()
    return try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH ?)"),
      arguments: [Self.expression(for: term)]) ?? false
  }

  // MARK: FTS5

  /// A term as FTS5 reads it. Nothing that a user typed stands outside quotation marks, and in them there are letters,
  /// digits and code points beyond ASCII only.
  static func expression(for term: Term) -> String { column(term.field) + phrase(term) }

  private static func phrase(_ term: Term) -> String {
    let (tokens, isPrefix) = Tokenizer.tokens(of: term.folded, isPrefix: term.isPrefix)
    return tokens.map { "\"\($0)\"" }.joined(separator: " + ") + (isPrefix ? " *" : "")
  }

  private static func column(_ field: Query.Field?) -> String {
    switch field {
    case .title: "title : "
    case .heading: "heading : "
    case .text: "body : "
    case nil: ""
    }
  }

  /// The index counts tokens, knows no lines, and has up to two tokens for a character: what it finds is looked at again
  /// in the text.
  private func nodes(near: Query.Proximity) throws -> NumberSet {
    var candidates = set(of: try read(near.terms[0]).nodes.numbers, bound: layout.nodeCount)
    for term in near.terms.dropFirst() {
      candidates.formIntersection(set(of: try read(term).nodes.numbers, bound: layout.nodeCount))
    }
    let expression =
      Self.column(near.terms[0].field)
      + "NEAR(\(near.terms.map(Self.phrase).joined(separator: " ")), \(2 * near.distance + 4))"
    let documents = try documents(
      "SELECT rowid FROM search_index WHERE search_index MATCH ?", [expression])
    var nodes = NumberSet(bound: layout.nodeCount)
    try documents.forEach { document in
      guard let place = layout.place(of: Int64(document)) else { throw StorageError.snapshotOvertaken }
      let possible = place.numbers.filter(candidates.contains)
      if possible.isEmpty { return }
      try checkDeadline()
      let content = try SearchContent(document: Int64(document), db)
      for number in possible {
        let ordinal = number - place.numbers.lowerBound
        if content.fields(of: ordinal).contains(where: { field, text, _ in
          (near.terms[0].field ?? field) == field && text.lines.contains(where: near.holds)
        }) {
          nodes.insert(number)
        }
      }
    }
    return nodes
  }

  private func everything() throws -> (documents: NumberSet, nodes: NumberSet) {
    if let every { return every }
    let documents = try documents("SELECT document FROM search_document", [])
    let all = (documents, nodes(of: documents))
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

  private func set(of numbers: [UInt32], bound: Int) -> NumberSet {
    var set = NumberSet(bound: bound)
    for number in numbers { set.insert(Int(number)) }
    return set
  }

  private func checkDeadline() throws {
    if DispatchTime.now().uptimeNanoseconds > deadline { throw StorageError.deadlineExceeded }
  }
}

/// The texts of a document of the index, to be looked at as they stand.
struct SearchContent {
  let title: String?
  let text: TextIndex
  let nodes: [OutlineNode]

  init(title: String?, text: TextIndex, nodes: [OutlineNode]) {
    (self.title, self.text, self.nodes) = (title, text, nodes)
  }

  init(document: Int64, _ db: Database) throws {
    let sql = """
      SELECT d.speech, d.revision, json_extract(r.record, '$.title'), r.text FROM search_document d
      JOIN revision r ON r.speech = d.speech AND r.number = d.revision WHERE d.document = ?
      """
    let found = try db.firstRow(sql, [document]) { row in
      (Int64(row.integer(0)), row.integer(1), row.optionalText(2), TextIndex(utf8: row.bytes(3)))
    }
    guard let (speech, revision, title, text) = found else {
      throw StorageError.corrupt("document \(document) of the index is of no speech")
    }
    self.init(title: title, text: text, nodes: try SpeechRepository.nodes(of: speech, revision: revision, db))
  }

  /// What is searched of a node, folded, and where it begins in the text of the speech.
  func fields(of ordinal: Int) -> [(field: Query.Field, text: [Folding.Folded], start: Int)] {
    guard nodes.indices.contains(ordinal) else { return [] }
    let section = nodes[ordinal].section
    var fields = section.bodySpans.map { (Query.Field.text, Folding.fold(utf8: text.slice($0)), $0.start) }
    if let span = section.headingSpan { fields.append((.heading, Folding.fold(utf8: text.slice(span)), span.start)) }
    if ordinal == 0, let title { fields.append((.title, Folding.fold(title), 0)) }
    return fields
  }
}
