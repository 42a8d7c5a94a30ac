import Glibc

/// Bytes of answers on their way to a socket, in order.
///
/// Heads and small bodies are gathered and leave in one call; a large body is kept as the array it came in.
struct Outbox {
  /// What became of an attempt to send.
  enum Outcome {
    case sent
    case full
    case failed
  }

  /// Bodies up to this size are copied behind their head, which costs less than a call of its own.
  private static let gathered = 16 * 1024

  private var large: [[UInt8]] = []
  private var tail: [UInt8] = []
  /// Bytes already sent of the first array.
  private var offset = 0
  /// Bytes that wait.
  private(set) var count = 0
  /// Bytes that were ever put in.
  private(set) var total = 0

  var isEmpty: Bool { count == 0 }

  /// Appends what `write` adds to the gathered bytes.
  mutating func gather(_ write: (inout [UInt8]) -> Void) {
    let before = tail.count
    write(&tail)
    count += tail.count - before
    total += tail.count - before
  }

  mutating func append(_ bytes: [UInt8]) {
    guard bytes.count > Self.gathered else { return gather { $0.append(contentsOf: bytes) } }
    if !tail.isEmpty { large.append(tail) }
    tail = []
    large.append(bytes)
    count += bytes.count
    total += bytes.count
  }

  /// Sends until everything is gone or the socket is full. `MSG_NOSIGNAL`: a peer that has gone is no signal.
  mutating func send(to descriptor: Int32) -> Outcome {
    while count > 0 {
      let isLast = large.isEmpty || large.count == 1 && tail.isEmpty
      let flags = Int32(MSG_NOSIGNAL) | (isLast ? 0 : Int32(MSG_MORE))
      let sent = (large.first ?? tail).withUnsafeBytes { bytes in
        Glibc.send(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset, flags)
      }
      guard sent >= 0 else {
        if errno == EINTR { continue }
        return errno == EAGAIN ? .full : .failed
      }
      advance(by: sent)
    }
    return .sent
  }

  /// Gives back memory that an idle connection does not need.
  mutating func trim() {
    if isEmpty, tail.capacity > 8192 { tail = [] }
  }

  private mutating func advance(by sent: Int) {
    count -= sent
    offset += sent
    if let first = large.first {
      guard offset == first.count else { return }
      large.removeFirst()
    } else {
      guard offset == tail.count else { return }
      tail.removeAll(keepingCapacity: true)
    }
    offset = 0
  }
}
