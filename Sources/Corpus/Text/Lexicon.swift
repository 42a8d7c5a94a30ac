import Foundation

/// Chinese words and how often they are used: divides a sentence into words.
///
/// The file has a word and a count on each line, in the order of its bytes, and is kept as it is.
public struct Lexicon: Sendable {
  private let bytes: [UInt8]
  /// Where each line begins.
  private let starts: [UInt32]
  /// The lines whose words begin with a character.
  private let lines: [UInt32: Range<Int>]
  private let logTotal: Double
  private static let longest = 8

  /// Reads a list of words.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts: [UInt32] = []
    var total = 0
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.endIndex
      starts.append(UInt32(start))
      total += Self.count(bytes[start..<end])
      start = end + 1
    }
    self.starts = starts
    logTotal = log(Double(max(1, total)))
    var lines: [UInt32: Range<Int>] = [:]
    for (line, start) in starts.enumerated() {
      var scalars = UTF8Scalars(bytes[Int(start)...].prefix(4).makeIterator())
      if let first = scalars.next()?.value {
        lines[first] = (lines[first]?.lowerBound ?? line)..<(line + 1)
      }
    }
    self.lines = lines
  }

  /// Divides a run of characters so that the words are together as common as can be: the path of the highest product of
  /// frequencies through all words of the list, a character that is in none standing alone.
  /// - Returns: the ends of the words, in order.
  public func division(of characters: ArraySlice<Folding.Folded>) -> [Int] {
    let letters = characters.map { Array(String(Unicode.Scalar($0.value) ?? " ").utf8) }
    var best = [(score: Double, end: Int)](repeating: (0, 0), count: letters.count + 1)
    for start in letters.indices.reversed() {
      // A character that is in no list counts as one that was seen once.
      best[start] = (best[start + 1].score - logTotal, start + 1)
      var lines = lines[characters[characters.startIndex + start].value] ?? 0..<0
      var word: [UInt8] = []
      for end in start..<min(start + Self.longest, letters.count) {
        word += letters[end]
        lines = firstLine(of: word, in: lines)..<lines.upperBound
        // No word that begins so has no longer one either.
        guard let line = lines.first, self.word(at: line).starts(with: word) else { break }
        guard let count = count(of: word, at: line) else { continue }
        let score = log(Double(max(1, count))) - logTotal + best[end + 1].score
        if score > best[start].score || end == start { best[start] = (score, end + 1) }
      }
    }
    var ends: [Int] = []
    var place = 0
    while place < letters.count {
      place = best[place].end
      ends.append(characters.startIndex + place)
    }
    return ends
  }

  /// Words that become `word` when one character is put in, left out, replaced, or exchanged with its neighbour.
  public func words(oneEditFrom word: String) -> [String] {
    let wanted = Array(word.unicodeScalars)
    let lengths = (word.utf8.count - 4)...(word.utf8.count + 4)
    return starts.indices.lazy.map { self.word(at: $0) }.filter { lengths.contains($0.count) }
      .map { String(decoding: $0, as: UTF8.self) }
      .filter { Array($0.unicodeScalars).isOneEdit(from: wanted) }
  }

  private func word(at index: Int) -> ArraySlice<UInt8> {
    bytes[Int(starts[index])...].prefix { $0 != 32 && $0 != 10 }
  }

  /// How little a word is to be expected: the natural logarithm of one through its share of all words in use; nil for one
  /// that is not in the list.
  public func surprise(of word: ArraySlice<Folding.Folded>) -> Double? {
    guard let first = word.first?.value, let lines = lines[first] else { return nil }
    let letters = Array(String(String.UnicodeScalarView(word.compactMap { Unicode.Scalar($0.value) })).utf8)
    return count(of: letters, at: firstLine(of: letters, in: lines)).map { logTotal - log(Double(max(1, $0))) }
  }

  /// The first of some lines whose word is not before `word`.
  private func firstLine(of word: [UInt8], in lines: Range<Int>) -> Int {
    var (low, high) = (lines.lowerBound, lines.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if self.word(at: middle).lexicographicallyPrecedes(word) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The count of a line if it is that of a word.
  private func count(of word: [UInt8], at line: Int) -> Int? {
    guard line < starts.count, self.word(at: line).elementsEqual(word) else { return nil }
    return Self.count(bytes[Int(starts[line])...].prefix { $0 != 10 })
  }

  private static func count(_ line: ArraySlice<UInt8>) -> Int {
    // No count has more digits than the words of a library.
    line.drop { $0 != 32 }.dropFirst().prefix(12).reduce(0) { 48...57 ~= $1 ? $0 * 10 + Int($1 - 48) : $0 }
  }
}

extension [Unicode.Scalar] {
  /// Whether one becomes the other by one edit (Damerau): a code point put in, left out, replaced, or two exchanged.
  public func isOneEdit(from other: [Unicode.Scalar]) -> Bool {
    let start = zip(self, other).prefix { $0 == $1 }.count
    let end = zip(dropFirst(start).reversed(), other.dropFirst(start).reversed()).prefix { $0 == $1 }.count
    let (mine, its) = (self[start..<(count - end)], other[start..<(other.count - end)])
    switch (mine.count, its.count) {
    case (1, 1), (0, 1), (1, 0): return true
    case (2, 2): return mine.first == its.last && mine.last == its.first
    default: return false
    }
  }
}
