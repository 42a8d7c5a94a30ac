import GRDB

/// One state of the database that is kept while somebody reads from it.
struct KeptSnapshot: Sendable {
  let reader: DatabaseSnapshot
  private let store: Store
  private let commits: Int

  fileprivate init(_ reader: DatabaseSnapshot, of store: Store, commits: Int) {
    (self.reader, self.store, self.commits) = (reader, store, commits)
  }

  /// Reads from it; throws where it has to be given up, because the write-ahead log grows behind it.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    if store.hasOutlived(commits) { throw StorageError.snapshotOutlived }
    return try Store.translating { try reader.read(body) }
  }
}

extension Store {
  /// A snapshot that is kept as long as someone holds it, on a connection of its own with a small cache: what goes through
  /// the whole file from one end to the other comes by no page twice.
  func snapshot() throws -> KeptSnapshot {
    try Self.translating {
      let commits = self.commits
      let snapshot = try pool.makeSnapshot()
      try snapshot.read { try $0.execute(sql: "PRAGMA cache_size = -1000") }
      return KeptSnapshot(snapshot, of: self, commits: commits)
    }
  }
}
