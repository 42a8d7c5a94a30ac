import Foundation
import GRDB

/// What a token allows; each scope includes those before it.
public enum TokenScope: String, CaseIterable, Comparable, Sendable {
  case read, write, admin

  /// Whether it allows less than another.
  public static func < (one: Self, other: Self) -> Bool {
    func rank(_ scope: Self) -> Int { allCases.firstIndex(of: scope) ?? 0 }
    return rank(one) < rank(other)
  }
}

/// A token as it is remembered: all but the token itself. Times are seconds since 1970.
public struct Token: Hashable, Sendable {
  /// Whose it is, or what for.
  public var name: String
  /// How it begins, enough to tell it from others and too little to guess the rest.
  public var prefix: String
  /// SHA-256 of the token.
  public var digest: [UInt8]
  /// What it allows.
  public var scope: TokenScope
  /// When it was made.
  public var createdAt: Int
  /// When it ends; nil for never.
  public var expiresAt: Int?
  /// When it was used, to the hour; nil for never.
  public var usedAt: Int?
  /// When it was revoked; nil while it is good.
  public var revokedAt: Int?

  /// A token that was just made.
  public init(
    name: String, prefix: String, digest: [UInt8], scope: TokenScope, createdAt: Int, expiresAt: Int? = nil
  ) {
    self.name = name
    self.prefix = prefix
    self.digest = digest
    self.scope = scope
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// Whether it lets anybody in at a time.
  public func isGood(at time: Int) -> Bool { revokedAt == nil && expiresAt.map { time < $0 } ?? true }

  fileprivate init?(_ row: Row) {
    guard let scope = TokenScope(rawValue: row["scope"]) else { return nil }
    self.init(
      name: row["name"], prefix: row["prefix"], digest: Array(row["digest"] as Data), scope: scope,
      createdAt: row["created_at"],
      expiresAt: row["expires_at"])
    (usedAt, revokedAt) = (row["used_at"], row["revoked_at"])
  }
}

/// The tokens of the operational database.
public struct TokenRepository: Sendable {
  private let store: OperationalStore

  /// The tokens of a store.
  public init(_ store: OperationalStore) { self.store = store }

  /// Keeps a token; false where another has its name that was not revoked.
  public func add(_ token: Token) throws -> Bool {
    try store.write { db in
      let isTaken = try Bool.fetchOne(
        db, sql: "SELECT count(*) FROM token WHERE name = ? AND revoked_at IS NULL", arguments: [token.name])
      if isTaken == true { return false }
      try db.execute(
        sql: """
          INSERT INTO token (name, prefix, digest, scope, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          token.name, token.prefix, Data(token.digest), token.scope.rawValue, token.createdAt, token.expiresAt,
        ])
      try store.raiseGeneration(db)
      return true
    }
  }

  /// Every token that ever was, in the order in which they were made, and the generation that they are of.
  public func all() throws -> (tokens: [Token], generation: UInt32) {
    try store.read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM token ORDER BY id")
      return (rows.compactMap(Token.init), try UInt32.fetchOne(db, sql: "PRAGMA user_version") ?? 0)
    }
  }

  /// Revokes the token that has a name, or that begins so, and gives it; where several begin so, gives them all and revokes none.
  public func revoke(_ nameOrPrefix: String, at time: Int) throws -> [Token] {
    try store.write { db in
      func found(_ condition: String) throws -> [Token] {
        try Row.fetchAll(
          db, sql: "SELECT * FROM token WHERE revoked_at IS NULL AND \(condition)", arguments: [nameOrPrefix]
        ).compactMap(Token.init)
      }
      var tokens = try found("name = ?")
      // The prefix may be given as far as it is shown, or with more of the token behind it.
      if tokens.isEmpty, nameOrPrefix.utf8.count >= 12 {
        tokens = try found("instr(?1, prefix) = 1 OR instr(prefix, ?1) = 1")
      }
      guard tokens.count == 1 else { return tokens }
      try db.execute(
        sql: "UPDATE token SET revoked_at = ? WHERE digest = ?", arguments: [time, Data(tokens[0].digest)])
      try store.raiseGeneration(db)
      return tokens
    }
  }

  /// Notes that a token was used.
  public func noteUse(of digest: [UInt8], at time: Int) throws {
    try store.write {
      try $0.execute(sql: "UPDATE token SET used_at = ? WHERE digest = ?", arguments: [time, Data(digest)])
    }
  }
}
