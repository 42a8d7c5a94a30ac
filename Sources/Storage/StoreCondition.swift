import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import Glibc
import Locking

/// What has come to be known against a database while it is open.
///
/// Writes are refused for as long as something is: what is written to a damaged file makes more of it unreadable, and what is
/// written to a file that nobody finds any more is lost with the process, though it was answered.
final class StoreCondition: Sendable {
  /// A file as the system knows it, whatever its name.
  private struct Identity: Hashable {
    var device: dev_t
    var number: ino_t

    init?(_ path: String) {
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      (device, number) = (facts.st_dev, facts.st_ino)
    }
  }

  private struct State {
    var files: [(path: String, identity: Identity)] = []
    var lasting: String?
    var writeFailure: String?
  }

  private let state = Locked(State())

  /// Notes which files are open: the database, and its WAL where it has one.
  func noteFiles(of path: String) {
    let files = [path, path + "-wal"].compactMap { path in Identity(path).map { (path, $0) } }
    state.withLock { $0.files = files }
  }

  /// Notes what does not pass by itself; of several the first, which mostly explains the others.
  func note(_ objection: String) { state.withLock { $0.lasting = $0.lasting ?? objection } }

  /// Notes what an error says of the file or the disk; one about a query, or about what was to be written, says nothing.
  func note(_ error: StorageError, ofWrite: Bool) {
    if case .corrupt = error { note(error.description) }
    if ofWrite, let fault = error.faultOfDisk { state.withLock { $0.writeFailure = fault } }
  }

  /// Notes that something was written.
  func noteWrite() { state.withLock { $0.writeFailure = nil } }

  /// Why the last write failed, where the disk or the file was the reason, in words for everybody.
  var writeFailure: String? { state.withLock { $0.writeFailure } }

  /// Why nothing shall be written, one sentence; nil where nothing is known against it.
  var objection: String? {
    state.withLock { state in
      if let lasting = state.lasting { return lasting }
      for (path, identity) in state.files {
        guard let now = Identity(path) else { return "\(path) was deleted while it is open." }
        if now != identity { return "\(path) was replaced by another file while it is open." }
      }
      return nil
    }
  }
}

extension Store {
  /// How long the file is looked through when it is opened, in seconds; a small one wholly, of a large one the first part.
  private static let openingCheck = 1.0

  /// Why nothing is written, one sentence for who operates the service; nil where nothing is known against it. Of a file
  /// that was deleted, replaced or damaged, what can be read is read all the same.
  public var objection: String? { condition.objection }

  /// What `PRAGMA synchronous` says on the writer: 2 is FULL.
  public var synchronousLevel: Int {
    get throws {
      try Self.translating {
        try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
      }
    }
  }

  /// Looks the file through for as long as an opening may take, and notes what is wrong with it.
  func lookThrough() throws {
    do {
      let faults = try read { db in
        try Self.interrupting(db, after: Self.openingCheck) { try String.fetchAll(db, sql: "PRAGMA quick_check(20)") }
          .filter { try $0 != "ok" && !IntegrityRepository.isMistaken($0, db) }
      }
      if let fault = faults.first { condition.note("The database is damaged: \(fault.onOneLine).") }
    } catch StorageError.deadlineExceeded {} catch StorageError.corrupt {}
  }

  /// Ends what runs past its time. It looks at tree after tree in one step of SQLite's machine each, which a progress handler
  /// cannot end.
  private static func interrupting<Value>(
    _ db: Database, after seconds: Double, _ body: () throws -> Value
  ) throws -> Value {
    // A pointer is not Sendable. SQLite lets any thread interrupt a connection that is open, and this one is for as long as the
    // body runs: behind it the lock keeps the timer from touching what may be closed.
    nonisolated(unsafe) let connection = db.sqliteConnection
    let isOver = Locked(false)
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { @Sendable in
      isOver.withLock { if !$0 { sqlite3_interrupt(connection) } }
    }
    defer { isOver.withLock { $0 = true } }
    return try body()
  }

  /// Notes where the database lacks what was answered.
  func lookForLostWrites() throws {
    guard let mark = AnsweredMark(databasePath: path) else { return }
    if let lost = try read(mark.loss) { condition.note(lost) }
  }

  /// Runs what asks the database, and notes what its errors say of the file and the disk.
  func watching<Value>(writes: Bool = false, _ body: () throws -> Value) throws -> Value {
    // What an error means can depend on it, and one of before must not say so.
    errno = 0
    do {
      let value = try body()
      if writes { condition.noteWrite() }
      return value
    } catch let error as DatabaseError {
      let translated = StorageError(error)
      condition.note(translated, ofWrite: writes)
      throw translated
    }
  }
}

extension StorageError {
  /// What it says of the disk or the file, without names and SQL; nil where it is about something else.
  fileprivate var faultOfDisk: String? {
    switch self {
    case .full, .noRoom: "there is no room left on the disk"
    case .readOnly: "the file cannot be written"
    case .inputOutput: "the disk failed"
    case .corrupt: "the database is damaged"
    default: nil
    }
  }
}

extension String {
  fileprivate var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
