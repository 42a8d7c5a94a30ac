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

/// Reads such numbers out of bytes that may be damaged.
struct NumberReader {
  private let all: UnsafeBufferPointer<UInt8>
  /// How many bytes were read.
  private(set) var place = 0
  /// Whether the bytes were not what they should be.
  private(set) var isBroken = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) { all = bytes }

  var isAtEnd: Bool { place >= all.count }

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
