/// What answers requests: the server hands it whole requests and sends what it gives back.
public protocol Application: Sendable {
  /// Answers a request. Called on the connection's event loop: what takes long is given back as work for the workers.
  func answer(to request: Request) -> Answer

  /// The answer to what is no request, or to one that the server cannot take at present.
  func refusal(_ error: WireError) -> Response

  /// Called once an answer has been sent, or its connection has gone.
  func completed(_ exchange: Exchange)
}

/// An answer, or the work that makes it.
public enum Answer: Sendable {
  /// The answer.
  case now(Response)
  /// Work for a worker.
  case onWorkers(@Sendable () -> Response)
}

/// What became of one request, for logs and metrics.
public struct Exchange: Sendable {
  /// The request; nil where it never became one.
  public var request: Request?
  /// The answer, without the bytes of its body.
  public var response: Response
  /// Bytes of the body that were sent.
  public var bytesSent: Int
  /// From the first byte of the request to the last of the answer, in seconds.
  public var seconds: Double

  /// What became of a request.
  public init(request: Request?, response: Response, bytesSent: Int, seconds: Double) {
    self.request = request
    self.response = response
    self.bytesSent = bytesSent
    self.seconds = seconds
  }
}
