import Corpus
import Foundation
import GRDB
import GRDBSQLite
import Glibc

/// A copy of a whole database, as it was at one moment: everything that it held, older revisions and the texts of deleted
/// speeches too, which a snapshot does not have.
public struct Backup: Hashable, Sendable {
  /// How closely a copy is looked at before it counts as one.
  public enum Verification: Sendable {
    /// Everything that `rostrum check` looks at.
    case whole
    /// The file, the references, the history, and some speeches taken at random: the time does not grow with the texts
    /// but with the file.
    case bounded

    var sample: Int? { self == .bounded ? 200 : nil }
  }

  /// Where it is.
  public var path: String
  /// How many bytes it has.
  public var bytes: Int
  /// What it holds.
  public var content: DatabaseContent

  /// Copies a database that others may be writing. The copy grows under `<target>.partial`, is looked at, and gets its name
  /// when it is known to be sound and on the disk; what fails leaves nothing and a file of that name as it was.
  ///
  /// The database is opened to read only, so that nothing is ever checkpointed from here: SQLite before 3.51.3 can damage a
  /// WAL that two connections reset at once. What is written meanwhile stays in the WAL until the copy is made.
  /// - Parameters:
  ///   - isOpen: whether this process has the database open. If not, it is looked at first.
  ///   - overwrites: whether the copy takes the place of a file that is there.
  ///   - progress: called some times in a second with the bytes that were copied and those of the database, then with the
  ///     speeches that were looked at; what it throws ends the work.
  @discardableResult
  public static func make(
    of database: String, at target: String, isOpen: Bool = false, overwrites: Bool = false,
    verification: Verification = .bounded, progress: (Step, Int, Int) throws -> Void = { _, _, _ in }
  ) throws -> Backup {
    func requireFreeName() throws {
      if !overwrites, FileSteps.size(of: target) != nil { throw StorageError.exists(path: target) }
    }
    try requireFreeName()
    return try make(
      of: database, growing: target + ".partial", isOpen: isOpen, verification: verification, progress: progress
    ) { _ in
      try requireFreeName()
      return target
    }
  }

  /// The same with a name that is given by what the copy holds.
  static func make(
    of database: String, growing partial: String, isOpen: Bool, verification: Verification,
    progress: (Step, Int, Int) throws -> Void, name: (DatabaseContent) throws -> String
  ) throws -> Backup {
    if !isOpen { try Store.requireReadable(database) }
    let before = try DatabaseContent(of: database)
    let hold = try PartialFile(partial)
    try Store.copy(database, to: partial) { try progress(.copying, $0, $1) }
    let content = try DatabaseContent(verifying: partial, verification) { try progress(.verifying, $0, $1) }
    guard content.schema == before.schema, content.state.revision >= before.state.revision,
      try DatabaseContent.history(of: database, at: content.state.revision) == content.state.history
    else { throw StorageError.corrupt("\(partial) has another history than \(database)") }
    try FileSteps.sync(partial)
    let target = try name(content)
    try FileSteps.rename(partial, to: target)
    hold.isKept = true
    try FileSteps.syncFolder(of: target)
    return Backup(path: target, bytes: FileSteps.size(of: target) ?? 0, content: content)
  }

  /// What is being done.
  public enum Step: Sendable { case copying, verifying }
}

/// A file that is being written: nobody else writes it meanwhile, and it is gone unless it is kept.
private final class PartialFile {
  var isKept = false
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = try Self.locked(path)
    self.path = path
  }

  /// Apart from the rest: an object that has all it needs is taken down by its `deinit` even where its `init` throws, and the
  /// file would go, which another process is writing.
  private static func locked(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileSteps.failure(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StorageError.failed("\(path) is being written by another process.")
    }
    // One that a killed process left.
    guard ftruncate(descriptor, 0) == 0 else {
      close(descriptor)
      throw FileSteps.failure(path)
    }
    return descriptor
  }

  deinit {
    if !isKept { for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) } }
    close(descriptor)
  }
}

extension Store {
  /// Writes a database, as it is at one moment, into a new file, or an empty one, while others go on writing it.
  /// - Parameter progress: called some times in a second with the bytes that were written and those of the database.
  static func copy(_ database: String, to target: String, progress: (Int, Int) throws -> Void = { _, _ in }) throws {
    let size = (FileSteps.size(of: database) ?? 0) + (FileSteps.size(of: database + "-wal") ?? 0)
    let free = try FileSteps.room(beside: target)
    let noRoom = StorageError.noRoom(folder: FileSteps.folder(of: target), needed: size, free: free)
    guard free > size else { throw noRoom }
    do {
      try translating {
        let source = try DatabaseQueue(path: database, configuration: configuration(readers: 1, readOnly: true))
        defer { try? source.close() }
        try source.writeWithoutTransaction { db in
          try db.watched {
            try progress(min(FileSteps.size(of: target) ?? 0, size), size)
          } _: {
            try db.execute(sql: "VACUUM INTO ?", arguments: [target])
          }
        }
      }
    } catch StorageError.full {
      // Somebody else took the room meanwhile.
      throw noRoom
    }
  }
}

extension Database {
  /// Runs SQL and calls something meanwhile, ten times a second; what that throws ends the SQL and is thrown on.
  fileprivate func watched(_ watch: () throws -> Void, _ body: () throws -> Void) throws {
    struct Watch {
      let look: () throws -> Void
      var next = ContinuousClock.now
      var error: (any Error)?
    }
    try withoutActuallyEscaping(watch) { look in
      var state = Watch(look: look)
      try withUnsafeMutablePointer(to: &state) { pointer in
        sqlite3_progress_handler(
          sqliteConnection, 10_000,
          { context in
            guard let state = context?.assumingMemoryBound(to: Watch.self), ContinuousClock.now >= state.pointee.next
            else { return 0 }
            do { try state.pointee.look() } catch {
              state.pointee.error = error
              return 1
            }
            state.pointee.next = .now + .milliseconds(100)
            return 0
          }, pointer)
        defer { sqlite3_progress_handler(sqliteConnection, 0, nil, nil) }
        do { try body() } catch { throw pointer.pointee.error ?? error }
      }
    }
  }
}
