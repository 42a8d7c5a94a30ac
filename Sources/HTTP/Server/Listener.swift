import Dispatch
import Glibc
import Logging

/// Accepts connections on one socket and gives them to the event loops in turn.
actor Listener {
  nonisolated let address: ListeningAddress
  nonisolated private let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let descriptor: Int32
  private let loops: [EventLoop]
  private let capacity: Capacity
  private let logger: Logger
  private var source: (any DispatchSourceRead)?
  private var isPaused = false
  private var turn = 0

  /// Connections that are accepted before the queue of the listener may turn to something else.
  private static let batch = 64

  init(_ socket: ListeningSocket, loops: [EventLoop], capacity: Capacity, logger: Logger) {
    address = socket.address
    descriptor = socket.descriptor
    executor = QueueExecutor(label: "http.listener.\(socket.address.port)")
    self.loops = loops
    self.capacity = capacity
    self.logger = logger
  }

  nonisolated func start() {
    executor.queue.async { @Sendable [self] in assumeIsolated { $0.arm() } }
  }

  /// Accepts no more. The socket is closed when this returns.
  nonisolated func stop() {
    let done = DispatchSemaphore(value: 0)
    executor.queue.async { @Sendable [self] in assumeIsolated { $0.disarm(done) } }
    done.wait()
  }

  private func arm() {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
    source.setEventHandler { @Sendable [self] in assumeIsolated { $0.accept() } }
    source.activate()
    self.source = source
  }

  private func disarm(_ done: DispatchSemaphore) {
    guard let source else {
      done.signal()
      return
    }
    // A descriptor may be closed only once its source has let go of it.
    source.setCancelHandler { @Sendable [descriptor] in
      Glibc.close(descriptor)
      done.signal()
    }
    if isPaused { source.resume() }
    isPaused = false
    source.cancel()
    self.source = nil
  }

  private func accept() {
    guard source != nil, !isPaused else { return }
    for _ in 0..<Self.batch {
      let (client, peer) = SocketAddress.accept(descriptor)
      guard client >= 0 else {
        switch errno {
        case EINTR, ECONNABORTED, EPROTO: continue
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return pause(errno)
        default: return
        }
      }
      let admission = capacity.admit()
      guard admission != .drop, makeNonBlocking(client) else {
        if admission != .drop { capacity.leave() }
        Glibc.close(client)
        continue
      }
      setOption(client, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      turn = (turn + 1) % loops.count
      loops[turn].adopt(client, peer: peer.host, isWelcome: admission == .welcome)
    }
  }

  /// Without a descriptor to spare the source would fire for ever: the connection that waits is not taken.
  private func pause(_ code: Int32) {
    logger.warning("no connection accepted for 100 ms: \(String(cString: strerror(code)))")
    source?.suspend()
    isPaused = true
    executor.queue.asyncAfter(deadline: .now() + .milliseconds(100)) { @Sendable [self] in
      assumeIsolated { $0.unpause() }
    }
  }

  private func unpause() {
    guard isPaused else { return }
    isPaused = false
    source?.resume()
  }
}
