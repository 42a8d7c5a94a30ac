import GRDB

/// A row of a speech in its current revision. GRDB decodes the JSON column `record` by Codable.
struct SpeechRow: Decodable, FetchableRecord {
  var key: Int64
  var id: String
  var revision: Int
  var createdAt: String
  var updatedAt: String
  var record: SpeechRecord
  var text: String

  enum CodingKeys: String, CodingKey {
    case key, id, revision, record, text
    case createdAt = "created_at"
    case updatedAt = "updated_at"
  }
}

/// What of a speech its sections need.
struct TextRow: Decodable, FetchableRecord {
  var key: Int64
  var id: String
  var revision: Int
  var text: String
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

/// A speech with its sections.
struct StoredSpeech: Sendable {
  var speech: SpeechRow
  var sections: [SectionRow]
}

/// The sections of a speech with what the list of them says beside them.
struct StoredOutline: Sendable {
  var speech: TextRow
  var sections: [SectionRow]
  var corpusRevision: Int
}

/// Finds speeches by their id, each answer on one snapshot. Statements are prepared once for each connection.
struct SpeechStore: Sendable {
  private let pool: DatabasePool

  init(_ pool: DatabasePool) { self.pool = pool }

  func speech(_ id: String) async throws -> StoredSpeech? {
    try await pool.read { db in
      let request = SQLRequest<SpeechRow>(
        sql: """
          SELECT s.key, s.id, r.number AS revision, s.created_at, r.at AS updated_at, r.record, r.text
          FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
          WHERE s.id = ? AND s.deleted_at IS NULL
          """, arguments: [id], cached: true)
      guard let speech = try request.fetchOne(db) else { return nil }
      return StoredSpeech(speech: speech, sections: try Self.sections(of: speech.key, speech.revision, db))
    }
  }

  func outline(_ id: String) async throws -> StoredOutline? {
    try await pool.read { db in
      let request = SQLRequest<TextRow>(
        sql: """
          SELECT s.key, s.id, r.number AS revision, r.text
          FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
          WHERE s.id = ? AND s.deleted_at IS NULL
          """, arguments: [id], cached: true)
      guard let speech = try request.fetchOne(db) else { return nil }
      let revision = SQLRequest<Int>(sql: "SELECT max(corpus_revision) FROM change", cached: true)
      return StoredOutline(
        speech: speech, sections: try Self.sections(of: speech.key, speech.revision, db),
        corpusRevision: try revision.fetchOne(db) ?? 0)
    }
  }

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
