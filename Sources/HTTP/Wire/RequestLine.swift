import HTTPTypes

/// The first line of a request (RFC 9112 §3): method, target and version, with one space between them.
struct RequestLine {
  let method: HTTPRequest.Method
  let target: Target
  /// The target as sent where it was in absolute form.
  let absoluteTarget: String?
  /// HTTP/1.0; every later minor version is spoken to as 1.1.
  let isHTTP10: Bool

  init(_ line: Span<UInt8>, limits: Limits) throws(WireError) {
    var first = 0
    while first < line.count, Octet.isToken(line[first]) { first += 1 }
    guard first > 0, first < line.count, line[first] == Octet.space else {
      throw .malformed("The request line does not begin with a method and a space.")
    }
    var second = first + 1
    while second < line.count, line[second] > 0x20, line[second] < 0x7F, line[second] != UInt8(ascii: "#") {
      second += 1
    }
    guard second > first + 1, second < line.count, line[second] == Octet.space else {
      throw .malformed("The request line has no target, or one with a character that has to be percent-encoded.")
    }
    isHTTP10 = try Self.isHTTP10(line.extracting((second + 1)...))
    guard first <= limits.method else {
      throw .notImplemented("The server knows no method with so long a name.")
    }
    method = try Self.method(line.extracting(..<first))
    (target, absoluteTarget) = try Self.target(line.extracting((first + 1)..<second), method: method)
  }

  private static func isHTTP10(_ version: Span<UInt8>) throws(WireError) -> Bool {
    let prefix: StaticString = "HTTP/"
    guard version.count == 8, Octet.isDigit(version[5]), version[6] == UInt8(ascii: "."),
      Octet.isDigit(version[7])
    else { throw .malformed("The request line does not end with a version of HTTP.") }
    for index in 0..<5 where version[index] != prefix.utf8Start[index] {
      throw .malformed("The request line does not end with a version of HTTP.")
    }
    guard version[5] == UInt8(ascii: "1") else { throw .versionNotSupported }
    return version[7] == UInt8(ascii: "0")
  }

  private static func method(_ name: Span<UInt8>) throws(WireError) -> HTTPRequest.Method {
    let text = name.text
    switch text {
    case "GET": return .get
    case "HEAD": return .head
    case "POST": return .post
    default:
      guard let method = HTTPRequest.Method(text) else { throw .malformed("The method is not a token.") }
      return method
    }
  }

  /// The four forms of RFC 9112 §3.2; the authority form belongs to CONNECT, which only a proxy has.
  private static func target(
    _ bytes: Span<UInt8>, method: HTTPRequest.Method
  ) throws(WireError) -> (Target, String?) {
    if method == .connect { throw .notImplemented("The server is no proxy and does not know CONNECT.") }
    let sent = bytes.text
    if bytes[0] == Octet.slash { return (try decoded(sent), nil) }
    if sent == "*" {
      guard method == .options else { throw .malformed("Only OPTIONS has * for a target.") }
      return (try decoded(sent), nil)
    }
    guard let scheme = schemeLength(bytes) else {
      throw .malformed("The target is neither a path nor an http URL.")
    }
    var path = scheme
    while path < bytes.count, bytes[path] != Octet.slash, bytes[path] != Octet.question { path += 1 }
    guard Authority.isValid(bytes.extracting(scheme..<path)) else {
      throw .malformed("The URL of the target names no valid host.")
    }
    let rest = bytes.extracting(path...).text
    if rest.isEmpty { return (try decoded(method == .options ? "*" : "/"), sent) }
    return (try decoded(rest.utf8.first == Octet.slash ? rest : "/" + rest), sent)
  }

  private static func schemeLength(_ bytes: Span<UInt8>) -> Int? {
    if bytes.count >= 7, bytes.extracting(..<7).equalsIgnoringCase("http://") { return 7 }
    if bytes.count >= 8, bytes.extracting(..<8).equalsIgnoringCase("https://") { return 8 }
    return nil
  }

  private static func decoded(_ raw: String) throws(WireError) -> Target {
    guard let target = Target(raw) else { throw .malformed("A percent code in the target is broken.") }
    return target
  }
}
