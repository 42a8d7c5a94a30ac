import Corpus
import Foundation
import GRDB

/// One write, as the change log has it.
public struct ChangeEntry: Hashable, Sendable {
  /// The corpus revision that the write made.
  public var corpusRevision: Int
  /// `added`, `revised` or `deleted`.
  public var kind: String
  /// The speech.
  public var id: String
  /// Its current revision after the write.
  public var revision: Int
  /// When, ISO 8601 in UTC.
  public var at: String
  /// SHA-256 of the document it was read from; nil for the end of a speech.
  public var sourceDigest: String?
}

/// The change log: what was written, in order, and the way back from it to a corpus.
public struct ChangeRepository: Sendable {
  let store: Store
  private let deadline: Double

  /// The repository of a store.
  /// - Parameter deadline: how long a query may take, in seconds.
  public init(_ store: Store, deadline: Double = 5) {
    self.store = store
    self.deadline = deadline
  }

  /// The writes after a corpus revision, in order.
  public func changes(since revision: Int, limit: Int) throws -> Page<ChangeEntry, Int> {
    try store.read(seconds: deadline) { try Self.page(since: revision, limit: limit, $0) }
  }

  static func page(since revision: Int, limit: Int, _ db: Database) throws -> Page<ChangeEntry, Int> {
    var entries = try Row.fetchAll(
      db,
      sql: """
        SELECT c.corpus_revision, c.kind, s.id, c.revision, c.at, o.sha256
        FROM change c JOIN speech s ON s.key = c.speech
        LEFT JOIN revision r ON r.speech = c.speech AND r.number = c.revision AND c.kind <> 'deleted'
        LEFT JOIN source o ON o.key = r.source
        WHERE c.corpus_revision > ? ORDER BY c.corpus_revision LIMIT ?
        """, arguments: [revision, limit + 1]
    ).map {
      ChangeEntry(corpusRevision: $0[0], kind: $0[1], id: $0[2], revision: $0[3], at: $0[4], sourceDigest: $0[5])
    }
    let state = try CardRepository.state(db)
    var next: Int?
    if entries.count > limit {
      entries.removeLast(entries.count - limit)
      next = entries.last?.corpusRevision
    }
    return Page(items: entries, total: max(0, state.revision - revision), next: next, state: state)
  }

  /// Applies the change log of this store, in order, to an empty one, which then has its collections too and answers every
  /// question alike.
  /// - Parameter progress: called after each write with the number of writes done and in all.
  public func replay(into target: Store, progress: (Int, Int) -> Void = { _, _ in }) throws {
    let total = try CardRepository(store).state().revision
    guard try CardRepository(target).state().revision == 0 else {
      throw StorageError.failed("\(target.path) is not empty: a change log is replayed into an empty database")
    }
    var done = 0
    while done < total {
      let batch = try store.read { db in
        try Row.fetchAll(
          db,
          sql: """
            SELECT c.kind, s.id, c.revision, c.at, s.created_at, s.key FROM change c JOIN speech s ON s.key = c.speech
            WHERE c.corpus_revision > ? ORDER BY c.corpus_revision LIMIT 64
            """, arguments: [done]
        ).map { row in try Step(row, db) }
      }
      if batch.isEmpty { throw StorageError.corrupt("the change log ends at \(done) of \(total)") }
      try target.record { db, changes in
        for step in batch {
          switch step {
          case .delete(let id, let at): try db.take(.delete(id: id, at: at), &changes)
          case .put(var entry, let document, let importedAt):
            entry.sourceKey = try db.keepSource(document, importedAt: importedAt)
            try db.take(.put(entry), &changes)
          }
        }
      }
      done += batch.count
      progress(done, total)
    }
    try CollectionRepository.copy(from: store, to: target)
  }

  /// A step of the log with the document that belongs to it.
  private enum Step: Sendable {
    case put(RevisionEntry, SourceDocument, importedAt: String)
    case delete(id: String, at: String)

    init(_ row: Row, _ db: Database) throws {
      if row[0] as String == "deleted" {
        self = .delete(id: row[1], at: row[3])
        return
      }
      let key: Int64 = row[5]
      let number: Int = row[2]
      guard
        let revision = try Row.fetchOne(
          db,
          sql: """
            SELECT r.at, r.cause, r.changed, r.record, r.text, o.media_type, o.encoding, o.file_name, o.imported_at,
              o.sidecar, o.bytes
            FROM revision r JOIN source o ON o.key = r.source WHERE r.speech = ? AND r.number = ?
            """, arguments: [key, number])
      else {
        throw StorageError.failed(
          "revision \(row[1] as String)/\(number) is not there: a snapshot has no texts of deleted speeches to replay")
      }
      let nodes = try SpeechRepository.nodes(of: key, revision: number, db)
      let entry = RevisionEntry(
        id: row[1], number: number, createdAt: row[4], at: revision[0], cause: revision[1], changed: revision[2],
        record: revision[3], speech: try Speech(record: revision[3], text: revision[4], nodes: nodes), sourceKey: 0)
      let document = SourceDocument(
        bytes: Array(revision[10] as Data), mediaType: revision[5], encoding: revision[6], fileName: revision[7],
        sidecar: (revision[9] as Data?).map { Array($0) })
      self = .put(entry, document, importedAt: revision[8])
    }
  }
}
