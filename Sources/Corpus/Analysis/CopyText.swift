/// The letters of a text in a form in which copies are told from texts that merely use the same words.
///
/// Width, case, script variant, punctuation and white space make no difference. A character of a script without spaces weighs
/// as much as two letters, and what is compared are windows of a certain weight: six Han characters or twelve letters, beyond
/// which texts of the same kind seldom agree by chance.
public struct CopyText: Sendable {
  private static let windowWeight = 12

  /// The letters, digits and characters, folded.
  private let letters: [UInt32]
  /// Where each stands in the text, in code points.
  private let positions: [Int]
  /// The weight of all before each, and of all at the end.
  private let weights: [Int]
  /// The windows, by the letter that they begin with.
  private let windows: [(hash: UInt64, end: Int)]
  /// Where the first window of each hash is, in a table with open addresses; -1 where there is none.
  private let table: [Int32]

  /// The letters of a text given as valid UTF-8.
  public init(_ bytes: ArraySlice<UInt8>) {
    let folded = Folding.fold(utf8: bytes)
    var letters: [UInt32] = []
    var positions: [Int] = []
    var weights = [0]
    letters.reserveCapacity(folded.count)
    positions.reserveCapacity(folded.count)
    weights.reserveCapacity(folded.count + 1)
    for (position, scalar) in folded.enumerated() {
      switch scalar.kind {
      case .character: weights.append(weights[letters.count] + 2)
      case .word: weights.append(weights[letters.count] + 1)
      case .mark, .sign: continue
      }
      letters.append(scalar.value)
      positions.append(position)
    }
    self.letters = letters
    self.positions = positions
    self.weights = weights
    windows = Self.windows(letters, weights)
    var size = 16
    while size < windows.count * 2 { size *= 2 }
    var table = [Int32](repeating: -1, count: size)
    for (index, window) in windows.enumerated() {
      var slot = Int(truncatingIfNeeded: window.hash) & (size - 1)
      while table[slot] >= 0, windows[Int(table[slot])].hash != window.hash { slot = (slot + 1) & (size - 1) }
      if table[slot] < 0 { table[slot] = Int32(index) }
    }
    self.table = table
  }

  /// The first window with a hash.
  private func first(_ hash: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
    while table[slot] >= 0 {
      if windows[Int(table[slot])].hash == hash { return Int(table[slot]) }
      slot = (slot + 1) & (table.count - 1)
    }
    return nil
  }

  /// What all of it weighs: two for a character, one for a letter or digit.
  public var weight: Int { weights[letters.count] }

  /// Whether the letters of both are the same.
  public func isSame(as other: CopyText) -> Bool { letters == other.letters }

  /// The hash of every window, by a polynomial that takes in a letter and lets one go in constant time (Karp and Rabin, 1987).
  private static func windows(_ letters: [UInt32], _ weights: [Int]) -> [(hash: UInt64, end: Int)] {
    let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    var powers: [UInt64] = [1]
    for _ in 0..<windowWeight { powers.append(powers[powers.count - 1] &* base) }
    var windows: [(hash: UInt64, end: Int)] = []
    windows.reserveCapacity(letters.count)
    var (hash, end): (UInt64, Int) = (0, 0)
    for start in letters.indices {
      while end < letters.count, weights[end] - weights[start] < windowWeight {
        hash = hash &* base &+ UInt64(letters[end])
        end += 1
      }
      guard weights[end] - weights[start] >= windowWeight else { break }
      windows.append((mixed(hash ^ UInt64(end - start)), end))
      hash = hash &- UInt64(letters[start]) &* powers[end - start - 1]
    }
    return windows
  }

  /// The finaliser of SplitMix64: every bit depends on every bit.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  // MARK: Fingerprints

  /// A sample of the windows by which texts that share many are found without comparing all with all.
  ///
  /// The same window is sampled of every text or of none (FracMinHash: Irber and others, 2022), so the part of a sample that
  /// stands in another tells what part of the text does. Of short texts more is taken.
  public struct Fingerprint: Sendable {
    /// How many windows one is taken of, as a power of two over eight: 0, 1 or 2.
    public let sparsity: Int
    /// The sample in order, each once.
    public let hashes: [UInt32]

    /// One that was kept.
    public init(sparsity: Int, hashes: [UInt32]) {
      self.sparsity = sparsity
      self.hashes = hashes
    }

    /// Whether a hash belongs to the sample of a text that is sparser.
    public static func isTaken(_ hash: UInt32, at sparsity: Int) -> Bool { hash & (1 << UInt32(sparsity) - 1) == 0 }

    /// How many hashes would be there at a sparsity that is at least its own.
    public func count(at sparsity: Int) -> Int {
      sparsity == self.sparsity ? hashes.count : hashes.count { Self.isTaken($0, at: sparsity) }
    }

    /// Whether two texts may be copies that share so many hashes of the sparser sample: where one in ten characters is
    /// another, half are left.
    public static func mayBeCopies(shared: Int, of one: Int, _ other: Int) -> Bool {
      shared > 0 && shared * 3 >= min(one, other)
    }
  }

  /// The sample of this text.
  public var fingerprint: Fingerprint {
    let sparsity = weight < 512 ? 0 : weight < 2048 ? 1 : 2
    let hashes = windows.lazy.map(\.hash).filter { $0 & 7 == 0 }.map { UInt32(truncatingIfNeeded: $0 >> 3) }
      .filter { Fingerprint.isTaken($0, at: sparsity) }
    return Fingerprint(sparsity: sparsity, hashes: Set(hashes).sorted())
  }

  // MARK: Comparing

  /// What part of the letters of each of two texts stands in the other, by weight: those that lie in a window which both have.
  public func shares(with other: CopyText) -> (own: Double, other: Double) {
    var isShared = [Bool](repeating: false, count: windows.count)
    let others = other.share { window in
      guard let own = first(window) else { return false }
      isShared[own] = true
      return true
    }
    return (share { hash in first(hash).map { isShared[$0] } ?? false }, others)
  }

  /// What part lies in windows that are shared.
  private func share(_ isShared: (UInt64) -> Bool) -> Double {
    var (covered, end) = (0, 0)
    for (start, window) in windows.enumerated() where isShared(window.hash) {
      covered += weights[window.end] - weights[max(start, end)]
      end = window.end
    }
    return weight == 0 ? 0 : Double(covered) / Double(weight)
  }

  /// The longest passage that stands in another text too: its places in both, in code points; nil where there is none.
  public func longestPassage(in other: CopyText) -> (own: Span, other: Span)? {
    var best: (own: Range<Int>, other: Int)?
    var (start, before): (Int, Int?) = (0, nil)
    for (index, window) in windows.enumerated() {
      guard let place = other.first(window.hash) else {
        before = nil
        continue
      }
      if before != place - 1 { start = index }
      before = place
      if window.end - start > best?.own.count ?? 0 { best = (start..<window.end, place - (index - start)) }
    }
    guard let best else { return nil }
    return (span(best.own), other.span(best.other..<(best.other + best.own.count)))
  }

  private func span(_ range: Range<Int>) -> Span {
    Span(positions[range.lowerBound], positions[range.upperBound - 1] + 1)
  }
}
