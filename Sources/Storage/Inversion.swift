/// Turns texts around: of the tokens of documents in reading order it makes, for each token in order, where it stands.
///
/// Tokens get numbers as they come, found by a hash; one counting sort then brings the places of each token together.
struct Inversion {
  private struct Token {
    /// The first eight bytes, as a number that sorts as they do.
    let key: UInt64
    let start: Int
    let length: Int
    var count = 0
  }

  /// The documents, in order, each with the number of tokens up to its end.
  private(set) var documents: [(number: Int, end: Int)] = []
  /// The tokens in reading order, each by its number.
  private var sequence: [UInt32] = []
  private var tokens: [Token] = []
  private var bytes: [UInt8] = []
  /// Numbers of tokens, plus one, by their hash; 0 where there is none.
  private var slots = [UInt32](repeating: 0, count: 1 << 12)

  /// How many tokens there are.
  var count: Int { sequence.count }

  /// Adds a document, of a higher number than those before.
  /// - Parameter text: the tokens, each with a space behind it.
  mutating func append(document: Int, _ text: [UInt8]) {
    text.withUnsafeBufferPointer { text in
      var start = 0
      var key: UInt64 = 0
      for place in text.indices {
        if text[place] == UInt8(ascii: " ") {
          let length = place - start
          if length < 8 { key <<= UInt64(8 * (8 - length)) }
          add(key, text, start, length)
          start = place + 1
          key = 0
        } else if place - start < 8 {
          key = key << 8 | UInt64(text[place])
        }
      }
    }
    documents.append((document, sequence.count))
  }

  @inline(__always)
  private mutating func add(_ key: UInt64, _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(key, length) >> 32) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot] - 1)
      if tokens[number].key == key, tokens[number].length == length, isRest(of: tokens[number], text, start) {
        tokens[number].count += 1
        sequence.append(UInt32(number))
        return
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(tokens.count + 1)
    sequence.append(UInt32(tokens.count))
    tokens.append(Token(key: key, start: bytes.count, length: length, count: 1))
    bytes.append(contentsOf: text[start..<(start + length)])
    if tokens.count * 2 > slots.count { grow() }
  }

  /// Whether what is not in the key is alike too.
  @inline(__always)
  private func isRest(of token: Token, _ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    token.length <= 8
      || bytes[(token.start + 8)..<(token.start + token.length)].elementsEqual(
        text[(start + 8)..<(start + token.length)])
  }

  private static func hash(_ key: UInt64, _ length: Int) -> UInt64 {
    let mixed = (key ^ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15
    return (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (number, token) in tokens.enumerated() {
      var slot = Int(truncatingIfNeeded: Self.hash(token.key, token.length) >> 32) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  /// Hands over the tokens in the order of their bytes, with the places of each: the document's place among the documents in
  /// the upper half, that of the token in the document in the lower.
  func forEachToken(_ body: (_ token: ArraySlice<UInt8>, _ places: Slice<UnsafeBufferPointer<UInt64>>) throws -> Void)
    rethrows
  {
    var starts: [Int] = []
    starts.reserveCapacity(tokens.count + 1)
    var total = 0
    for token in tokens {
      starts.append(total)
      total += token.count
    }
    let places = [UInt64](unsafeUninitializedCapacity: total) { places, count in
      var next = starts
      var (document, first) = (0, 0)
      for (index, token) in sequence.enumerated() {
        while index == documents[document].end {
          first = documents[document].end
          document += 1
        }
        places[next[Int(token)]] = UInt64(document) << 32 | UInt64(index - first)
        next[Int(token)] += 1
      }
      count = total
    }
    let order = tokens.indices.sorted { precedes(tokens[$0], tokens[$1]) }
    try places.withUnsafeBufferPointer { places in
      for number in order {
        let token = tokens[number]
        try body(
          bytes[token.start..<(token.start + token.length)], places[starts[number]..<(starts[number] + token.count)])
      }
    }
  }

  private func precedes(_ one: Token, _ other: Token) -> Bool {
    if one.key != other.key { return one.key < other.key }
    if one.length <= 8 || other.length <= 8 { return one.length < other.length }
    return bytes[(one.start + 8)..<(one.start + one.length)].lexicographicallyPrecedes(
      bytes[(other.start + 8)..<(other.start + other.length)])
  }
}
