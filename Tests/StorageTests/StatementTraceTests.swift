import GRDB
import Testing

@testable import Storage

@Suite("Statements of a request")
struct StatementTraceTests {
  @Test("are noted with their time and without values, where somebody listens, and explained")
  func statements() throws {
    let test = try TestStore()
    let trace = StatementTrace()
    let slow = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT max(i) FROM n"
    try trace.following {
      for _ in 0..<2 {
        try test.store.read(seconds: 5) { db in
          try #expect(Int.fetchOne(db, sql: slow, arguments: [98_765]) == 98_765)
        }
      }
    }
    try test.store.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM card") }
    let report = trace.report
    let first = try #require(report.slowest.first)
    #expect(first.sql == slow && first.runs == 2 && first.seconds > 0.001)
    #expect(report.count == 2 && report.seconds >= first.seconds)
    #expect(test.store.plan(of: slow).contains { $0.contains("SCAN n") })
    #expect(test.store.plan(of: "SELECT * FROM speech WHERE id = ?1 OR id = ?1").contains { $0.contains("SEARCH") })
    #expect(test.store.plan(of: "no SQL").isEmpty)
  }

  @Test("that write are noted too, the commit among them")
  func writes() throws {
    let test = try TestStore()
    let trace = StatementTrace()
    try trace.following {
      try test.store.write { db in try db.execute(sql: "CREATE TABLE t (a); INSERT INTO t VALUES (1)") }
    }
    #expect(trace.report.slowest.contains { $0.sql.hasPrefix("COMMIT") })
    #expect(test.store.plan(of: "INSERT INTO t SELECT a FROM t").contains { $0.contains("SCAN t") })
  }

  @Test("that take long are few in the report, however many run")
  func bounds() throws {
    let test = try TestStore()
    let trace = StatementTrace()
    try trace.following {
      try test.store.read { db in
        for number in 0..<200 {
          let sql =
            "WITH RECURSIVE n (i) AS (SELECT \(number) UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT max(i) FROM n"
          _ = try Int.fetchOne(db, sql: sql)
        }
      }
    }
    #expect(trace.report.slowest.count == 5 && trace.report.count == 200)
    #expect(trace.report.slowest.map(\.seconds) == trace.report.slowest.map(\.seconds).sorted(by: >))
  }
}
