import Glibc
import Logging

/// Accepts connections on one socket, on the first event loop, and gives them to all loops in turn.
final class Listener {
  private let id: Int
  private let descriptor: Int32
  /// What is to be removed with the socket.
  private let file: UnixSocketFile?
  private let loops: [EventLoop]
  private var turn = 0
  /// When accepting goes on, where it had to stop.
  private var resumption: UInt64?

  /// Connections that are accepted before the loop turns to something else.
  static let batch = 64

  init(id: Int, descriptor: Int32, file: UnixSocketFile?, loops: [EventLoop]) {
    self.id = id
    self.descriptor = descriptor
    self.file = file
    self.loops = loops
  }

  var isPaused: Bool { resumption != nil }

  func open(_ loop: isolated EventLoop) { loop.poller.watch(descriptor, id: id) }

  func close() {
    file?.remove()
    Glibc.close(descriptor)
  }

  func accept(_ loop: isolated EventLoop, atMost count: Int = batch) {
    for _ in 0..<count {
      let (client, peer) = SocketAddress.accept(descriptor)
      guard client >= 0 else {
        switch errno {
        case EINTR, ECONNABORTED, EPROTO: continue
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return pause(errno, loop)
        default: return
        }
      }
      let admission = loop.site.capacity.admit()
      guard admission != .drop, makeNonBlocking(client) else {
        if admission != .drop { loop.site.capacity.leave() }
        Glibc.close(client)
        continue
      }
      setOption(client, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      turn = (turn + 1) % loops.count
      loops[turn].adopt(client, peer: peer.host, isWelcome: admission == .welcome)
    }
  }

  /// Without a descriptor to spare the socket would be ready for ever: the connection that waits is left waiting.
  private func pause(_ code: Int32, _ loop: isolated EventLoop) {
    loop.site.logger.warning("no connection accepted for 100 ms: \(String(cString: strerror(code)))")
    loop.poller.change(descriptor, id: id, reading: false, writing: false)
    resumption = loop.now + 100_000_000
  }

  func sweep(_ loop: isolated EventLoop) {
    guard let resumption, loop.now >= resumption else { return }
    self.resumption = nil
    loop.poller.change(descriptor, id: id, reading: true, writing: false)
  }
}
