public import Corpus
import Foundation
import GRDB

/// A write of a corpus with all that belongs to it: enough to take it again in another database.
public struct ChangeStep: Sendable {
  enum Work: Sendable {
    case put(RevisionEntry, SourceDocument, importedAt: String)
    case delete
    case purge
    /// A revision that was purged since.
    case trace(createdAt: String)
  }

  /// The write as the change log has it.
  public let entry: ChangeEntry
  let work: Work

  /// Bytes of text and document.
  public var size: Int {
    if case .put(let revision, let document, _) = work {
      revision.speech.text.utf8.count + document.bytes.count
    } else {
      0
    }
  }

  /// The end of a speech, or of what is kept of a deleted one.
  public init(end entry: ChangeEntry) { self.init(entry, entry.kind == "purged" ? .purge : .delete) }

  private init(_ entry: ChangeEntry, _ work: Work) { (self.entry, self.work) = (entry, work) }

  /// A revision that was added.
  /// - Parameters:
  ///   - createdAt: when the speech was first kept.
  ///   - cause: why the revision was made.
  ///   - changed: names of the members that differ from the revision before.
  ///   - record: the JSON object of every member that the revision fixes but text and sections, byte for byte.
  ///   - speech: the same as a value, with text and sections.
  ///   - document: what it was read from.
  ///   - importedAt: when that was imported.
  public init(
    revision entry: ChangeEntry, createdAt: String, cause: RevisionCause, changed: [String], record: [UInt8],
    speech: Speech, document: SourceDocument, importedAt: String
  ) {
    var names = JSONWriter()
    names.array { for name in changed { $0.string(name) } }
    let revision = RevisionEntry(
      id: entry.id, number: entry.revision, createdAt: createdAt, at: entry.at, cause: cause.rawValue,
      changed: String(decoding: names.bytes, as: UTF8.self), record: String(decoding: record, as: UTF8.self),
      speech: speech, summary: TextSummary(of: speech), sourceKey: 0)
    self.init(entry, .put(revision, document, importedAt: importedAt))
  }

  /// The step of a row with the number of the write, its kind, the speech's id, its revision, the time, the state, when the
  /// speech was first kept, and its key.
  init(_ row: Row, _ db: Database) throws {
    var change = ChangeEntry(
      corpusRevision: row[0], kind: row[1], id: row[2], revision: row[3], at: row[4], sourceDigest: nil, state: row[5])
    if change.isEnd {
      self.init(end: change)
      return
    }
    if change.revision <= row[8] as Int {
      self.init(change, .trace(createdAt: row[6]))
      return
    }
    let key: Int64 = row[7]
    guard
      let revision = try Row.fetchOne(
        db,
        sql: """
          SELECT r.at, r.cause, r.changed, r.record, r.text, o.media_type, o.encoding, o.file_name, o.imported_at,
            o.sidecar, o.bytes
          FROM revision r JOIN source o ON o.key = r.source WHERE r.speech = ? AND r.number = ?
          """, arguments: [key, change.revision])
    else {
      throw StorageError.failed(
        "revision \(change.id)/\(change.revision) is not there: a snapshot has no texts of deleted speeches to replay")
    }
    let nodes = try SpeechRepository.nodes(of: key, revision: change.revision, db)
    let document = SourceDocument(
      bytes: Array(revision[10] as Data), mediaType: revision[5], encoding: revision[6], fileName: revision[7],
      sidecar: (revision[9] as Data?).map { Array($0) })
    change.sourceDigest = document.sha256
    let speech = try Speech(record: revision[3], text: revision[4], nodes: nodes)
    let entry = RevisionEntry(
      id: change.id, number: change.revision, createdAt: row[6], at: revision[0], cause: revision[1],
      changed: revision[2], record: revision[3], speech: speech, summary: TextSummary(of: speech), sourceKey: 0)
    self.init(change, .put(entry, document, importedAt: revision[8]))
  }
}
