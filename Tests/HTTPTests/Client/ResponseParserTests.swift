import HTTPTypes
import Testing

@testable import HTTP

@Suite("Reading an answer")
struct ResponseParserTests {
  /// What the bytes of a connection amount to: status, body, whether the answer is whole, whether the connection goes on.
  private static func read(
    _ text: String, pieces: Int = .max
  ) throws -> (status: Int, body: String, isWhole: Bool, keepsAlive: Bool) {
    var parser = ResponseParser()
    var (status, body, isWhole) = (0, [UInt8](), false)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      Array(rest.prefix(pieces)).withUnsafeBytes { parser.append($0) }
      rest = rest.dropFirst(pieces)
      while let event = try parser.next() {
        switch event {
        case .head(let head): status = head.status.code
        case .body(let piece): body += piece
        case .end: isWhole = true
        }
      }
    }
    return (
      status, String(decoding: body, as: UTF8.self), isWhole || parser.endsWithConnection(), parser.keepsAlive
    )
  }

  @Test(
    "its body ends by length, by chunks or with the connection, however it comes",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n春耕", 200, "春耕", true),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n春\r\n3;a=b\r\n耕\r\n0\r\nX: y\r\n\r\n", 200, "春耕",
        true
      ),
      ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\n春", 200, "春", false),
      ("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n春", 200, "春", false),
      ("HTTP/1.1 200 OK\r\n\r\n春耕", 200, "春耕", false),
      ("HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n", 304, "", true),
      ("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", 404, "", true),
    ])
  func framing(text: String, status: Int, body: String, keepsAlive: Bool) throws {
    for pieces in [Int.max, 1, 7] {
      let answer = try Self.read(text, pieces: pieces)
      #expect(answer.status == status && answer.body == body && answer.isWhole && answer.keepsAlive == keepsAlive)
    }
  }

  @Test("one that is cut off is not whole")
  func cut() throws {
    let texts = [
      "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n春", "HTTP/1.1 200 OK\r\nContent-Le",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n春耕\r\n0\r\n",
    ]
    for text in texts { #expect(try !Self.read(text).isWhole) }
  }

  @Test(
    "what is ambiguous or no HTTP is refused",
    arguments: [
      "SSH-2.0-OpenSSH\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.1 20 OK\r\n", "HTTP/1.1 200 OK\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    ])
  func refusals(text: String) { #expect(throws: WireError.self) { try Self.read(text) } }
}
