import Corpus

/// The heading of a section (R14): its own line, the line after a bare label, or the first sentence.
enum Heading {
  static let longest = 60

  /// Whether a labelled paragraph holds nothing but a heading: short, and at most a final mark.
  static func isOwnLine(_ paragraph: Paragraph, _ label: Label) -> Bool {
    let text = paragraph.shadow
    if label.style == .heading || paragraph.headingLevel != nil { return true }
    if paragraph.isBold, paragraph.count <= 80 { return true }
    guard text.count - label.length <= longest else { return false }
    var end = text.count
    while end > label.length, isFinal(text[end - 1]) || text[end - 1].isBlank { end -= 1 }
    guard !text[label.length..<end].contains(where: { $0 == "。" || $0 == "!" || $0 == "?" || $0 == ";" })
    else { return false }
    return true
  }

  private static func isFinal(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "。" || scalar == ":" || scalar == ","
  }

  /// The heading's place in a paragraph that is only a heading; nil where the label stands alone.
  static func ownLine(_ text: Scalars, after label: Int) -> Range<Int>? {
    var (start, end) = (label, text.count)
    while start < end, text[start].isBlank { start += 1 }
    while end > start,
      isFinal(text[end - 1]) || text[end - 1].isBlank || text[end - 1] == ";" || text[end - 1] == "!"
    { end -= 1 }
    return start < end ? start..<end : nil
  }

  /// The first sentence of a run-in section, and where the text goes on after its mark. The sentence may be all there is.
  static func runIn(_ text: Scalars, after label: Int) -> (heading: Range<Int>, rest: Int)? {
    var start = label
    while start < text.count, text[start].isBlank { start += 1 }
    var depth = 0
    var index = start
    while index < text.count, index - start <= longest {
      switch text[index] {
      case "“", "(", "《", "‘", "「": depth += 1
      case "\"": if depth > 0 { depth -= 1 }
      case "”", ")", "》", "’", "」":
        depth = max(0, depth - 1)
        // “……。” closes the sentence within the quotation.
        if depth == 0, index > start, text[index - 1] == "。", text[index] == "”" { return nil }
      case "。", "!", "?":
        if depth == 0 { return found(text, start, index) }
      case ":":
        if depth == 0, index - start <= 40 { return found(text, start, index) }
      case ";":
        if depth == 0 { return nil }
      default: break
      }
      index += 1
    }
    return index == text.count && index - start <= longest && index > start ? (start..<index, index) : nil
  }

  private static func found(_ text: Scalars, _ start: Int, _ end: Int) -> (heading: Range<Int>, rest: Int)? {
    guard end > start else { return nil }
    var rest = end + 1
    while rest < text.count, text[rest].isBlank { rest += 1 }
    return (start..<end, rest)
  }
}

/// Enumerations inside a paragraph (R19): 一是…；二是… are points of a sentence, not sections.
enum InlinePoints {
  /// Whether a paragraph that begins with a label also holds the next one of the same style.
  static func holds(_ text: Scalars, successorOf label: Label) -> Bool {
    guard label.style != .bareNumeral, label.style != .part, label.style != .chapterSection else {
      return false
    }
    var index = label.length
    while index < text.count {
      let before = text[index - 1]
      if before == "," || before == ";" || before == "。" || before == ":" || before == "、" || before == " "
        || before == "!" || before == "?",
        let next = Label.read(text, at: index), next.style == label.style, next.number == label.number + 1
      {
        return true
      }
      index += 1
    }
    return false
  }

  private static let styles: Set<Label.Style> = [
    .pointIs, .pointMust, .ordinal, .bracketedArabic, .circled, .bracketed,
  ]

  /// The points of a paragraph: at least two that follow each other, not at the very beginning of a section.
  static func find(in text: Scalars) -> [(range: Range<Int>, number: Int)] {
    var points: [(start: Int, label: Label)] = []
    for index in text.indices {
      if index > 0 {
        let before = text[index - 1]
        guard
          before == "," || before == ";" || before == "。" || before == ":" || before == "、" || before == "!"
        else { continue }
      }
      guard let first = Optional(text[index]),
        first == "第" || first == "(" || first.value >= 0x2460 && first.value < 0x2490
          || Numeral.digit(first) != nil || first == "十",
        let label = Label.read(text, at: index), styles.contains(label.style)
      else { continue }
      points.append((index, label))
    }
    var result: [(range: Range<Int>, number: Int)] = []
    for style in styles {
      let series = points.filter { $0.label.style == style }
      guard series.count >= 2,
        zip(series, series.dropFirst()).contains(where: { $1.label.number == $0.label.number + 1 })
      else { continue }
      for (place, point) in series.enumerated() {
        let limit = place + 1 < series.count ? series[place + 1].start : text.count
        var end = point.start
        while end < limit, text[end] != "。" { end += 1 }
        while end > point.start, ",;:、。".unicodeScalars.contains(text[end - 1]) { end -= 1 }
        if end > point.start { result.append((point.start..<end, point.label.number)) }
      }
    }
    return result.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }
}
