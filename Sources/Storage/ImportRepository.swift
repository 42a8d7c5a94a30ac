public import Corpus
import Foundation
import GRDB

/// Takes speeches in and out of the corpus.
public struct ImportRepository: Sendable {
  let store: Store

  /// The repository of a store.
  public init(_ store: Store) { self.store = store }

  /// Keeps speeches in one transaction. A document that the speech was already read from changes nothing; one with a
  /// different speech makes a new revision.
  /// - Parameters:
  ///   - time: ISO 8601 in UTC.
  ///   - reverts: whether a document that an older revision was read from is taken as a wish to go back to it. It is where
  ///     somebody sends one document, and not where a folder is imported again, which may hold both.
  ///   - whole: what this is a part of, behind which `compactSearch` will be called: the index is put together there, once,
  ///     and not again and again on the way.
  public func keep(
    _ readings: [Reading], at time: String, reverts: Bool = false, partOf whole: LargeImport? = nil
  ) throws -> [Receipt] {
    try store.record(partOf: whole) { db, changes in
      try readings.map { reading in try keep(reading, at: time, reverts: reverts, db, &changes) }
    }
  }

  /// What `keep` would do, without doing it and without the right to.
  public func preview(_ readings: [Reading]) throws -> [Receipt] {
    try store.read { db in
      var seen: Set<String> = []
      return try readings.map { reading in
        // Of two documents with one id in a batch the second may change what the first would have made.
        var receipt = try judge(reading, at: "", reverts: false, db).receipt
        if !seen.insert(reading.id.text).inserted, receipt.status == .created { receipt.status = .unchanged }
        return receipt
      }
    }
  }

  /// Takes a speech out of the corpus; its revisions stay in the history.
  /// - Parameter check: sees the speech in the same transaction; what it throws lets the speech stay.
  /// - Returns: whether it was there.
  public func delete(
    _ id: SpeechID, at time: String, check: (RevisionIdentity) throws -> Void = { _ in }
  ) throws -> Bool {
    try store.record { db, changes in
      guard case .found(let identity) = try SpeechRepository.identity(of: id, revision: nil, db, { $0 }) else {
        return false
      }
      try check(identity)
      try db.take(.delete(id: id.text, at: time), &changes)
      return true
    }
  }

  /// Corrects a speech: a new revision from the same document, unless nothing differs.
  /// - Parameters:
  ///   - check: sees the speech in the same transaction; what it throws lets the speech be.
  ///   - correct: gives the speech as it is to be; what it throws lets the speech be.
  public func correct(
    _ id: SpeechID, at time: String, check: (RevisionIdentity) throws -> Void = { _ in },
    _ correct: (Speech) throws -> Speech
  ) throws -> Lookup<Receipt> {
    try store.record { db, changes in
      switch try SpeechRepository.identity(of: id, revision: nil, db, { $0 }) {
      case .missing: return .missing
      case .deleted(let time): return .deleted(at: time)
      case .noSuchRevision(let last): return .noSuchRevision(last: last)
      case .found(let identity):
        try check(identity)
        guard let known = try KnownSpeech(id, db) else { return .missing }
        var receipt = Receipt(status: .unchanged, id: id, revision: known.revision, warnings: [])
        if let entry = try known.next(correct(known.speech()), cause: .correction, at: time, db) {
          try db.take(.put(entry), &changes)
          (receipt.status, receipt.revision) = (.revised, entry.number)
        }
        return .found(receipt)
      }
    }
  }

  /// What is to be done with a reading.
  private struct Verdict {
    var receipt: Receipt
    /// The revision to be made; nil where nothing is.
    var entry: RevisionEntry?
  }

  private func judge(_ reading: Reading, at time: String, reverts: Bool, _ db: Database) throws -> Verdict {
    let facts = SourceFacts(reading.document, importedAt: time)
    var receipt = Receipt(status: .created, id: reading.id, revision: 1, warnings: reading.speech.warnings)
    guard let known = try KnownSpeech(reading.id, db) else {
      let summary = TextSummary(of: reading.speech)
      return Verdict(
        receipt: receipt,
        entry: RevisionEntry(
          id: reading.id.text, number: 1, createdAt: time, at: time, cause: RevisionCause.import.rawValue,
          changed: "[]", record: reading.speech.record(facts: facts, summary: summary), speech: reading.speech,
          summary: summary, sourceKey: 0))
    }
    let speech = try known.keepingCorrections(reading.speech, db)
    receipt.revision = known.revision
    receipt.status = .unchanged
    let isKnownDocument = try !known.isDeleted && !reverts && wasRead(reading.document, as: known.key, db)
    guard !isKnownDocument, let entry = try known.next(speech, facts: facts, cause: .import, at: time, db) else {
      return Verdict(receipt: receipt)
    }
    receipt.revision = entry.number
    receipt.status = .revised
    return Verdict(receipt: receipt, entry: entry)
  }

  private func keep(
    _ reading: Reading, at time: String, reverts: Bool, _ db: Database, _ changes: inout IndexChanges
  ) throws -> Receipt {
    let verdict = try judge(reading, at: time, reverts: reverts, db)
    guard var entry = verdict.entry else { return verdict.receipt }
    entry.sourceKey = try db.keepSource(reading.document, importedAt: time)
    try db.take(.put(entry), &changes)
    return verdict.receipt
  }

  /// Whether a speech was already read from this document: the same bytes with the same sidecar.
  private func wasRead(_ document: SourceDocument, as key: Int64, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM source s JOIN revision r ON r.source = s.key
          WHERE s.sha256 = ? AND s.sidecar IS ? AND r.speech = ?)
          """), arguments: [document.sha256, document.sidecar.map { Data($0) }, key]) ?? false
  }
}
