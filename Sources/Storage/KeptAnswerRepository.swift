import Foundation
import GRDB

/// The first answer to a request that may be sent again (`Idempotency-Key`).
public struct KeptAnswer: Hashable, Sendable {
  /// A digest of the request that it answered.
  public var request: [UInt8]
  /// Its status.
  public var status: Int
  /// The words behind the status.
  public var reason: String
  /// Its fields, a line `Name: value` for each.
  public var fields: String
  /// Its body.
  public var body: [UInt8]

  /// An answer.
  public init(request: [UInt8], status: Int, reason: String = "", fields: String, body: [UInt8]) {
    self.request = request
    self.status = status
    self.reason = reason
    self.fields = fields
    self.body = body
  }
}

/// The answers that are kept for repeated requests: for a day, as many as there is room for, the newest.
public struct KeptAnswerRepository: Sendable {
  /// The longest body that is kept, in bytes.
  public static let longestBody = 2 << 20
  /// How long an answer is kept, in seconds.
  public static let lifetime = 24 * 3600
  private static let (mostBytes, mostAnswers) = (64 << 20, 10_000)

  private let store: OperationalStore

  /// The answers of a store.
  public init(_ store: OperationalStore) { self.store = store }

  /// What was answered to a key of a token's, if that is kept.
  /// - Parameter time: seconds since 1970.
  public func answer(to key: String, of token: String, at time: Int) throws -> KeptAnswer? {
    try store.read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM kept_answer WHERE token = ? AND key = ? AND kept_at > ?",
        arguments: [token, key, time - Self.lifetime]
      ).map {
        KeptAnswer(
          request: Array($0["request"] as Data), status: $0["status"], reason: $0["reason"], fields: $0["fields"],
          body: Array($0["body"] as Data))
      }
    }
  }

  /// Keeps an answer, and gives up those whose time or room is over.
  public func keep(_ answer: KeptAnswer, for key: String, of token: String, at time: Int) throws {
    guard answer.body.count <= Self.longestBody else { return }
    try store.write { db in
      try db.execute(sql: "DELETE FROM kept_answer WHERE kept_at <= ?", arguments: [time - Self.lifetime])
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO kept_answer (token, key, request, status, reason, fields, body, size, kept_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          token, key, Data(answer.request), answer.status, answer.reason, answer.fields, Data(answer.body),
          answer.body.count + answer.fields.utf8.count + 256, time,
        ])
      while try Self.isOverfull(db) {
        try db.execute(
          sql: "DELETE FROM kept_answer WHERE rowid = (SELECT rowid FROM kept_answer ORDER BY kept_at, rowid LIMIT 1)")
      }
    }
  }

  private static func isOverfull(_ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT count(*) > ? OR coalesce(sum(size), 0) > ? FROM kept_answer",
      arguments: [mostAnswers, mostBytes]) ?? false
  }
}
