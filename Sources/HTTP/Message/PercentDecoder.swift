/// Undoes percent codes (RFC 3986 §2.1), and notes whether what they stand for was UTF-8.
struct PercentDecoder {
  private(set) var isUTF8 = true

  /// The text of the bytes, or nil where a code is broken, or in a path stands for NUL.
  mutating func text(_ bytes: Span<UInt8>, inQuery: Bool) -> String? {
    var isPlain = true
    for index in bytes.indices where bytes[index] == Octet.percent || bytes[index] == UInt8(ascii: "+") {
      isPlain = false
      break
    }
    if isPlain { return bytes.text }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case Octet.percent:
        guard index + 2 < bytes.count, let high = Octet.hexValue(bytes[index + 1]),
          let low = Octet.hexValue(bytes[index + 2]), inQuery || high << 4 | low != 0
        else { return nil }
        result.append(high << 4 | low)
        index += 3
      case UInt8(ascii: "+") where inQuery:
        result.append(Octet.space)
        index += 1
      case let byte:
        result.append(byte)
        index += 1
      }
    }
    if let text = String(validating: result, as: UTF8.self) { return text }
    isUTF8 = false
    return String(decoding: result, as: UTF8.self)
  }
}
