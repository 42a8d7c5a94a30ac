import Foundation
import GRDBSQLite
import Storage

/// Ways to a database that the store does not offer: what a hand at the file could do.
extension Store {
  /// Runs SQL on a connection of its own.
  func execute(_ sql: String) throws { try Self.execute(at: path, sql) }

  /// The same for a file that no store holds.
  static func execute(at path: String, _ sql: String) throws {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK, sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
      throw StorageError.failed(String(cString: sqlite3_errmsg(connection)))
    }
  }

  /// Notes a migration that this program does not know.
  func markAsNewer(_ name: String) throws {
    try execute("INSERT INTO grdb_migrations (identifier) VALUES ('\(name)')")
  }

  /// The rows that a statement gives on a connection of its own, columns between bars.
  func rows(_ sql: String, after preparation: String = "") throws -> [String] {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    var statement: OpaquePointer?
    guard sqlite3_open(path, &connection) == SQLITE_OK,
      sqlite3_exec(connection, preparation, nil, nil, nil) == SQLITE_OK,
      sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK
    else { throw StorageError.failed(String(cString: sqlite3_errmsg(connection))) }
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      let columns = (0..<sqlite3_column_count(statement)).map { column in
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
      }
      rows.append(columns.joined(separator: "|"))
    }
    return rows
  }

  /// Every token of the index at its place: speech, field, place, token.
  func searchTokens() throws -> [String] {
    try rows(
      """
      SELECT s.id, v.col, v.offset, v.term FROM v LEFT JOIN search_document d ON d.document = v.doc
      LEFT JOIN speech s ON s.key = d.speech ORDER BY 1, 2, 3, 4
      """, after: "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, search_index, instance)")
  }

  /// Every row of every table, in order.
  func dump() throws -> [String] {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK else { throw StorageError.failed("cannot open") }
    var rows: [String] = []
    for table in ["source", "speech", "revision", "section", "change", "card", "metadata"] {
      var statement: OpaquePointer?
      guard sqlite3_prepare_v2(connection, "SELECT * FROM \(table) ORDER BY 1, 2, 3", -1, &statement, nil) == SQLITE_OK
      else { throw StorageError.failed(String(cString: sqlite3_errmsg(connection))) }
      defer { sqlite3_finalize(statement) }
      while sqlite3_step(statement) == SQLITE_ROW {
        var row = table
        for column in 0..<sqlite3_column_count(statement) {
          row += "|" + (sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL")
        }
        rows.append(row)
      }
    }
    return rows
  }
}
