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
    var inWord = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        inWord = false
        continue
      }
      characters += 1
      if scalar.isHan {
        han += 1
        inWord = false
      } else if scalar.value < 128
        ? scalar.isASCIILetterOrDigit : (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      {
        if !inWord { words += 1 }
        inWord = true
      } else if scalar != "'" && scalar != "’" && scalar != "-" {
        inWord = false
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

  var isASCIILetterOrDigit: Bool {
    switch value {
    case 48...57, 65...90, 97...122: true
    default: false
    }
  }
}

extension StringProtocol {
  /// The text without white space at both ends.
  public var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(String.UnicodeScalarView(scalars[first...last]))
  }
}

extension Speech {
  /// The beginning of what is said after the salutation, at most 120 code points on one line.
  public var excerpt: String {
    let index = TextIndex(text)
    let start = sections.first { $0.kind != .salutation }?.span.start ?? 0
    let limit = 120
    var passage = index.text(Span(start, min(start + limit, index.count)))
    passage = passage.split(whereSeparator: \.isNewline).joined(separator: " ").trimmed
    return start + limit < index.count ? passage + "…" : passage
  }
}
