/// Reads JSON text strictly as RFC 8259 has it, to a bounded depth.
///
/// Foundation's reader takes trailing commas and tells no place; this one refuses what is not JSON and says where.
public struct JSONReader {
  /// What is wrong with a text that is not JSON.
  public struct SyntaxError: Error, Hashable, Sendable {
    /// One sentence.
    public var message: String
    /// Offset of the byte at fault.
    public var offset: Int
  }

  private let bytes: [UInt8]
  private var index: Int
  private let end: Int
  private let maximumDepth: Int
  /// What has been read of the arrays and objects that are not at their ends yet: each takes its own from here then, so that it
  /// is made once and of the right size.
  private var values: [JSONValue] = []
  private var members: [JSONValue.Member] = []

  private init(_ bytes: [UInt8], _ range: Range<Int>, maximumDepth: Int) {
    self.bytes = bytes
    (index, end) = (range.lowerBound, range.upperBound)
    self.maximumDepth = maximumDepth
  }

  /// Reads one value that takes up all of `bytes`.
  /// - Parameter maximumDepth: how many arrays and objects may stand in one another.
  public static func read(_ bytes: [UInt8], maximumDepth: Int = 64) throws(SyntaxError) -> JSONValue {
    var reader = JSONReader(bytes, 0..<bytes.count, maximumDepth: maximumDepth)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.index == reader.end else { throw reader.error("something follows the JSON value") }
    return value
  }

  /// Reads an array and also gives the range of bytes that each of its elements takes up; nil where the text is no array.
  public static func readElements(
    _ bytes: [UInt8], maximumDepth: Int = 64
  ) throws(SyntaxError) -> [(value: JSONValue, range: Range<Int>)]? {
    var reader = JSONReader(bytes, 0..<bytes.count, maximumDepth: maximumDepth)
    reader.skipSpace()
    guard reader.peek == UInt8(ascii: "[") else { return nil }
    var elements: [(value: JSONValue, range: Range<Int>)] = []
    try reader.elements { (reader) throws(SyntaxError) in
      reader.skipSpace()
      let start = reader.index
      let value = try reader.value(depth: 1)
      elements.append((value, start..<reader.index))
    }
    reader.skipSpace()
    guard reader.index == reader.end else { throw reader.error("something follows the JSON array") }
    return elements
  }

  private var peek: UInt8? { index < end ? bytes[index] : nil }

  private func error(_ message: String, at offset: Int? = nil) -> SyntaxError {
    SyntaxError(message: message, offset: offset ?? index)
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 32 || byte == 10 || byte == 13 || byte == 9 { index += 1 }
  }

  private mutating func value(depth: Int) throws(SyntaxError) -> JSONValue {
    guard depth <= maximumDepth else { throw error("nested deeper than \(maximumDepth) levels") }
    skipSpace()
    guard let byte = peek else { throw error("the text ends where a value is expected") }
    switch byte {
    case UInt8(ascii: "{"):
      let first = members.count
      try object { (reader, name) throws(SyntaxError) in
        reader.members.append(.init(name, try reader.value(depth: depth + 1)))
      }
      defer { members.removeSubrange(first...) }
      return .object(Array(members[first...]))
    case UInt8(ascii: "["):
      let first = values.count
      try elements { (reader) throws(SyntaxError) in
        reader.values.append(try reader.value(depth: depth + 1))
      }
      defer { values.removeSubrange(first...) }
      return .array(Array(values[first...]))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), 48...57: return try number()
    default: throw error("a value cannot begin with this character")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
    guard bytes[index..<end].starts(with: word.utf8) else { throw error("a value cannot begin with this character") }
    index += word.utf8.count
    return value
  }

