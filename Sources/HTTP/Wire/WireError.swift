public import HTTPTypes

/// Why the server does not take a request. Closed: every case knows the status that the peer deserves.
public enum WireError: Error, Hashable, Sendable {
  /// The bytes are no request; the sentence says why.
  case malformed(String)
  /// Too many connections or too much waiting work.
  case overloaded

  /// The status that the peer deserves.
  public var status: HTTPResponse.Status {
    switch self {
    case .malformed: .badRequest
    case .overloaded: .serviceUnavailable
    }
  }

  /// A stable word for programs.
  public var code: String {
    switch self {
    case .malformed: "malformed_request"
    case .overloaded: "overloaded"
    }
  }

  /// One sentence for people.
  public var detail: String {
    switch self {
    case .malformed(let sentence): sentence
    case .overloaded: "The server has more work than it can take at present."
    }
  }
}
