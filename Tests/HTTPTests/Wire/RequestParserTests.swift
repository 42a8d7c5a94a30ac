import HTTPTypes
import Testing

@testable import HTTP

/// What a parser made of some bytes.
private enum Outcome: Equatable, CustomStringConvertible {
  case request(String)
  case refused(Int)
  case waits

  var description: String {
    switch self {
    case .request(let text): "request \(text)"
    case .refused(let status): "refused with \(status)"
    case .waits: "waits"
    }
  }
}

/// Bytes and what is to be made of them.
private struct Case: CustomTestStringConvertible, Sendable {
  var bytes: String
  var outcome: Outcome
  var testDescription: String { "\(bytes.debugDescription.prefix(100)) \(outcome)" }

  /// A request in short: method, target, body, and whether the connection goes on.
  static func accepts(
    _ bytes: String, _ method: String, _ target: String, _ body: String = "", close: Bool = false
  )
    -> Case
  {
    Case(bytes: bytes, outcome: .request("\(method) \(target) [\(body)]\(close ? " close" : "")"))
  }

  static func refuses(_ bytes: String, _ status: Int = 400) -> Case {
    Case(bytes: bytes, outcome: .refused(status))
  }

  static func waits(_ bytes: String) -> Case { Case(bytes: bytes, outcome: .waits) }
}

/// Feeds bytes in pieces of a size and takes out one event after each.
private func parse(_ bytes: [UInt8], by size: Int, limits: Limits = Limits()) -> [Outcome] {
  var parser = RequestParser(limits: limits)
  var outcomes: [Outcome] = []
  var rest = bytes[...]
  do throws(WireError) {
    while !rest.isEmpty {
      rest.prefix(size).withUnsafeBytes { parser.append($0) }
      rest = rest.dropFirst(size)
      while let event = try parser.next() {
        guard case .request(let request, _, let keepsAlive) = event else { continue }
        let body = String(decoding: request.body, as: UTF8.self)
        let target = request.absoluteTarget.map { "\($0) as \(request.target.raw)" } ?? request.target.raw
        outcomes.append(.request("\(request.method) \(target) [\(body)]\(keepsAlive ? "" : " close")"))
      }
    }
  } catch {
    outcomes.append(.refused(error.status.code))
  }
  return outcomes.isEmpty ? [.waits] : outcomes
}

private func head(_ fields: String, _ line: String = "GET / HTTP/1.1") -> String {
  "\(line)\r\nHost: a\r\n\(fields)\r\n"
}

private func chunked(_ body: String) -> String {
  head("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.1") + body
}

