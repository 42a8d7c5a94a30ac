/// What a connection is doing, for who watches the server.
public enum ConnectionState: String, CaseIterable, Sendable {
  /// It waits for a request.
  case idle
  /// It is in the middle of one.
  case reading
  /// Its request is in work, or waits for a worker.
  case working
  /// Its answer is being sent.
  case writing
  /// The last answer has left, and the peer is given time to read it.
  case closing
}

/// What a server is doing at a moment, and what it has done since it was made.
public struct ServerStatistics: Sendable {
  /// Connections by what they are doing.
  public internal(set) var connections: [ConnectionState: Int] = [:]
  /// Connections that were ever accepted, those among them that were refused then.
  public internal(set) var acceptedConnections = 0
  /// Connections that were refused because there were too many.
  public internal(set) var refusedConnections = 0
  /// Workers there are.
  public internal(set) var workers = 0
  /// Workers at work.
  public internal(set) var busyWorkers = 0
  /// Requests that wait for a worker.
  public internal(set) var waitingRequests = 0
  /// Requests that were refused because too many waited.
  public internal(set) var refusedRequests = 0
  /// Streams that workers are making.
  public internal(set) var streams = 0
  /// Streams that were refused because there were too many.
  public internal(set) var refusedStreams = 0
  /// Bytes of request bodies in memory.
  public internal(set) var bodyBytes = 0
  /// Bodies for which there was no memory.
  public internal(set) var refusedBodies = 0
}
