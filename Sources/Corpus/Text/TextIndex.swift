/// Finds the UTF-8 offset of a code point of a text: one pass to build, a short walk to look up.
public struct TextIndex: Sendable {
  /// The text as UTF-8.
  public let bytes: [UInt8]
  /// Number of code points.
  public let count: Int
  /// Code points before each block of `blockSize` bytes.
  private let before: [Int]
  private static let blockSize = 256

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
        // A byte that does not continue a code point begins one.
        for index in block..<end where buffer[index] & 0xC0 != 0x80 { count += 1 }
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
