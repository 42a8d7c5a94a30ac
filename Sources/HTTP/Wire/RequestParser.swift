import HTTPTypes

/// Turns bytes into requests without touching a socket: `append` what came, then ask `next` until it says nil.
///
/// It accepts what RFC 9112 calls a request and refuses everything it merely lets a server tolerate: LF for CRLF,
/// folded lines, space before a colon, repeated or contradictory lengths. After an error it is not asked again.
struct RequestParser {
  /// What the bytes so far amount to.
  enum Event {
    /// A head with a body still to be read: the request without it, and whether the peer waits for `100 Continue`
    /// before it sends the body.
    case head(Request, isHTTP10: Bool, expectsContinue: Bool)
    /// A whole request, and what its head says of the connection.
    case request(Request, isHTTP10: Bool, keepsAlive: Bool)
  }

  /// How far the next request has come; time-outs depend on it.
  enum Progress: Hashable {
    case idle
    case head
    case body
  }

  private enum Stage {
    case requestLine
    case fields
    case fixed(remaining: Int)
    case chunked(ChunkedDecoder)
  }

  private let limits: Limits
  private let peer: String
  private(set) var input = InputBuffer()
  private var stage = Stage.requestLine
  /// Line ends that came where a request should begin.
  private var ahead: [UInt8] = []
  private var head: RequestHead?
  private var headBytes = 0
  private var fieldCount = 0
  private var body = BodyBuffer()

  init(limits: Limits, peer: String = "") {
    self.limits = limits
    self.peer = peer
  }

  var progress: Progress {
    switch stage {
    case .requestLine: input.isEmpty ? .idle : .head
    case .fields: .head
    case .fixed, .chunked: .body
    }
  }

  /// Whether more than one empty line, or half of one, stands where a request should begin.
  var isAtLineEnd: Bool { !ahead.isEmpty && ahead != [Octet.carriageReturn, Octet.lineFeed] }

  /// Bytes of the body that have come.
  var bodyBytes: Int { body.count }
  /// Bytes of it that are kept.
  var heldBytes: Int { body.bytes.count }

  /// The request that is being read, as far as its head has come; nil before its first line is whole.
  var unfinished: Request? { head.map { request($0, body: []) } }

  mutating func append(_ bytes: UnsafeRawBufferPointer) { input.append(bytes) }

  /// Gives back memory that an idle connection does not need.
  mutating func trim() { input.trim() }

  /// Keeps nothing of the body that is being read; the request comes without it.
  mutating func dropBody() { body.drop() }

  /// The next event, or nil where more bytes are needed.
  mutating func next() throws(WireError) -> Event? {
    while true {
      switch stage {
      case .requestLine:
        try passLineEnds()
        guard
          let line = try input.line(
            limit: limits.requestLine, orThrow: .targetTooLong(limit: limits.requestLine))
        else { return nil }
        head = RequestHead(try RequestLine(input.bytes.span.extracting(line), limits: limits))
        stage = .fields
      case .fields:
        guard
          let line = try input.line(
            limit: limits.headerSection - headBytes,
            orThrow: .fieldsTooLarge("The header section is too long."))
        else { return nil }
        if line.isEmpty {
          guard let event = try beginBody() else { continue }
          return event
        }
        headBytes += line.count + 2
        fieldCount += 1
        guard headBytes <= limits.headerSection else {
          throw .fieldsTooLarge("The header section is too long.")
        }
        guard fieldCount <= limits.fields else { throw .fieldsTooLarge("There are too many header fields.") }
        let field = try FieldLine.field(input.bytes.span.extracting(line))
        try head?.append(field)
      case .fixed(let remaining):
        let taken = input.take(upTo: remaining)
        body.append(input.bytes[taken])
        guard taken.count == remaining else {
          stage = .fixed(remaining: remaining - taken.count)
          return nil
        }
        return finish()
      case .chunked(var decoder):
        let isWhole = try decoder.decode(&input, into: &body, limits: limits)
        guard isWhole else {
          stage = .chunked(decoder)
          return nil
        }
        return finish()
      }
    }
  }

  /// Passes over line ends before a request. Alone they ask for nothing, however many; a request may stand behind one empty
  /// line (RFC 9112 §2.2: at least one should be ignored), behind anything else it is not known where it begins.
  private mutating func passLineEnds() throws(WireError) {
    while let byte = input.first {
      guard byte == Octet.carriageReturn || byte == Octet.lineFeed else {
        if isAtLineEnd { throw .malformed("Before the request stands more than one empty line.") }
        return
      }
      guard ahead.count < limits.requestLine else { throw .malformed("Nothing but ends of lines comes.") }
      ahead.append(byte)
      _ = input.take(upTo: 1)
    }
  }

  /// The head is whole: a request without a body, or one whose body is to be read.
  private mutating func beginBody() throws(WireError) -> Event? {
    guard let head else { return nil }
    switch try head.framing(limits: limits) {
    case .length(0): return finish()
    case .length(let length):
      body.expect(length)
      stage = .fixed(remaining: length)
    case .chunked: stage = .chunked(ChunkedDecoder())
    }
    return .head(
      request(head, body: []), isHTTP10: head.line.isHTTP10, expectsContinue: head.expectsContinue && input.isEmpty)
  }

  private mutating func finish() -> Event? {
    guard let head else { return nil }
    let request = request(head, body: body.bytes)
    stage = .requestLine
    self.head = nil
    ahead = []
    (headBytes, fieldCount) = (0, 0)
    body = BodyBuffer()
    return .request(request, isHTTP10: head.line.isHTTP10, keepsAlive: head.keepsAlive)
  }

  private func request(_ head: RequestHead, body: [UInt8]) -> Request {
    Request(
      method: head.line.method, target: head.line.target, absoluteTarget: head.line.absoluteTarget,
      headerFields: head.fields, body: body, peer: peer)
  }
}