private let cases: [Case] = [
  // Request lines.
  .accepts(head(""), "GET", "/"),
  .accepts("\r\n" + head(""), "GET", "/"),
  .refuses("\r\n\r\n" + head("")),
  .refuses("\n" + head("")),
  .accepts(head("", "DELETE /a/b?c=%20 HTTP/1.1"), "DELETE", "/a/b?c=%20"),
  .accepts(head("", "OPTIONS * HTTP/1.1"), "OPTIONS", "*"),
  .refuses(head("", "GET * HTTP/1.1")),
  .accepts(head("", "GET http://b:80/c?d HTTP/1.1"), "GET", "http://b:80/c?d as /c?d"),
  .accepts(head("", "GET HTTP://b HTTP/1.1"), "GET", "HTTP://b as /"),
  .accepts(head("", "GET https://b?d HTTP/1.1"), "GET", "https://b?d as /?d"),
  .accepts(head("", "OPTIONS http://b HTTP/1.1"), "OPTIONS", "http://b as *"),
  .refuses(head("", "GET http:///c HTTP/1.1")),
  .refuses(head("", "GET http://u@b/c HTTP/1.1")),
  .refuses(head("", "GET ftp://b/c HTTP/1.1")),
  .refuses(head("", "GET a HTTP/1.1")),
  .refuses(head("", "CONNECT a:1 HTTP/1.1"), 501),
  .refuses(head("", "GET  / HTTP/1.1")),
  .refuses(head("", "GET / HTTP/1.1 ")),
  .refuses(head("", " GET / HTTP/1.1")),
  .refuses(head("", "GET\t/ HTTP/1.1")),
  .refuses(head("", "GET /")),
  .refuses(head("", "GET / http/1.1")),
  .refuses(head("", "GET / HTTP/1.10")),
  .refuses(head("", "GET / HTTP/2.0"), 505),
  .refuses(head("", "GET / HTTP/0.9"), 505),
  .accepts(head("", "GET / HTTP/1.2"), "GET", "/"),
  .refuses(head("", "G(T / HTTP/1.1")),
  .refuses(head("", "\(String(repeating: "M", count: 33)) / HTTP/1.1"), 501),
  .refuses(head("", "GET /\u{7F} HTTP/1.1")),
  .refuses(head("", "GET /é HTTP/1.1")),
  .refuses(head("", "GET /#a HTTP/1.1")),
  .refuses(head("", "GET /%0 HTTP/1.1")),
  .refuses(head("", "GET /%00 HTTP/1.1")),
  .refuses("GET / HTTP/1.1\nHost: a\r\n\r\n"),
  .refuses("GET / HTTP/1.1\r\nHost: a\n\r\n"),
  .refuses("GET / HTTP/1.1\r\nHost: a\r\n\n"),

  // Fields.
  .accepts(head("A: b\r\nA:\r\nA:\tc \r\nÄ: ".replacing("Ä", with: "X") + "é\r\n"), "GET", "/"),
  .refuses(head("A : b\r\n")),
  .refuses(head(" A: b\r\n")),
  .refuses(head("A: b\r\n c\r\n")),
  .refuses(head("A\r\n")),
  .refuses(head(": b\r\n")),
  .refuses(head("A(: b\r\n")),
  .refuses(head("A: b\0c\r\n")),
  .refuses(head("A: b\rc\r\n")),
  .refuses(head("A: b\u{1}\r\n")),
  .refuses(head("A: b\u{7F}\r\n")),

  // Host.
  .refuses("GET / HTTP/1.1\r\n\r\n"),
  .accepts("GET / HTTP/1.0\r\n\r\n", "GET", "/", close: true),
  .refuses(head("Host: a\r\n")),
  .refuses("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
  .refuses("GET / HTTP/1.0\r\nHost: u@a\r\n\r\n"),

  // Connection.
  .accepts(head("Connection: close\r\n"), "GET", "/", close: true),
  .accepts(head("Connection: x, Close\r\n"), "GET", "/", close: true),
  .accepts("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET", "/"),
  .refuses(head("Expect: 200-ok\r\n"), 417),

  // Bodies with a length.
  .accepts(head("Content-Length: 3\r\n", "POST / HTTP/1.1") + "abc", "POST", "/", "abc"),
  .accepts(head("Content-Length: 0\r\n"), "GET", "/"),
  .waits(head("Content-Length: 4\r\n") + "abc"),
  .refuses(head("Content-Length: +3\r\n") + "abc"),
  .refuses(head("Content-Length: 3 3\r\n") + "abc"),
  .refuses(head("Content-Length: 3, 3\r\n") + "abc"),
  .refuses(head("Content-Length: 3\r\nContent-Length: 3\r\n") + "abc"),
  .refuses(head("Content-Length:\r\n")),
  .refuses(head("Content-Length: 0x3\r\n") + "abc"),
  .refuses(head("Content-Length: 99999999999\r\n"), 413),
  .refuses(head("Content-Length: 99999999999999999999999999\r\n"), 413),

  // Transfer codings.
  .accepts(chunked("3\r\nabc\r\n0\r\n\r\n"), "POST", "/", "abc"),
  .accepts(head("Transfer-Encoding: Chunked \r\n") + "0\r\n\r\n", "GET", "/"),
  .refuses(head("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "0\r\n\r\n"),
  .refuses(head("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"),
  .refuses("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
  .refuses(head("Transfer-Encoding: chunked, chunked\r\n")),
  .refuses(head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
  .refuses(head("Transfer-Encoding: chunked, gzip\r\n")),
  .refuses(head("Transfer-Encoding: gzip, chunked\r\n"), 501),
  .refuses(head("Transfer-Encoding: , chunked\r\n")),
  .refuses(head("Transfer-Encoding:\r\n")),
  .refuses(head("Transfer-Encoding: chun\u{212A}ed\r\n")),
  .refuses(head("Transfer-Encoding: xchunked\r\n")),

  // Chunks.
  .accepts(chunked("3;a=b;c=\"d\\\"e\" ; f\r\nabc\r\n00\r\nT: u\r\n\r\n"), "POST", "/", "abc"),
  .accepts(chunked("A\r\n0123456789\r\n0\r\n\r\n"), "POST", "/", "0123456789"),
  .refuses(chunked("\r\n")),
  .refuses(chunked("g")),
  .refuses(chunked("0x3\r\nabc\r\n")),
  .refuses(chunked("-3\r\nabc\r\n")),
  .refuses(chunked(" 3\r\nabc\r\n")),
  .refuses(chunked("3 \r\nabc\r\n")),
  .refuses(chunked("3\nabc\r\n")),
  .refuses(chunked("3;\r\nabc\r\n")),
  .refuses(chunked("3;a=\r\nabc\r\n")),
  .refuses(chunked("3;a=\"b\r\nabc\r\n")),
  .refuses(chunked("3;a\rb\r\nabc\r\n")),
  .refuses(chunked("3\r\nabcd\r\n")),
  .refuses(chunked("3\r\nabc\n")),
  .refuses(chunked("11111111111111111")),
  .refuses(chunked("FFFFFFFFFFFFFFFF\r\n"), 413),
  .refuses(chunked("0\r\nA : b\r\n\r\n")),
  .refuses(chunked("0\r\n A: b\r\n\r\n")),
  .waits(chunked("3\r\nabc\r\n0\r\n")),
]

@Suite("RequestParser")
struct RequestParserTests {
  @Test("reads a request as a whole", arguments: cases)
  fileprivate func whole(_ this: Case) {
    #expect(parse(Array(this.bytes.utf8), by: .max) == [this.outcome])
  }

  @Test("reads a request that comes byte by byte", arguments: cases)
  fileprivate func byteByByte(_ this: Case) {
    #expect(parse(Array(this.bytes.utf8), by: 1) == [this.outcome])
  }

  @Test("reads a request with the next one behind it", arguments: cases)
  fileprivate func pipelined(_ this: Case) {
    let next = head("", "GET /next HTTP/1.1")
    switch this.outcome {
    case .request:
      #expect(parse(Array((this.bytes + next).utf8), by: .max) == [this.outcome, .request("GET /next []")])
    case .refused:
      #expect(parse(Array((this.bytes + next).utf8), by: .max) == [this.outcome])
    case .waits: break
    }
  }

  @Test("keeps fields in order, with their names as sent and their bytes untouched")
  func fields() throws {
    var parser = RequestParser(limits: Limits(), peer: "p")
    let bytes = Array("GET / HTTP/1.1\r\nhOST: a\r\nX: \t b c \t\r\nX: ".utf8) + [0xE9, 13, 10, 13, 10]
    bytes.withUnsafeBytes { parser.append($0) }
    guard case .request(let request, _, _) = try parser.next() else { throw CancellationError() }
    #expect(request.headerFields.map(\.name.rawName) == ["hOST", "X", "X"])
    #expect(request.headerFields[1].value == "b c")
    #expect(request.headerFields[2].withUnsafeBytesOfValue { Array($0) } == [0xE9])
    #expect(request.authority == "a")
    #expect(request.peer == "p")
  }

  @Test("asks for an interim answer once, and only where the body has not begun to come")
  func expectation() throws {
    func events(_ pieces: String...) throws -> [String] {
      var parser = RequestParser(limits: Limits())
      var names: [String] = []
      for piece in pieces {
        Array(piece.utf8).withUnsafeBytes { parser.append($0) }
        while let event = try parser.next() {
          switch event {
          case .head(_, _, let expectsContinue): names.append(expectsContinue ? "continue" : "head")
          case .request: names.append("request")
          }
        }
      }
      return names
    }
    let fields = "Expect: 100-Continue\r\nContent-Length: 2\r\n"
    #expect(try events(head(fields), "a", "b") == ["continue", "request"])
    #expect(try events(head(fields) + "a", "b") == ["head", "request"])
    #expect(try events(head("Expect: 100-continue\r\n")) == ["request"])
    #expect(try events(head(fields, "POST / HTTP/1.0"), "ab") == ["head", "request"])
    #expect(throws: WireError.contentTooLarge(limit: 16 * 1024 * 1024)) {
      try events(head("Expect: 100-continue\r\nContent-Length: 99999999\r\n"))
    }
  }

  @Test("holds every limit, and takes what is just below it")
  func limits() {
    func outcome(_ text: String, _ change: (inout Limits) -> Void = { _ in }) -> Outcome? {
      var limits = Limits()
      change(&limits)
      let outcomes = [1, 1000, .max].map { parse(Array(text.utf8), by: $0, limits: limits).last }
      #expect(Set(outcomes.map { String(describing: $0) }).count == 1)
      return outcomes[0]
    }
    func line(_ count: Int) -> String {
      head("", "GET /\(String(repeating: "a", count: count - 14)) HTTP/1.1")
    }
    #expect(outcome(line(16 * 1024)) != .refused(414))
    #expect(outcome(line(16 * 1024 + 1)) == .refused(414))
    #expect(outcome("GET /" + String(repeating: "a", count: 17000)) == .refused(414))
    func field(_ count: Int) -> String { head("X: \(String(repeating: "a", count: count))\r\n") }
    #expect(outcome(field(32 * 1024 - 14)) == .request("GET / []"))
    #expect(outcome(field(32 * 1024 - 13)) == .refused(431))
    #expect(outcome(head(String(repeating: "X: y\r\n", count: 99))) == .request("GET / []"))
    #expect(outcome(head(String(repeating: "X: y\r\n", count: 100))) == .refused(431))
    #expect(outcome(head("Content-Length: 4\r\n") + "abcd") { $0.body = 4 } == .request("GET / [abcd]"))
    #expect(outcome(head("Content-Length: 5\r\n")) { $0.body = 4 } == .refused(413))
    #expect(outcome(chunked("2\r\nab\r\n3\r\n")) { $0.body = 4 } == .refused(413))
    let extensions = "1;a=\(String(repeating: "b", count: 9000))\r\nx\r\n"
    #expect(outcome(chunked(extensions)) == .waits)
    #expect(outcome(chunked(extensions + extensions)) == .refused(400))
    #expect(outcome(chunked("0\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n")) == .refused(431))
    #expect(outcome(chunked("0\r\n\(String(repeating: "X: y\r\n", count: 101))\r\n")) == .refused(431))
  }

  @Test("spends time in proportion to the bytes, however they arrive", arguments: [1, 7, 4096, 1_000_000])
  func linear(size: Int) throws {
    let fields = (0..<90).map { "X-\($0): \(String(repeating: "a", count: 250))\r\n" }.joined()
    let chunks = String(repeating: "5;x\r\nhello\r\n", count: 3000) + "0\r\n\r\n"
    let text = head("Transfer-Encoding: chunked\r\n" + fields) + chunks
    let bytes = Array((text + text + text).utf8)
    var parser = RequestParser(limits: Limits())
    var requests = 0
    var rest = bytes[...]
    while !rest.isEmpty {
      rest.prefix(size).withUnsafeBytes { parser.append($0) }
      rest = rest.dropFirst(size)
      while let event = try parser.next() {
        if case .request = event { requests += 1 }
      }
    }
    #expect(requests == 3)
    #expect(parser.input.effort < 3 * bytes.count)
  }
}
