import HTTPTypes

/// What stands before the body: the request line, the fields, and what they mean for the connection.
///
/// Fields are checked as they come, so that a bad one is refused as soon as its line is whole.
struct RequestHead {
  /// Where the body ends (RFC 9112 §6.3).
  enum Framing: Hashable {
    case length(Int)
    case chunked
  }

  let line: RequestLine
  private(set) var fields = HTTPFields()
  private var hasHost = false
  private var length: Int?
  private var codings: [String] = []
  private var saysClose = false
  private var saysKeepAlive = false
  private var saysContinue = false

  init(_ line: RequestLine) { self.line = line }

  /// Whether the peer lets the connection go on after the answer (RFC 9112 §9.3).
  var keepsAlive: Bool { !saysClose && (!line.isHTTP10 || saysKeepAlive) }

  /// Whether the peer waits for an interim answer before it sends the body; never of HTTP/1.0 (RFC 9110 §10.1.1).
  var expectsContinue: Bool { saysContinue && !line.isHTTP10 }

  mutating func append(_ field: HTTPField) throws(WireError) {
    switch field.name.canonicalName {
    case "host":
      // RFC 9112 §3.2: more than one Host, or one that is not valid, has to be answered with 400.
      guard !hasHost else { throw .malformed("There is more than one Host field.") }
      guard Authority.isValid(field.value.utf8.span) else {
        throw .malformed("The Host field names no valid host.")
      }
      hasHost = true
    case "content-length":
      guard length == nil else { throw .malformed("There is more than one Content-Length field.") }
      length = try Self.length(field.value.utf8.span)
    case "transfer-encoding":
      codings += field.value.split(separator: ",", omittingEmptySubsequences: false).map(Self.word)
    case "connection":
      for option in field.value.split(separator: ",") {
        switch Self.word(option) {
        case "close": saysClose = true
        case "keep-alive": saysKeepAlive = true
        default: break
        }
      }
    case "expect":
      guard Self.word(field.value[...]) == "100-continue" else { throw .expectationFailed }
      saysContinue = true
    default: break
    }
    fields.append(field)
  }

  /// What the fields say together, asked once all have come.
  func framing(limits: Limits) throws(WireError) -> Framing {
    // RFC 9112 §3.2: a request of HTTP/1.1 without Host has to be answered with 400.
    guard hasHost || line.isHTTP10 else { throw .malformed("There is no Host field.") }
    guard codings.isEmpty else { return try chunked() }
    guard let length else { return .length(0) }
    guard length <= limits.body else { throw .contentTooLarge(limit: limits.body) }
    return .length(length)
  }

  /// RFC 9112 §6.1: chunked once and alone, not in HTTP/1.0, and never beside a length.
  private func chunked() throws(WireError) -> Framing {
    guard length == nil else { throw .malformed("There are both Transfer-Encoding and Content-Length.") }
    guard !line.isHTTP10 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
    if codings == ["chunked"] { return .chunked }
    let others = codings.filter { $0 != "chunked" }
    guard codings.last == "chunked", !others.contains(""), others.count == codings.count - 1 else {
      throw .malformed("The transfer coding is not chunked, once and last.")
    }
    throw .notImplemented("The server knows no transfer coding other than chunked.")
  }

  /// Digits and nothing else; what no 64-bit number holds is too large whatever the limit.
  private static func length(_ digits: Span<UInt8>) throws(WireError) -> Int {
    guard digits.count > 0 else { throw .malformed("The Content-Length field is empty.") }
    var length = 0
    for index in digits.indices {
      guard Octet.isDigit(digits[index]) else {
        throw .malformed("The Content-Length field is not a number.")
      }
      length = length > Int.max / 10 - 1 ? .max : length * 10 + Int(digits[index] - 48)
    }
    return length
  }

  /// An element of a list in lower case. Only ASCII is folded: `String.lowercased` would make the Kelvin sign a k.
  private static func word(_ element: Substring) -> String {
    let bytes = element.utf8.span
    return bytes.extracting(bytes.content).asciiLowercased
  }
}
