import Foundation

/// Every limit and time-out of the server, with the defaults it promises.
public struct Limits: Hashable, Sendable {
  // What a request may measure, in bytes unless said otherwise.

  /// The request line; RFC 9112 §3 asks for at least 8,000.
  public var requestLine = 16 * 1024
  /// The method.
  public var method = 32
  /// The header section in all.
  public var headerSection = 32 * 1024
  /// Header fields in number, and trailer fields as well.
  public var fields = 100
  /// The body, chunked coding undone.
  public var body = 16 * 1024 * 1024
  /// A line with the size of a chunk, and the extensions of all chunks of a body together.
  public var chunkExtensions = 16 * 1024
  /// The trailer section.
  public var trailers = 8 * 1024

  // How long a peer may take.

  /// From the first byte of a request to the end of its header section. Progress does not extend it.
  public var headerTime = Duration.seconds(10)
  /// What a body may take at any rate, before `bodyRate` counts.
  public var bodyGrace = Duration.seconds(20)
  /// Bytes in a second that a body must keep up on average after its grace.
  public var bodyRate = 500
  /// Between an answer and the next request.
  public var idleTime = Duration.seconds(60)
  /// Without the peer taking a single byte of its answer.
  public var writeTime = Duration.seconds(30)
  /// After the last answer, to let the peer read it before the socket is closed.
  public var lingerTime = Duration.seconds(1)
  /// What is read and dropped in that time.
  public var lingerBytes = 64 * 1024
  /// What a drain waits for requests in hand.
  public var drainTime = Duration.seconds(10)

  // How much work is taken at a time.

  /// Requests on one connection; the answer to the last one says `Connection: close`.
  public var requestsPerConnection = 1000
  /// Connections at a time.
  public var connections = Limits.connectionsAllowed()
  /// Requests that wait for a worker.
  public var waitingRequests = 64
  /// Memory that the bodies of all requests at hand share, and as much again that long answers share which wait for their
  /// peers; one of these may always wait.
  public var bodyMemory = 64 * 1024 * 1024
  /// Bytes of an answer that wait for the peer; above it the producer of a stream waits too.
  public var writeBuffer = 1024 * 1024

  /// The limits that the server promises.
  public init() {}

  /// 1,024, or what the descriptors of the process leave beside files, databases and listeners.
  private static func connectionsAllowed() -> Int {
    var files = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 else { return 1024 }
    return max(16, min(1024, Int(clamping: files.rlim_cur) - 64))
  }
}
