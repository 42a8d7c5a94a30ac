/// What search takes for the same: one code point becomes one code point, so positions never move.
///
/// Width, case and compatibility forms, traditional as simplified characters, ○ as 〇. The data are in `FoldingTable`.
public enum Folding {
  /// What a code point is in a text that is searched.
  public enum Class: UInt8, Sendable {
    /// Neither of the others; each stands for itself, spaces too.
    case mark
    /// A mark that stands for a word or belongs to one: `×市`, `15%的`, `*书记`.
    case sign
    /// A letter, digit or combining mark of a script that has words.
    case word
    /// A character of a script that has no spaces: Han, kana, Hangul, Thai and its neighbours.
    case character
  }

  /// A code point folded, with its class.
  public struct Folded: Hashable, Sendable {
    let packed: UInt32

    init(_ value: UInt32, _ kind: Class) { packed = value | UInt32(kind.rawValue) << 24 }

    fileprivate init(packed: UInt32) { self.packed = packed }

    /// The code point that it becomes.
    public var value: UInt32 { packed & 0xFF_FFFF }
    /// What it is, after folding.
    @inline(__always)
    public var kind: Class { Class(rawValue: UInt8(truncatingIfNeeded: packed >> 24)) ?? .mark }

    /// Equal where the code points are: the class follows from them.
    @inline(__always)
    public static func == (one: Folded, other: Folded) -> Bool { one.packed == other.packed }
  }

  /// Changes whenever texts would fold or divide in another way, so that an index made before is made again.
  public static let version =
    "1." + Array((FoldingTable.characters + FoldingTable.runs + FoldingTable.words).utf8).sha256.prefix(12)

  /// What a code point becomes.
  @inline(__always)
  public static func fold(_ scalar: Unicode.Scalar) -> Folded {
    let value = scalar.value
    if value < 0x1_0000 { return Folded(packed: table.basic[Int(value)]) }
    return Folded(packed: table.supplementary[value] ?? table.unfolded(value))
  }

  /// A text folded.
  public static func fold(_ text: some StringProtocol) -> [Folded] { text.unicodeScalars.map(fold) }

  /// A text given as valid UTF-8, folded.
  public static func fold(utf8 bytes: ArraySlice<UInt8>) -> [Folded] {
    bytes.withUnsafeBufferPointer { bytes in
      [Folded](unsafeUninitializedCapacity: bytes.count) { result, count in
        // A number of its own: `count` would be written to memory at each step.
        var filled = 0
        for folded in Scalars(bytes) {
          result.initializeElement(at: filled, to: folded)
          filled &+= 1
        }
        count = filled
      }
    }
  }

  /// The code points of valid UTF-8, folded.
  struct Scalars: Sequence, IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    private let basic = table.basic

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    @inline(__always)
    mutating func next() -> Folded? {
      guard place < bytes.count else { return nil }
      let first = bytes[place]
      // Three bytes or one, as most of all texts is made of.
      if first >> 4 == 0xE, place &+ 2 < bytes.count {
        let rest = UInt32(bytes[place &+ 1] & 0x3F) << 6 | UInt32(bytes[place &+ 2] & 0x3F)
        place &+= 3
        return Folded(packed: basic[Int(UInt32(first & 0xF) << 12 | rest)])
      }
      if first < 0x80 {
        place &+= 1
        return Folded(packed: basic[Int(first)])
      }
      var scalars = UTF8Scalars(bytes[place...].makeIterator())
      guard let scalar = scalars.next() else { return nil }
      place += scalar.utf8.count
      return fold(scalar)
    }
  }

  private static let table = Table()

  private struct Table: Sendable {
    /// The Basic Multilingual Plane.
    var basic: [UInt32]
    /// What folds beyond it.
    var supplementary: [UInt32: UInt32] = [:]
    private var words: [ClosedRange<UInt32>]

    init() {
      words = FoldingTable.words.split(whereSeparator: \.isWhitespace).map { range in
        let ends = range.split(separator: "-").map { UInt32($0, radix: 16) ?? 0 }
        return ends[0]...ends[1]
      }
      basic = []
      basic.reserveCapacity(0x1_0000)
      // Ranges are in order, so one walk along both classifies the plane.
      var range = 0
      for value in 0..<UInt32(0x1_0000) {
        while range < words.count, words[range].upperBound < value { range += 1 }
        let isWord = range < words.count && words[range].contains(value)
        basic.append(Folded(value, Self.kind(value, isWord: isWord)).packed)
      }
      var letters = FoldingTable.characters.unicodeScalars.lazy.filter { $0 != "\n" }.makeIterator()
      while let from = letters.next(), let to = letters.next() { add(from.value, to.value) }
      for run in FoldingTable.runs.split(whereSeparator: \.isWhitespace) { add(run) }
    }

    /// Takes a run `first-last/step+shift` in.
    private mutating func add(_ run: Substring) {
      let isForward = run.contains("+")
      let numbers = run.split { "-/+".contains($0) }.map { UInt32($0, radix: 16) ?? 0 }
      for from in stride(from: numbers[0], through: numbers[1], by: Int(numbers[2])) {
        add(from, isForward ? from + numbers[3] : from - numbers[3])
      }
    }

    private mutating func add(_ from: UInt32, _ to: UInt32) {
      let folded = Folded(to, Self.kind(to, isWord: isWord(to))).packed
      if from < 0x1_0000 { basic[Int(from)] = folded } else { supplementary[from] = folded }
    }

    func unfolded(_ value: UInt32) -> UInt32 { Folded(value, Self.kind(value, isWord: isWord(value))).packed }

    private func isWord(_ value: UInt32) -> Bool {
      var low = 0
      var high = words.count
      while low < high {
        let middle = (low + high) / 2
        if words[middle].upperBound < value { low = middle + 1 } else { high = middle }
      }
      return low < words.count && words[low].contains(value)
    }

    private static let signs = Set("$%&*+=<>@#^_~|×÷°‰℃□■△▲".unicodeScalars.map(\.value))

    private static func kind(_ value: UInt32, isWord: Bool) -> Class {
      switch value {
      case 0x3005, 0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
        0x20000...0x323AF,  // Han
        0x3041...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF,  // kana
        0x3100...0x312F, 0x31A0...0x31BF,  // bopomofo
        0x1100...0x11FF, 0xA960...0xA97F, 0xAC00...0xD7FF,  // Hangul
        0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF:  // Thai, Lao, Myanmar, Khmer
        .character
      default: isWord ? .word : signs.contains(value) ? .sign : .mark
      }
    }
  }
}

/// The scalars of valid UTF-8, without the cost of a string.
struct UTF8Scalars<Bytes: IteratorProtocol<UInt8>>: IteratorProtocol {
  private var bytes: Bytes

  init(_ bytes: Bytes) { self.bytes = bytes }

  @inline(__always)
  mutating func next() -> Unicode.Scalar? {
    guard let first = bytes.next() else { return nil }
    if first < 0x80 { return Unicode.Scalar(first) }
    var value = UInt32(first)
    let further: Int
    switch first {
    case 0xF0...: (value, further) = (value & 0x07, 3)
    case 0xE0...: (value, further) = (value & 0x0F, 2)
    default: (value, further) = (value & 0x1F, 1)
    }
    for _ in 0..<further { value = value << 6 | UInt32((bytes.next() ?? 0) & 0x3F) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}
