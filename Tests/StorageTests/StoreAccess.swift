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

  /// Every token of the index at its place: speech, place, token. What is dead is left out.
  func searchTokens() throws -> [String] {
    let names = Dictionary(
      uniqueKeysWithValues: try rows(
        "SELECT d.document, s.id FROM search_document d JOIN speech s ON s.key = d.speech"
      ).map { row in
        let columns = row.split(separator: "|")
        return (Int(columns[0]), String(columns[1]))
      })
    let dead = Set(try rows("SELECT document FROM search_dead").map { Int($0) })
    var tokens: [String] = []
    let blocks = """
      SELECT s.first, hex(b.content) FROM search_segment s
      JOIN search_block b ON b.number >> 24 = s.id WHERE s.state = 'live' ORDER BY b.number
      """
    for row in try rows(blocks) {
      let columns = row.split(separator: "|")
      var bytes = Self.bytes(hex: columns[1])[...]
      while !bytes.isEmpty {
        let token = String(decoding: Self.take(Self.number(&bytes), from: &bytes), as: UTF8.self)
        var postings = Self.take(Self.number(&bytes), from: &bytes)
        var document = Int(columns[0]) ?? 0
        while !postings.isEmpty {
          let head = Self.number(&postings)
          document += head >> 1
          var places = head & 1 == 1 ? [] : Self.take(Self.number(&postings), from: &postings)
          var place = head & 1 == 1 ? Self.number(&postings) : Self.number(&places)
          while true {
            if !dead.contains(document) { tokens.append("\(names[document] ?? "NULL")|\(place)|\(token)") }
            if places.isEmpty { break }
            place += Self.number(&places)
          }
        }
      }
    }
    return tokens.sorted()
  }

  private static func bytes(hex: Substring) -> [UInt8] {
    let digits = hex.utf8.map { $0 < 65 ? $0 - 48 : $0 - 55 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int {
    var (number, shift) = (0, 0)
    while let byte = bytes.popFirst() {
      number |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    return number
  }

  private static func take(_ count: Int, from bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
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
