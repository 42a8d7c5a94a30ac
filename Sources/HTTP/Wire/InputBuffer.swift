import Glibc

/// Bytes that have come and were not used yet, given out line by line.
///
/// A search for the end of a line goes on where the last one stopped, and used bytes are moved out of the way only
/// once they are the greater part, so the time spent is linear in the bytes however they arrive.
struct InputBuffer {
  private(set) var bytes: [UInt8] = []
  /// Where the bytes begin that were not used yet.
  private(set) var start = 0
  /// No line ends before here.
  private var searched = 0
  /// Bytes that were searched or moved so far, for the tests: a multiple of those that came, never of their square.
  private(set) var effort = 0

  /// How many bytes were not used yet.
  var count: Int { bytes.count - start }
  var isEmpty: Bool { start == bytes.count }
  var first: UInt8? { isEmpty ? nil : bytes[start] }

  mutating func append(_ new: UnsafeRawBufferPointer) {
    if isEmpty {
      bytes.removeAll(keepingCapacity: true)
      (start, searched) = (0, 0)
    } else if start > 4096, start > count {
      effort += count
      bytes.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: new)
  }

  /// The place of the next line, without its CRLF, or nil until it is whole. The line counts as used.
  ///
  /// A line feed alone ends no line (RFC 9112 §2.2 allows it to be taken for one; that is how smuggling begins).
  mutating func line(limit: Int, orThrow tooLong: @autoclosure () -> WireError) throws(WireError) -> Range<
    Int
  >? {
    guard let end = lineFeed(from: searched) else {
      effort += bytes.count - searched
      searched = bytes.count
      if count > limit + 1 { throw tooLong() }
      return nil
    }
    // The length first: had the line come in pieces, it would have been too long before its end was seen.
    if end - start > limit + 1 { throw tooLong() }
    guard end > start, bytes[end - 1] == Octet.carriageReturn else {
      throw .malformed("A line ends with LF instead of CRLF.")
    }
    effort += end - searched
    let line = start..<(end - 1)
    start = end + 1
    searched = start
    return line
  }

  /// Uses up to `limit` bytes; they stay in place until the next `append`.
  mutating func take(upTo limit: Int) -> Range<Int> {
    let taken = start..<(start + min(limit, count))
    start = taken.upperBound
    searched = max(searched, start)
    return taken
  }

  /// Gives back memory that an idle connection does not need.
  mutating func trim() {
    guard isEmpty, bytes.capacity > 8192 else { return }
    bytes = []
    (start, searched) = (0, 0)
  }

  private func lineFeed(from index: Int) -> Int? {
    bytes.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress, index < all.count,
        let found = memchr(base + index, Int32(Octet.lineFeed), all.count - index)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }
}
