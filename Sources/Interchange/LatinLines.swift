import Corpus

/// Texts in Latin letters whose lines were broken at a margin (R2): a blank line, an indent or a line that stops short
/// ends a paragraph; words are joined with a space.
enum LatinLines {
  /// Whether most lines are of a length that a margin makes and break off inside a sentence.
  static func areWrapped(_ lines: [Paragraph]) -> Bool {
    guard lines.count >= 8 else { return false }
    var (letters, others, middle, long, broken) = (0, 0, 0, 0, 0)
    for line in lines {
      for scalar in line.shadow.prefix(80) {
        if scalar.isLatin { letters += 1 } else if scalar.isHan { others += 1 }
      }
      if (24...100).contains(line.count) { middle += 1 }
      if line.count > 110 { long += 1 }
      if let last = line.shadow.last, !endsSentence(last) { broken += 1 }
    }
    return letters > others * 20 && middle * 10 >= lines.count * 6 && long * 20 <= lines.count
      && broken * 2 > lines.count
  }

  /// The paragraphs that the lines were.
  static func join(_ lines: [Paragraph]) -> [Paragraph] {
    let lengths = lines.map(\.count).sorted()
    let width = lengths[lengths.count * 8 / 10]
    var result: [Paragraph] = []
    var last = 0
    for line in lines {
      if let end = result.last?.shadow.last, !line.followsBlank, line.indent == 0,
        !endsSentence(end) || last * 10 >= width * 8, !stands(line), result.last.map(stands) != true
      {
        result[result.count - 1].joinWords(line)
      } else {
        result.append(line)
      }
      last = line.count
    }
    return result
  }

  private static func endsSentence(_ scalar: Unicode.Scalar) -> Bool {
    ".!?:\"”)".unicodeScalars.contains(scalar)
  }

  /// A heading or a rule stands alone.
  private static func stands(_ line: Paragraph) -> Bool {
    line.count <= 80 && Headings.isCapital(line.shadow) || Furniture.isRule(line.shadow)
  }
}

extension Paragraph {
  /// The paragraph with the line that continues it: a space between words, none after a hyphen inside a word.
  mutating func joinWords(_ next: Paragraph) {
    let isHyphen = shadow.last == "-" && shadow.dropLast().last?.isLatin == true && next.shadow.first?.isLatin == true
    if !isHyphen {
      text.append(" ")
      shadow.append(" ")
    }
    let offset = text.count
    text += next.text
    shadow += next.shadow
    runs += next.runs.map { Run(at: $0.at + offset, source: $0.source) }
  }
}
