import GRDB
import Migrations

/// Something that was looked at: a word for it, and what is wrong with it in a sentence, nil where nothing is.
public typealias StoreCheck = (name: String, reason: String?)

extension Store {
  /// Everything that has to hold for the store to answer.
  /// - Parameter leastFree: how many bytes are to be free on the disk.
  public func checks(leastFree: Int) -> [StoreCheck] {
    [
      ("database", reason { try Int.fetchOne($0, sql: "SELECT 1 FROM speech LIMIT 1").flatMap { _ in nil } }),
      // The sentence itself names files: it is in the log, and not for everybody.
      (
        "file",
        objection.map { _ in "its file is damaged, deleted, replaced or behind what was answered; it takes no writes" }
      ),
      ("schema", reason(Self.schemaTrouble)),
      ("index", reason(SearchRebuild.trouble)),
      ("writes", writeTrouble),
      ("disk", diskTrouble(leastFree: leastFree)),
    ]
  }

  private func reason(_ look: (Database) throws -> String?) -> String? {
    do { return try read(seconds: 2, look) } catch { return "\(error)" }
  }

  private static func schemaTrouble(_ db: Database) throws -> String? {
    if let newer = try newerSchema(db) { return newer.description }
    let applied = try migrator.appliedIdentifiers(db)
    let missing = Migrations.all.map(\.name).filter { !applied.contains($0) }
    return missing.isEmpty ? nil : "the database lacks \(missing.joined(separator: ", "))"
  }

  /// After a write that the disk refused another is tried, the smallest there is: whoever asks hears of the end of the fault
  /// although nobody sends a document meanwhile.
  private var writeTrouble: String? {
    guard condition.writeFailure != nil else { return nil }
    _ = try? write { try $0.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
    return condition.writeFailure.map { "the last write failed: \($0)" }
  }

  private func diskTrouble(leastFree: Int) -> String? {
    guard let disk else { return "the system does not say how much is free" }
    return disk.free >= leastFree ? nil : "\(disk.free) bytes are free, \(leastFree) are wanted"
  }

  /// How SQLite goes about a statement, a line for each step; none where it cannot say.
  public func plan(of sql: String) -> [String] {
    let steps = try? read(seconds: 1) { db in
      let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
      statement.setUncheckedArguments(StatementArguments())
      return try Row.fetchAll(statement).map { $0["detail"] as String }
    }
    return steps ?? []
  }
}
