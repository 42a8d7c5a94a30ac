import Foundation

/// The lock that keeps a second process from writing the same database: held on a file beside it for as long as the
/// process lives, and given up by the system however the process ends. The file also keeps the state that was answered last.
final class DatabaseLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or says that another process has it.
  init(databasePath: String) throws(StorageError) {
    let path = databasePath + ".lock"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else {
      let code = errno
      let hint = code == EROFS ? "; a corpus is served from where SQLite can write its -wal and -shm" : ""
      throw .cannotOpen(path: databasePath, reason: String(cString: strerror(code)) + hint)
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      close(opened)
      throw .locked(path: databasePath)
    }
    descriptor = opened
  }

  /// Notes what is answered from now on; nil where nobody can know it, as when another database comes to stand there.
  func note(_ state: CorpusState?) {
    guard let state else {
      _ = ftruncate(descriptor, 0)
      return
    }
    let bytes = AnsweredMark.bytes(state)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }

  /// Gives the lock up before the descriptor: closing alone leaves it with a child process that was just begun and has not yet
  /// closed what it was born with.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
