/// The classes of bytes that the grammar of HTTP names.
enum Octet {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let percent = UInt8(ascii: "%")
  static let comma = UInt8(ascii: ",")
  static let slash = UInt8(ascii: "/")
  static let colon = UInt8(ascii: ":")
  static let semicolon = UInt8(ascii: ";")
  static let equals = UInt8(ascii: "=")
  static let question = UInt8(ascii: "?")
  static let backslash = UInt8(ascii: "\\")

  /// Bit `n` says whether byte `n` is a `tchar` (RFC 9110 §5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``.
  private static let tokenLow: UInt64 = 0x03FF_6CFA_0000_0000
  private static let tokenHigh: UInt64 = 0x57FF_FFFF_C7FF_FFFE

  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<64: tokenLow >> UInt64(byte) & 1 == 1
    case 64..<128: tokenHigh >> UInt64(byte - 64) & 1 == 1
    default: false
    }
  }

  /// What may stand in a field value (RFC 9110 §5.5): no control character but the tab.
  @inline(__always)
  static func isField(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == tab }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

  /// The worth of a hexadecimal digit, or nil.
  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}

extension Span where Element == UInt8 {
  /// The place of what is left without the spaces and tabs at both ends.
  var content: Range<Int> {
    var low = 0
    var high = count
    while low < high, Octet.isBlank(self[low]) { low += 1 }
    while high > low, Octet.isBlank(self[high - 1]) { high -= 1 }
    return low..<high
  }

  /// Whether these are the bytes of a word, upper and lower case alike. The word is in lower case.
  func equalsIgnoringCase(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    for index in indices {
      let byte = self[index]
      let lower = byte &- 65 < 26 ? byte | 0x20 : byte
      guard lower == word.utf8Start[index] else { return false }
    }
    return true
  }

  /// The text of the bytes, A to Z made small and nothing else.
  var asciiLowercased: String {
    withUnsafeBufferPointer { bytes in
      String(decoding: bytes.lazy.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
  }

  /// The text of the bytes.
  var text: String {
    withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}
