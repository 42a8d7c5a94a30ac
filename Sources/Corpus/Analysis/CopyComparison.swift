/// A text against which others are held: what it takes to look windows up in it is made once.
public struct CopyComparison {
  /// The text.
  public let text: CopyText
  private let table: WindowTable

  /// Prepares a text.
  public init(_ text: CopyText) {
    self.text = text
    table = WindowTable(text.windows)
  }

  /// How another text compares with it.
  public struct Result: Equatable, Sendable {
    /// Whether the letters of both are the same.
    public let isSame: Bool
    /// What the other text weighs.
    public let weight: Int
    /// What part of the letters of each text stands in the other, by weight: those that lie in a window which both have.
    public let own: Double, other: Double
  }

  /// Holds a text against it that is given as valid UTF-8, and of which no more is needed.
  public func result(with bytes: ArraySlice<UInt8>) -> Result {
    bytes.withUnsafeBufferPointer { result(ofFolded: Folding.Scalars($0)) }
  }

  /// Holds a folded text against it, of which no more is needed.
  public func result(with folded: [Folding.Folded]) -> Result { result(ofFolded: folded) }

  @inline(__always)
  private func result(ofFolded scalars: some Sequence<Folding.Folded>) -> Result {
    let letters = text.letters
    var (isSame, shared) = (true, Shared(table))
    var (count, weight): (Int, Int32) = (0, 0)
    table.withFilter { filter in
      CopyText.Cutting.run { cutting in
        for scalar in scalars where cutting.take(scalar) {
          let place = cutting.letters &- 1
          isSame = isSame && place < letters.count && letters[place].value == scalar.value
          while let window = cutting.window() {
            if filter.mayHave(window.hash) { shared.take(window.hash, from: window.start, to: cutting.weight) }
          }
        }
        (count, weight) = (cutting.letters, cutting.weight)
      }
    }
    return result(shared, isSame: isSame && count == letters.count, weight: Int(weight))
  }

  /// Holds a text against it.
  public func result(with other: CopyText) -> Result {
    var shared = Shared(table)
    for (start, window) in other.windows.enumerated() {
      shared.take(window.hash, from: other.letters[start].before, to: Int32(other.weight(before: Int(window.end))))
    }
    return result(shared, isSame: text.isSame(as: other), weight: other.weight)
  }

  private func result(_ shared: Shared, isSame: Bool, weight: Int) -> Result {
    var own = Covered()
    for (start, window) in text.windows.enumerated() where shared.isShared[table.firsts[start]] {
      own.add(from: text.letters[start].before, to: Int32(text.weight(before: Int(window.end))))
    }
    return Result(
      isSame: isSame, weight: weight, own: own.part(of: text.weight), other: shared.covered.part(of: weight))
  }

  /// The longest passage that stands in another text too: its places in both, in code points; nil where there is none.
  public func longestPassage(in other: CopyText) -> (own: Span, other: Span)? {
    var best: (other: Range<Int>, own: Int)?
    var (start, before): (Int, Int?) = (0, nil)
    for (index, window) in other.windows.enumerated() {
      guard let place = table.first(window.hash) else {
        before = nil
        continue
      }
      if before != place - 1 { start = index }
      before = place
      let end = Int(window.end)
      if end - start > best?.other.count ?? 0 { best = (start..<end, place - (index - start)) }
    }
    guard let best else { return nil }
    return (text.span(best.own..<(best.own + best.other.count)), other.span(best.other))
  }

  /// The windows that both have, as those of the other come.
  private struct Shared {
    private let table: WindowTable
    /// Whether the other has a window, by the first of its hash.
    var isShared: [Bool]
    /// The letters of the other that lie in them.
    var covered = Covered()

    init(_ table: WindowTable) {
      self.table = table
      isShared = [Bool](repeating: false, count: table.firsts.count)
    }

    mutating func take(_ hash: UInt64, from start: Int32, to end: Int32) {
      guard let own = table.first(hash) else { return }
      isShared[own] = true
      covered.add(from: start, to: end)
    }
  }

  /// What weighs how much that lies in some windows, which come in order.
  private struct Covered {
    private var weight: Int32 = 0
    private var end: Int32 = 0

    @inline(__always)
    mutating func add(from start: Int32, to end: Int32) {
      weight += end - max(start, self.end)
      self.end = end
    }

    func part(of whole: Int) -> Double { whole == 0 ? 0 : Double(weight) / Double(whole) }
  }

  /// Where the first window of each hash is, in a table with open addresses: most that are asked after stand nowhere.
  private struct WindowTable {
    private let windows: [CopyText.Window]
    /// The number of a window; -1 where there is none.
    private let slots: [Int32]
    /// A bit for each hash, of sixteen for a slot: the slots are seldom looked at for one that is not there.
    private let bits: [UInt64]
    /// Of each window the first that has its hash.
    let firsts: [Int]

    init(_ windows: [CopyText.Window]) {
      var size = 16
      while size < windows.count * 3 { size *= 2 }
      var slots = [Int32](repeating: -1, count: size)
      var bits = [UInt64](repeating: 0, count: size / 4)
      firsts = windows.indices.map { index in
        let hash = windows[index].hash
        let place = Self.place(of: hash)
        bits[place >> 6 & (bits.count - 1)] |= 1 << UInt64(place & 63)
        var slot = place & (size - 1)
        while slots[slot] >= 0, windows[Int(slots[slot])].hash != hash { slot = (slot + 1) & (size - 1) }
        if slots[slot] < 0 { slots[slot] = Int32(index) }
        return Int(slots[slot])
      }
      (self.windows, self.slots, self.bits) = (windows, slots, bits)
    }

    /// The bits, for as long as they are asked.
    struct Filter {
      let bits: UnsafeBufferPointer<UInt64>

      /// Whether there may be a window with a hash.
      @inline(__always)
      func mayHave(_ hash: UInt64) -> Bool {
        let place = WindowTable.place(of: hash)
        return bits[place >> 6 & (bits.count - 1)] >> UInt64(place & 63) & 1 != 0
      }
    }

    /// Lends what tells of most hashes that they stand nowhere.
    @inline(__always)
    func withFilter<Result>(_ body: (Filter) -> Result) -> Result {
      bits.withUnsafeBufferPointer { body(Filter(bits: $0)) }
    }

    /// The first window with a hash.
    func first(_ hash: UInt64) -> Int? {
      guard withFilter({ $0.mayHave(hash) }) else { return nil }
      var slot = Self.place(of: hash) & (slots.count - 1)
      while slots[slot] >= 0 {
        if windows[Int(slots[slot])].hash == hash { return Int(slots[slot]) }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }

    @inline(__always)
    private static func place(of hash: UInt64) -> Int { Int((hash &* 0x9E37_79B9_7F4A_7C15) >> 32) }
  }
}

extension CopyText {
  /// The weight of all letters before one.
  fileprivate func weight(before letter: Int) -> Int {
    letter < letters.count ? Int(letters[letter].before) : weight
  }

  fileprivate func span(_ range: Range<Int>) -> Span {
    Span(Int(letters[range.lowerBound].position), Int(letters[range.upperBound - 1].position) + 1)
  }
}
