import Corpus
import Foundation
import GRDB

/// One write, as the change log has it.
public struct ChangeEntry: Hashable, Sendable {
  /// The corpus revision that the write made.
  public var corpusRevision: Int
  /// `added`, `revised`, `deleted`, or `purged` where what was kept of a deleted speech was taken out for good.
  public var kind: String
  /// The speech.
  public var id: String
  /// Its current revision after the write.
  public var revision: Int
  /// When, ISO 8601 in UTC.
  public var at: String
  /// SHA-256 of the document it was read from; nil for the end of a speech, and where the speech is not there any more.
  public var sourceDigest: String?
  /// Digest over this write and all before it: equal in two corpora whose histories are the same up to here.
  public var state: String

  /// Whether it ends something and brings nothing.
  public var isEnd: Bool { kind == "deleted" || kind == "purged" }

  /// A write as another corpus tells of it.
  public init(
    corpusRevision: Int, kind: String, id: String, revision: Int, at: String, sourceDigest: String?, state: String
  ) {
    self.corpusRevision = corpusRevision
    self.kind = kind
    self.id = id
    self.revision = revision
    self.at = at
    self.sourceDigest = sourceDigest
    self.state = state
  }
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
        SELECT c.corpus_revision, c.kind, s.id, c.revision, c.at, o.sha256, c.state
        FROM change c JOIN speech s ON s.key = c.speech
        LEFT JOIN revision r ON r.speech = c.speech AND r.number = c.revision
          AND c.kind IN ('added', 'revised') AND s.deleted_at IS NULL
        LEFT JOIN source o ON o.key = r.source
        WHERE c.corpus_revision > ? ORDER BY c.corpus_revision LIMIT ?
        """, arguments: [revision, limit + 1]
    ).map {
      ChangeEntry(
        corpusRevision: $0[0], kind: $0[1], id: $0[2], revision: $0[3], at: $0[4], sourceDigest: $0[5], state: $0[6])
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
            SELECT c.corpus_revision, c.kind, s.id, c.revision, c.at, c.state, s.created_at, s.key, s.purged
            FROM change c JOIN speech s ON s.key = c.speech
            WHERE c.corpus_revision > ? ORDER BY c.corpus_revision LIMIT 64
            """, arguments: [done]
        ).map { row in try ChangeStep(row, db) }
      }
      if batch.isEmpty { throw StorageError.corrupt("the change log ends at \(done) of \(total)") }
      try ChangeRepository(target).apply(batch)
      done += batch.count
      progress(done, total)
    }
    try CollectionRepository.copy(from: store, to: target)
  }

  /// Takes the next steps of another corpus's history here, in one transaction: where one of them leads to a state that
  /// corpus did not come to, it throws `StorageError.diverged` and none of them is kept.
  public func apply(_ steps: [ChangeStep]) throws {
    try store.record { db, changes in
      for step in steps {
        switch step.work {
        case .delete: try db.take(.delete(id: step.entry.id, at: step.entry.at), &changes)
        case .purge: try db.take(.purge(id: step.entry.id, at: step.entry.at), &changes)
        case .trace(let createdAt): try db.take(.trace(step.entry, createdAt: createdAt), &changes)
        case .put(var entry, let document, let importedAt):
          try Self.requireRevision(before: entry, db)
          entry.sourceKey = try db.keepSource(document, importedAt: importedAt)
          try db.take(.put(entry), &changes)
        }
        let state = try CardRepository.state(db)
        guard state.revision == step.entry.corpusRevision, state.history == step.entry.state else {
          throw StorageError.diverged(at: step.entry.corpusRevision)
        }
      }
    }
    try store.scrub()
  }

  /// A speech that came back has revisions from before its end, which a snapshot made in between does not have; those that were
  /// purged nobody has.
  private static func requireRevision(before entry: RevisionEntry, _ db: Database) throws {
    let sql = """
      SELECT 1 FROM speech s LEFT JOIN revision r ON r.speech = s.key AND r.number = ?2
      WHERE s.id = ?1 AND (r.number IS NOT NULL OR s.purged >= ?2)
      """
    guard try entry.number == 1 || db.firstRow(sql, [entry.id, entry.number - 1], { _ in true }) != nil else {
      throw StorageError.incomplete(id: entry.id)
    }
  }
}
