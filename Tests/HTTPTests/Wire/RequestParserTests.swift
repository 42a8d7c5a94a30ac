import HTTPTypes
import Testing

@testable import HTTP

@Suite("RequestParser")
struct RequestParserTests {
  @Test("reads a request as a whole", arguments: cases)
  func whole(_ this: Case) {
    #expect(parse(Array(this.bytes.utf8), by: .max) == [this.outcome])
  }

  @Test("reads a request that comes byte by byte", arguments: cases)
  func byteByByte(_ this: Case) {
    #expect(parse(Array(this.bytes.utf8), by: 1) == [this.outcome])
  }

  @Test("reads a request with the next one behind it", arguments: cases)
  func pipelined(_ this: Case) {
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
    #expect(outcome("GET /" + String(repeating: "a", count: 17000) + "\n") == .refused(414))
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
