import Foundation
import GRDB

/// What running the service has to remember and the corpus must never hold: tokens, and answers kept for repeated requests.
///
/// A small database beside that of the corpus, in rollback-journal mode: `rostrum token` may write it while a server runs,
/// which two processes on one write-ahead log may not do safely before SQLite 3.51.3. The corpus file, its snapshot and a
/// mirror never see it. Only its owner may read it (mode 0600).
public final class OperationalStore: Sendable {
  /// `ROS1`: ours, and its schema. A later schema has another digit.
  private static let applicationID = 0x524F_5331

  /// Where the file is.
  public let path: String
  private let queue: DatabaseQueue
  /// Open for as long as the database is: to close any descriptor of a file gives up the process's locks on it.
  private let file: Int32

  /// Where the operational database of a corpus is, unless a setting says otherwise.
  public static func path(beside database: String) -> String { database + ".operations" }

  /// Opens the file, and makes it where there is none.
  public init(path: String) throws {
    self.path = path
    var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0, errno == EROFS || errno == EACCES { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw StorageError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    // One that was copied here may be readable by others.
    _ = fchmod(descriptor, 0o600)
    file = descriptor
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.label = "rostrum.operations"
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON; PRAGMA cache_size = -1000;") }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      // Not an object yet.
      close(descriptor)
      throw StorageError.cannotOpen(path: path, reason: "\(error)")
    }
    // What fails from here on is cleared up by `deinit`.
    do { try Self.prepare(queue, path) } catch let error as DatabaseError {
      throw StorageError.cannotOpen(path: path, reason: "\(error)")
    }
  }

  deinit {
    try? queue.close()
    close(file)
  }

  private static func prepare(_ queue: DatabaseQueue, _ path: String) throws {
    func known(_ db: Database) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0 }
    let found = try queue.read { db in
      let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
      return try isEmpty ? nil : known(db)
    }
    if found == applicationID { return }
    if let found {
      let isLater = found >> 8 == applicationID >> 8 && (applicationID..<applicationID + 9).contains(found)
      throw StorageError.notACorpus(
        path: path, reason: isLater ? "it was written by a newer Rostrum" : "it is another database than that of tokens"
      )
    }
    // Two processes may come here at the same time.
    try queue.write { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS token (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, prefix TEXT NOT NULL, digest BLOB NOT NULL UNIQUE,
            scope TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, used_at INTEGER, revoked_at INTEGER);
          CREATE UNIQUE INDEX IF NOT EXISTS token_name ON token (name) WHERE revoked_at IS NULL;
          CREATE TABLE IF NOT EXISTS kept_answer (
            token TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
            fields TEXT NOT NULL,
            body BLOB NOT NULL, size INTEGER NOT NULL, kept_at INTEGER NOT NULL, PRIMARY KEY (token, key));
          CREATE INDEX IF NOT EXISTS kept_answer_time ON kept_answer (kept_at, size);
          PRAGMA application_id = \(applicationID);
          """)
    }
  }

  func read<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
    try Store.translating { try queue.read(body) }
  }

  func write<Value: Sendable>(_ body: (Database) throws -> Value) throws -> Value {
    try Store.translating { try queue.write(body) }
  }

  // MARK: What others change

  /// A number that changes with every token that is made or revoked, by whatever process, before its command ends.
  ///
  /// It is `PRAGMA user_version`, read from its place in the file's header (SQLite file format, §1.3) without a lock: a
  /// commit that is under way shows its number early, and who then reads the tokens waits for its end.
  public var tokenGeneration: UInt32 {
    var bytes: UInt32 = 0
    return pread(file, &bytes, 4, 60) == 4 ? UInt32(bigEndian: bytes) : 0
  }

  /// Makes `tokenGeneration` another one with the transaction.
  func raiseGeneration(_ db: Database) throws {
    let generation = try UInt32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    try db.execute(sql: "PRAGMA user_version = \((generation &+ 1) & 0x7FFF_FFFF)")
  }
}
