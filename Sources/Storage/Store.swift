import Corpus
import Foundation
import GRDB
import GRDBSQLite
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
  private let lock: Mutex<DatabaseLock?>
  private let committed = Atomic(0)
  /// What is counted, and what became of the last write.
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
  ///   - indexes: whether an index of another version is made again now; if not, `rebuildSearch` does so.
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
    lock = Mutex(held)
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
    if indexes { try rebuildSearch(progress: rebuilding) }
    condition.noteFiles(of: path)
    if objection == nil { try note(read(CardRepository.state)) }
  }

  /// Opens a database to read only, beside a process that writes it.
  public init(reading path: String, readers: Int = 2) throws {
    self.path = path
    maximumLogBytes = .max
    let tallies = SpeechTallies()
    self.tallies = tallies
    lock = Mutex(nil)
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

  /// A snapshot that is kept as long as someone holds it, on a connection of its own with a small cache: what goes through
  /// the whole file from one end to the other comes by no page twice.
  func snapshot() throws -> KeptSnapshot {
    try Self.translating {
      let commits = self.commits
      let snapshot = try pool.makeSnapshot()
      try snapshot.read { try $0.execute(sql: "PRAGMA cache_size = -1000") }
      return KeptSnapshot(reader: snapshot, store: self, commits: commits)
    }
  }

  /// Whether a snapshot made after so many transactions has to be given up.
  fileprivate func hasOutlived(_ commits: Int) -> Bool { commits < outlived.load(ordering: .relaxed) }

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
    return try watching {
      try watch.noting {
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

  // MARK: Opening

  /// What the file of the write-ahead log is cut to when it is begun anew.
  private static let usualLogBytes = 16 << 20

  static func configuration(
    readers: Int, readOnly: Bool, _ tallies: SpeechTallies? = nil
  ) -> Configuration {
    var configuration = Configuration()
    configuration.maximumReaderCount = readers
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(5)
    configuration.label = "rostrum"
    configuration.prepareDatabase { db in
      // Not mapped: every connection would map the file for itself, and what it touched would count as memory of the
      // process, up to the size of the file for each.
      // What is deleted is overwritten, so that little of what was taken out for good is left even before the file is
      // written anew.
      try db.execute(sql: "PRAGMA mmap_size = 0; PRAGMA cache_size = -16000; PRAGMA secure_delete = ON;")
      if let tallies { try SearchFunctions.register(on: db, tallies: tallies) }
    }
    return configuration
  }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in Migrations.all {
      migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
    }
    return migrator
  }

  /// Refuses what is no corpus that this program knows, whatever its schema, and makes the rest readable to connections that
  /// only read. Not for a file that this process has open: closing it once more gives up the locks that SQLite has on it.
  static func requireReadable(_ path: String) throws {
    if FileSteps.size(of: restored(path)) != nil {
      let lock = try DatabaseLock(databasePath: path)
      try finishRestoring(path, lock)
      withExtendedLifetime(lock) {}
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw StorageError.cannotOpen(path: path, reason: "there is no such file")
    }
    try requireCorpus(path)
    do { try requireKnownSchema(path, readOnly: true) } catch StorageError.readOnly {
      // The process that wrote it was killed and nobody has opened it since: SQLite has to put its WAL in order first,
      // which a connection that only reads may not do. Whoever takes the lock may.
      let lock = try DatabaseLock(databasePath: path)
      try requireKnownSchema(path, readOnly: false)
      withExtendedLifetime(lock) {}
    }
  }

  /// Refuses a database of a newer program, or of another one, before anything is written to it.
  /// - Returns: the last migration that it had; nil for a new file.
  @discardableResult
  private static func requireKnownSchema(_ path: String, readOnly: Bool) throws -> String? {
    guard FileSteps.size(of: path) ?? 0 > 0 else { return nil }
    return try opening(path) {
      let queue = try DatabaseQueue(path: path, configuration: configuration(readers: 1, readOnly: readOnly))
      defer { try? queue.close() }
      return try queue.read { db in
        if let newer = try newerSchema(db) { throw newer }
        let hasTables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0 > 0
        if hasTables, try !db.tableExists("grdb_migrations") {
          throw StorageError.notACorpus(path: path, reason: "it belongs to another program")
        }
        return hasTables ? try String.fetchOne(db, sql: "SELECT max(identifier) FROM grdb_migrations") : nil
      }
    }
  }

  static func newerSchema(_ db: Database) throws -> StorageError? {
    guard try migrator.hasBeenSuperseded(db) else { return nil }
    let known = Set(Migrations.all.map(\.name))
    let unknown = try migrator.appliedIdentifiers(db).subtracting(known).union(
      String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations").filter { !known.contains($0) })
    return .newerSchema(found: unknown.max() ?? "unknown", known: known.max() ?? "none")
  }

  /// Refuses a file that is no SQLite database, or one of another program, before anything is written to it.
  private static func requireCorpus(_ path: String) throws(StorageError) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      if FileManager.default.fileExists(atPath: path) {
        throw .cannotOpen(path: path, reason: "it cannot be read")
      }
      return
    }
    defer { try? handle.close() }
    let header: [UInt8]
    do { header = Array(try handle.read(upToCount: 100) ?? Data()) } catch {
      throw .cannotOpen(path: path, reason: "it cannot be read")
    }
    if header.isEmpty { return }
    guard header.starts(with: "SQLite format 3\0".utf8), header.count == 100 else {
      throw .notACorpus(path: path, reason: "it is not an SQLite file")
    }
    let application = header[68..<72].reduce(0) { $0 << 8 | Int($1) }
    guard application == applicationID || application == 0 else {
      throw .notACorpus(path: path, reason: "it belongs to another program")
    }
  }

  private static func opening<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError {
      guard error.resultCode == .SQLITE_CANTOPEN else { throw StorageError(error) }
      throw StorageError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
  }

  static func translating<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError { throw StorageError(error) }
  }
}

/// One state of the database that is kept while somebody reads from it.
struct KeptSnapshot: Sendable {
  let reader: DatabaseSnapshot
  fileprivate let store: Store
  fileprivate let commits: Int

  /// Reads from it; throws where it has to be given up, because the write-ahead log grows behind it.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    if store.hasOutlived(commits) { throw StorageError.snapshotOutlived }
    return try Store.translating { try reader.read(body) }
  }
}
