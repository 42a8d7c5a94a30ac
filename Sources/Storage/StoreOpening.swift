import Corpus
import Foundation
import GRDB
import GRDBSQLite
import Migrations
import Synchronization

/// How a database file is opened, and which ones are refused.
extension Store {
  /// What the file of the write-ahead log is cut to when it is begun anew.
  static let usualLogBytes = 16 << 20

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
      // process, up to the size of the file for each. What it keeps of it counts too, so that is 8 MB for each.
      // What is deleted is overwritten, so that little of what was taken out for good is left even before the file is
      // written anew.
      try db.execute(sql: "PRAGMA mmap_size = 0; PRAGMA cache_size = -8000; PRAGMA secure_delete = ON;")
      // For half as many calls of the system to write what is new. A file that is there keeps the size it has.
      if try Int.fetchOne(db, sql: "PRAGMA page_count") == 0 { try db.execute(sql: "PRAGMA page_size = 8192") }
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
  static func requireKnownSchema(_ path: String, readOnly: Bool) throws -> String? {
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
  static func requireCorpus(_ path: String) throws(StorageError) {
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

  static func opening<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError {
      guard error.resultCode == .SQLITE_CANTOPEN else { throw StorageError(error) }
      throw StorageError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
  }

  static func translating<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DatabaseError { throw StorageError(error) }
  }
}
