public import HTTPTypes

/// Why the server does not take a request. Closed: every case knows the status that the peer deserves.
public enum WireError: Error, Hashable, Sendable {
  /// The bytes are no request; the sentence says why.
  case malformed(String)
  /// The header section was not complete in time.
  case headerTimeout
  /// The body came too slowly.
  case bodyTimeout
  /// The body is longer than the server takes.
  case contentTooLarge(limit: Int)
  /// The request line is longer than the server takes.
  case targetTooLong(limit: Int)
  /// `Expect` asks for something other than `100-continue`.
  case expectationFailed
  /// The header or trailer section is longer, or has more fields, than the server takes.
  case fieldsTooLarge(String)
  /// The method or the transfer coding is one that the server does not know; the sentence says which.
  case notImplemented(String)
  /// The major version of HTTP is not 1.
  case versionNotSupported
  /// Too many connections or too much waiting work.
  case overloaded

  /// The status that the peer deserves.
  public var status: HTTPResponse.Status {
    switch self {
    case .malformed: .badRequest
    case .headerTimeout, .bodyTimeout: .requestTimeout
    case .contentTooLarge: .contentTooLarge
    case .targetTooLong: .uriTooLong
    case .expectationFailed: .expectationFailed
    case .fieldsTooLarge: .requestHeaderFieldsTooLarge
    case .notImplemented: .notImplemented
    case .versionNotSupported: .httpVersionNotSupported
    case .overloaded: .serviceUnavailable
    }
  }

  /// A stable word for programs.
  public var code: String {
    switch self {
    case .malformed: "malformed_request"
    case .headerTimeout, .bodyTimeout: "request_timeout"
    case .contentTooLarge: "content_too_large"
    case .targetTooLong: "target_too_long"
    case .expectationFailed: "expectation_failed"
    case .fieldsTooLarge: "header_too_large"
    case .notImplemented: "not_implemented"
    case .versionNotSupported: "version_not_supported"
    case .overloaded: "overloaded"
    }
  }

  /// One sentence for people.
  public var detail: String {
    switch self {
    case .malformed(let sentence), .fieldsTooLarge(let sentence), .notImplemented(let sentence): sentence
    case .headerTimeout: "The header section was not complete in time."
    case .bodyTimeout: "The body came too slowly."
    case .contentTooLarge(let limit): "The body is longer than \(limit) bytes."
    case .targetTooLong(let limit): "The request line is longer than \(limit) bytes."
    case .expectationFailed: "The server meets no expectation other than 100-continue."
    case .versionNotSupported: "The server speaks HTTP/1.1 and HTTP/1.0."
    case .overloaded: "The server has more work than it can take at present."
    }
  }
}

extension WireError {
  /// What any request may be answered with before it reaches an endpoint, for the documentation.
  public static let problems: [ProblemSpecification] = [
    .init(400, "malformed_request", "The request is not HTTP as RFC 9112 has it."),
    .init(408, "request_timeout", "The request was not complete in time."),
    .init(413, "content_too_large", "The body is longer than the server takes."),
    .init(414, "target_too_long", "The request line is longer than the server takes."),
    .init(417, "expectation_failed", "`Expect` asks for something other than `100-continue`."),
    .init(431, "header_too_large", "The header section is longer, or has more fields, than the server takes."),
    .init(501, "not_implemented", "The server does not know the method or the transfer coding."),
    .init(503, "overloaded", "The server has more work than it can take at present."),
    .init(505, "version_not_supported", "The server speaks HTTP/1.1 and HTTP/1.0."),
  ]
}
