import Corpus
import Foundation
import GRDB
import Migrations

/// What a database file holds, in a few words, whatever its schema.
public struct DatabaseContent: Hashable, Sendable {
  /// The last migration that it had.
  public var schema: String
  /// The state of its corpus.
  public var state: CorpusState
  /// How many speeches it has that are not deleted.
  public var speeches: Int

  /// Whether it is of an older program than this one.
  public var isOlder: Bool { schema != Migrations.all.last?.name }

  /// Looks at a file, which nobody need hold.
  init(of path: String) throws {
    self = try Self.reading(path) { db in try Self(db) }
  }

  private init(_ db: Database) throws {
    schema = try String.fetchOne(db, sql: "SELECT max(identifier) FROM grdb_migrations") ?? ""
    speeches = try Int.fetchOne(db, sql: "SELECT count(*) FROM speech WHERE deleted_at IS NULL") ?? 0
    if try db.tableExists("collection_edits") {
      state = try CardRepository.state(db)
    } else {
      let last = try Row.fetchOne(
        db, sql: "SELECT corpus_revision, state FROM change ORDER BY corpus_revision DESC LIMIT 1")
      state = CorpusState(revision: last?[0] ?? 0, history: last?[1] ?? "empty", edits: 0)
    }
  }

  /// Holds a file against what must be true of it; throws `StorageError.corrupt` where something is not.
  init(
    verifying path: String, _ verification: Backup.Verification, progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    try Store.requireReadable(path)
    var (content, findings) = try Self.reading(path) { db in
      // The rest is asked only of a file that answers.
      let findings = try IntegrityRepository.file(db)
      return (findings.isEmpty ? try Self(db) : nil, findings)
    }
    if let content, findings.isEmpty {
      if content.isOlder {
        findings = try Self.reading(path) { try IntegrityRepository.history($0) + IntegrityRepository.sources($0) }
      } else {
        let store = try Store(reading: path)
        defer { try? store.close() }
        findings = try IntegrityRepository(store).check(sample: verification.sample, progress: progress)
      }
    }
    guard let content, findings.isEmpty else {
      let first = findings.first.map { "\($0.subject): \($0.detail)" } ?? "it is empty"
      throw StorageError.unsound(path: path, finding: first, count: findings.count)
    }
    self = content
  }

  /// The state of the history after a write.
  static func history(of path: String, at revision: Int) throws -> String {
    try reading(path) { db in
      try String.fetchOne(db, sql: "SELECT state FROM change WHERE corpus_revision = ?", arguments: [revision])
        ?? "empty"
    }
  }

  private static func reading<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    try Store.translating {
      let queue = try DatabaseQueue(path: path, configuration: Store.configuration(readers: 1, readOnly: true))
      defer { try? queue.close() }
      return try queue.read(body)
    }
  }
}
