/// The letters of a text in a form in which copies are told from texts that merely use the same words.
///
/// Width, case, script variant, punctuation and white space make no difference. A character of a script without spaces weighs
/// as much as two letters, and what is compared are windows of a certain weight: six Han characters or twelve letters, beyond
/// which texts of the same kind seldom agree by chance.
public struct CopyText: Sendable {
  private static let windowWeight: Int32 = 12

  /// A letter, digit or character, folded.
  private struct Letter {
    let value: UInt32
    /// Where it stands in the text, in code points.
    let position: Int32
    /// The weight of all before it.
    let before: Int32
  }

  /// A run of letters of a certain weight, by the letter that it begins with.
  private struct Window {
    let hash: UInt64
    /// The number of the first letter after it.
    let end: Int32
  }

  private let letters: [Letter]
  private let windows: [Window]
  /// What all of it weighs: two for a character, one for a letter or digit.
  public let weight: Int

  /// The letters of a text given as valid UTF-8.
  ///
  /// Windows are hashed by a polynomial that takes in a letter and lets one go in constant time (Karp and Rabin, 1987).
  public init(_ bytes: ArraySlice<UInt8>) {
    let folded = Folding.fold(utf8: bytes)
    let (base, powers) = (Self.base, Self.powers)
    var windows: [Window] = []
    var weight: Int32 = 0
    letters = [Letter](unsafeUninitializedCapacity: folded.count) { letters, count in
      windows = [Window](unsafeUninitializedCapacity: folded.count) { windows, found in
        // The run that grows to a window: its first letter, and its hash so far.
        var (start, hash): (Int, UInt64) = (0, 0)
        for (position, scalar) in folded.enumerated() {
          let own: Int32
          switch scalar.kind {
          case .character: own = 2
          case .word: own = 1
          case .mark, .sign: continue
          }
          letters.initializeElement(
            at: count, to: Letter(value: scalar.value, position: Int32(position), before: weight))
          count += 1
          weight += own
          hash = hash &* base &+ UInt64(scalar.value)
          // At most one window begins with each letter, so there is room for it.
          while weight - letters[start].before >= Self.windowWeight {
            let length = count - start
            windows.initializeElement(
              at: found, to: Window(hash: Self.mixed(hash ^ UInt64(length)), end: Int32(count)))
            found += 1
            hash = hash &- UInt64(letters[start].value) &* powers[length - 1]
            // No letter weighs as much as a window, so there is a next one.
            start += 1
          }
        }
      }
    }
    (self.windows, self.weight) = (windows, Int(weight))
  }

  /// Whether the letters of both are the same.
  public func isSame(as other: CopyText) -> Bool {
    letters.count == other.letters.count && letters.elementsEqual(other.letters) { $0.value == $1.value }
  }

  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let powers: [UInt64] = (0..<Int(windowWeight)).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] &* base)
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

    /// How many hashes of the sparser sample both have; 0 where they are too few for a copy.
    public func shared(with other: Fingerprint) -> Int {
      let common = max(sparsity, other.sparsity)
      let (shared, own, others) = hashes.withUnsafeBufferPointer { hashes in
        other.hashes.withUnsafeBufferPointer { theirs in
          var (shared, own, others, place) = (0, 0, 0, 0)
          for hash in hashes where Self.isTaken(hash, at: common) {
            own += 1
            while place < theirs.count, theirs[place] < hash {
              if Self.isTaken(theirs[place], at: common) { others += 1 }
              place += 1
            }
            if place < theirs.count, theirs[place] == hash { shared += 1 }
          }
          return (shared, own, others + theirs[place...].count { Self.isTaken($0, at: common) })
        }
      }
      return Self.mayBeCopies(shared: shared, of: own, others) ? shared : 0
    }
  }

  /// The sample of this text.
  public var fingerprint: Fingerprint {
    let sparsity = weight < 512 ? 0 : weight < 2048 ? 1 : 2
    var hashes: [UInt32] = []
    for window in windows where window.hash & 7 == 0 {
      let hash = UInt32(truncatingIfNeeded: window.hash >> 3)
      if Fingerprint.isTaken(hash, at: sparsity) { hashes.append(hash) }
    }
    hashes.sort()
    var (kept, last): (Int, UInt32?) = (0, nil)
    for hash in hashes where hash != last {
      (hashes[kept], last) = (hash, hash)
      kept += 1
    }
    hashes.removeSubrange(kept...)
    return Fingerprint(sparsity: sparsity, hashes: hashes)
  }

  // MARK: Comparing

  /// What part of the letters of each of two texts stands in the other, by weight: those that lie in a window which both have.
  public func shares(with other: CopyText) -> (own: Double, other: Double) {
    if other.windows.count < windows.count {
      // The table is made of the shorter one.
      let shares = other.shares(with: self)
      return (shares.other, shares.own)
    }
    let table = WindowTable(windows)
    var isShared = [Bool](repeating: false, count: windows.count)
    let others = other.share { hash in
      guard let own = table.first(hash) else { return false }
      isShared[own] = true
      return true
    }
    return (share { hash in table.first(hash).map { isShared[$0] } ?? false }, others)
  }

  /// What part lies in windows that are shared.
  private func share(_ isShared: (UInt64) -> Bool) -> Double {
    var (covered, end) = (0, 0)
    for (start, window) in windows.enumerated() where isShared(window.hash) {
      covered += weight(before: Int(window.end)) - weight(before: max(start, end))
      end = Int(window.end)
    }
    return weight == 0 ? 0 : Double(covered) / Double(weight)
  }

  private func weight(before letter: Int) -> Int {
    letter < letters.count ? Int(letters[letter].before) : weight
  }

  /// The longest passage that stands in another text too: its places in both, in code points; nil where there is none.
  public func longestPassage(in other: CopyText) -> (own: Span, other: Span)? {
    let table = WindowTable(other.windows)
    var best: (own: Range<Int>, other: Int)?
    var (start, before): (Int, Int?) = (0, nil)
    for (index, window) in windows.enumerated() {
      guard let place = table.first(window.hash) else {
        before = nil
        continue
      }
      if before != place - 1 { start = index }
      before = place
      let end = Int(window.end)
      if end - start > best?.own.count ?? 0 { best = (start..<end, place - (index - start)) }
    }
    guard let best else { return nil }
    return (span(best.own), other.span(best.other..<(best.other + best.own.count)))
  }

  private func span(_ range: Range<Int>) -> Span {
    Span(Int(letters[range.lowerBound].position), Int(letters[range.upperBound - 1].position) + 1)
  }

  /// Where the first window of each hash is, in a table with open addresses: most that are asked after stand nowhere.
  private struct WindowTable {
    private let windows: [Window]
    /// The number of a window; -1 where there is none.
    private let slots: [Int32]

    init(_ windows: [Window]) {
      var size = 16
      while size < windows.count * 3 { size *= 2 }
      var slots = [Int32](repeating: -1, count: size)
      for (index, window) in windows.enumerated() {
        var slot = Int(truncatingIfNeeded: window.hash) & (size - 1)
        while slots[slot] >= 0, windows[Int(slots[slot])].hash != window.hash { slot = (slot + 1) & (size - 1) }
        if slots[slot] < 0 { slots[slot] = Int32(index) }
      }
      (self.windows, self.slots) = (windows, slots)
    }

    /// The first window with a hash.
    @inline(__always)
    func first(_ hash: UInt64) -> Int? {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 {
        if windows[Int(slots[slot])].hash == hash { return Int(slots[slot]) }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }
  }
}
