/// Writes JSON as bytes: UTF-8, nothing escaped that need not be, commas set by itself.
///
/// What takes a closure is compiled where it is called: else the closure copies whatever it is about, a whole speech for each list.
public struct JSONWriter: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// An empty text.
  /// - Parameter capacity: bytes to set aside.
  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Writes an object whose members `body` writes.
  @inline(__always)
  public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    open(UInt8(ascii: "{"))
    try body(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes an array whose elements `body` writes.
  @inline(__always)
  public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    open(UInt8(ascii: "["))
    try body(&self)
    close(UInt8(ascii: "]"))
  }

  /// Writes the name of a member; its value follows.
  public mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes the name of a member that is not known beforehand.
  public mutating func name(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member with an object as its value.
  @inline(__always)
  public mutating func object(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
    self.name(name)
    try object(body)
  }

  /// Writes a member with an array as its value.
  @inline(__always)
  public mutating func array(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
    self.name(name)
    try array(body)
  }

  /// Writes a member with a string or null.
  public mutating func member(_ name: StaticString, _ value: String?) {
    self.name(name)
    if let value { string(value) } else { null() }
  }

  /// Writes a member with a string that is put together of parts.
  public mutating func member(_ name: StaticString, joining parts: String...) {
    self.name(name)
    bytes.append(UInt8(ascii: "\""))
    for var part in parts { part.withUTF8 { escaped($0) } }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes a member with an integer or null.
  public mutating func member(_ name: StaticString, _ value: Int?) {
    self.name(name)
    if let value { integer(value) } else { null() }
  }

  /// Writes a member with a boolean.
  public mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    raw(value ? "true" : "false")
  }

  /// Writes a member with any value.
  public mutating func member(_ name: StaticString, _ value: JSONValue) {
    self.name(name)
    self.value(value)
  }

  /// Writes a string.
  public mutating func string(_ value: String) {
    separate()
    var value = value
    value.withUTF8 { quoted($0) }
    needsComma = true
  }

  /// Writes a string given as valid UTF-8.
  public mutating func string(utf8 value: ArraySlice<UInt8>) {
    separate()
    value.withUnsafeBufferPointer { quoted($0) }
    needsComma = true
  }

  /// Writes an integer.
  public mutating func integer(_ value: Int) {
    separate()
    if value >= 0, value < 10 {
      bytes.append(48 + UInt8(value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
    needsComma = true
  }

  /// Writes a number; one that JSON has no word for becomes null.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    separate()
    let isWhole = value == value.rounded() && abs(value) < 1e15
    bytes.append(contentsOf: (isWhole ? "\(Int(value))" : "\(value)").utf8)
    needsComma = true
  }

  /// Writes null.
  public mutating func null() { raw("null") }

  /// Writes any value.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): raw(value ? "true" : "false")
    case .integer(let value): integer(value)
    case .number(let value): number(value)
    case .string(let value): string(value)
    case .array(let values): array { writer in for value in values { writer.value(value) } }
    case .object(let members):
      object { writer in
        for member in members {
          writer.name(member.name)
          writer.value(member.value)
        }
      }
    }
  }

  /// Writes bytes that are JSON already: a value, or members with commas between them.
  public mutating func json(_ fragment: some Collection<UInt8>) {
    guard !fragment.isEmpty else { return }
    separate()
    bytes.append(contentsOf: fragment)
    needsComma = true
  }

  private mutating func raw(_ word: StaticString) {
    separate()
    word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    escaped(text)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>) {
    var run = 0
    while true {
      let index = text.firstToEscape(from: run)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[run..<index]))
      guard index < text.count else { return }
      run = index + 1
      bytes.append(UInt8(ascii: "\\"))
      switch text[index] {
      case 10: bytes.append(UInt8(ascii: "n"))
      case 13: bytes.append(UInt8(ascii: "r"))
      case 9: bytes.append(UInt8(ascii: "t"))
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(text[index])
      case let byte: bytes.append(contentsOf: ("u00" + [byte].hexadecimal).utf8)
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first byte from `start` on that a JSON string cannot hold as it is; the end where there is none.
  ///
  /// Eight bytes are looked at in one step, since nearly none has to be escaped.
  fileprivate func firstToEscape(from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(self)
    let each: UInt64 = 0x0101_0101_0101_0101
    let lastWord = count - 8
    var index = start
    while index <= lastWord {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let quote = word ^ each &* 0x22
      let backslash = word ^ each &* 0x5C
      // A byte's highest bit is set where taking 32, or 1 from what was made zero, borrows: at the first byte to be
      // escaped, and perhaps above it.
      let control = (word &- each &* 0x20) & ~word
      let marks = control | (quote &- each) & ~quote | (backslash &- each) & ~backslash
      if marks & (each << 7) != 0 { break }
      index &+= 8
    }
    while index < count {
      let byte = self[index]
      if byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      index += 1
    }
    return index
  }
}
