import Foundation
import Glibc

/// What a restore did.
public struct Restore: Sendable {
  /// What the database holds now.
  public var content: DatabaseContent
  /// Where the database is that was there before; nil where there was none.
  public var aside: String?
}

extension Store {
  /// Puts a backup in the place of a database, which is moved aside and never deleted.
  ///
  /// The copy grows as `<database>.restoring`. Once it is known to be sound and on the disk it is renamed `<database>.restored`:
  /// from then on whoever opens the database first completes what follows, so a process that is killed leaves the old one or
  /// the new one, each whole.
  /// - Parameters:
  ///   - backup: a backup, or any other database of ours; it may be of an older schema.
  ///   - path: the database; nobody may hold it.
  ///   - progress: as for `Backup.make`.
  @discardableResult
  public static func restore(
    _ backup: String, to path: String, verification: Backup.Verification = .whole,
    progress: (Backup.Step, Int, Int) throws -> Void = { _, _, _ in }
  ) throws -> Restore {
    let lock = try DatabaseLock(databasePath: path)
    defer { withExtendedLifetime(lock) {} }
    try finishRestoring(path, lock)
    var (one, other) = (Glibc.stat(), Glibc.stat())
    if stat(backup, &one) == 0, stat(path, &other) == 0, (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino) {
      throw StorageError.failed("\(backup) is the database itself.")
    }
    let content = try DatabaseContent(verifying: backup, verification) { try progress(.verifying, $0, $1) }
    _ = try Backup.make(
      of: backup, growing: path + ".restoring", isOpen: false, verification: .bounded, progress: progress
    ) { copied in
      guard copied == content else { throw StorageError.corrupt("\(path).restoring is another than \(backup)") }
      // Whoever could open the old one can open the new one.
      if stat(path, &other) == 0 {
        chown(path + ".restoring", other.st_uid, other.st_gid)
        chmod(path + ".restoring", other.st_mode & 0o777)
      }
      return restored(path)
    }
    return Restore(content: content, aside: try finishRestoring(path, lock))
  }

  /// Where a copy waits that is to take the place of a database.
  static func restored(_ path: String) -> String { path + ".restored" }

  /// Completes a restore that has come as far as that.
  /// - Returns: where the database is that was there before.
  @discardableResult
  static func finishRestoring(_ path: String, _ lock: DatabaseLock) throws -> String? {
    var facts = Glibc.stat()
    guard stat(restored(path), &facts) == 0 else { return nil }
    // What was answered before is not what this one has to have.
    lock.note(nil)
    // The time when the copy was written, so that pieces which are moved by two processes one after the other come together.
    let seconds = Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec)).ISO8601Format()
    let stamp = seconds.filter { $0 != "-" && $0 != ":" && $0 != "Z" } + ".\(facts.st_mtim.tv_nsec)Z"
    let aside = "\(path).before-\(stamp)"
    // What is in the WAL belongs to the old database: it goes first, and the name of the database last.
    for suffix in ["-wal", "-shm", ""] where FileSteps.size(of: path + suffix) != nil {
      try FileSteps.rename(path + suffix, to: aside + suffix)
    }
    try FileSteps.syncFolder(of: path)
    try FileSteps.rename(restored(path), to: path)
    try FileSteps.syncFolder(of: path)
    return FileSteps.size(of: aside) == nil ? nil : aside
  }
}
