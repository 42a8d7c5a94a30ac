public import HTTPTypes

/// A whole request: its head has been checked and its body read.
public struct Request: Sendable {
  /// The method.
  public var method: HTTPRequest.Method
  /// What it asks for.
  public var target: Target
  /// The target as sent where it was a whole URL (RFC 9112 §3.2.2).
  public var absoluteTarget: String?
  /// The header fields, in order.
  public var headerFields: HTTPFields
  /// The body, chunked coding undone; empty where there is none.
  public var body: [UInt8]
  /// The address of the peer, without its port.
  public var peer: String

  /// A request made by hand, as tests do.
  public init(
    method: HTTPRequest.Method = .get, target: Target, absoluteTarget: String? = nil,
    headerFields: HTTPFields = [:], body: [UInt8] = [], peer: String = "127.0.0.1"
  ) {
    self.method = method
    self.target = target
    self.absoluteTarget = absoluteTarget
    self.headerFields = headerFields
    self.body = body
    self.peer = peer
  }

  /// Whether it asks for no change (RFC 9110 §9.2.1).
  public var isSafe: Bool { [.get, .head, .options].contains(method) }

  /// The host, and the port if any, that the request is for: a URL in the request line wins over the `Host` field
  /// (RFC 9112 §3.2.2). Nil only in HTTP/1.0.
  public var authority: String? {
    guard let absoluteTarget, let colon = absoluteTarget.firstIndex(of: ":") else {
      return headerFields.first { $0.name.canonicalName == "host" }?.value
    }
    return String(absoluteTarget[colon...].dropFirst(3).prefix { $0 != "/" && $0 != "?" })
  }
}
