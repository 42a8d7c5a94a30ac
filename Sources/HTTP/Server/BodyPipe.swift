import Dispatch
import Locking

/// Carries a streamed body from the worker that makes it to the connection that sends it.
///
/// The worker puts bytes in and waits while there are too many; the loop takes all there are once its socket has
/// taken what it had. So a slow peer holds up one worker, two buffers and nothing else.
final class BodyPipe: Sendable {
  /// How a body ended.
  enum Ending: Sendable {
    case whole
    /// The producer threw: the peer must not take what it got for the whole.
    case broken
  }

  /// Thrown into a producer that makes more bytes than it has said.
  struct TooLong: Error {}

  /// Thrown into a producer whose peer has gone.
  struct PeerGone: Error {}

  private struct State: Sendable {
    var bytes: [UInt8] = []
    /// Bytes that were ever put in.
    var total = 0
    var ending: Ending?
    var isClosed = false
    /// The loop knows that there is something to take.
    var isAnnounced = false
    var isWaiting = false
  }

  private let state = Locked(State())
  private let room = DispatchSemaphore(value: 0)
  private let capacity: Int
  /// What the peer was told; nil where it was told nothing.
  private let length: Int?
  private let announce: @Sendable () -> Void

  init(capacity: Int, length: Int? = nil, announce: @escaping @Sendable () -> Void) {
    self.capacity = capacity
    self.length = length
    self.announce = announce
  }

  /// Puts bytes in, on the worker.
  func write(_ bytes: [UInt8]) throws {
    let (isNew, mustWait) = try state.withLock { state in
      if state.isClosed { throw PeerGone() }
      if let length, bytes.count > length - state.total { throw TooLong() }
      state.total += bytes.count
      state.bytes.append(contentsOf: bytes)
      let isNew = !state.isAnnounced
      state.isAnnounced = true
      state.isWaiting = state.bytes.count >= capacity
      return (isNew, state.isWaiting)
    }
    if isNew { announce() }
    guard mustWait else { return }
    room.wait()
    if state.withLock({ $0.isClosed }) { throw PeerGone() }
  }

  /// Says that no more bytes come, on the worker. Fewer than were promised are a broken body.
  func finish(_ ending: Ending) {
    let isNew = state.withLock { state in
      state.ending = length.map { $0 == state.total } ?? true ? ending : .broken
      defer { state.isAnnounced = true }
      return !state.isAnnounced
    }
    if isNew { announce() }
  }

  /// Takes what there is, on the loop.
  func take() -> (bytes: [UInt8], ending: Ending?) {
    let (bytes, ending, wasWaiting) = state.withLock { state in
      defer {
        state.bytes = []
        state.isAnnounced = false
        state.isWaiting = false
      }
      return (state.bytes, state.ending, state.isWaiting)
    }
    if wasWaiting { room.signal() }
    return (bytes, ending)
  }

  /// Says that nobody will take any more, on the loop.
  func close() {
    let wasWaiting = state.withLock { state in
      defer {
        state.bytes = []
        state.isClosed = true
        state.isWaiting = false
      }
      return state.isWaiting
    }
    if wasWaiting { room.signal() }
  }
}
