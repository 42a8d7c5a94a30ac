import Corpus

/// Turns texts around: of the tokens of documents in reading order it makes, for each token in order, where it stands.
///
/// Tokens get numbers as they come, found by a hash; one counting sort then brings the places of each token together.
struct Inversion {
  private struct Token {
    /// The first eight bytes, as a number that sorts as they do.
    let key: UInt64
    let start: Int
    let length: Int
  }

  /// Where a token is looked up: what tells most tokens apart is in it.
  private struct Slot {
    var key: UInt64 = 0
    var length: UInt32 = 0
    /// The token's number, plus one; 0 where there is none.
    var number: UInt32 = 0
  }

  /// The documents, in order, each with the number of tokens up to its end.
  private(set) var documents: [(number: Int, end: Int)] = []
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
      var start = 0
      while let (key, length) = Self.token(of: text, at: start) {
        sequence.append(number(of: key, text, start, length))
        start += length + 1
      }
    }
    documents.append((document, sequence.count))
  }

  /// The token at a place, by its first eight bytes and its length; nil where no space ends one.
  @inline(__always)
  private static func token(of text: UnsafeBufferPointer<UInt8>, at start: Int) -> (key: UInt64, length: Int)? {
    guard start + 8 <= text.count else {
      guard let end = text.firstIndex(of: UInt8(ascii: " "), from: start) else { return nil }
      let key = text[start..<end].reduce(0) { $0 << 8 | UInt64($1) }
      return (end == start ? 0 : key << UInt64(8 * (8 - end + start)), end - start)
    }
    let eight = UInt64(bigEndian: UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: start, as: UInt64.self))
    // The highest bit of each byte that is a space, and of no other.
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let rest = eight ^ 0x2020_2020_2020_2020
    let spaces = ~((rest & low &+ low) | rest | low)
    if spaces != 0 {
      let length = spaces.leadingZeroBitCount / 8
      return (eight & ~(UInt64.max >> UInt64(8 * length)), length)
    }
    guard let end = text.firstIndex(of: UInt8(ascii: " "), from: start + 8) else { return nil }
    return (eight, end - start)
  }

  /// The number of a token, a new one where it is new.
  @inline(__always)
  private mutating func number(of key: UInt64, _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: Int)
    -> UInt32
  {
    let mask = slots.count - 1
    var place = hash(key, length, rest: text, start + 8) & mask
    while true {
      let slot = slots[place]
      if slot.number == 0 { break }
      if slot.key == key, slot.length == UInt32(truncatingIfNeeded: length),
        length <= 8 || isRest(of: tokens[Int(slot.number) - 1], text, start)
      {
        return slot.number - 1
      }
      place = (place + 1) & mask
    }
    tokens.append(Token(key: key, start: bytes.count, length: length))
    bytes.append(contentsOf: text[start..<(start + length)])
    slots[place] = Slot(key: key, length: UInt32(truncatingIfNeeded: length), number: UInt32(tokens.count))
    // Fuller than that it is slower, larger it falls out of the processor's cache.
    if tokens.count * 4 > slots.count * 3 { grow() }
    return UInt32(tokens.count - 1)
  }

  /// Whether what is not in the key is alike too.
  private func isRest(of token: Token, _ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    bytes[(token.start + 8)..<(token.start + token.length)].elementsEqual(text[(start + 8)..<(start + token.length)])
  }

  /// Another in each, so that nobody can make tokens that all have the same hash.
  private let seed = UInt64.random(in: 0...UInt64.max)

  /// - Parameters:
  ///   - bytes: where what is not in the key stands.
  ///   - rest: where it begins.
  @inline(__always)
  private func hash(_ key: UInt64, _ length: Int, rest bytes: UnsafeBufferPointer<UInt8>, _ rest: Int) -> Int {
    var mixed = (key ^ seed ^ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15
    if length > 8 {
      for place in rest..<(rest + length - 8) {
        mixed = (mixed ^ mixed >> 29 ^ UInt64(bytes[place])) &* 0x9E37_79B9_7F4A_7C15
      }
    }
    return Int(truncatingIfNeeded: ((mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9) >> 32)
  }

  private mutating func grow() {
    slots = [Slot](repeating: Slot(), count: slots.count * 2)
    let mask = slots.count - 1
    bytes.withUnsafeBufferPointer { bytes in
      for (number, token) in tokens.enumerated() {
        var place = hash(token.key, token.length, rest: bytes, token.start + 8) & mask
        while slots[place].number != 0 { place = (place + 1) & mask }
        slots[place] = Slot(
          key: token.key, length: UInt32(truncatingIfNeeded: token.length), number: UInt32(number + 1))
      }
    }
  }

  /// Hands over the tokens in the order of their bytes, with the places of each: the document's place among the documents in
  /// the upper half, that of the token in the document in the lower.
  func forEachToken(_ body: (_ token: ArraySlice<UInt8>, _ places: UnsafeBufferPointer<UInt64>) throws -> Void)
    rethrows
  {
    // Where the places of each token begin among all, and one more for the end.
    var starts = [Int](repeating: 0, count: tokens.count + 1)
    for token in sequence { starts[Int(token) + 1] += 1 }
    for token in tokens.indices { starts[token + 1] += starts[token] }
    let places = [UInt64](unsafeUninitializedCapacity: sequence.count) { places, count in
      var next = starts
      sequence.withUnsafeBufferPointer { sequence in
        var first = 0
        for (document, (_, end)) in documents.enumerated() {
          for index in first..<end {
            let token = Int(sequence[index])
            places[next[token]] = UInt64(document) << 32 | UInt64(index - first)
            next[token] += 1
          }
          first = end
        }
      }
      count = sequence.count
    }
    try places.withUnsafeBufferPointer { places in
      for number in order {
        let token = tokens[number]
        try body(
          bytes[token.start..<(token.start + token.length)],
          UnsafeBufferPointer(rebasing: places[starts[number]..<starts[number + 1]]))
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
