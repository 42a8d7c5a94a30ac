/// A set of small numbers, one bit each: the nodes or speeches for which a query holds.
///
/// What is called for each number is compiled into its callers: a call would cost more than the bit.
public struct NumberSet: Sendable {
  @usableFromInline var words: [UInt64]

  /// No number; those that will be put in lie below `bound`.
  public init(bound: Int) { words = [UInt64](repeating: 0, count: (bound + 63) / 64) }

  /// Some numbers, all of them below `bound`.
  public init(_ numbers: [UInt32], bound: Int) {
    self.init(bound: bound)
    for number in numbers { words[Int(number >> 6)] |= 1 << UInt64(number & 63) }
  }

  /// Makes room for numbers below a higher bound.
  public mutating func extend(to bound: Int) {
    words.append(contentsOf: repeatElement(0, count: max(0, (bound + 63) / 64 - words.count)))
  }

  /// Whether a number is in it.
  @inlinable
  public func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }

  /// Puts a number in.
  @inlinable
  public mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

  /// Puts neighbouring numbers in.
  public mutating func insert(_ range: Range<Int>) { for number in range { insert(number) } }

  /// Keeps what is in the other one too.
  public mutating func formIntersection(_ other: NumberSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  /// Takes what is in the other one.
  public mutating func formUnion(_ other: NumberSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// Gives up what is in the other one.
  public mutating func subtract(_ other: NumberSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  /// How many numbers are in it.
  public var count: Int {
    var count = 0
    for word in words where word != 0 { count += word.nonzeroBitCount }
    return count
  }

  /// How many groups of neighbouring numbers have any that is in it.
  /// - Parameter starts: the first number of each group.
  public func groupCount(_ starts: NumberSet) -> Int {
    var count = 0
    // Whether the group that reaches into the word at hand is counted already.
    var isCounted = false
    for (word, begun) in zip(words, starts.words) {
      var rest = word
      if isCounted { rest &= Self.from(begun) }
      if begun != 0 { isCounted = false }
      while rest != 0 {
        count += 1
        let next = begun & ~(rest ^ (rest - 1))
        isCounted = next == 0
        rest &= Self.from(next)
      }
    }
    return count
  }

  /// All bits from the lowest of a word on; none where it has none.
  private static func from(_ word: UInt64) -> UInt64 { 0 &- (word & (0 &- word)) }

  /// Whether there is no number in it.
  public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// Hands every number over, in order.
  @inlinable
  public func forEach(_ body: (Int) throws -> Void) rethrows { try forEach(in: words.indices, body) }

  /// Hands over the numbers of a range, in order. It begins at a multiple of 64 below the bound, and ends at one or at the bound.
  @inlinable
  public func forEach(from first: Int, to end: Int, _ body: (Int) throws -> Void) rethrows {
    try forEach(in: first >> 6..<min((end + 63) >> 6, words.count), body)
  }

  @inlinable
  func forEach(in range: Range<Int>, _ body: (Int) throws -> Void) rethrows {
    for index in range {
      var rest = words[index]
      while rest != 0 {
        try body(index << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}

extension Query {
  /// For which numbers the query holds.
  /// - Parameters:
  ///   - everything: all numbers there are, asked for only where something is excluded.
  ///   - term: those that a term stands in.
  ///   - near: those that a proximity holds in.
  public func numbers(
    everything: () throws -> NumberSet, term: (Term) throws -> NumberSet, near: (Proximity) throws -> NumberSet
  ) throws -> NumberSet {
    func evaluate(_ query: Query) throws -> NumberSet {
      switch query {
      case .term(let one): return try term(one)
      case .near(let one): return try near(one)
      case .not(let part):
        var all = try everything()
        all.subtract(try evaluate(part))
        return all
      case .or(let parts):
        var union: NumberSet?
        for part in Set(parts) {
          let set = try evaluate(part)
          if union == nil { union = set } else { union?.formUnion(set) }
        }
        return try union ?? everything()
      case .and(let all):
        // The same again adds nothing, and a query can say it sixty-four times.
        let parts = Set(all)
        // What is excluded is taken away from the others, so that not everything has to be known.
        var result: NumberSet?
        for part in parts {
          if case .not = part { continue }
          let set = try evaluate(part)
          if result == nil { result = set } else { result?.formIntersection(set) }
        }
        for case .not(let part) in parts {
          let set = try evaluate(part)
          if result == nil { result = try everything() }
          result?.subtract(set)
        }
        return try result ?? everything()
      }
    }
    return try evaluate(self)
  }
}
