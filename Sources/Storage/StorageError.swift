import Corpus
import Foundation
import GRDB

/// What went wrong with the database, in words that a caller can act on.
public enum StorageError: Error, Hashable, Sendable {
  /// Another process holds the file.
  case locked(path: String)
  /// The file was written by a newer program.
  case newerSchema(found: String, known: String)
  /// The file is no database, or not one of ours.
  case notACorpus(path: String, reason: String)
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)
  /// A query took longer than it may.
  case deadlineExceeded
  /// The corpus has changed since the page before, and with it the order of the results.
  case resultsChanged
  /// The index is being made again.
  case indexIncomplete
  /// A document was taken out between two looks at the database; a newer snapshot does not have it.
  case snapshotOvertaken
  /// A snapshot was kept so long that the write-ahead log grew too long behind it.
  case snapshotOutlived
  /// Another connection kept the database busy.
  case busy
  /// There is no room left.
  case full
  /// There is too little room in a folder for a copy of the database; both in bytes.
  case noRoom(folder: String, needed: Int, free: Int)
  /// The file cannot be written.
  case readOnly
  /// Nothing is written, for a reason that does not pass by itself: the file is damaged, gone or not the one that was opened.
  case unwritable(String)
  /// The disk, or the system, did not do what was asked of it; it may at the next time.
  case inputOutput(String)
  /// The file is damaged.
  case corrupt(String)
  /// A write of another corpus, taken here, led to another state than there.
  case diverged(at: Int)
  /// A speech lacks its earlier revisions, so that the next cannot be taken from another corpus.
  case incomplete(id: String)
  /// A file that was to be made is there already.
  case exists(path: String)
  /// A copy of a database does not hold what it has to.
  case unsound(path: String, finding: String, count: Int)
  /// What is to be taken out for good stands in a document that other speeches were read from too.
  case sharedDocument(with: [String])
  /// A part of the system failed.
  case failed(String)

  /// Translates what SQLite says where it means something; leaves the rest in its own words.
  init(_ error: DatabaseError) {
    switch error.resultCode {
    case .SQLITE_INTERRUPT: self = .deadlineExceeded
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_FULL: self = .full
    case .SQLITE_READONLY: self = .readOnly
    // SQLite takes a read that fails for a sign of damage; the disk may give the same bytes at the next time.
    case .SQLITE_CORRUPT where errno == EIO: self = .inputOutput(error.description)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(error.message ?? "damaged")
    case .SQLITE_IOERR where errno == ENOSPC || errno == EDQUOT: self = .full
    case .SQLITE_IOERR where errno == EROFS: self = .readOnly
    // Also where there is no descriptor left for one more connection.
    case .SQLITE_IOERR, .SQLITE_CANTOPEN: self = .inputOutput(error.description)
    default: self = .failed(error.description)
    }
  }
}

extension StorageError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .locked(let path):
      "\(path) is held by another Rostrum process. Stop it, or send the documents to it: POST /v1/speeches."
    case .newerSchema(let found, let known):
      "The database was written by a newer Rostrum (schema \(found)); this one knows schemas up to \(known). "
        + "Nothing was changed."
    case .notACorpus(let path, let reason): "\(path) is no Rostrum database: \(reason)."
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
    case .deadlineExceeded: "The query took longer than it may."
    case .resultsChanged: "The corpus has changed since the page before; begin again without a cursor."
    case .indexIncomplete: "The index is being made; search will be answered when it is complete."
    case .busy, .snapshotOvertaken: "The database is busy."
    case .snapshotOutlived:
      "Too much was written while this was read; it was broken off so that the write-ahead log does not grow without end."
    case .full: "There is no room left on the disk; nothing of this write was kept."
    case .noRoom(let folder, let needed, let free):
      "\(folder) has no room for a copy: it needs \(needed) bytes, and \(free) are free. Nothing was made."
    case .readOnly: "The database cannot be written."
    case .unwritable(let reason): reason
    case .inputOutput(let reason): "The disk failed: \(reason)"
    case .corrupt(let reason): "The database is damaged: \(reason)."
    case .diverged(let revision):
      "Write \(revision) of the change log leads to another state here than where it was made."
    case .incomplete(let id): "The earlier revisions of the speech \(id) are not here."
    case .exists(let path): "\(path) is there already."
    case .unsound(let path, let finding, let count):
      "\(path) is not sound: \(finding)\(count > 1 ? " (\(count) findings)" : "")."
    case .sharedDocument(let others):
      "Its document holds other speeches too, which would lose it: \(others.joined(separator: ", ")). "
        + "Take these out for good with it, or not at all."
    case .failed(let reason): reason
    }
  }
}
