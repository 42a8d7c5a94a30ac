import Glibc

/// An address and a port on which the server listens.
public struct ListeningAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address in numbers, without brackets.
  public let host: String
  /// The port, also where the system picked it.
  public let port: Int

  /// As in a URL: `127.0.0.1:8080`, `[::1]:8080`.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why the server cannot listen, in a sentence that names the address and the port.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String
  /// The error number of the system; zero where a name was not found.
  public let code: Int32

  init(_ place: String, _ reason: String, code: Int32) {
    description = "cannot listen on \(place): \(reason)"
    self.code = code
  }
}

/// A socket that accepts, before anything is built on it.
struct ListeningSocket: Sendable {
  let descriptor: Int32
  let address: ListeningAddress

  /// Opens a socket for every address of the host. A port of 0 is picked once and is the same for all.
  static func open(host: String, port: Int) throws(ListenError) -> [ListeningSocket] {
    guard let number = UInt16(exactly: port) else {
      throw ListenError("\(host), port \(port)", "a port is a number from 0 to 65535", code: EINVAL)
    }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let outcome = getaddrinfo(host, String(number), &hints, &list)
    guard outcome == 0 else {
      throw ListenError("\(host), port \(port)", String(cString: gai_strerror(outcome)), code: 0)
    }
    defer { freeaddrinfo(list) }
    var sockets: [ListeningSocket] = []
    var failure: ListenError?
    var picked = number
    for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
      guard let entry = entry?.pointee, let address = entry.ai_addr else { continue }
      do {
        let socket = try open(SocketAddress(address, entry.ai_addrlen), port: picked)
        picked = UInt16(socket.address.port)
        sockets.append(socket)
      } catch {
        // A name may stand for an address of a family that this machine does not have.
        guard error.code != EAFNOSUPPORT, error.code != EADDRNOTAVAIL else {
          failure = error
          continue
        }
        for socket in sockets { Glibc.close(socket.descriptor) }
        throw error
      }
    }
    if sockets.isEmpty, let failure { throw failure }
    return sockets
  }

  private static func open(_ wanted: SocketAddress, port: UInt16) throws(ListenError) -> ListeningSocket {
    var wanted = wanted
    wanted.port = port
    let place = ListeningAddress(host: wanted.host, port: Int(port))
    let descriptor = socket(wanted.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    func failed() -> ListenError {
      let code = errno
      if descriptor >= 0 { Glibc.close(descriptor) }
      return ListenError("\(place.host), port \(place.port)", String(cString: strerror(code)), code: code)
    }
    guard descriptor >= 0 else { throw failed() }
    setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    if wanted.family == AF_INET6 {
      // `::` stands for every address of both families; any other stands for itself.
      setOption(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, wanted.host == "::" ? 0 : 1)
    }
    guard wanted.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 4096) == 0,
      makeNonBlocking(descriptor), let bound = SocketAddress(boundTo: descriptor)
    else { throw failed() }
    return ListeningSocket(
      descriptor: descriptor, address: ListeningAddress(host: bound.host, port: Int(bound.port)))
  }
}

/// Sets a whole number for a socket.
func setOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
  var value = value
  setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
}

/// Calls on the descriptor give up where they would wait, and it is not handed on to child processes.
func makeNonBlocking(_ descriptor: Int32) -> Bool {
  fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 && fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
}
