import Corpus
import GRDB

/// A speech as the corpus has it, deleted ones too: what a next revision is held against.
struct KnownSpeech {
  let key: Int64
  let id: SpeechID
  /// The number of its latest revision.
  let revision: Int
  let isDeleted: Bool
  /// The document of that revision.
  let source: Int64
  private let createdAt: String
  private let record: String
  private let text: String
  private let nodes: [OutlineNode]

  /// Finds a speech; nil where there never was one of that id. A snapshot has no content of deleted ones: there it is empty.
  init?(_ id: SpeechID, _ db: Database) throws {
    let known = try db.firstRow(
      """
      SELECT s.key, s.revision, s.created_at, s.deleted_at IS NOT NULL, coalesce(r.source, 0),
        coalesce(r.record, '{}'), coalesce(r.text, '')
      FROM speech s LEFT JOIN revision r ON r.speech = s.key AND r.number = s.revision WHERE s.id = ?
      """, [id.text]
    ) { row in
      (
        Int64(row.integer(0)), row.integer(1), row.text(2), row.integer(3) != 0, Int64(row.integer(4)), row.text(5),
        row.text(6)
      )
    }
    guard let known else { return nil }
    self.id = id
    (key, revision, createdAt, isDeleted, source, record, text) = known
    nodes = try SpeechRepository.nodes(of: key, revision: revision, db)
  }

  /// The speech of the latest revision.
  func speech() throws -> Speech { try Speech(record: record, text: text, nodes: nodes) }

  /// The text and the nodes of the latest revision.
  var compared: ComparedSpeech { ComparedSpeech(text: text, nodes: nodes) }

  /// Corrections are the first member of a record that has any.
  private var isCorrected: Bool { record.utf8.starts(with: "{\"corrections\":".utf8) }

  /// A speech, as it was read again, with what people decided about it; a deleted speech that comes back keeps that too.
  func keepingCorrections(_ speech: Speech, _ db: Database) throws -> Speech {
    let before = isCorrected ? try self.speech() : Speech()
    let speech = try withoutWithdrawn(speech, before, db)
    return try speech.keepingCorrections(of: before)
  }

  /// A speech as a document brings it, without corrections that it was read with before and that somebody withdrew since.
  private func withoutWithdrawn(_ speech: Speech, _ before: Speech, _ db: Database) throws -> Speech {
    let withdrawn = try speech.corrections.filter { name, correction in
      guard before.corrections[name] == nil else { return false }
      let last = try String.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT max(json_extract(c.value, '$.at')) FROM revision r, json_each(r.record, '$.corrections') c
            WHERE r.speech = ? AND c.key = ?
            """), arguments: [key, name])
      return last.map { $0 >= correction.at } ?? false
    }
    if withdrawn.isEmpty { return speech }
    let patch = JSONValue.object([.init("corrections", .object(withdrawn.keys.map { .init($0, .null) }))])
    return try speech.corrected(by: JSONCursor(patch), at: "")
  }

  /// The next revision; nil where it would not differ so that it matters.
  /// - Parameter facts: what is known of the document it was read from; nil for that of the latest revision.
  func next(
    _ speech: Speech, facts: SourceFacts? = nil, cause: RevisionCause, at time: String, _ db: Database
  ) throws -> RevisionEntry? {
    let summary = TextSummary(of: speech)
    let record = speech.record(facts: try facts ?? self.facts(db), summary: summary)
    var changed = try Speech.differences(self.record, record)
    if text != speech.text { changed.append("text") }
    if nodes.tree != speech.sections { changed.append("sections") }
    if changed.isEmpty, !isDeleted { return nil }
    // What a correction does is told by its fields.
    if cause == .correction, changed.count > 1 { changed.removeAll { $0 == "corrections" } }
    return RevisionEntry(
      id: id.text, number: revision + 1, createdAt: createdAt, at: time, cause: cause.rawValue,
      changed: NameList.text(changed.sorted()), record: record, speech: speech, summary: summary,
      sourceKey: source)
  }

  private func facts(_ db: Database) throws -> SourceFacts {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT media_type, encoding, file_name, sha256, imported_at FROM source WHERE key = ?"),
      arguments: [source])
    guard let row else { throw StorageError.corrupt("revision \(id.text)/\(revision) has no source") }
    return SourceFacts(
      mediaType: row[0], encoding: row[1], fileName: row[2], sha256: row[3], importedAt: row[4])
  }
}
