import Foundation

/// The lock that keeps a second process from writing the same database: held on a file beside it for as long as the
/// process lives, and given up by the system however the process ends.
final class DatabaseLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or says that another process has it.
  init(databasePath: String) throws(StorageError) {
    let path = databasePath + ".lock"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else {
      throw .cannotOpen(path: databasePath, reason: String(cString: strerror(errno)))
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      close(opened)
      throw .locked(path: databasePath)
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
