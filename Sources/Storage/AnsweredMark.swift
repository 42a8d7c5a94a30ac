import Foundation
import GRDB
import Glibc

/// The state that was answered last, kept outside of the database: in its lock file.
///
/// Between two checkpoints what was answered is in the WAL only. Where somebody deletes that file while no process has it
/// open, or moves the database without it, SQLite opens what is left and finds nothing wrong. The mark is written after each
/// commit and never forced to the disk, so it may be behind the database, but not before it.
struct AnsweredMark {
  private static let length = 96

  let state: CorpusState
  private let path: String
  private let writtenAt: timespec

  /// Reads the mark of a database; nil where there is none.
  init?(databasePath: String) {
    path = databasePath
    var facts = stat()
    guard stat(databasePath + ".lock", &facts) == 0,
      let data = FileManager.default.contents(atPath: databasePath + ".lock"), data.count <= Self.length
    else { return nil }
    let parts = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard parts.count == 3, let revision = Int(parts[0]), let edits = Int(parts[2]) else { return nil }
    state = CorpusState(revision: revision, history: String(parts[1]), edits: edits)
    writtenAt = facts.st_mtim
  }

  /// A state as the lock file has it.
  static func bytes(_ state: CorpusState) -> [UInt8] {
    let text = Array("\(state.revision) \(state.history) \(state.edits)".utf8.prefix(length - 1))
    return text + [UInt8](repeating: 0x20, count: length - 1 - text.count) + [0x0A]
  }

  /// What is missing of what was answered, one sentence; nil where nothing is, or where somebody has put another file there
  /// since: an older state is then what he wants.
  func loss(_ db: Database) throws -> String? {
    var found = CorpusState(revision: 0, history: "empty", edits: 0)
    var then: String?
    // The tables themselves may have been in the WAL.
    if try db.tableExists("collection_edits") {
      found = try CardRepository.state(db)
      then = try String.fetchOne(
        db, sql: "SELECT state FROM change WHERE corpus_revision = ?", arguments: [state.revision])
    }
    guard found.revision < state.revision || found.edits < state.edits || (then ?? "empty") != state.history else {
      return nil
    }
    var facts = stat()
    guard stat(path, &facts) == 0, !facts.st_ctim.isAfter(writtenAt) else { return nil }
    return """
      \(path) ends at revision \(found.revision) (\(found.edits) edits of collections), but revision \(state.revision) \
      (\(state.edits)) was answered. Its -wal was deleted or left behind: put it back while no server runs; or, to go on \
      without what it held, delete \(path).lock.
      """
  }
}

extension timespec {
  fileprivate func isAfter(_ other: timespec) -> Bool { (tv_sec, tv_nsec) > (other.tv_sec, other.tv_nsec) }
}
