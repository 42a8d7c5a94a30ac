public import HTTPTypes

/// An answer. The connection adds `Date`, framing and `Connection` by itself.
public struct Response: Sendable {
  /// What follows the head.
  public enum Body: Sendable {
    /// Bytes at hand, sent with their length.
    case bytes([UInt8])
    /// So many bytes that a worker reads while they are sent, such as those of a file: any range of them can be asked for.
    case pieces(length: Int, @Sendable (Range<Int>, BodyWriter) throws -> Void)
    /// Bytes that a worker makes while they are sent, with chunked coding.
    case stream(@Sendable (BodyWriter) throws -> Void)
  }

  /// What an application notes of an answer for itself: it comes back with the exchange, and nothing of it is sent.
  public struct Note: Hashable, Sendable {
    /// A number of the application's own for the kind of request.
    public var kind: Int
    /// How long the request waited for a worker, in seconds; nil where it needed none.
    public var waited: Double?
    /// How long the answer took to make after that, in seconds.
    public var worked: Double

    /// A note.
    public init(kind: Int = 0, waited: Double? = nil, worked: Double = 0) {
      self.kind = kind
      self.waited = waited
      self.worked = worked
    }
  }

  /// The status.
  public var status: HTTPResponse.Status
  /// The header fields, in order.
  public var headerFields: HTTPFields
  /// Further header fields as `ResponseEncoder.encoded` writes them, for an application that keeps what it has sent.
  public var encodedFields: [UInt8] = []
  /// The body; of an answer to HEAD only its length is sent.
  public var body: Body
  /// What the application notes of it.
  public var note = Note()

  /// An answer with bytes, or with none.
  public init(status: HTTPResponse.Status, headerFields: HTTPFields = [:], body: Body = .bytes([])) {
    self.status = status
    self.headerFields = headerFields
    self.body = body
  }
}

/// Takes the bytes of a streamed body; waits while the peer is slow to read.
public struct BodyWriter: Sendable {
  /// Sends bytes, waiting while the buffer of the connection is full.
  ///
  /// Throws where the peer has gone or read nothing for the time allowed: then the producer stops.
  public let write: @Sendable ([UInt8]) throws -> Void

  /// A writer that hands what it is given to `write`.
  public init(write: @escaping @Sendable ([UInt8]) throws -> Void) { self.write = write }
}
