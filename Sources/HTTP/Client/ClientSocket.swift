import Glibc

/// A connection to a server, used by one thread.
final class ClientSocket {
  /// The connection ended before a byte of the answer came.
  struct ClosedEarly: Error {}

  /// Whom it leads to.
  let place: ListeningAddress
  private let descriptor: Int32
  private let isStopped: () -> Bool
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// Connects to the first address of the host that answers.
  init(to place: ListeningAddress, patience: Duration, isStopped: @escaping () -> Bool) throws {
    descriptor = try Self.connected(to: place, patience, isStopped)
    (self.place, self.isStopped) = (place, isStopped)
  }

  deinit { close(descriptor) }

  private static func connected(
    to place: ListeningAddress, _ patience: Duration, _ isStopped: () -> Bool
  ) throws -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let outcome = getaddrinfo(place.host, String(place.port), &hints, &list)
    guard outcome == 0 else {
      throw UserAgentError.unreachable("\(place.host) is not found: \(String(cString: gai_strerror(outcome)))")
    }
    defer { freeaddrinfo(list) }
    var failure = UserAgentError.unreachable("\(place) has no address")
    for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
      guard let entry = entry?.pointee, let address = entry.ai_addr else { continue }
      do { return try connected(SocketAddress(address, entry.ai_addrlen), place, patience, isStopped) } catch {
        failure = error
        if error == .stopped { break }
      }
    }
    throw failure
  }

  private static func connected(
    _ address: SocketAddress, _ place: ListeningAddress, _ patience: Duration, _ isStopped: () -> Bool
  ) throws(UserAgentError) -> Int32 {
    let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw broken(place, errno) }
    do throws(UserAgentError) {
      guard makeNonBlocking(descriptor) else { throw broken(place, errno) }
      setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      if address.withPointer({ connect(descriptor, $0, $1) }) != 0 {
        guard errno == EINPROGRESS else { throw broken(place, errno) }
        try wait(descriptor, POLLOUT, place, patience, isStopped)
        var (code, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else { throw broken(place, code) }
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Sends all bytes.
  func send(_ bytes: [UInt8], patience: Duration) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        try Self.wait(descriptor, POLLOUT, place, patience, isStopped)
      } else if errno != EINTR {
        throw ClosedEarly()
      }
    }
  }

  /// Hands on what has come, waiting for it; false at the end of the connection.
  func receive(patience: Duration, _ body: (UnsafeRawBufferPointer) -> Void) throws -> Bool {
    while true {
      try Self.wait(descriptor, POLLIN, place, patience, isStopped)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        return true
      }
      if count == 0 || errno == ECONNRESET { return false }
      guard errno == EAGAIN || errno == EINTR else { throw Self.broken(place, errno) }
    }
  }

  private static func wait(
    _ descriptor: Int32, _ events: Int32, _ place: ListeningAddress, _ patience: Duration, _ isStopped: () -> Bool
  ) throws(UserAgentError) {
    let end = ContinuousClock.now + patience
    while true {
      if isStopped() { throw UserAgentError.stopped }
      var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&watched, 1, 200)
      if count > 0 { return }
      guard count == 0 || errno == EINTR else { throw broken(place, errno) }
      guard ContinuousClock.now < end else {
        throw UserAgentError.unreachable("nothing came from \(place) for \(patience.components.seconds) seconds")
      }
    }
  }

  private static func broken(_ place: ListeningAddress, _ code: Int32) -> UserAgentError {
    .unreachable("\(place): \(String(cString: strerror(code)))")
  }
}
