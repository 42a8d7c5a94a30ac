/// What is counted in a text.
public struct TextMeasure: Hashable, Sendable {
  /// Code points without white space.
  public private(set) var characters = 0
  /// Han characters among them.
  public private(set) var han = 0
  /// Words in other scripts: runs of letters and digits.
  public private(set) var words = 0

  /// Measures a text.
  public init(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var inWord = false
      var position = 0
      while position < bytes.count {
        // U+4E00…U+9FFF, most of what a Chinese text is made of: three bytes, and the first says it all, or the second.
        if bytes[position] &- 0xE5 < 5 || bytes[position] == 0xE4 && bytes[position + 1] >= 0xB8 {
          characters += 1
          han += 1
          inWord = false
          position += 3
          continue
        }
        var scalars = UTF8Scalars(bytes[position...].makeIterator())
        guard let scalar = scalars.next() else { break }
        position += scalar.utf8.count
        if scalar.isHan {
          characters += 1
          han += 1
          inWord = false
        } else if scalar.isSpace {
          inWord = false
        } else {
          characters += 1
          switch Folding.fold(scalar).kind {
          case .word, .character:
            if !inWord { words += 1 }
            inWord = true
          case .mark, .sign: if scalar != "'" && scalar != "’" && scalar != "-" { inWord = false }
          }
        }
      }
    }
  }

  /// Estimated time to speak the text, in seconds: 220 Han characters or 130 words a minute.
  public var speakingTimeSeconds: Int {
    Int((Double(han) * 60 / 220 + Double(words) * 60 / 130).rounded())
  }
}

extension Unicode.Scalar {
  /// Whether this is a Han character: an ideograph, 〇 or 々.
  public var isHan: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x323AF, 0xF900...0xFAFF, 0x3005, 0x3007: true
    default: false
    }
  }

  /// Whether this is white space (Unicode's property White_Space, which no longer changes).
  @inline(__always)
  public var isSpace: Bool {
    switch value {
    case 0x21...0x84, 0x3001...: false
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }
}

extension Unicode.Scalar {
  /// Whether a line ends with it (Unicode's property Line_Break: BK, CR, LF and NL).
  fileprivate var isLineEnd: Bool {
    switch value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}

extension StringProtocol {
  /// The text without white space at both ends.
  public var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isSpace }),
      let last = scalars.lastIndex(where: { !$0.isSpace })
    else { return "" }
    return String(self[first..<scalars.index(after: last)])
  }
}

/// What is told of a text beside itself, found once: a revision's record has it and its card too.
public struct TextSummary: Sendable {
  /// What is counted in it.
  public let measure: TextMeasure
  /// Its beginning.
  public let excerpt: String

  /// That of the text of a speech.
  public init(of speech: Speech) { (measure, excerpt) = (TextMeasure(speech.text), speech.excerpt) }
}

extension Speech {
  /// The beginning of what is said after the salutation, at most 120 code points on one line.
  public var excerpt: String {
    let start = sections.first { $0.kind != .salutation }?.span.start ?? 0
    var text = text
    return text.withUTF8 { bytes in
      var scalars = UTF8Scalars(bytes.makeIterator())
      var place = 0
      for _ in 0..<start { place += scalars.next()?.utf8.count ?? 0 }
      var passage: [UInt8] = []
      // What is not taken in yet of the line at hand, and whether one ended before it.
      var (line, isBroken) = (place, false)
      for _ in 0..<120 {
        guard let scalar = scalars.next() else { break }
        let end = place + scalar.utf8.count
        if scalar.isLineEnd {
          passage += bytes[line..<place]
          (line, isBroken) = (end, !passage.isEmpty)
        } else if isBroken {
          passage.append(UInt8(ascii: " "))
          isBroken = false
        }
        place = end
      }
      passage += bytes[line..<place]
      return String(decoding: passage, as: UTF8.self).trimmed + (scalars.next() == nil ? "" : "…")
    }
  }
}
