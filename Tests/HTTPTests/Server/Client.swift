import Foundation
import Glibc

@testable import HTTP

/// A client that sends the bytes it is told to and reads what comes, with five seconds of patience.
final class Client {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let descriptor: Int32
  private var isOpen = true

  convenience init(_ address: ListeningAddress, receiveBuffer: Int32? = nil) throws {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0, let first = list?.pointee
    else {
      throw Failure(description: "no address")
    }
    defer { freeaddrinfo(list) }
    try self.init(SocketAddress(first.ai_addr, first.ai_addrlen), receiveBuffer: receiveBuffer)
  }

  /// A client of a Unix-domain socket.
  convenience init(path: String) throws {
    guard let address = SocketAddress(path: path) else { throw Failure(description: "no path") }
    try self.init(address)
  }

  private init(_ address: SocketAddress, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
    if let receiveBuffer { setOption(descriptor, SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
    setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
      throw Failure(description: "not connected: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close() }

  func close() {
    if isOpen { Glibc.close(descriptor) }
    isOpen = false
  }

  /// Ends the connection with a reset.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout.size(ofValue: option)))
    close()
  }

  /// Says that nothing more will be sent.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  /// Some bytes; none where the server has closed the connection.
  func receive(_ limit: Int = 64 * 1024) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else {
      if errno == ECONNRESET { return [] }
      throw Failure(description: "nothing came: \(String(cString: strerror(errno)))")
    }
    return Array(bytes.prefix(count))
  }

  /// Everything until the server closes the connection.
  func receiveAll() throws -> String {
    var all: [UInt8] = []
    while case let bytes = try receive(), !bytes.isEmpty { all += bytes }
    return String(decoding: all, as: UTF8.self)
  }

  /// Everything until the text ends with these words, or the server closes the connection.
  func receive(until end: String) throws -> String {
    var all: [UInt8] = []
    while !all.ends(with: end.utf8), case let bytes = try receive(), !bytes.isEmpty { all += bytes }
    return String(decoding: all, as: UTF8.self)
  }
}

extension [UInt8] {
  fileprivate func ends(with other: some Collection<UInt8>) -> Bool {
    suffix(other.count).elementsEqual(other)
  }
}
