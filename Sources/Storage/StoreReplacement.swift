import Foundation
import GRDB
import Glibc

extension Store {
  /// Puts one database in the place of another that nobody holds; a process that is killed meanwhile leaves either of them
  /// whole. Those who read the old one go on reading it.
  /// - Parameters:
  ///   - path: where the database is to be; there may be none.
  ///   - new: the path of a database that was closed.
  ///   - check: sees the state of the old one while nobody can change it; what it throws keeps everything as it was.
  public static func replace(_ path: String, by new: String, check: (CorpusState) throws -> Void) throws {
    let lock = try DatabaseLock(databasePath: path)
    defer { withExtendedLifetime(lock) {} }
    try translating {
      if FileManager.default.fileExists(atPath: path) {
        let old = try DatabaseQueue(path: path)
        defer { try? old.close() }
        try check(try old.read(CardRepository.state))
        // What is in its WAL belongs to it, and not to the file that takes its place.
        try old.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      }
    }
    lock.note(nil)
    for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
    try FileSteps.rename(new, to: path)
    for suffix in ["-wal", "-shm", ".lock"] { unlink(new + suffix) }
    try FileSteps.syncFolder(of: path)
  }
}
