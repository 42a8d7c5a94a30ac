/// What answers requests: the server hands it whole requests and sends what it gives back.
public protocol Application: Sendable {
  /// What is to become of a body, by the head of its request. Called on the connection's event loop, and only where
  /// there is a body.
  func screen(_ request: Request) -> Screening

  /// Answers a request. Called on the connection's event loop: what takes long is given back as work for the workers.
  func answer(to request: Request) -> Answer

  /// The answer to what is no request, or to one that the server cannot take at present; the request is given as far
  /// as its head was read, without its body.
  func refusal(_ error: WireError, to request: Request?) -> Response

  /// Called once an answer has been sent, or its connection has gone.
  func completed(_ exchange: Exchange)
}

extension Application {
  /// Has every body read.
  public func screen(_ request: Request) -> Screening { .read }
}

/// What is to become of a body that has not been read yet.
public enum Screening: Sendable {
  /// It is read, and comes with its request.
  case read
  /// It is read to its end, so that the connection can go on, and thrown away: the request comes without it.
  case drop
  /// The request is answered now. The connection ends with the answer, and the peer is not told to send the body.
  case refuse(Response)
}

/// An answer, or the work that makes it.
public enum Answer: Sendable {
  /// The answer.
  case now(Response)
  /// Work for a worker.
  case onWorkers(@Sendable () -> Response)
  /// Work for a thread of its own, for what has to be answered however busy the workers are. It makes no streams.
  case aside(@Sendable () -> Response)
}

/// What became of one request, for logs and metrics.
public struct Exchange: Sendable {
  /// The request, as far as it was read; nil where not even its first line was.
  public var request: Request?
  /// The address of the peer, without its port.
  public var peer: String
  /// The answer, without the bytes of its body.
  public var response: Response
  /// Bytes of the body that were sent.
  public var bytesSent: Int
  /// From the first byte of the request to the last of the answer, in seconds.
  public var seconds: Double

  /// What became of a request.
  public init(request: Request?, peer: String, response: Response, bytesSent: Int, seconds: Double) {
    self.request = request
    self.peer = peer
    self.response = response
    self.bytesSent = bytesSent
    self.seconds = seconds
  }
}
