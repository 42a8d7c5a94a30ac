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
      case "×", "□", "＊", "*", "某", "X", "x", "_":
        if let end = mask(text, index) {
          add("mask", index..<end, paragraph.text[index..<end].string)
          index = end - 1
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
    let points = InlinePoints.find(in: text)
    for point in points where !(label != nil && point.range.lowerBound == 0) {
      add("inline_point", point.range, String(point.number))
    }
    return result.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
  }

  /// The end of a run of characters that stand for something hidden: ×, XXX, xx, **, □, __, 某.
  static func mask(_ text: Scalars, _ start: Int) -> Int? {
    let mark = text[start]
    var end = start
    while end < text.count, text[end] == mark { end += 1 }
    let before = start > 0 ? text[start - 1] : " "
    let after = end < text.count ? text[end] : " "
    switch mark {
    case "×":
      return before.isDigit && after.isDigit || before.isBlank && after.isBlank || after == "”" ? nil : end
    case "□": return end
    case "某": return after == "某" || before != "某" && "县市省镇村区局校厅".unicodeScalars.contains(after) ? end : nil
    case "X", "x":
      let isWord = before.isLatin || after.isLatin
      if isWord { return nil }
      return end - start >= 2 || (after.isHan && before.isHan && "县市省区镇村年月日书".unicodeScalars.contains(after))
        ? end : nil
    case "_": return end - start >= 2 ? end : nil
    default: return end - start >= 2 || after == "书" || after == "市" || after == "县" ? end : nil
    }
  }
}
