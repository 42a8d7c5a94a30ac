public import HTTPTypes

/// Writes the head of an answer and says how its body is framed (RFC 9112 §6).
///
/// `Date`, `Connection` and framing are written here and nowhere else: fields of those names that an application
/// set are left out. A field value cannot hold CR or LF, since HTTPTypes makes spaces of them.
public struct ResponseEncoder {
  /// How the end of a body is told.
  enum Framing: Hashable {
    /// There is no body, and nothing says so: 204 and 304.
    case none
    case length(Int)
    case chunked
    /// The body ends with the connection, for a stream to a peer of HTTP/1.0.
    case untilClose
  }

  /// What the request asks of the form of its answer.
  struct Manner: Hashable, Sendable {
    var isHead = false
    var isHTTP10 = false
    var keepsAlive = true
  }

  private var date = DateStamp()

  /// How the body of this answer is framed.
  static func framing(of response: Response, _ manner: Manner) -> Framing {
    if response.status.code == 204 || response.status.code == 304 || response.status.kind == .informational {
      return .none
    }
    if let length = response.body.length { return .length(length) }
    return manner.isHTTP10 ? .untilClose : .chunked
  }

  /// What makes the body of a stream; nil where there is none to be sent.
  static func producer(
    of response: Response, _ manner: Manner
  ) -> (@Sendable (BodyWriter) throws -> Void)? {
    guard !manner.isHead, framing(of: response, manner) != .none else { return nil }
    switch response.body {
    case .bytes: return nil
    case .pieces(let length, let produce): return { try produce(0..<length, $0) }
    case .stream(let produce): return produce
    }
  }

  /// Appends the status line, the fields and the empty line.
  mutating func encodeHead(of response: Response, framing: Framing, _ manner: Manner, to out: inout [UInt8]) {
    out.append(contentsOf: "HTTP/1.1 ".utf8)
    out.append(decimal: response.status.code)
    out.append(Octet.space)
    out.append(contentsOf: response.status.reasonPhrase.utf8)
    out.append(contentsOf: "\r\nDate: ".utf8)
    date.append(to: &out)
    switch framing {
    case .none, .untilClose: break
    case .length(let length):
      out.append(contentsOf: "\r\nContent-Length: ".utf8)
      out.append(decimal: length)
    case .chunked: out.append(contentsOf: "\r\nTransfer-Encoding: chunked".utf8)
    }
    if !manner.keepsAlive {
      out.append(contentsOf: "\r\nConnection: close".utf8)
    } else if manner.isHTTP10 {
      out.append(contentsOf: "\r\nConnection: keep-alive".utf8)
    }
    Self.append(response.headerFields, to: &out)
    out.append(contentsOf: response.encodedFields)
    out.append(contentsOf: "\r\n\r\n".utf8)
  }

  /// Header fields as they are sent, for `Response.encodedFields`.
  public static func encoded(_ fields: HTTPFields) -> [UInt8] {
    var out: [UInt8] = []
    append(fields, to: &out)
    return out
  }

  private static func append(_ fields: HTTPFields, to out: inout [UInt8]) {
    for field in fields {
      switch field.name.canonicalName {
      case "date", "content-length", "transfer-encoding", "connection", "keep-alive": continue
      default:
        out.append(contentsOf: "\r\n".utf8)
        out.append(contentsOf: field.name.rawName.utf8)
        out.append(contentsOf: ": ".utf8)
        field.withUnsafeBytesOfValue { out.append(contentsOf: $0) }
      }
    }
  }

  /// Appends what goes before the data of a chunk (RFC 9112 §7.1).
  static func encodeChunkSize(_ size: Int, to out: inout [UInt8]) {
    out.append(contentsOf: String(size, radix: 16).utf8)
    out.append(contentsOf: "\r\n".utf8)
  }

  /// What goes behind the data of a chunk.
  static let chunkEnd = Array("\r\n".utf8)
  /// What says that a chunked body is whole.
  static let lastChunk = Array("0\r\n\r\n".utf8)
  /// The interim answer to `Expect: 100-continue`.
  static let `continue` = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}

extension [UInt8] {
  /// Appends a number that is not negative in decimal digits.
  mutating func append(decimal number: Int) {
    if number >= 10 { append(decimal: number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
