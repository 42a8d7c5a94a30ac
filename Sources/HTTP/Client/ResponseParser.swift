import HTTPTypes

/// Turns bytes into the answer to a GET without touching a socket: `append` what came, then ask `next` until it says nil.
///
/// It is as strict as `RequestParser`: what one side of a connection takes for the end of an answer and another does not is
/// how answers are mixed up.
struct ResponseParser {
  /// What the bytes so far amount to.
  enum Event {
    case head(HTTPResponse)
    case body(ArraySlice<UInt8>)
    case end
  }

  private enum Stage {
    case statusLine
    case fields
    case fixed(remaining: Int)
    case chunked(ChunkedDecoder)
    /// Up to the end of the connection (RFC 9112 §6.3, rule 8).
    case rest
    case ended
  }

  private let limits: Limits
  private var input = InputBuffer()
  private var stage = Stage.statusLine
  private var head = HTTPResponse(status: .ok)
  private var isHTTP10 = false
  private var headBytes = 0

  init(limits: Limits = Limits()) {
    var limits = limits
    // It is for whoever takes the body to say when it is too long.
    limits.body = .max
    self.limits = limits
  }

  /// Whether another request may follow on the connection.
  private(set) var keepsAlive = false

  mutating func append(_ bytes: UnsafeRawBufferPointer) { input.append(bytes) }

  /// The next event, or nil where more bytes are needed.
  mutating func next() throws(WireError) -> Event? {
    while true {
      switch stage {
      case .statusLine:
        guard
          let line = try input.line(
            limit: limits.requestLine, orThrow: .malformed("The status line of the answer is too long."))
        else { return nil }
        (head, isHTTP10) = try Self.status(input.bytes.span.extracting(line))
        headBytes = 0
        stage = .fields
      case .fields:
        guard
          let line = try input.line(
            limit: limits.headerSection - headBytes,
            orThrow: .fieldsTooLarge("The header section of the answer is too long."))
        else { return nil }
        if line.isEmpty {
          guard try beginBody() else { continue }
          return .head(head)
        }
        headBytes += line.count + 2
        guard headBytes <= limits.headerSection else {
          throw .fieldsTooLarge("The header section of the answer is too long.")
        }
        head.headerFields.append(try FieldLine.field(input.bytes.span.extracting(line)))
      case .fixed(0):
        stage = .ended
        return .end
      case .fixed(let remaining):
        let taken = input.take(upTo: remaining)
        guard !taken.isEmpty else { return nil }
        stage = .fixed(remaining: remaining - taken.count)
        return .body(input.bytes[taken])
      case .chunked(var decoder):
        var piece = BodyBuffer()
        let isWhole = try decoder.decode(&input, into: &piece, limits: limits)
        stage = isWhole ? .fixed(remaining: 0) : .chunked(decoder)
        if piece.count > 0 { return .body(piece.bytes[...]) }
        if !isWhole { return nil }
      case .rest:
        let taken = input.take(upTo: .max)
        return taken.isEmpty ? nil : .body(input.bytes[taken])
      case .ended: return nil
      }
    }
  }

  /// The connection has ended: whether that is the end of the answer.
  func endsWithConnection() -> Bool { if case .rest = stage { true } else { false } }

  private static func status(_ line: Span<UInt8>) throws(WireError) -> (head: HTTPResponse, isHTTP10: Bool) {
    let text = line.text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard text.count >= 2, text[0].hasPrefix("HTTP/1."), text[0].utf8.count == 8, text[1].utf8.count == 3,
      let code = Int(text[1]), (100...599).contains(code)
    else { throw .malformed("What answers speaks no HTTP/1.1.") }
    return (HTTPResponse(status: .init(code: code)), text[0] == "HTTP/1.0")
  }

  /// The head is whole; false where it is that of an interim answer (RFC 9110 §15.2), which another follows.
  private mutating func beginBody() throws(WireError) -> Bool {
    guard head.status.code >= 200 else {
      stage = .statusLine
      return false
    }
    let options = words(.connection)
    keepsAlive = !options.contains("close") && (!isHTTP10 || options.contains("keep-alive"))
    let codings = words(.transferEncoding)
    if head.status.code == 204 || head.status.code == 304 {
      stage = .fixed(remaining: 0)
    } else if !codings.isEmpty {
      guard codings == ["chunked"], head.headerFields[.contentLength] == nil else {
        throw .malformed("The framing of the answer is ambiguous.")
      }
      stage = .chunked(ChunkedDecoder())
    } else if let field = head.headerFields[.contentLength] {
      guard !field.isEmpty, field.utf8.allSatisfy(Octet.isDigit), let length = Int(field) else {
        throw .malformed("The Content-Length field of the answer is not a number.")
      }
      stage = .fixed(remaining: length)
    } else {
      stage = .rest
      keepsAlive = false
    }
    return true
  }

  private func words(_ name: HTTPField.Name) -> [String] {
    head.headerFields[values: name].flatMap { $0.split(separator: ",") }.map {
      let bytes = $0.utf8.span
      return bytes.extracting(bytes.content).asciiLowercased
    }
  }
}
