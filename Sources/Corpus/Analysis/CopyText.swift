/// The letters of a text in a form in which copies are told from texts that merely use the same words.
///
/// Width, case, script variant, punctuation and white space make no difference. A character of a script without spaces weighs
/// as much as two letters, and what is compared are windows of a certain weight: six Han characters or twelve letters, beyond
/// which texts of the same kind seldom agree by chance.
public struct CopyText: Sendable {
  private static let windowWeight: Int32 = 12

  /// A letter, digit or character, folded.
  struct Letter {
    let value: UInt32
    /// Where it stands in the text, in code points.
    let position: Int32
    /// The weight of all before it.
    let before: Int32
  }

  /// A run of letters of a certain weight, by the letter that it begins with.
  struct Window {
    let hash: UInt64
    /// The number of the first letter after it.
    let end: Int32
  }

  let letters: [Letter]
  /// One for each letter that one begins with, in order from the first.
  let windows: [Window]
  /// What all of it weighs: two for a character, one for a letter or digit.
  public let weight: Int

  /// The letters of a text given as valid UTF-8.
  public init(_ bytes: ArraySlice<UInt8>) { self.init(Folding.fold(utf8: bytes)) }

  /// The letters of a folded text.
  public init(_ folded: [Folding.Folded]) {
    var windows: [Window] = []
    var weight: Int32 = 0
    letters = [Letter](unsafeUninitializedCapacity: folded.count) { letters, count in
      windows = [Window](unsafeUninitializedCapacity: folded.count) { windows, found in
        Cutting.run { cutting in
          var filled = 0
          for (position, scalar) in folded.enumerated() {
            let before = cutting.weight
            guard cutting.take(scalar) else { continue }
            letters.initializeElement(
              at: cutting.letters &- 1,
              to: Letter(value: scalar.value, position: Int32(truncatingIfNeeded: position), before: before))
            while let window = cutting.window() {
              // At most one begins with each letter, so there is room for it.
              windows.initializeElement(
                at: filled, to: Window(hash: window.hash, end: Int32(truncatingIfNeeded: cutting.letters)))
              filled &+= 1
            }
          }
          (count, found, weight) = (cutting.letters, filled, cutting.weight)
        }
      }
    }
    (self.windows, self.weight) = (windows, Int(weight))
  }

  /// Whether the letters of both are the same.
  public func isSame(as other: CopyText) -> Bool {
    letters.count == other.letters.count && letters.elementsEqual(other.letters) { $0.value == $1.value }
  }

  /// Cuts a text into letters and windows, code point by code point.
  ///
  /// Windows are hashed by a polynomial that takes in a letter and lets one go in constant time (Karp and Rabin, 1987).
  struct Cutting {
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let powers: [UInt64] = (0..<Int(windowWeight)).reduce(into: [1]) { powers, _ in
      powers.append(powers[powers.count - 1] &* base)
    }

    /// How many letters there were.
    private(set) var letters = 0
    /// What they weigh.
    private(set) var weight: Int32 = 0
    /// The run that grows to a window: how many letters it has, the weight before it, and its hash.
    private var (count, start, hash): (Int, Int32, UInt64) = (0, 0, 0)
    /// The last letters. Each weighs one at least, so there is room for a window.
    private let last: UnsafeMutableBufferPointer<Folding.Folded>
    private let powers: UnsafeBufferPointer<UInt64>

    /// Lends one that is at the beginning of a text.
    @inline(__always)
    static func run(_ body: (inout Cutting) -> Void) {
      powers.withUnsafeBufferPointer { powers in
        withUnsafeTemporaryAllocation(of: Folding.Folded.self, capacity: 16) { last in
          var cutting = Cutting(last: last, powers: powers)
          body(&cutting)
        }
      }
    }

    private init(last: UnsafeMutableBufferPointer<Folding.Folded>, powers: UnsafeBufferPointer<UInt64>) {
      (self.last, self.powers) = (last, powers)
    }

    /// Takes in a code point.
    /// - Returns: whether it is a letter.
    @inline(__always)
    mutating func take(_ scalar: Folding.Folded) -> Bool {
      let own = Self.weight(of: scalar)
      if own == 0 { return false }
      last[letters & 15] = scalar
      letters &+= 1
      count &+= 1
      weight &+= own
      hash = hash &* Self.base &+ UInt64(scalar.value)
      return true
    }

    /// A window that ends with the last letter, with the weight of all letters before it; nil when there is no more.
    @inline(__always)
    mutating func window() -> (hash: UInt64, start: Int32)? {
      guard weight &- start >= windowWeight else { return nil }
      let window = (hash ^ UInt64(count), start)
      let first = last[(letters &- count) & 15]
      count &-= 1
      hash = hash &- UInt64(first.value) &* powers[count]
      start &+= Self.weight(of: first)
      return window
    }

    /// What a letter weighs; 0 for what is none.
    @inline(__always)
    private static func weight(of scalar: Folding.Folded) -> Int32 {
      switch scalar.kind {
      case .character: 2
      case .word: 1
      case .mark, .sign: 0
      }
    }
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

    /// How many hashes would be there at a sparsity; at a lower one than its own all that are kept.
    public func count(at sparsity: Int) -> Int {
      sparsity <= self.sparsity ? hashes.count : hashes.count { Self.isTaken($0, at: sparsity) }
    }

    /// How many hashes both have: they are of the sparser sample, as what the other has besides is not in it.
    public func shared(with other: Fingerprint) -> Int {
      hashes.withUnsafeBufferPointer { hashes in
        other.hashes.withUnsafeBufferPointer { theirs in
          var (shared, place) = (0, 0)
          for hash in hashes {
            while place < theirs.count, theirs[place] < hash { place += 1 }
            if place < theirs.count, theirs[place] == hash { shared += 1 }
          }
          return shared
        }
      }
    }

    /// Whether two texts may be copies that share so many hashes of the sparser sample: where one in ten characters is
    /// another, half are left.
    public static func mayBeCopies(shared: Int, of one: Int, _ other: Int) -> Bool {
      shared > 0 && shared * 3 >= min(one, other)
    }
  }

  /// The finaliser of SplitMix64: every bit depends on every bit.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// The sample of a folded text, and what its letters weigh.
  public static func sample(of folded: [Folding.Folded]) -> (print: Fingerprint, weight: Int) {
    var hashes: [UInt32] = []
    hashes.reserveCapacity(folded.count / 4)
    var weight: Int32 = 0
    Cutting.run { cutting in
      for scalar in folded where cutting.take(scalar) {
        while let window = cutting.window() {
          let mixed = mixed(window.hash)
          if mixed & 7 == 0 { hashes.append(UInt32(truncatingIfNeeded: mixed >> 3)) }
        }
      }
      weight = cutting.weight
    }
    let sparsity = weight < 512 ? 0 : weight < 2048 ? 1 : 2
    if sparsity > 0 { hashes.removeAll { !Fingerprint.isTaken($0, at: sparsity) } }
    hashes.sort()
    var (kept, last): (Int, UInt32?) = (0, nil)
    for hash in hashes where hash != last {
      (hashes[kept], last) = (hash, hash)
      kept += 1
    }
    hashes.removeSubrange(kept...)
    return (Fingerprint(sparsity: sparsity, hashes: hashes), Int(weight))
  }
}
