import GRDB

/// A row of a speech in its current revision. GRDB decodes the JSON column `record` by Codable.
struct SpeechRow: Decodable, FetchableRecord {
  var key: Int64
  var id: String
  var revision: Int
  var createdAt: String
  var updatedAt: String
  var digest: String
  var record: SpeechRecord
  var text: String

  /// The entity tag of the answer.
  var tag: String { "\"\(digest)\"" }

  enum CodingKeys: String, CodingKey {
    case key, id, revision, digest, record, text
    case createdAt = "created_at"
    case updatedAt = "updated_at"
  }
}

/// A row of a section. GRDB decodes the JSON column `body_spans` by Codable.
struct SectionRow: Decodable, FetchableRecord {
  var path: String
  var parent: String?
  var level: Int
  var ordinal: Int
  var kind: String
  var label: String?
  var number: Int?
  var heading: String?
  var spanStart: Int
  var spanEnd: Int
  var headingStart: Int?
  var headingEnd: Int?
  var bodySpans: [[Int]]
  var characters: Int

  enum CodingKeys: String, CodingKey {
    case path, parent, level, ordinal, kind, label, number, heading, characters
    case spanStart = "span_start"
    case spanEnd = "span_end"
    case headingStart = "heading_start"
    case headingEnd = "heading_end"
    case bodySpans = "body_spans"
  }
}

/// A row of the table of cards. GRDB decodes the JSON column `members` by Codable.
struct CardRow: Decodable, FetchableRecord {
  var id: String
  var revision: Int
  var date: String
  var members: CardMembers
}

/// The place after a row in the list of cards.
struct CardPosition: Sendable {
  var date: String
  var id: String

  var text: String { "\(date)_\(id)" }

  init(date: String, id: String) {
    self.date = date
    self.id = id
  }

  /// Reads what a client was given.
  init?(_ text: String) {
    let parts = text.split(separator: "_")
    guard parts.count == 2 else { return nil }
    self.init(date: String(parts[0]), id: String(parts[1]))
  }
}

/// A page of the list of cards.
struct StoredPage: Sendable {
  var cards: [CardRow]
  var total: Int
  var next: CardPosition?
  var corpusRevision: Int
}

/// A speech with its sections.
struct StoredSpeech: Sendable {
  var speech: SpeechRow
  var sections: [SectionRow]
}

/// Finds speeches by their id, each answer on one snapshot. Statements are prepared once for each connection.
struct SpeechStore: Sendable {
  private let pool: DatabasePool

  init(_ pool: DatabasePool) { self.pool = pool }

  func speech(_ id: String) async throws -> StoredSpeech? {
    try await pool.read { db in
      let request = SQLRequest<SpeechRow>(
        sql: """
          SELECT s.key, s.id, r.number AS revision, s.created_at, r.at AS updated_at, r.digest, r.record, r.text
          FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
          WHERE s.id = ? AND s.deleted_at IS NULL
          """, arguments: [id], cached: true)
      guard let speech = try request.fetchOne(db) else { return nil }
      return StoredSpeech(speech: speech, sections: try Self.sections(of: speech.key, speech.revision, db))
    }
  }

  /// The entity tag of a speech, without reading the speech.
  func tag(_ id: String) async throws -> String? {
    try await pool.read { db in
      let request = SQLRequest<String>(
        sql: """
          SELECT r.digest FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
          WHERE s.id = ? AND s.deleted_at IS NULL
          """, arguments: [id], cached: true)
      return try request.fetchOne(db).map { "\"\($0)\"" }
    }
  }

  /// A page of dated speeches, the latest first.
  func page(after position: CardPosition?, limit: Int) async throws -> StoredPage {
    try await pool.read { db in
      let place = position.map { [$0.date, $0.date, $0.id] } ?? []
      let request = SQLRequest<CardRow>(
        sql: """
          SELECT id, revision, date_key AS date, '{' || json || '}' AS members FROM card
          WHERE date_key IS NOT NULL \(position == nil ? "" : "AND date_key <= ? AND (date_key <> ? OR id > ?)")
          ORDER BY date_key DESC, id LIMIT ?
          """, arguments: StatementArguments(place) + [limit + 1], cached: true)
      var cards = try request.fetchAll(db)
      var next: CardPosition?
      if cards.count > limit {
        cards.removeLast()
        next = cards.last.map { CardPosition(date: $0.date, id: $0.id) }
      }
      return StoredPage(
        cards: cards, total: try Self.count.fetchOne(db) ?? 0, next: next,
        corpusRevision: try Self.revision.fetchOne(db) ?? 0)
    }
  }

  private static let count = SQLRequest<Int>(sql: "SELECT count(*) FROM card", cached: true)
  private static let revision = SQLRequest<Int>(sql: "SELECT max(corpus_revision) FROM change", cached: true)

  private static func sections(of key: Int64, _ revision: Int, _ db: Database) throws -> [SectionRow] {
    try SQLRequest<SectionRow>(
      sql: """
        SELECT path, parent, level, ordinal, kind, label, number, heading, span_start, span_end, heading_start,
          heading_end, body_spans, characters
        FROM section WHERE speech = ? AND revision = ? ORDER BY position
        """, arguments: [key, revision], cached: true
    ).fetchAll(db)
  }
}
