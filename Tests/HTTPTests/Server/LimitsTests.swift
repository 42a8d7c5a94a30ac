import HTTPTypes
import Testing

@testable import HTTP

@Suite("Limits, over a socket")
struct LimitsTests {
  private static let short: @Sendable (inout Limits) -> Void = { limits in
    (limits.requestLine, limits.headerSection, limits.fields, limits.body) = (40, 100, 4, 10)
  }

  @Test(
    "refuses what is longer than a limit with the status of that limit, once, and closes",
    arguments: [
      ("GET /\(String(repeating: "a", count: 40)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
      ("GET /\(String(repeating: "a", count: 99))", 414),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 90))\r\n\r\n", 431),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 120))", 431),
      ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 4))\r\n", 431),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\n", 413),
    ])
  func refuses(_ bytes: String, _ status: Int) throws {
    try Site.serve(limits: Self.short) { address, server, _ in
      let client = try Client(address)
      client.send(bytes)
      let answer = try client.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.contains("\r\nConnection: close\r\n"), "\(answer)")
      #expect(answer.matches(of: /HTTP\/1.1/).count == 1)
      client.close()
      #expect(eventually { server.connectionCount == 0 })
    }
  }

  @Test("takes what just fits, and goes on")
  func takes() throws {
    try Site.serve(limits: Self.short) { address, _, _ in
      let client = try Client(address)
      let target = "/" + String(repeating: "a", count: 26)
      client.send("GET \(target) HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 84))\r\n\r\n")
      #expect(try client.receive(until: ";").hasSuffix("GET \(target) ;"))
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nX: y\r\nX: y\r\n\r\n0123456789")
      #expect(try client.receive(until: ";").hasSuffix("POST / 0123456789;"))
    }
  }

  @Test("waits for a body that comes fast enough on average, and gives up one that does not")
  func rate() throws {
    let slow: @Sendable (inout Limits) -> Void = { ($0.bodyGrace, $0.bodyRate) = (.milliseconds(200), 100) }
    try Site.serve(limits: slow) { address, _, _ in
      let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n"
      let steady = try Client(address)
      steady.send(head)
      for _ in 0..<6 {
        pause(milliseconds: 60)
        steady.send("0123456789")
      }
      #expect(try steady.receive(until: ";").hasPrefix("HTTP/1.1 200 "))
      let lame = try Client(address)
      lame.send(head)
      for _ in 0..<12 {
        pause(milliseconds: 40)
        lame.send("a")
      }
      #expect(try lame.receiveAll().hasPrefix("HTTP/1.1 408 "))
    }
  }
}
