import HTTPTypes
import Testing

@testable import HTTP

/// What a parser made of some bytes.
enum Outcome: Equatable, CustomStringConvertible {
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
struct Case: CustomTestStringConvertible, Sendable {
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

/// Feeds bytes in pieces of a size and takes out what they are after each.
func parse(_ bytes: [UInt8], by size: Int, limits: Limits = Limits()) -> [Outcome] {
  parse(cut(bytes) { size }, limits: limits)
}

/// Cuts bytes into pieces of the sizes that are given.
func cut(_ bytes: [UInt8], sizes: () -> Int) -> [ArraySlice<UInt8>] {
  var pieces: [ArraySlice<UInt8>] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    let size = sizes()
    pieces.append(rest.prefix(size))
    rest = rest.dropFirst(size)
  }
  return pieces
}

/// Feeds pieces and takes out what they are after each.
func parse(_ pieces: [ArraySlice<UInt8>], limits: Limits = Limits()) -> [Outcome] {
  var parser = RequestParser(limits: limits)
  var outcomes: [Outcome] = []
  do throws(WireError) {
    for piece in pieces {
      piece.withUnsafeBytes { parser.append($0) }
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

func head(_ fields: String, _ line: String = "GET / HTTP/1.1") -> String {
  "\(line)\r\nHost: a\r\n\(fields)\r\n"
}

func chunked(_ body: String) -> String {
  head("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.1") + body
}

let cases: [Case] = [
  // Request lines.
  .accepts(head(""), "GET", "/"),
  .accepts("\r\n" + head(""), "GET", "/"),
  .refuses("\r\n\r\n" + head("")), .refuses("\n" + head("")), .refuses("\r" + head("")),
  .waits("\r\n\r\n"), .waits("\n"), .waits("\r"), .waits(String(repeating: "\r\n", count: 8192)),
  .refuses(String(repeating: "\r\n", count: 8193)),
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
