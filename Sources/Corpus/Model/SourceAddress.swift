/// The address of a source, in the one spelling that equal addresses share.
public enum SourceAddress {
  /// The address after the syntax- and scheme-based normalisation of RFC 3986 §6.2.2–6.2.3: scheme and host in lower
  /// case, no default port, no fragment, percent codes in upper case and only where needed, `/` for an empty path.
  /// Nil unless it is an absolute http or https address.
  public static func normalised(_ address: String) -> String? {
    let trimmed = address.trimmed
    guard let colon = trimmed.utf8.firstIndex(of: UInt8(ascii: ":")), trimmed.utf8[colon...].starts(with: "://".utf8)
    else { return nil }
    let scheme = trimmed[..<colon].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    let behind = trimmed[trimmed.utf8.index(colon, offsetBy: 3)...]
    let rest = behind[..<(behind.utf8.firstIndex(of: UInt8(ascii: "#")) ?? behind.endIndex)]
    let authorityEnd =
      rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    var host = rest[..<authorityEnd].lowercased()
    guard !host.isEmpty, !host.unicodeScalars.contains(where: \.isSpace) else { return nil }
    let defaultPort = scheme == "http" ? ":80" : ":443"
    if host.hasSuffix(defaultPort) { host.removeLast(defaultPort.count) }
    if host.hasSuffix(":") { host.removeLast() }
    let tail = rest[authorityEnd...]
    return scheme + "://" + host + (tail.utf8.first == UInt8(ascii: "/") ? "" : "/") + percentNormalised(tail)
  }

  private static func percentNormalised(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    func hexadecimal(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init) }
    func appendCode(_ byte: UInt8) {
      result.append(UInt8(ascii: "%"))
      result += [byte].hexadecimal.uppercased().utf8
    }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexadecimal(bytes[index + 1]),
        let low = hexadecimal(bytes[index + 2])
      {
        let value = high << 4 | low
        if isUnreserved(value) { result.append(value) } else { appendCode(value) }
        index += 3
      } else {
        if byte > 32, byte < 127 { result.append(byte) } else { appendCode(byte) }
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
  }
}
