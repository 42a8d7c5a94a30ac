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
  public func keep(_ readings: [Reading], at time: String, reverts: Bool = false) throws -> [Receipt] {
    try store.record { db, changes in
      try readings.map { reading in try keep(reading, at: time, reverts: reverts, db, &changes) }
    }
  }

  /// What `keep` would do, without doing it and without the right to.
  public func preview(_ readings: [Reading]) throws -> [Receipt] {
    try store.read { db in
      var seen: Set<String> = []
      return try readings.map { reading in
        // Of two documents with one id in a batch the second may change what the first would have made.
        let verdict = try judge(
          reading, record: reading.speech.record(facts: SourceFacts(reading.document, importedAt: "")), reverts: false,
          db)
        var receipt = verdict.receipt
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

  /// What is to be done with a reading.
  private struct Verdict {
    var receipt: Receipt
    /// When the speech was first kept; nil for a new one.
    var createdAt: String?
    /// The members that differ, as JSON.
    var changed = "[]"
  }

  private func judge(_ reading: Reading, record: String, reverts: Bool, _ db: Database) throws -> Verdict {
    var verdict = Verdict(
      receipt: Receipt(status: .created, id: reading.id, revision: 1, warnings: reading.speech.warnings))
    guard
      let known = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT s.key, s.revision, s.created_at, s.deleted_at IS NOT NULL, r.record, r.text
            FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision WHERE s.id = ?
            """), arguments: [reading.id.text])
    else { return verdict }
    let key: Int64 = known[0]
    verdict.receipt.revision = known[1]
    verdict.createdAt = known[2]
    let isDeleted: Bool = known[3]
    var differences = try Speech.differences(known[4], record)
    if known[5] as String != reading.speech.text { differences.append("text") }
    let nodes = try SpeechRepository.nodes(of: key, revision: verdict.receipt.revision, db)
    if nodes.tree != reading.speech.sections { differences.append("sections") }
    let isKnownDocument = try !reverts && wasRead(reading.document, as: key, db)
    if !isDeleted, differences.isEmpty || isKnownDocument {
      verdict.receipt.status = .unchanged
      return verdict
    }
    verdict.receipt.status = .revised
    verdict.receipt.revision += 1
    var writer = JSONWriter()
    writer.array { for name in differences.sorted() { $0.string(name) } }
    verdict.changed = String(decoding: writer.bytes, as: UTF8.self)
    return verdict
  }

  private func keep(
    _ reading: Reading, at time: String, reverts: Bool, _ db: Database, _ changes: inout IndexChanges
  ) throws -> Receipt {
    let record = reading.speech.record(facts: SourceFacts(reading.document, importedAt: time))
    let verdict = try judge(reading, record: record, reverts: reverts, db)
    if verdict.receipt.status == .unchanged { return verdict.receipt }
    let sourceKey = try db.keepSource(reading.document, importedAt: time)
    try db.take(
      .put(
        RevisionEntry(
          id: reading.id.text, number: verdict.receipt.revision, createdAt: verdict.createdAt ?? time, at: time,
          cause: RevisionCause.import.rawValue, changed: verdict.changed, record: record, speech: reading.speech,
          sourceKey: sourceKey)), &changes)
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
