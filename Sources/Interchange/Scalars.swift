import Corpus

/// Text as the parser works on it: an array of code points, so that every position is an index.
typealias Scalars = [Unicode.Scalar]

extension StringProtocol {
  /// The code points as an array.
  var scalars: Scalars { Array(unicodeScalars) }
}

extension Sequence<Unicode.Scalar> {
  /// The code points as a string.
  var string: String {
    // Encoded by hand: a string's own view grows by copying itself on every append.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(underestimatedCount * 3)
    for scalar in self {
      let value = scalar.value
      switch value {
      case ..<0x80: bytes.append(UInt8(value))
      case ..<0x800:
        bytes.append(UInt8(0xC0 | value >> 6))
        bytes.append(UInt8(0x80 | value & 0x3F))
      case ..<0x10000:
        bytes.append(UInt8(0xE0 | value >> 12))
        bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
        bytes.append(UInt8(0x80 | value & 0x3F))
      default:
        bytes.append(UInt8(0xF0 | value >> 18))
        bytes.append(UInt8(0x80 | value >> 12 & 0x3F))
        bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
        bytes.append(UInt8(0x80 | value & 0x3F))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Unicode.Scalar {
  /// White space, and the invisible marks that pages sprinkle over their lines.
  var isBlank: Bool {
    switch value {
    case 9...13, 32, 0x85, 0xA0, 0xAD, 0x1680, 0x2000...0x200F, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060,
      0x3000,
      0xFEFF:
      true
    default: false
    }
  }

  /// A decimal digit of ASCII; other widths are folded before anyone asks.
  var isDigit: Bool { value >= 48 && value <= 57 }

  /// A Latin letter of ASCII.
  var isLatin: Bool { (value | 32) >= 97 && (value | 32) <= 122 }
}

extension Scalars {
  /// Whether `word` stands at `index`.
  func has(_ word: Scalars, at index: Int) -> Bool {
    guard index >= 0, index + word.count <= count else { return false }
    for offset in 0..<word.count where self[index + offset] != word[offset] { return false }
    return true
  }

  /// Whether the text begins with `word`.
  func begins(with word: String) -> Bool { has(word.scalars, at: 0) }

  /// Whether the text ends with `word`.
  func ends(with word: String) -> Bool {
    let word = word.scalars
    return has(word, at: count - word.count)
  }

  /// Where `word` first stands, from `start` on.
  func find(_ word: Scalars, from start: Int = 0) -> Int? {
    guard let first = word.first, count >= word.count else { return nil }
    var index = start
    while index + word.count <= count {
      if self[index] == first, has(word, at: index) { return index }
      index += 1
    }
    return nil
  }

  /// Whether `word` stands anywhere.
  func contains(word: String) -> Bool { find(word.scalars) != nil }

  /// The text without white space at both ends.
  var trimmed: Scalars {
    var start = 0
    var end = count
    while start < end, self[start].isBlank { start += 1 }
    while end > start, self[end - 1].isBlank { end -= 1 }
    return start == 0 && end == count ? self : Array(self[start..<end])
  }

  /// The text without any white space, for comparing titles.
  var unspaced: Scalars { filter { !$0.isBlank } }
}

/// A closed list of words that is looked up at a place of a text.
struct WordList: ExpressibleByArrayLiteral, Sendable {
  /// The words by their first code point, the longest first.
  private var words: [Unicode.Scalar: [Scalars]] = [:]
  /// A bit for every remainder by 1024 of a first code point: most places of a text are turned down by it.
  private var begun = [UInt64](repeating: 0, count: 16)

  init(arrayLiteral words: String...) { self.init(words) }

  init(_ list: [String]) {
    for word in list.map({ Shadow.fold($0.scalars) }) {
      guard let first = word.first, words[first]?.contains(word) != true else { continue }
      words[first, default: []].append(word)
      begun[Int(first.value >> 6 & 15)] |= 1 << UInt64(first.value & 63)
    }
    for key in words.keys { words[key]?.sort { $0.count > $1.count } }
  }

  /// Length of the longest word that stands at `index`.
  func match(_ text: Scalars, at index: Int) -> Int? {
    guard index >= 0, index < text.count, mayBegin(text[index]), let candidates = words[text[index]] else {
      return nil
    }
    return candidates.first { text.has($0, at: index) }?.count
  }

  private func mayBegin(_ scalar: Unicode.Scalar) -> Bool {
    begun[Int(scalar.value >> 6 & 15)] >> UInt64(scalar.value & 63) & 1 == 1
  }

  /// The first place from `start` where a word stands.
  func first(in text: Scalars, from start: Int = 0, to end: Int? = nil) -> Range<Int>? {
    var index = start
    let end = Swift.min(end ?? text.count, text.count)
    while index < end {
      if let length = match(text, at: index) { return index..<index + length }
      index += 1
    }
    return nil
  }

  /// The last place where a word stands.
  func last(in text: Scalars) -> Range<Int>? {
    for index in text.indices.reversed() {
      if let length = match(text, at: index) { return index..<index + length }
    }
    return nil
  }

  /// Length of the longest word that ends at `end`.
  func match(_ text: Scalars, endingAt end: Int, longest: Int = 12) -> Int? {
    for length in stride(from: Swift.min(longest, end), to: 0, by: -1)
    where match(text, at: end - length) == length { return length }
    return nil
  }

  /// Whether the whole text is one of the words.
  func contains(_ text: Scalars) -> Bool {
    guard let first = text.first else { return false }
    return words[first]?.contains(text) ?? false
  }
}
