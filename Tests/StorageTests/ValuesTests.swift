import Foundation
import GRDB
import Testing

@testable import Storage

@Suite("Values of a statement that writes")
struct ValuesTests {
  @Test("arrive as they are, short texts and long ones, more of them than there is room for, row by row")
  func texts() throws {
    let test = try TestStore()
    let rows = [0, 1, 300, 900, 1_023, 1_024, 1_025, 5_000].map { length in
      (0..<4).map { String(repeating: ["路", "a", "é", "🌾"][$0], count: length) + "\(length)".prefix(length) }
    }
    try test.store.write { db in
      try db.execute(sql: "CREATE TABLE kept (place INTEGER, a TEXT, b TEXT, c TEXT, d TEXT, e BLOB) STRICT")
      try db.run("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)", for: rows.enumerated()) { row, values in
        values.integer(row.offset)
        for text in row.element { values.text(text) }
        values.blob(Array(row.element[0].utf8))
      }
      try db.run("INSERT INTO kept (a, b) VALUES (?, ?)") {
        $0.text(nil)
        $0.text("")
      }
      let kept = try Row.fetchAll(db, sql: "SELECT a, b, c, d, e FROM kept WHERE place NOT NULL ORDER BY place")
      #expect(kept.map { row in (0..<4).map { row[$0] as String } } == rows)
      #expect(kept.map { Array($0[4] as Data) } == rows.map { Array($0[0].utf8) })
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM kept WHERE a IS NULL AND b = '' AND c IS NULL") == 1)
    }
  }
}
