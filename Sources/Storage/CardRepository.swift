public import Corpus
import GRDB

/// Lists speeches, and counts the values of their fields.
public struct CardRepository: Sendable {
  let store: Store
  /// How long a query may take, in seconds.
  let deadline: Double
  private let pinyin: Pinyin?

  /// The repository of a store.
  /// - Parameters:
  ///   - deadline: how long a query may take, in seconds.
  ///   - pinyin: how characters are read, for who types names in Latin letters.
  public init(_ store: Store, deadline: Double = 5, pinyin: Pinyin? = nil) {
    self.store = store
    self.deadline = deadline
    self.pinyin = pinyin
  }

  /// The state of the corpus.
  public func state() throws -> CorpusState { try store.readByKey(Self.state) }

  /// The card of a speech; nil where there is no such speech.
  public func card(_ id: SpeechID) throws -> Card? {
    try store.readByKey { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT id, revision, json FROM card WHERE id = ?"), arguments: [id.text]
      ).map { Card(id: $0[0], revision: $0[1], members: $0[2]) }
    }
  }

  /// The card of a document of the index.
  static func card(ofDocument document: Int64, _ db: Database) throws -> Card? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT card.id, card.revision, card.json FROM card JOIN search_document d ON d.speech = card.speech
          WHERE d.document = ?
          """), arguments: [document]
    ).map { Card(id: $0[0], revision: $0[1], members: $0[2]) }
  }

  // Statements that a filter takes part in are not kept: there is no end to them.

  /// A page of the speeches that pass a filter, with the counts of some fields over all of them.
  /// - Parameter withContent: whether the cards bring text and sections.
  public func list(
    _ filter: SpeechFilter, sort: SpeechSort, after position: ListPosition? = nil, limit: Int,
    facets: [FacetField] = [], withContent: Bool = false
  ) throws -> (page: Page<Card, ListPosition>, facets: [[ValueCount]]) {
    try store.read(seconds: deadline) { db in
      try Self.page(
        Condition(filter), sort: sort, after: position, limit: limit, facets: facets, withContent: withContent, db)
    }
  }

  /// A page of the speeches for which a condition holds.
  static func page(
    _ condition: Condition, sort: SpeechSort, after position: ListPosition?, limit: Int, facets: [FacetField],
    withContent: Bool, _ db: Database
  ) throws -> (page: Page<Card, ListPosition>, facets: [[ValueCount]]) {
    let total = try Int.fetchOne(
      db.makeStatement(sql: "SELECT count(*) FROM card" + condition.whereClause),
      arguments: condition.statementArguments)
    var rows = try rows(condition, sort: sort, after: position, limit: limit + 1, db)
    var next: ListPosition?
    if rows.count > limit {
      rows.removeLast(rows.count - limit)
      next = rows.last?.position
    }
    let cards = try rows.map { row in
      var card = row.card
      if withContent { card.content = try content(of: card, db) }
      return card
    }
    return (
      Page(items: cards, total: total ?? 0, next: next, state: try state(db)),
      try facets.map { try counts(of: $0, condition, db) }
    )
  }

  /// The values of a field and how many of the speeches for which a condition holds have each.
  static func counts(of facet: FacetField, _ condition: Condition, _ db: Database) throws -> [ValueCount] {
    var condition = condition
    condition.add("card.\(facet.rawValue) IS NOT NULL")
    return try counts(of: "card.\(facet.rawValue)", in: "card", condition, limit: nil, after: nil, db)
  }

  /// The distinct values of a field, the most frequent first.
  /// - Parameter prefix: what they begin with, folded as in a search, or in pinyin: whole syllables or initials.
  public func values(
    of field: ValueField, prefix: String?, after position: ValueCount?, limit: Int
  ) throws -> Page<ValueCount, ValueCount> {
    try store.read(seconds: deadline) { db in
      var condition = Condition()
      let column: String
      var table = "card"
      switch field {
      case .card(let facet): column = "card.\(facet.rawValue)"
      case .metadata(let key):
        (column, table) = ("metadata.value", "metadata")
        condition.add("metadata.key = ?", key)
      }
      condition.add("\(column) IS NOT NULL")
      let total: Int?
      var values: [ValueCount]
      if let prefix {
        values = try Self.counts(of: column, in: table, condition, limit: nil, after: nil, db)
          .filter { [prefix = ValuePrefix(prefix, pinyin: pinyin)] in prefix.begins($0.value) }
        total = values.count
        if let position { values = Array(values.drop { !position.precedes($0) }) }
        values = Array(values.prefix(limit + 1))
      } else {
        total = try Int.fetchOne(
          db.makeStatement(sql: "SELECT count(DISTINCT \(column)) FROM \(table)" + condition.whereClause),
          arguments: condition.statementArguments)
        values = try Self.counts(of: column, in: table, condition, limit: limit + 1, after: position, db)
      }
      var next: ValueCount?
      if values.count > limit {
        values.removeLast(values.count - limit)
        next = values.last
      }
      return Page(items: values, total: total ?? 0, next: next, state: try Self.state(db))
    }
  }

  static func state(_ db: Database) throws -> CorpusState {
    let sql = """
      SELECT corpus_revision, state, count FROM collection_edits
      LEFT JOIN (SELECT * FROM change ORDER BY corpus_revision DESC LIMIT 1)
      """
    return try db.firstRow(sql) { row in
      CorpusState(
        revision: row.optionalInteger(0) ?? 0, history: row.optionalText(1) ?? "empty", edits: row.integer(2))
    } ?? CorpusState(revision: 0, history: "empty", edits: 0)
  }

  static func content(of card: Card, _ db: Database) throws -> StoredSpeech? {
    guard let id = SpeechID(card.id),
      case .found(let content) = try SpeechRepository.identity(
        of: id, revision: nil, db, { try SpeechRepository.content(of: $0, db) })
    else { return nil }
    return content
  }

  static func rows(
    _ condition: Condition, sort: SpeechSort, after position: ListPosition?, limit: Int, _ db: Database
  ) throws -> [(card: Card, position: ListPosition)] {
    let column =
      switch sort {
      case .date, .dateDescending: "date_key"
      case .added, .addedDescending: "speech"
      case .title: "title_key"
      }
    let isDescending = sort == .dateDescending || sort == .addedDescending
    let (order, beyond) = isDescending ? ("DESC", "<") : ("ASC", ">")
    var found: [(card: Card, position: ListPosition)] = []
    func fetch(_ more: Condition, orderedBy order: String) throws {
      guard found.count < limit else { return }
      let sql =
        "SELECT card.id, card.revision, card.json, card.\(column) FROM card" + more.whereClause
        + " ORDER BY \(order) LIMIT ?"
      let rows = try Row.fetchCursor(
        db.cachedStatement(sql: sql), arguments: StatementArguments(more.arguments + [limit - found.count]))
      while let row = try rows.next() {
        let key = row[3] as DatabaseValue
        found.append(
          (
            Card(id: row[0], revision: row[1], members: row[2]),
            ListPosition(key: key.isNull ? nil : String.fromDatabaseValue(key) ?? "\(key)", id: row[0])
          ))
      }
    }
    // What has a date, by date; then what has none, by id: two walks along an index, so a late page costs what the
    // first one does.
    if position == nil || position?.key != nil {
      var dated = condition
      if let position, let key = position.key {
        let value: any DatabaseValueConvertible = column == "speech" ? Int64(key) ?? 0 : key
        // Equals are in order of their id in both directions; the first term lets the index find the place.
        dated.add("card.\(column) \(beyond)= ?", value)
        dated.add("(card.\(column) <> ? OR card.id > ?)", value, position.id)
      } else {
        dated.add("card.\(column) IS NOT NULL")
      }
      try fetch(dated, orderedBy: "card.\(column) \(order), card.id")
    }
    if column == "date_key" {
      var undated = condition
      undated.add("card.date_key IS NULL")
      if let position, position.key == nil { undated.add("card.id > ?", position.id) }
      try fetch(undated, orderedBy: "card.id")
    }
    return found
  }

  private static func counts(
    of column: String, in table: String, _ condition: Condition, limit: Int?, after position: ValueCount?,
    _ db: Database
  ) throws -> [ValueCount] {
    var sql = "SELECT \(column) AS value, count(*) AS n FROM \(table)" + condition.whereClause + " GROUP BY 1"
    var arguments = condition.arguments
    if let position {
      sql += " HAVING n < ? OR (n = ? AND value > ?)"
      arguments += [position.count, position.count, position.value]
    }
    sql += " ORDER BY n DESC, value"
    if let limit {
      sql += " LIMIT ?"
      arguments.append(limit)
    }
    return try Row.fetchAll(db.makeStatement(sql: sql), arguments: StatementArguments(arguments))
      .map { ValueCount(value: $0[0], count: $0[1]) }
  }
}
