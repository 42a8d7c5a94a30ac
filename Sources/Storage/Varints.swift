/// Numbers of seven bits a byte, the lowest first, as in LEB128.
enum Varints {
  static func bytes(_ numbers: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers { append(number, to: &bytes) }
    return bytes
  }

  @inline(__always)
  static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// The numbers that bytes are, as far as they are any.
  static func numbers(_ bytes: [UInt8]) -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      var reader = NumberReader(bytes)
      var numbers: [Int] = []
      while !reader.isAtEnd { numbers.append(reader.number()) }
      return numbers
    }
  }
}

/// Bytes to which numbers are appended, without the look at who else has them that an array takes at each.
final class ByteBuffer {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many there are.
  private(set) var count = 0

  init(capacity: Int) { (start, self.capacity) = (.allocate(capacity: capacity), capacity) }

  deinit { start.deallocate() }

  /// The bytes, until something is done to them.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  var isEmpty: Bool { count == 0 }

  func removeAll() { count = 0 }

  /// Appends a number in the form of `Varints`.
  @inline(__always)
  func append(number: Int) {
    makeRoom(for: 10)
    var rest = UInt(bitPattern: number)
    while rest > 0x7F {
      start[count] = UInt8(truncatingIfNeeded: rest) | 0x80
      count += 1
      rest >>= 7
    }
    start[count] = UInt8(truncatingIfNeeded: rest)
    count += 1
  }

  /// Appends bytes as they are.
  @inline(__always)
  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    makeRoom(for: bytes.count)
    // Mostly one or two.
    if bytes.count < 8 {
      for index in bytes.indices { start[count + index] = bytes[index] }
    } else if let from = bytes.baseAddress {
      (start + count).update(from: from, count: bytes.count)
    }
    count += bytes.count
  }

  @inline(__always)
  private func makeRoom(for more: Int) { if capacity - count < more { grow(by: more) } }

  private func grow(by more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}

/// Reads such numbers out of bytes that may be damaged.
struct NumberReader {
  private let all: UnsafeBufferPointer<UInt8>
  /// How many bytes were read.
  private(set) var place = 0
  /// Whether the bytes were not what they should be.
  private(set) var isBroken = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) { all = bytes }

  var isAtEnd: Bool { place >= all.count }

  /// How many bytes are still to be read.
  var bytesLeft: Int { all.count - place }

  @inline(__always)
  mutating func number() -> Int {
    if place < all.count, all[place] < 0x80 {
      defer { place += 1 }
      return Int(all[place])
    }
    var (value, shift) = (0, 0)
    while place < all.count, shift < 56 {
      let byte = all[place]
      place += 1
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    markBroken()
    return 0
  }

  /// So many bytes as they are.
  @inline(__always)
  mutating func bytes(_ count: Int) -> UnsafeBufferPointer<UInt8> {
    guard count >= 0, count <= all.count - place else {
      markBroken()
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    defer { place += count }
    return UnsafeBufferPointer(rebasing: all[place..<(place + count)])
  }

  /// The bytes of the number that comes next.
  @inline(__always)
  mutating func bytesOfNumber() -> UnsafeBufferPointer<UInt8> {
    let start = place
    _ = number()
    return UnsafeBufferPointer(rebasing: all[start..<place])
  }

  private mutating func markBroken() {
    isBroken = true
    place = all.count
  }
}
