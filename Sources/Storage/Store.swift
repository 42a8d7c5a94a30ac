import Corpus
import Foundation
import GRDB
import GRDBSQLite
import Locking
import Migrations
import Synchronization

/// The database file: opens it, keeps one writer and lends connections to the repositories.
///
/// WAL with `synchronous = FULL`: what has been answered survives the loss of power. The one writer connection also does
/// every checkpoint, because SQLite before 3.51.3 can damage a WAL that two connections reset at once.
public final class Store: Sendable {
  /// `ROST`: tells our files from other SQLite files.
  static let applicationID = 0x524F_5354

  /// Where the file is.
  public let path: String
  let pool: DatabasePool
  /// What has come to be known against the file.
  let condition = StoreCondition()
  private let lock: Locked<DatabaseLock?>
  private let committed = Atomic(0)
  /// What is counted.
  let watch: StoreWatch
  /// Snapshots made before so many transactions have to be given up.
  private let outlived = Atomic(-1)
  private let maximumLogBytes: Int
  /// What readers know of the documents of the index.
  let searchLayout = SearchLayoutCache()
  /// Where terms stand that were looked for lately.
  let postingCache = PostingCache()
  /// Where the tokens stand in texts that were looked at.
  let tokenWidths = TokenWidthsCache()
  /// Documents that are in the index no more, though their segments have them.
  let deadDocuments = DeadDocuments()
  /// What SQL may ask about searches under way.
  let tallies: SpeechTallies

  /// The backup that was made because the schema was about to change; nil where it did not.
  public let migrationBackup: Backup?

