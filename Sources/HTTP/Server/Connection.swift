import Glibc

/// One connection: reads what comes, has its requests answered one after the other, and ends it.
///
/// It belongs to its event loop and never leaves it; every method that needs the loop takes it as `isolated`.
final class Connection {
  /// What the connection is about.
  enum Phase {
    /// It waits for a request or is in the middle of one.
    case reading
    /// A request is in work.
    case working
    /// The body of an answer is being made while it is sent.
    case streaming
    /// The last answer has left; the peer is given time to read it before the socket is closed.
    case lingering
    case closed
  }

  let id: Int
  let descriptor: Int32
  /// The address of the peer, without its port.
  let peer: String
  let limits: Limits
  var parser: RequestParser
  var outbox = Outbox()
  var phase = Phase.reading
  /// The answer at the end of the outbox is the last one.
  var isLast = false
  /// The last answer is not whole, and the peer has to notice.
  var isBroken = false
  var pipe: BodyPipe?
  /// How the body from the pipe is framed.
  var pipeFraming = ResponseEncoder.Framing.none
  var exchanges: [OpenExchange] = []
  var served = 0
  /// An answer has been given since the connection last waited for bytes.
  var hasAnswered = false
  /// Bytes of the shared memory for bodies that this connection holds.
  var heldBody = 0
  /// Bytes of the shared memory for long answers that this connection holds.
  var heldAnswer = 0

  var progress = RequestParser.Progress.idle
  /// When `progress` became what it is, or the phase where that has a time of its own.
  var since = Uptime.now
  /// When the first byte of the next request came.
  var began: UInt64 = 0
  var lastSent: UInt64 = 0
  private var dropped = 0
  private var wantsReading = true
  private var wantsWriting = false

  init(id: Int, descriptor: Int32, peer: String, limits: Limits) {
    self.id = id
    self.descriptor = descriptor
    self.peer = peer
    self.limits = limits
    parser = RequestParser(limits: limits, peer: peer)
  }

  /// What the connection is doing.
  var state: ConnectionState {
    switch phase {
    case .working: .working
    case .lingering, .closed: .closing
    case .reading where outbox.isEmpty: progress == .idle ? .idle : .reading
    case .reading, .streaming: .writing
    }
  }

  func open(_ loop: isolated EventLoop, isWelcome: Bool) {
    guard loop.poller.watch(descriptor, id: id) else { return close(loop) }
    if !isWelcome {
      refuse(.overloaded, loop)
      flush(loop)
    }
  }

  // MARK: Reading

  /// The kernel has something to say of the socket.
  func ready(_ event: Poller.Event, _ loop: isolated EventLoop) {
    if event.isReadable || event.isDead {
      switch phase {
      case .reading where outbox.isEmpty && !isLast: receive(loop)
      case .lingering: drop(loop)
      case .closed: break
      default: event.isDead ? close(loop) : watch(loop, reading: false)
      }
    }
    if event.isWritable { writable(loop) }
  }

  /// Says what the kernel should tell. Bytes that nobody wants yet wait in the socket, and in the end with the peer.
  private func watch(_ loop: isolated EventLoop, reading: Bool? = nil, writing: Bool? = nil) {
    let (reading, writing) = (reading ?? wantsReading, writing ?? wantsWriting)
    guard phase != .closed, reading != wantsReading || writing != wantsWriting else { return }
    (wantsReading, wantsWriting) = (reading, writing)
    loop.poller.change(descriptor, id: id, reading: reading, writing: writing)
  }

  func receive(_ loop: isolated EventLoop) {
    let count = take(loop)
    guard count > 0 else {
      // A peer that ends in the middle of a request has gone; to one that ends after it, everything was sent.
      if count == 0 || errno != EAGAIN && errno != EINTR { close(loop) }
      return
    }
    if progress == .idle { began = loop.now }
    advance(loop)
  }

  /// Takes what waits in the socket, once; gives what `read` does.
  @discardableResult
  func take(_ loop: isolated EventLoop) -> Int {
    let count = loop.scratch.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 { loop.scratch.withUnsafeBytes { parser.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
    return count
  }

  /// Has every request answered that is whole, until one is in work, one is not whole, or the socket is full.
  func advance(_ loop: isolated EventLoop) {
    while phase == .reading, !isLast {
      if outbox.count > 64 * 1024 {
        flush(loop)
        guard outbox.isEmpty else { return }
      }
      if hasAnswered { began = loop.now }
      do throws(WireError) {
        switch try parser.next() {
        case .head(let request, let isHTTP10, let expectsContinue):
          switch loop.site.application.screen(request) {
          case .refuse(let response): turnAway(request, isHTTP10: isHTTP10, with: response, loop)
          case .drop:
            parser.dropBody()
            fallthrough
          case .read: if expectsContinue { outbox.append(ResponseEncoder.continue) }
          }
        case .request(let request, let isHTTP10, let keepsAlive):
          handle(request, isHTTP10: isHTTP10, keepsAlive: keepsAlive, loop)
        case nil:
          try rest(loop)
          if loop.isDraining, progress == .idle {
            isLast = true
            break
          }
          flush(loop)
          if outbox.isEmpty { watch(loop, reading: true) }
          return
        }
      } catch {
        // Line ends behind a request belong to nobody; an answer to them would be taken for that to the next request.
        if served > 0, parser.isAtLineEnd { isLast = true } else { refuse(error, loop) }
      }
    }
    flush(loop)
  }

  /// Nothing more to be done until bytes come: notes since when, and what the body holds of the shared memory.
  private func rest(_ loop: isolated EventLoop) throws(WireError) {
    let current = parser.progress
    if hasAnswered || current != progress { since = loop.now }
    hasAnswered = false
    progress = current
    switch current {
    case .idle:
      parser.trim()
      outbox.trim()
    case .head: break
    case .body: guard holdBody(parser.heldBytes, loop) else { throw .overloaded }
    }
  }

  /// Reads and drops what a peer still sends after its last answer; closing over unread bytes would reset the
  /// connection, and the reset may overtake the answer (RFC 9112 §9.6).
  private func drop(_ loop: isolated EventLoop) {
    let count = loop.scratch.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    dropped += max(0, count)
    if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR || dropped > limits.lingerBytes {
      close(loop)
    }
  }

  // MARK: Writing

  private func writable(_ loop: isolated EventLoop) {
    flush(loop)
    if outbox.isEmpty, phase == .reading { advance(loop) }
  }

  /// Sends what there is, fetching more from a stream as long as the socket takes it.
  func flush(_ loop: isolated EventLoop) {
    guard phase != .closed, phase != .lingering else { return }
    repeat {
      let before = outbox.count
      let outcome = outbox.send(to: descriptor)
      settle(loop)
      switch outcome {
      case .failed: return close(loop)
      case .full:
        // Also where nothing was sent now: from here on the peer is being waited for.
        if outbox.count < before || lastSent == 0 { lastSent = loop.now }
        watch(loop, writing: true)
        return
      case .sent: lastSent = 0
      }
    } while refill(loop)
    giveBackAnswer(loop)
    watch(loop, writing: false)
    if isLast, phase == .reading { isBroken ? close(loop) : linger(loop) }
  }

  private func linger(_ loop: isolated EventLoop) {
    phase = .lingering
    since = loop.now
    shutdown(descriptor, Int32(SHUT_WR))
    watch(loop, reading: true)
  }
}
