import HTTPTypes

/// A request in work, as it travels from the loop to a worker and back.
struct PendingRequest: Sendable {
  /// As far as it was read; nil where not even its first line was.
  var request: Request?
  /// The address of the peer, without its port.
  var peer: String
  var manner = ResponseEncoder.Manner()
  /// When its first byte came.
  var began: UInt64
}

/// An answer that was begun, until its last byte has left.
struct OpenExchange {
  let pending: PendingRequest
  /// The answer without its body.
  let response: Response
  /// Where the body begins among all bytes of the connection.
  let bodyStart: Int
  /// Where it ends; nil while a stream goes on.
  var end: Int?

  init(_ pending: PendingRequest, _ response: Response, bodyStart: Int, end: Int?) {
    self.pending = pending
    self.response = response.withoutBody
    self.bodyStart = bodyStart
    self.end = end
  }

  /// What became of it, once so many bytes of the connection have been sent.
  func exchange(sent: Int) -> Exchange {
    Exchange(
      request: pending.request, peer: pending.peer, response: response,
      bytesSent: max(0, min(sent, end ?? sent) - bodyStart),
      seconds: Double(Uptime.now - pending.began) / 1e9)
  }
}

extension Response {
  /// Its status, its fields and what was noted of it.
  var withoutBody: Response {
    var response = Response(status: status, headerFields: headerFields)
    response.note = note
    return response
  }
}
