/// Finds the UTF-8 offset of a code point of a text: one pass to build, a short walk to look up.
public struct TextIndex: Sendable {
  /// The text as UTF-8.
  public let bytes: [UInt8]
  /// Number of code points.
  public let count: Int
  /// Code points before each block of `blockSize` bytes.
  private let before: [Int]
  private static let blockSize = 64

  /// Indexes a text.
  public init(_ text: String) { self.init(utf8: Array(text.utf8)) }

  /// Indexes a text given as valid UTF-8.
  public init(utf8 bytes: [UInt8]) {
    var before: [Int] = []
    before.reserveCapacity(bytes.count / Self.blockSize + 1)
    var count = 0
    var block = 0
    bytes.withUnsafeBufferPointer { buffer in
      while block < buffer.count {
        before.append(count)
        let end = min(block + Self.blockSize, buffer.count)
        count += UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[block..<end]).begunCodePoints
        block = end
      }
    }
    (self.bytes, self.count, self.before) = (bytes, count, before)
  }

  /// The UTF-8 offset of the code point at `position`, which is clamped to the text.
  public func offset(of position: Int) -> Int {
    if position <= 0 { return 0 }
    if position >= count { return bytes.count }
    var low = 0
    var high = before.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= position { low = middle } else { high = middle }
    }
    var seen = before[low]
    var offset = low * Self.blockSize
    while offset < bytes.count {
      if bytes[offset] & 0xC0 != 0x80 {
        if seen == position { return offset }
        seen += 1
      }
      offset += 1
    }
    return bytes.count
  }

  /// The bytes of a span.
  public func slice(_ span: Span) -> ArraySlice<UInt8> {
    let start = offset(of: span.start)
    return bytes[start..<max(start, offset(of: span.end))]
  }

  /// The text of a span.
  public func text(_ span: Span) -> String { String(decoding: slice(span), as: UTF8.self) }
}

extension UnsafeRawBufferPointer {
  /// How many code points begin in at most 255 bytes of UTF-8: every byte that is not `10……` begins one.
  fileprivate var begunCodePoints: Int {
    let each: UInt64 = 0x0101_0101_0101_0101
    let whole = count & ~7
    // Eight bytes in one step: each counts in a byte of its own, and the product adds the eight up in the highest.
    var begun: UInt64 = 0
    for offset in stride(from: 0, to: whole, by: 8) {
      let word = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      begun &+= (~word >> 7 | word >> 6) & each
    }
    var sum = Int(truncatingIfNeeded: (begun &* each) >> 56)
    for offset in whole..<count where self[offset] & 0xC0 != 0x80 { sum += 1 }
    return sum
  }
}
