/// How characters are read: finds `顾青岚` for `guqinglan`, `gql` and `guql`.
///
/// The file has a syllable without its tone on each line, and behind it the characters that can be read so.
public struct Pinyin: Sendable {
  private let syllables: [[UInt8]]
  private var readings: [UInt32: [UInt16]] = [:]

  /// Reads a table of syllables.
  public init(_ text: String) {
    var syllables: [[UInt8]] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2 else { continue }
      for scalar in parts[1].unicodeScalars { readings[scalar.value, default: []].append(UInt16(syllables.count)) }
      syllables.append(Array(parts[0].utf8))
    }
    self.syllables = syllables
  }

  /// The letters that someone typed, where they can be pinyin: ASCII letters, with or without spaces and apostrophes.
  public static func letters(of text: String) -> [UInt8]? {
    let letters = text.lowercased().utf8.filter { $0 != 32 && $0 != UInt8(ascii: "'") }
    return !letters.isEmpty && letters.allSatisfy { 97...122 ~= $0 } && letters.count < 64 ? Array(letters) : nil
  }

  /// Whether a text can be read so that it begins with the letters; of each character the whole syllable may be typed or
  /// its initial, and of the last one any part.
  public func begins(_ text: String, with letters: [UInt8]) -> Bool {
    var places: Set<Int> = [0]
    for scalar in text.unicodeScalars {
      let folded = Folding.fold(scalar)
      var next: Set<Int> = []
      for place in places {
        let rest = letters[place...]
        if folded.kind == .word, folded.value < 128 {
          if rest.first == UInt8(folded.value) { next.insert(place + 1) }
        } else if folded.kind != .character {
          // A mark between names takes no letter.
          next.insert(place)
        }
        for syllable in readings[scalar.value] ?? [] {
          let syllable = syllables[Int(syllable)]
          if syllable.starts(with: rest) { return true }
          if rest.starts(with: syllable) { next.insert(place + syllable.count) }
          if rest.first == syllable.first { next.insert(place + 1) }
          // zh, ch and sh are initials of two letters.
          if syllable.count > 1, syllable[1] == UInt8(ascii: "h"), rest.starts(with: syllable.prefix(2)) {
            next.insert(place + 2)
          }
        }
      }
      if next.contains(letters.count) { return true }
      if next.isEmpty { return false }
      places = next
    }
    return false
  }

  /// Characters that can be read like one.
  public func homophones(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    guard let wanted = readings[scalar.value] else { return [] }
    return readings.compactMap { value, syllables in
      value != scalar.value && syllables.contains(where: wanted.contains) ? Unicode.Scalar(value) : nil
    }
  }
}

/// What somebody typed of a value: its beginning as search folds it, or in pinyin, whole syllables or initials.
public struct ValuePrefix: Sendable {
  private let folded: [Folding.Folded]
  private let letters: [UInt8]?
  private let pinyin: Pinyin?

  /// - Parameter pinyin: how characters are read; nil where that is not known.
  public init(_ text: String, pinyin: Pinyin?) {
    (folded, letters, self.pinyin) = (Folding.fold(text), Pinyin.letters(of: text), pinyin)
  }

  /// Whether a value begins so.
  public func begins(_ value: String) -> Bool {
    Folding.fold(value).starts(with: folded) || letters.map { pinyin?.begins(value, with: $0) ?? false } ?? false
  }
}