  /// Opens a database to read and write, creates it where there is none, and brings it up to date.
  /// - Parameters:
  ///   - readers: how many connections may read at once.
  ///   - maximumLogBytes: the size of the write-ahead log beyond which kept snapshots have to be given up, because it can
  ///     only be begun anew when nobody reads from it.
  ///   - backsUp: whether a database of an older schema is copied before that changes (`MigrationBackup`).
  ///   - indexes: whether an index of another version is made again now; if not, `rebuildSearch` does so, unless there is no
  ///     speech.
  ///   - rebuilding: called while the index is made again, with the number of speeches done and in all.
  public init(
    path: String, readers: Int = 6, maximumLogBytes: Int = 256 << 20, backsUp: Bool = true, indexes: Bool = true,
    rebuilding: (Int, Int) -> Void = { _, _ in }
  ) throws {
    self.path = path
    self.maximumLogBytes = maximumLogBytes
    let tallies = SpeechTallies()
    self.tallies = tallies
    watch = StoreWatch(readers: readers)
    let held = try DatabaseLock(databasePath: path)
    lock = Locked(held)
    try Self.finishRestoring(path, held)
    try Self.requireCorpus(path)
    let schema = try Self.requireKnownSchema(path, readOnly: false)
    migrationBackup = try backsUp ? MigrationBackup.make(of: path, schema: schema) : nil
    pool = try Self.opening(path) {
      try DatabasePool(path: path, configuration: Self.configuration(readers: readers, readOnly: false, tallies))
    }
    // GRDB sets NORMAL after it has prepared a connection; with NORMAL an answered import can vanish with the power.
    try Self.translating {
      try pool.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(Self.usualLogBytes)")
      }
    }
    // Each write looks through the samples of all speeches, 22 MB of 100,000.
    try keepPages(32 << 20)
    try lookThrough()
    let isUpToDate = (try? read(Self.migrator.hasCompletedMigrations)) == true
    try lookForLostWrites()
    if let objection {
      // It is read as it is, which nobody can do with an older schema.
      guard isUpToDate else { throw StorageError.unwritable(objection) }
    } else {
      try Self.translating {
        try Self.migrator.migrate(pool)
        try pool.write { try $0.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
        // The file alone is a database from now on, if one without what comes to stand in its WAL.
        if !isUpToDate { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.passive) } }
      }
    }
    // Where there is nothing to put in it, that takes no time: a new corpus can be searched from its first answer on.
    if indexes || (try? read(SearchRebuild.isOfNothing)) == true { try rebuildSearch(progress: rebuilding) }
    condition.noteFiles(of: path)
    if objection == nil { try note(read(CardRepository.state)) }
  }

  /// Opens a database to read only, beside a process that writes it.
  public init(reading path: String, readers: Int = 2) throws {
    self.path = path
    maximumLogBytes = .max
    let tallies = SpeechTallies()
    self.tallies = tallies
    lock = Locked(nil)
    migrationBackup = nil
    try Self.requireReadable(path)
    watch = StoreWatch(readers: readers)
    pool = try Self.opening(path) {
      try DatabasePool(path: path, configuration: Self.configuration(readers: readers, readOnly: true, tallies))
    }
    try Self.translating {
      try pool.read { db in
        if let newer = try Self.newerSchema(db) { throw newer }
        guard try Self.migrator.hasCompletedMigrations(db) else {
          throw StorageError.cannotOpen(path: path, reason: "it is of an older schema; start the server on it once")
        }
      }
    }
  }

  /// Lets the connection that writes keep more of the file in memory: much that is written at once touches the same pages of
  /// the indices again and again.
  public func keepPages(_ bytes: Int) throws {
    try Self.translating {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA cache_size = -\(bytes / 1024)") }
    }
  }

  /// Writes what is in the WAL into the file and gives the file up.
  public func close() throws {
    let isWriter = lock.withLock { $0 != nil }
    if isWriter { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
    try pool.close()
    lock.withLock { $0 = nil }
  }

  /// Writes the whole file anew, in order and without what was deleted from it.
  func vacuum() throws {
    try Self.translating { try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM") } }
  }

  /// Writes what is in the WAL into the file and leaves nothing in it; throws `StorageError.busy` where others read an older
  /// state.
  func emptyWAL() throws {
    try Self.translating { try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
  }

  // MARK: Lending connections

  /// Reads on one snapshot; a query that runs past the deadline is interrupted.
  func read<Value: Sendable>(seconds: Double? = nil, _ body: (Database) throws -> Value) throws -> Value {
    watch.readers.begin()
    defer { watch.readers.end() }
    return try read(on: pool, seconds: seconds, body)
  }

  /// Reads on one snapshot, one that is kept perhaps, with a deadline.
  func read<Value>(
    on reader: any DatabaseReader, seconds: Double?, _ body: (Database) throws -> Value
  ) throws -> Value {
    let trace = StatementTrace.current
    return try watching {
      try reader.read { db in try db.traced(by: trace) { try Self.bounded(db, seconds: seconds, body) } }
    }
  }

  /// Interrupts what runs past a deadline.
  private static func bounded<Value>(
    _ db: Database, seconds: Double?, _ body: (Database) throws -> Value
  ) throws -> Value {
    guard let seconds else { return try body(db) }
    var deadline = Self.uptime(after: seconds)
    return try withUnsafeMutablePointer(to: &deadline) { pointer in
      sqlite3_progress_handler(
        db.sqliteConnection, 5_000,
        { context in
          guard let deadline = context?.load(as: UInt64.self) else { return 0 }
          return DispatchTime.now().uptimeNanoseconds > deadline ? 1 : 0
        }, pointer)
      defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
      return try body(db)
    }
  }

  /// The uptime after so many seconds from now, in nanoseconds.
  static func uptime(after seconds: Double) -> UInt64 { DispatchTime.now().uptimeNanoseconds + UInt64(seconds * 1e9) }

  /// Whether a snapshot made after so many transactions has to be given up.
  func hasOutlived(_ commits: Int) -> Bool { commits < outlived.load(ordering: .relaxed) }

  /// Has the kept snapshots given up where the write-ahead log has grown too long behind them.
  private func boundLog() {
    var status = stat()
    guard stat(path + "-wal", &status) == 0, Int(status.st_size) > maximumLogBytes else { return }
    outlived.store(commits, ordering: .relaxed)
  }

  /// Reads rows by key without the cost of a transaction: a statement sees one state anyhow, and so does what runs while
  /// it stands at a row.
  func readByKey<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
    watch.readers.begin()
    defer { watch.readers.end() }
    return try watching { try pool.unsafeRead(body) }
  }

  /// Writes in one transaction, all of it or nothing; nothing where something is known against the file.
  func write<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
    if let objection { throw StorageError.unwritable(objection) }
    // Also after an error: nobody can say of every one that nothing was written.
    defer {
      committed.add(1, ordering: .sequentiallyConsistent)
      boundLog()
    }
    let trace = StatementTrace.current
    return try watching(writes: true) {
      try pool.writeWithoutTransaction { db in
        try db.traced(by: trace) {
          var written: (value: Value, state: CorpusState)?
          try db.inTransaction(.immediate) {
            written = try (body(db), CardRepository.state(db))
            return .commit
          }
          guard let written else { throw StorageError.failed("a transaction without its result") }
          note(written.state)
          return written.value
        }
      }
    }
  }

  /// Asks the writer's own connection something, between two transactions.
  func writeOutsideTransaction<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating { try pool.writeWithoutTransaction(body) }
  }

  /// Notes the state that is about to be answered.
  private func note(_ state: CorpusState) { lock.withLock { $0?.note(state) } }

  /// Grows with every transaction, at the latest before its writer hears of it: what is read while it stays the same
  /// stays the same.
  public var commits: Int { committed.load(ordering: .sequentiallyConsistent) }

  /// Works on a database file that nobody else has open.
  static func edit<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    try translating {
      let queue = try DatabaseQueue(path: path, configuration: configuration(readers: 1, readOnly: false))
      defer { try? queue.close() }
      return try queue.writeWithoutTransaction(body)
    }
  }
}
