import Corpus

/// Marked spans of the text (R19, R20): stage directions, masks, note marks, bullets, inline points.
enum Annotations {
  private static let directions = WordList([
    "掌声", "鼓掌", "笑声", "大笑", "欢呼", "呼口号", "全场起立", "起立", "插话", "笑", "Applause", "applause", "Laughter",
    "laughter", "APPLAUSE", "LAUGHTER", "Cheers", "cheers", "CHEERS", "Chanting",
    "Crosstalk", "CROSSTALK", "crosstalk",
  ])

  /// Where the bracket closes that opens here around a stage direction.
  private static func direction(_ text: Scalars, _ open: Int) -> Int? {
    let mark: Unicode.Scalar = text[open] == "(" ? ")" : text[open] == "[" ? "]" : "〕"
    let isLatin = open + 1 < text.count && text[open + 1].isLatin
    guard let close = text[open...].prefix(isLatin ? 48 : 24).firstIndex(of: mark), close > open + 1 else { return nil }
    let inner = Array(text[(open + 1)..<close])
    return directions.first(in: inner) != nil && !inner.contains("。") ? close : nil
  }

  /// The annotations of one paragraph that begins at `start` of the text.
  static func find(in paragraph: Paragraph, at start: Int, label: Label?) -> [Annotation] {
    var result: [Annotation] = []
    let text = paragraph.shadow
    func add(_ kind: String, _ range: Range<Int>, _ value: String? = nil) {
      result.append(
        Annotation(kind: kind, span: Span(start + range.lowerBound, start + range.upperBound), value: value))
    }
    if text.count > 2, text[0] == "—", text[1] == "—" { add("bullet", 0..<text.count) }
    var index = 0
    while index < text.count {
      switch text[index] {
      case "(":
        if let close = direction(text, index) {
          add("stage_direction", index..<close + 1, paragraph.text[(index + 1)..<close].string)
          index = close
        }
      case "〔", "[":
        if let close = direction(text, index) {
          add("stage_direction", index..<close + 1, paragraph.text[(index + 1)..<close].string)
          index = close
        } else if let close = text[index...].prefix(6).firstIndex(where: { $0 == "〕" || $0 == "]" }),
          close > index + 1,
          text[(index + 1)..<close].allSatisfy({ $0.isDigit || $0.isBlank })
        {
          add("note_mark", index..<close + 1, Array(text[(index + 1)..<close]).unspaced.string)
          index = close
        }
      case "＠", "@":
        if index + 1 < text.count, text[index + 1].value >= 0x2460, text[index + 1].value < 0x2474 {
          add("mask", index..<index + 2)
          index += 1
        }
      default: break
      }
      index += 1
    }
    for mask in Mask.find(in: paragraph.text.map(Folding.fold)) {
      add("mask", mask.span.start..<mask.span.end, mask.hidden?.rawValue)
    }
    let points = InlinePoints.find(in: text)
    for point in points where !(label != nil && point.range.lowerBound == 0) {
      add("inline_point", point.range, String(point.number))
    }
    return result.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
  }
}
