import Glibc

/// Whether bytes name a host and perhaps a port, as the `Host` field and the absolute form do (RFC 9110 §7.2).
enum Authority {
  /// `uri-host [ ":" port ]`, with neither user information nor future address, and never without a host.
  static func isValid(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 else { return false }
    if bytes[0] == UInt8(ascii: "[") {
      var end = 1
      while end < bytes.count, bytes[end] != UInt8(ascii: "]") { end += 1 }
      guard end < bytes.count, isIPv6(bytes.extracting(1..<end)) else { return false }
      return isPort(bytes.extracting((end + 1)...))
    }
    var end = 0
    while end < bytes.count, bytes[end] != Octet.colon { end += 1 }
    return end > 0 && isName(bytes.extracting(..<end)) && isPort(bytes.extracting(end...))
  }

  /// Nothing, or a colon and at most 65535; RFC 3986 §3.2.3 allows a colon with nothing behind it.
  private static func isPort(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 else { return true }
    guard bytes[0] == Octet.colon, bytes.count <= 6 else { return false }
    var port = 0
    for index in 1..<bytes.count {
      guard Octet.isDigit(bytes[index]) else { return false }
      port = port * 10 + Int(bytes[index] - 48)
    }
    return port <= 65535
  }

  /// The `reg-name` of RFC 3986 §3.2.2; addresses of IPv4 are of that form too.
  private static func isName(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case let byte where isOfName(byte): index += 1
      case Octet.percent:
        guard index + 2 < bytes.count, Octet.hexValue(bytes[index + 1]) != nil,
          Octet.hexValue(bytes[index + 2]) != nil
        else { return false }
        index += 3
      default: return false
      }
    }
    return true
  }

  /// `unreserved` and `sub-delims` of RFC 3986.
  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
      UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
      true
    default: Octet.isLetter(byte) || Octet.isDigit(byte)
    }
  }

  /// An address, and the zone that some clients leave on one that is only good on a link, as `%25eth0` (RFC 6874, obsolete) or
  /// just `%eth0`: they reached this server by it, and no answer depends on it.
  private static func isIPv6(_ bytes: Span<UInt8>) -> Bool {
    var end = 0
    while end < bytes.count, bytes[end] != Octet.percent {
      let byte = bytes[end]
      guard Octet.hexValue(byte) != nil || byte == Octet.colon || byte == UInt8(ascii: ".") else {
        return false
      }
      end += 1
    }
    if end < bytes.count {
      guard end + 1 < bytes.count else { return false }
      for index in (end + 1)..<bytes.count where !isOfName(bytes[index]) { return false }
    }
    var address = in6_addr()
    return inet_pton(AF_INET6, bytes.extracting(..<end).text, &address) == 1
  }
}