  private mutating func elements(
    _ element: (inout JSONReader) throws(SyntaxError) -> Void
  ) throws(SyntaxError) {
    index += 1
    skipSpace()
    if peek == UInt8(ascii: "]") {
      index += 1
      return
    }
    while true {
      try element(&self)
      skipSpace()
      switch peek {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "]"):
        index += 1
        return
      default: throw error("expected , or ] in an array")
      }
    }
  }

  private mutating func object(
    _ member: (inout JSONReader, String) throws(SyntaxError) -> Void
  ) throws(SyntaxError) {
    index += 1
    skipSpace()
    if peek == UInt8(ascii: "}") {
      index += 1
      return
    }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw error("expected the name of a member") }
      let name = try string()
      skipSpace()
      guard peek == UInt8(ascii: ":") else { throw error("expected : after the name of a member") }
      index += 1
      try member(&self, name)
      skipSpace()
      switch peek {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "}"):
        index += 1
        return
      default: throw error("expected , or } in an object")
      }
    }
  }

  private mutating func number() throws(SyntaxError) -> JSONValue {
    let start = index
    var isInteger = true
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- 48 < 10 } ?? false }
    if peek == UInt8(ascii: "-") { index += 1 }
    guard isDigit(peek) else { throw error("expected a digit") }
    let digits = index
    if peek == UInt8(ascii: "0") { index += 1 } else { while isDigit(peek) { index += 1 } }
    // As most are: an integer that surely can be kept.
    if index - digits <= 18, peek != UInt8(ascii: "."), peek != UInt8(ascii: "e"), peek != UInt8(ascii: "E") {
      let value = bytes[digits..<index].reduce(0) { $0 * 10 + Int($1 - 48) }
      return .integer(digits > start ? -value : value)
    }
    if peek == UInt8(ascii: ".") {
      isInteger = false
      index += 1
      guard isDigit(peek) else { throw error("expected a digit after the decimal point") }
      while isDigit(peek) { index += 1 }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isInteger = false
      index += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
      guard isDigit(peek) else { throw error("expected a digit in the exponent") }
      while isDigit(peek) { index += 1 }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw error("a number too large to be kept", at: start)
    }
    return .number(number)
  }

  private mutating func string() throws(SyntaxError) -> String {
    index += 1
    let start = index
    var unescaped: [UInt8] = []
    var run = start
    var isASCII = true
    while true {
      if !skipPlain() { isASCII = false }
      guard let byte = peek else { break }
      switch byte {
      case UInt8(ascii: "\""):
        let end = index
        index += 1
        // Most strings have no escape: nothing of them need be put together.
        let text: String?
        if unescaped.isEmpty {
          text = bytes.withUnsafeBufferPointer {
            Self.string(UnsafeBufferPointer(rebasing: $0[run..<end]), isASCII: isASCII)
          }
        } else {
          unescaped += bytes[run..<end]
          text = unescaped.withUnsafeBufferPointer { Self.string($0, isASCII: false) }
        }
        guard let text else { throw error("a string that is not valid UTF-8", at: start) }
        return text
      case UInt8(ascii: "\\"):
        unescaped += bytes[run..<index]
        index += 1
        try escape(into: &unescaped)
        run = index
      default: throw error("a control character in a string must be escaped")
      }
    }
    throw error("a string without its closing quote", at: start - 1)
  }

  /// The string of bytes; nil where they are not UTF-8.
  private static func string(_ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String? {
    // Most names and many strings are ASCII, for which the check costs more than the rest.
    isASCII ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
  }

  /// Passes over what stands for itself in a string.
  /// - Returns: whether all of it is ASCII.
  private mutating func skipPlain() -> Bool {
    let (start, end) = (index, end)
    let (stop, seen) = bytes.withUnsafeBytes { bytes in
      var (index, seen): (Int, UInt64) = (start, 0)
      while index + 8 <= end {
        let eight = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        guard Self.isPlain(eight) else { break }
        seen |= eight
        index += 8
      }
      while index < end, bytes[index] >= 32, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") {
        seen |= UInt64(bytes[index])
        index += 1
      }
      return (index, seen)
    }
    index = stop
    return seen & 0x8080_8080_8080_8080 == 0
  }

  /// Whether none of eight bytes is a control character, a quote or a backslash. In each comparison the highest bit of a byte
  /// is set where it is one; of bytes above such a one it may be set too.
  @inline(__always)
  private static func isPlain(_ eight: UInt64) -> Bool {
    let each: UInt64 = 0x0101_0101_0101_0101
    let quote = eight ^ each &* UInt64(UInt8(ascii: "\"")), backslash = eight ^ each &* UInt64(UInt8(ascii: "\\"))
    let found = (eight &- each &* 32) & ~eight | (quote &- each) & ~quote | (backslash &- each) & ~backslash
    return found & each &* 0x80 == 0
  }

  private mutating func escape(into text: inout [UInt8]) throws(SyntaxError) {
    guard let byte = peek else { throw error("the text ends inside a string") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var value = try hexadecimal()
      if value >> 10 == 0x36, bytes[index..<end].starts(with: "\\u".utf8) {
        index += 2
        let low = try hexadecimal()
        guard low >> 10 == 0x37 else { throw error("half of a surrogate pair") }
        value = 0x10000 + (value & 0x3FF) << 10 | (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(value) else { throw error("half of a surrogate pair") }
      text += Array(String(Character(scalar)).utf8)
    default: throw error("an unknown escape in a string", at: index - 2)
    }
  }

  private mutating func hexadecimal() throws(SyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 128 else {
        throw error("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
