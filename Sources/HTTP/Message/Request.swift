public import HTTPTypes

/// A whole request: its head has been checked and its body read.
public struct Request: Sendable {
  /// The method.
  public var method: HTTPRequest.Method
  /// What it asks for.
  public var target: Target
  /// The header fields, in order.
  public var headerFields: HTTPFields
  /// The body, chunked coding undone; empty where there is none.
  public var body: [UInt8]
  /// The address of the peer, without its port.
  public var peer: String

  /// A request made by hand, as tests do.
  public init(
    method: HTTPRequest.Method = .get, target: Target, headerFields: HTTPFields = [:], body: [UInt8] = [],
    peer: String = "127.0.0.1"
  ) {
    self.method = method
    self.target = target
    self.headerFields = headerFields
    self.body = body
    self.peer = peer
  }
}
