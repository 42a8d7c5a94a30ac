import Glibc

/// An address of IPv4 or IPv6; one of IPv4 is kept as IPv6 writes it, `::ffff:192.0.2.1`.
struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
  fileprivate let high: UInt64
  fileprivate let low: UInt64

  /// Reads an address in numbers, without brackets, zone or port.
  init?(_ text: some StringProtocol) {
    let text = String(text)
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      (high, low) = (0, 0xFFFF << 32 | UInt64(UInt32(bigEndian: four.s_addr)))
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      (high, low) = withUnsafeBytes(of: six) {
        (
          UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
          UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      }
    } else {
      return nil
    }
  }

  var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// As RFC 5952 writes it.
  var description: String {
    if isIPv4 { return (0..<4).map { String(low >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".") }
    var six = in6_addr()
    withUnsafeMutableBytes(of: &six) {
      $0.storeBytes(of: high.bigEndian, as: UInt64.self)
      $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, &six, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Addresses that begin alike: `192.0.2.0/24`, `2001:db8::/32`, or one address alone.
struct NetworkPrefix: Hashable, Sendable {
  private let address: NetworkAddress
  /// Bits that are compared, of the 128 of IPv6.
  private let length: Int

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = NetworkAddress(first) else { return nil }
    let bits = first.contains(":") ? 128 : 32
    var length = bits
    if parts.count == 2 {
      guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(Octet.isDigit), let number = Int(parts[1]),
        number <= bits
      else { return nil }
      length = number
    }
    self.address = address
    self.length = length + 128 - bits
  }

  func contains(_ other: NetworkAddress) -> Bool {
    func agree(_ one: UInt64, _ other: UInt64, _ bits: Int) -> Bool {
      bits <= 0 || (one ^ other) >> UInt64(64 - min(64, bits)) == 0
    }
    return agree(address.high, other.high, length) && agree(address.low, other.low, length - 64)
  }
}

/// What tells one client from another: an address of IPv4, the first 64 bits of one of IPv6, since whoever has one of them
/// has them all, or the name that a proxy gives instead.
public enum ClientNetwork: Hashable, Sendable {
  /// An address, or the first half of one.
  case address(UInt64, UInt64)
  /// A name, as far as 64 bytes go.
  case name(String)

  /// The network of a client, as `TrustedProxies.client` names it.
  public init(client: String) {
    if let address = NetworkAddress(client.prefix { $0 != "%" }) {
      self = .address(address.high, address.isIPv4 ? address.low : 0)
    } else {
      self = .name(String(decoding: client.utf8.prefix(64), as: UTF8.self))
    }
  }
}
