package import Glibc

/// An address of IPv4, of IPv6 or of a Unix-domain socket as the system writes it.
package struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
    withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: min(Int(length), bytes.count)))
    }
    self.length = length
  }

  /// Bytes that the path of a Unix-domain socket may have.
  package static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  /// The address of a Unix-domain socket; nil where that can be no path of one.
  package init?(path: String) {
    let bytes = Array(path.utf8)
    guard (1...Self.longestPath).contains(bytes.count), !bytes.contains(0) else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    self = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        SocketAddress($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// The address that a socket was bound to.
  init?(boundTo descriptor: Int32) {
    guard withMutablePointer({ getsockname(descriptor, $0, $1) }) == 0 else { return nil }
  }

  /// Accepts a connection, and notes the address of the peer.
  static func accept(_ listener: Int32) -> (descriptor: Int32, peer: SocketAddress) {
    var peer = SocketAddress()
    let descriptor = peer.withMutablePointer { Glibc.accept(listener, $0, $1) }
    return (descriptor, peer)
  }

  private init() {}

  /// The address of this machine by IPv4.
  package init(loopbackPort port: UInt16) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    self = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        SocketAddress($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  package var family: Int32 { Int32(storage.ss_family) }

  /// The address in numbers, or `unix`. An address of IPv4 that came to a socket of IPv6 is written as IPv4.
  var host: String {
    if family == AF_UNIX { return TrustedProxies.unix }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let outcome = withPointer {
      getnameinfo($0, $1, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    }
    guard outcome == 0 else { return "" }
    let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
  }

  /// Both families keep the port in the two bytes after the family, the greater one first.
  var port: UInt16 {
    get { withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) } }
    set {
      withUnsafeMutableBytes(of: &storage) {
        $0.storeBytes(of: newValue.bigEndian, toByteOffset: 2, as: UInt16.self)
      }
    }
  }

  package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  private mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }
}
