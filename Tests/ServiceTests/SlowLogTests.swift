import Corpus
import HTTP
import HTTPTypes
import TestSupport
import Testing

@testable import Service

@Suite("The log of slow requests")
struct SlowLogTests {
  @Test("tells of a slow request its route, how long it waited, and its statements with their plans")
  func slow() throws {
    let captured = Captured()
    let test = try TestSite(slowSeconds: 0.000_001, logger: captured.logger)
    for number in 0..<30 { try test.keep("\(number)", .make(title: "讲话 \(number)")) }
    let reply = try test.send(.get, "/v1/speeches?title=zzz&limit=5", fields: ["X-Request-Id": "slow-1"])
    let lines = try captured.lines.filter { $0["message"] == .string("slow request") }
    let line = try #require(lines.first { $0["id"] == .string("slow-1") })
    #expect(line["route"] == .string("/v1/speeches") && line["level"] == .string("warning"))
    #expect(line["status"] == .integer(reply.status) && line["method"] == .string("GET"))
    #expect(line["ms"] != nil && line["waited_ms"] != nil)
    guard case .array(let statements)? = line["sql"], let first = statements.first else {
      return #expect(Bool(false), "\(line)")
    }
    #expect(statements.count <= 5)
    guard case .string(let sql)? = first["statement"], case .array(let plan)? = first["plan"] else {
      return #expect(Bool(false))
    }
    #expect(sql.contains("SELECT") && !sql.contains("zzz") && !plan.isEmpty)
  }

  @Test("has no values but those of the target")
  func values() throws {
    let captured = Captured()
    let test = try TestSite(slowSeconds: 0.000_001, logger: captured.logger)
    try test.keep("a")
    for target in ["/v1/search?q=xqzjw", "/v1/speeches?q=xqzjw&genre=xqzjw&meta.xqzjw=xqzjw", "/v1/values/meta.xqzjw"] {
      _ = try test.send(.get, target)
    }
    _ = try test.write(.post, "/v1/speeches", body: #"{"text": "xqzjw xqzjw", "title": "xqzjw"}"#)
    var seen = 0
    for line in try captured.lines {
      guard case .object(let members) = line else { continue }
      for member in members where member.name == "sql" {
        seen += 1
        #expect(!"\(member.value)".contains("xqzjw"), "\(member.value)")
      }
    }
    #expect(seen >= 4)
  }

  @Test("is silent about what is quick, and altogether where it is off")
  func quick() throws {
    for seconds in [0.0, 30.0] {
      let captured = Captured()
      let test = try TestSite(slowSeconds: seconds, logger: captured.logger)
      _ = try test.send(.get, "/v1/speeches")
      #expect(captured.text.isEmpty)
      test.site.adjust(slowSeconds: 0.000_001, leastFreeBytes: 0)
      _ = try test.send(.get, "/v1/speeches?limit=3")
      #expect(captured.text.contains("slow request"))
    }
  }
}
