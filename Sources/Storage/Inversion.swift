import Corpus

/// Turns texts around: of the tokens of documents in reading order it makes, for each token in order, where it stands.
///
/// Tokens get numbers as they come, found by a hash; one counting sort then brings the places of each token together.
struct Inversion {
  private struct Token {
    /// The first eight bytes, as a number that sorts as they do.
    let key: UInt64
    /// Where its bytes begin: in a text, or of one that has its number in `bytes`.
    let start: Int
    let length: Int

    init(key: UInt64, start: Int, length: Int) { (self.key, self.start, self.length) = (key, start, length) }

    /// The token at a place; nil where no space ends one.
    @inline(__always)
    init?(in text: UnsafeBufferPointer<UInt8>, at start: Int) {
      guard start &+ 8 <= text.count else {
        guard let end = text.firstIndex(of: UInt8(ascii: " "), from: start) else { return nil }
        let key = text[start..<end].reduce(0) { $0 << 8 | UInt64($1) }
        self.init(key: end == start ? 0 : key << UInt64(8 * (8 - end + start)), start: start, length: end - start)
        return
      }
      let eight = UInt64(bigEndian: UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: start, as: UInt64.self))
      // The highest bit of each byte that is a space, and of no other.
      let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
      let rest = eight ^ 0x2020_2020_2020_2020
      let spaces = ~((rest & low &+ low) | rest | low)
      if spaces != 0 {
        let bits = spaces.leadingZeroBitCount & ~7
        self.init(key: eight & ~(UInt64.max &>> UInt64(bits)), start: start, length: bits &>> 3)
        return
      }
      guard let end = text.firstIndex(of: UInt8(ascii: " "), from: start + 8) else { return nil }
      self.init(key: eight, start: start, length: end - start)
    }
  }

  /// Where a token is looked up: what tells most tokens apart is in it.
  private struct Slot {
    var key: UInt64 = 0
    var length: UInt32 = 0
    /// The token's number, plus one; 0 where there is none.
    var number: UInt32 = 0
  }

  /// The documents, in order, each with the places of its tokens among all.
  private(set) var documents: [(number: Int, tokens: Range<Int>)] = []
  /// Which of the documents has the place `stride` times the index.
  private var documentsAt: [UInt32] = []
  private static let stride = 256
  /// The tokens in reading order, each by its number.
  private var sequence: [UInt32] = []
  private var tokens: [Token] = []
  private var bytes: [UInt8] = []
  private var slots = [Slot](repeating: Slot(), count: 1 << 12)

  /// How many tokens there are.
  var count: Int { sequence.count }

  /// Adds a document, of a higher number than those before.
  /// - Parameter text: the tokens, each with a space behind it.
  mutating func append(document: Int, _ text: [UInt8]) {
    text.withUnsafeBufferPointer { text in
      // Each token has a space behind it, so there are no more than bytes.
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: text.count) { numbers in
        var (count, start) = (0, 0)
        while true {
          // What is known already, and that is nearly all, needs no more than a look.
          slots.withUnsafeBufferPointer { slots in
            while let token = Token(in: text, at: start), let number = number(of: token, text, slots) {
              numbers[count] = number
              count &+= 1
              start = token.start &+ token.length &+ 1
            }
          }
          guard let token = Token(in: text, at: start) else { break }
          numbers[count] = add(token, text)
          count += 1
          start += token.length + 1
        }
        sequence.append(contentsOf: numbers[..<count])
      }
    }
    let start = documents.last?.tokens.upperBound ?? 0
    documents.append((document, start..<sequence.count))
    while documentsAt.count * Self.stride < sequence.count { documentsAt.append(UInt32(documents.count - 1)) }
  }

  /// The number of a token; nil where it is new.
  @inline(__always)
  private func number(of token: Token, _ text: UnsafeBufferPointer<UInt8>, _ slots: UnsafeBufferPointer<Slot>)
    -> UInt32?
  {
    let mask = slots.count &- 1
    var place = hash(token, in: text) & mask
    while true {
      let slot = slots[place]
      if slot.number == 0 { return nil }
      if slot.key == token.key, slot.length == UInt32(truncatingIfNeeded: token.length),
        token.length <= 8 || isRest(of: tokens[Int(slot.number) - 1], text, token.start)
      {
        return slot.number &- 1
      }
      place = (place &+ 1) & mask
    }
  }

  /// Gives a new token its number.
  private mutating func add(_ token: Token, _ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    tokens.append(Token(key: token.key, start: bytes.count, length: token.length))
    bytes.append(contentsOf: text[token.start..<(token.start + token.length)])
    let number = UInt32(tokens.count - 1)
    // Fuller than that it is slower, larger it falls out of the processor's cache.
    if tokens.count * 4 > slots.count * 3 { grow() } else { enter(token, number, in: text) }
    return number
  }

  /// Puts a token that has none yet into a slot.
  private mutating func enter(_ token: Token, _ number: UInt32, in text: UnsafeBufferPointer<UInt8>) {
    let mask = slots.count - 1
    var place = hash(token, in: text) & mask
    while slots[place].number != 0 { place = (place + 1) & mask }
    slots[place] = Slot(
      key: token.key, length: UInt32(truncatingIfNeeded: token.length), number: number + 1)
  }

  /// Whether what is not in the key is alike too.
  private func isRest(of token: Token, _ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    bytes[(token.start + 8)..<(token.start + token.length)].elementsEqual(text[(start + 8)..<(start + token.length)])
  }

  /// Another in each, so that nobody can make tokens that all have the same hash.
  private let seed = UInt64.random(in: 0...UInt64.max)

  @inline(__always)
  private func hash(_ token: Token, in text: UnsafeBufferPointer<UInt8>) -> Int {
    var mixed = (token.key ^ seed ^ UInt64(truncatingIfNeeded: token.length)) &* 0x9E37_79B9_7F4A_7C15
    if token.length > 8 {
      for place in (token.start + 8)..<(token.start + token.length) {
        mixed = (mixed ^ mixed >> 29 ^ UInt64(text[place])) &* 0x9E37_79B9_7F4A_7C15
      }
    }
    return Int(truncatingIfNeeded: ((mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9) >> 32)
  }

  private mutating func grow() {
    slots = [Slot](repeating: Slot(), count: slots.count * 2)
    bytes.withUnsafeBufferPointer { bytes in
      for (number, token) in tokens.enumerated() { enter(token, UInt32(number), in: bytes) }
    }
  }

  /// The document that has the token at a place.
  @inline(__always)
  func document(at place: Int) -> (number: Int, tokens: Range<Int>) {
    var index = Int(documentsAt[place / Self.stride])
    while documents[index].tokens.upperBound <= place { index += 1 }
    return documents[index]
  }

  /// Hands over the tokens in the order of their bytes, with the places of each among all tokens in reading order.
  func forEachToken(_ body: (_ token: ArraySlice<UInt8>, _ places: UnsafeBufferPointer<UInt32>) throws -> Void)
    rethrows
  {
    // Where the places of each token begin among all, and one more for the end.
    var starts = [UInt32](repeating: 0, count: tokens.count + 1)
    for token in sequence { starts[Int(token) + 1] += 1 }
    for token in tokens.indices { starts[token + 1] += starts[token] }
    let places = [UInt32](unsafeUninitializedCapacity: sequence.count) { places, count in
      var next = starts
      next.withUnsafeMutableBufferPointer { next in
        for (place, token) in sequence.enumerated() {
          places[Int(next[Int(token)])] = UInt32(truncatingIfNeeded: place)
          next[Int(token)] &+= 1
        }
      }
      count = sequence.count
    }
    try places.withUnsafeBufferPointer { places in
      for number in order {
        let token = tokens[number]
        try body(
          bytes[token.start..<(token.start + token.length)],
          UnsafeBufferPointer(rebasing: places[Int(starts[number])..<Int(starts[number + 1])]))
      }
    }
  }

  /// The numbers of the tokens in the order of their bytes.
  private var order: [Int] {
    // By the first eight bytes, the last of them first: what is in order by one stays so where the next is the same.
    var order = tokens.enumerated().map { (key: $1.key, number: $0) }
    var sorted = order
    var starts = [Int](repeating: 0, count: 8 * 256)
    for (key, _) in order {
      for place in 0..<8 { starts[place << 8 | Int(key >> UInt64(8 * place) & 0xFF)] += 1 }
    }
    for place in 0..<8 {
      let all = place << 8..<(place + 1) << 8
      // Nothing to do where all have the same.
      if starts[all].contains(order.count) { continue }
      var start = 0
      for byte in all { (start, starts[byte]) = (start + starts[byte], start) }
      for one in order {
        let byte = place << 8 | Int(one.key >> UInt64(8 * place) & 0xFF)
        sorted[starts[byte]] = one
        starts[byte] += 1
      }
      swap(&order, &sorted)
    }
    // Few have these in common.
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, order[end].key == order[first].key { end += 1 }
      if end > first + 1 { order[first..<end].sort { precedes(tokens[$0.number], tokens[$1.number]) } }
      first = end
    }
    return order.map(\.number)
  }

  private func precedes(_ one: Token, _ other: Token) -> Bool {
    if one.key != other.key { return one.key < other.key }
    if one.length <= 8 || other.length <= 8 { return one.length < other.length }
    return bytes[(one.start + 8)..<(one.start + one.length)].lexicographicallyPrecedes(
      bytes[(other.start + 8)..<(other.start + other.length)])
  }
}
