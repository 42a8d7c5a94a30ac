import CEpoll
import Glibc

/// What the kernel has to say of many sockets at once: a thin cover for epoll, with a bell to wake who waits on it.
///
/// Sockets are watched by level and every one bears an id; id 0 is the bell.
final class Poller: Sendable {
  /// What one socket is ready for.
  struct Event {
    let id: Int
    let isReadable: Bool
    let isWritable: Bool
    /// The peer has gone in both directions, or the connection has failed. Told whether asked for or not.
    let isDead: Bool

    init(_ event: epoll_event) {
      id = Int(Int64(bitPattern: event.data.u64))
      isReadable = event.events & EPOLLIN.rawValue != 0
      isWritable = event.events & EPOLLOUT.rawValue != 0
      isDead = event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    }
  }

  private let descriptor: Int32
  private let bell: Int32

  init() {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    watch(bell, id: 0)
  }

  deinit {
    close(bell)
    close(descriptor)
  }

  /// False where the process had no descriptors left to make it.
  var isWhole: Bool { descriptor >= 0 && bell >= 0 }

  /// Begins to watch a socket for bytes to read. Closing the socket ends it.
  @discardableResult
  func watch(_ socket: Int32, id: Int) -> Bool {
    control(EPOLL_CTL_ADD, socket, id: id, events: EPOLLIN.rawValue)
  }

  /// Changes what a socket is watched for.
  func change(_ socket: Int32, id: Int, reading: Bool, writing: Bool) {
    let events = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
    control(EPOLL_CTL_MOD, socket, id: id, events: events)
  }

  /// Wakes who waits, from any thread.
  func ring() { _ = eventfd_write(bell, 1) }

  /// Makes the bell ready to ring again.
  func silence() {
    var count: eventfd_t = 0
    _ = eventfd_read(bell, &count)
  }

  /// Waits until there is something to say, or so many milliseconds; for ever where they are negative.
  ///
  /// Says how many of the events are meant.
  func wait(_ events: inout [epoll_event], milliseconds: Int32) -> Int {
    max(0, Int(epoll_wait(descriptor, &events, Int32(events.count), milliseconds)))
  }

  @discardableResult
  private func control(_ operation: Int32, _ socket: Int32, id: Int, events: UInt32) -> Bool {
    var event = epoll_event()
    event.events = events
    event.data.u64 = UInt64(bitPattern: Int64(id))
    return epoll_ctl(descriptor, operation, socket, &event) == 0
  }
}
