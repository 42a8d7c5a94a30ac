public import Corpus
import Foundation
import GRDB

extension Database {
  /// Takes out what is kept of a speech that was deleted: its revisions, and the documents that no other was read from. That it
  /// was there, and when, stays in the change log.
  func purge(id: String, at time: String) throws {
    guard
      let row = try Row.fetchOne(
        self, sql: "SELECT key, revision FROM speech WHERE id = ? AND deleted_at IS NOT NULL", arguments: [id])
    else { throw StorageError.corrupt("speech \(id) is missing, or was not deleted") }
    let (key, revision): (Int64, Int) = (row[0], row[1])
    let sources = try Int64.fetchAll(
      self, sql: "SELECT DISTINCT source FROM revision WHERE speech = ?", arguments: [key])
    try execute(sql: "DELETE FROM section WHERE speech = ?", arguments: [key])
    try execute(sql: "DELETE FROM revision WHERE speech = ?", arguments: [key])
    for source in sources {
      try execute(
        sql: "DELETE FROM source WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM revision WHERE source = ?1)",
        arguments: [source])
    }
    try execute(sql: "UPDATE speech SET purged = revision WHERE key = ?", arguments: [key])
    if !sources.isEmpty { try execute(sql: "INSERT INTO scrub (since) VALUES (?)", arguments: [time]) }
    try log("purged", key: key, revision: revision, at: time, digest: "")
  }

  /// Notes a revision that was purged before anybody could take it over; the purge itself is a later step.
  func trace(_ entry: ChangeEntry, createdAt: String) throws {
    let key = try keepSpeech(entry.id, revision: entry.revision, createdAt: createdAt)
    try execute(sql: "UPDATE speech SET purged = revision WHERE key = ?", arguments: [key])
    try log(entry.kind, key: key, revision: entry.revision, at: entry.at, digest: "", told: entry.state)
  }
}

extension Store {
  /// How often the WAL is tried to be emptied, of which each takes up to five seconds.
  private static let attempts = 12

  /// Writes index and file anew where something was taken out for good, so that no byte of it is left in the file, nor in the
  /// WAL. An interrupted one is made up for when the database is opened the next time.
  ///
  /// Takes seconds for each gigabyte, for which writes wait, and as much room beside the file as it has. Throws
  /// `StorageError.busy` where somebody goes on reading an older state for a minute.
  func scrub() throws {
    // What is taken out meanwhile has to wait for its own turn.
    guard let last = try read({ try Int64.fetchOne($0, sql: "SELECT max(rowid) FROM scrub") }) else { return }
    // What is dead stays in its segment until that is written anew.
    try compactSearch { _, _ in }
    try vacuum()
    for attempt in 1... {
      do {
        try emptyWAL()
        break
      } catch StorageError.busy where attempt < Self.attempts { continue }
    }
    try write { try $0.execute(sql: "DELETE FROM scrub WHERE rowid <= ?", arguments: [last]) }
  }
}

/// Which speeches were taken out for good.
public struct Purge: Sendable {
  /// Those that were.
  public var purged: [String] = []
  /// Those that had been before.
  public var earlier: [String] = []
  /// Those that never were there; where there are any, nothing was done.
  public var missing: [String] = []
  /// Other speeches that are copies of these, and stay.
  public var copies: [String] = []
}

/// Takes speeches out for good.
public struct PurgeRepository: Sendable {
  let store: Store

  /// The repository of a store.
  public init(_ store: Store) { self.store = store }

  /// The speeches that were deleted before a time and not purged since.
  /// - Parameter time: ISO 8601 in UTC, or the beginning of one.
  public func deleted(before time: String) throws -> [SpeechID] {
    try store.read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM speech WHERE deleted_at < ? AND purged < revision ORDER BY key", arguments: [time]
      ).compactMap { SpeechID($0) }
    }
  }

  /// Takes out texts, documents, older revisions and whatever was made of them, of speeches that are deleted with it where they
  /// are not yet. When it returns, no byte of them is in the file any more. Throws `StorageError.sharedDocument` where other
  /// speeches would lose their document, and does nothing then.
  /// - Parameters:
  ///   - time: ISO 8601 in UTC.
  ///   - check: sees a speech that is not deleted yet; what it throws keeps everything as it was.
  @discardableResult
  public func purge(
    _ ids: [SpeechID], at time: String, check: (RevisionIdentity) throws -> Void = { _ in }
  ) throws -> Purge {
    let result = try store.record { db, changes in
      // An index of other tokens would keep what is taken out by those of this program.
      guard try SearchRebuild.isComplete(db) else { throw StorageError.indexIncomplete }
      var result = Purge()
      var keys: [Int64] = []
      for id in ids {
        let row = try Row.fetchOne(
          db, sql: "SELECT key, deleted_at IS NULL, purged < revision FROM speech WHERE id = ?", arguments: [id.text])
        guard let row else {
          result.missing.append(id.text)
          continue
        }
        guard row[2], !keys.contains(row[0]) else {
          if row[2] == false { result.earlier.append(id.text) }
          continue
        }
        if row[1], case .found(let identity) = try SpeechRepository.identity(of: id, revision: nil, db, { $0 }) {
          try check(identity)
        }
        keys.append(row[0])
        result.purged.append(id.text)
      }
      guard result.missing.isEmpty else { return Purge(missing: result.missing) }
      try Self.requireOwnDocuments(keys, db)
      result.copies = try Self.copies(of: keys, db)
      for id in result.purged {
        let isThere = "SELECT EXISTS (SELECT 1 FROM speech WHERE id = ? AND deleted_at IS NULL)"
        if try Bool.fetchOne(db, sql: isThere, arguments: [id]) ?? false {
          try db.take(.delete(id: id, at: time), &changes)
        }
      }
      for id in result.purged { try db.take(.purge(id: id, at: time), &changes) }
      return result
    }
    try store.scrub()
    return result
  }

  private static func list(_ keys: [Int64]) -> String { "[\(keys.map(String.init).joined(separator: ","))]" }

  private static func requireOwnDocuments(_ keys: [Int64], _ db: Database) throws {
    let others = try String.fetchAll(
      db,
      sql: """
        SELECT DISTINCT s.id FROM revision r JOIN speech s ON s.key = r.speech
        WHERE r.source IN (SELECT source FROM revision WHERE speech IN (SELECT value FROM json_each(?1)))
          AND r.speech NOT IN (SELECT value FROM json_each(?1)) ORDER BY s.key LIMIT 20
        """, arguments: [list(keys)])
    if !others.isEmpty { throw StorageError.sharedDocument(with: others) }
  }

  private static func copies(of keys: [Int64], _ db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT id FROM speech WHERE key NOT IN (SELECT value FROM json_each(?1)) AND key IN (
          SELECT copy FROM copy WHERE original IN (SELECT value FROM json_each(?1))
          UNION SELECT original FROM copy WHERE copy IN (SELECT value FROM json_each(?1))) ORDER BY key
        """, arguments: [list(keys)])
  }
}
