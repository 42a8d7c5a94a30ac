import Glibc

extension UnsafeBufferPointer<UInt8> {
  /// The place of the first byte of that value, from a place on; nil where there is none. As fast as the C library is, which
  /// looks at many bytes at once.
  public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard start < count, let base = baseAddress, let found = memchr(base + start, CInt(byte), count - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}

extension [UInt8] {
  /// Whether these are valid UTF-8.
  public var areUTF8: Bool { (try? UTF8Span(validating: span)) != nil }

  /// Where the lines of a text are, without their ends; behind the last end of a line follows one more, perhaps empty.
  public var lineRanges: [Range<Int>] {
    withUnsafeBufferPointer { bytes in
      var ranges: [Range<Int>] = []
      var start = 0
      while let end = bytes.firstIndex(of: 10, from: start) {
        ranges.append(start..<end)
        start = end + 1
      }
      ranges.append(start..<count)
      return ranges
    }
  }
}
