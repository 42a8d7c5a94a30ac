import Corpus

/// Cuts a document whose line breaks were lost (R2): its head block, its salutation and its numbered points.
enum FlatText {
  /// The paragraphs of a text that stands on one line, alone or between the lines of its page; nil where none does.
  static func opened(_ lines: [Paragraph], _ page: inout Page) -> [Paragraph]? {
    let length = lines.reduce(0) { $0 + $1.count }
    if lines.count <= 2 { return length > 200 ? lines.isEmpty ? nil : opened(lines[...], length, &page) : nil }
    guard let longest = lines.indices.max(by: { lines[$0].count < lines[$1].count }),
      lines[longest].count > 800, lines[longest].count * 10 >= length * 6,
      lines[longest].text.count(where: \.isHan) * 2 > lines[longest].count
    else { return nil }
    let pieces = opened(lines[longest...longest], lines[longest].count, &page)
    return lines[..<longest] + pieces + lines[(longest + 1)...]
  }

  private static func opened(_ lines: ArraySlice<Paragraph>, _ length: Int, _ page: inout Page) -> [Paragraph] {
    var pieces = lines.flatMap { Paragraphs.atIdeographicSpaces($0) }
    // Fewer marks than one in six hundred characters: they are no paragraph marks.
    page.isFlat = pieces.count < 3 || pieces.count * 600 < length
    pieces = separateHead(pieces)
    guard page.isFlat else { return pieces }
    page.warnings.append("flat_text")
    return pieces.flatMap { separatePoints($0) }
  }

  /// Cuts title, bracketed date, speaker and salutation off the beginning of the first paragraph.
  static func separateHead(_ paragraphs: [Paragraph]) -> [Paragraph] {
    guard let first = paragraphs.first else { return [] }
    var cuts = [0]
    var rest = 0
    if let bracket = dateBracket(first.shadow) {
      // 新华社北京11月19日电 before the title.
      if let dateline = Dateline.length(first.shadow), dateline < bracket.lowerBound { cuts.append(dateline) }
      let subtitle = "——".scalars
      if let dash = first.shadow.find(subtitle), dash > 0, dash < bracket.lowerBound { cuts.append(dash) }
      cuts += [bracket.lowerBound, bracket.upperBound]
      rest = bracket.upperBound
    } else if let mark = first.shadow.prefix(80).firstIndex(where: { $0 == "※" }) {
      cuts += [mark, mark + 1]
      rest = mark + 1
    } else {
      for word in ["贺信", "回信", "贺电"] where first.shadow.begins(with: word) {
        cuts.append(2)
        rest = 2
      }
    }
    if let salutation = Salutation.run(in: first.shadow, from: rest, within: 60) {
      cuts += [salutation.lowerBound, salutation.upperBound]
    } else if rest > 0, let name = SpeakerLine.leadingName(first.shadow, from: rest) {
      cuts.append(name)
    }
    cuts.append(first.count)
    cuts = Array(Set(cuts)).sorted()
    var pieces: [Paragraph] = []
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      let piece = first.part(start..<end)
      if piece.count > 0 { pieces.append(piece) }
    }
    return pieces + paragraphs.dropFirst()
  }

  /// The first bracket near the beginning that holds a date.
  private static func dateBracket(_ text: Scalars) -> Range<Int>? {
    var index = 0
    while index < min(text.count, 120) {
      if text[index] == "。" { return nil }
      if text[index] == "(", let end = text[index...].prefix(60).firstIndex(of: ")"),
        DateReading.read(text, at: index + 1) != nil
      {
        return index..<end + 1
      }
      index += 1
    }
    return nil
  }

  /// Cuts a long paragraph before every point and vocative that begins a sentence.
  static func separatePoints(_ paragraph: Paragraph) -> [Paragraph] {
    guard paragraph.count > 120 else { return [paragraph] }
    let text = paragraph.shadow
    let series = series(in: text)
    var cuts = [0]
    for index in 1..<text.count where endsSentence(text, index - 1) {
      if series.contains(index) || Salutation.vocative(text, at: index) != nil || isBracketLine(text, index) {
        cuts.append(index)
      } else if let label = Label.read(text, at: index), label.style == .numeral {
        cuts.append(index)
      }
    }
    cuts.append(text.count)
    // An own-line heading of a flat text has no mark that ends it; only the run-in ones can be told.
    return zip(cuts, cuts.dropFirst()).map { paragraph.part($0..<$1) }.filter { $0.count > 0 }
  }

  /// Where the points of complete series begin: 第一 and its successors, each at the beginning of a sentence.
  private static func series(in text: Scalars) -> Set<Int> {
    var places: [Label.Style: [(number: Int, index: Int)]] = [:]
    for index in text.indices where index == 0 || endsSentence(text, index - 1) {
      if let label = Label.read(text, at: index) {
        places[label.style, default: []].append((label.number, index))
      }
    }
    var result: Set<Int> = []
    for (style, labels) in places {
      var open: [Int] = []
      var last = 0
      for label in labels {
        if last > 0, label.number == last + 1 || label.number == last + 2 {
          open.append(label.index)
          last = label.number
        } else if label.number == 1 {
          result.formUnion(believed(open, style, text.count))
          (open, last) = ([label.index], 1)
        }
      }
      result.formUnion(believed(open, style, text.count))
    }
    return result
  }

  /// Points of one short sentence each are an enumeration inside a paragraph.
  private static func believed(_ places: [Int], _ style: Label.Style, _ end: Int) -> [Int] {
    guard places.count > 1, let first = places.first, let last = places.last else { return [] }
    let length = (last - first) / (places.count - 1)
    return length >= (style.rank.map { $0 <= 3 } == true ? 30 : 70) ? places : []
  }

  private static func endsSentence(_ text: Scalars, _ index: Int) -> Bool {
    switch text[index] {
    case "。", "!", "?", "…": true
    case "”", ")": index > 0 && (text[index - 1] == "。" || text[index - 1] == "!" || text[index - 1] == "?")
    case ":": true
    default: false
    }
  }

  /// （新华社北京11月24日电） or 《 人民日报 》（…） glued to the end.
  private static func isBracketLine(_ text: Scalars, _ index: Int) -> Bool {
    (text[index] == "(" || text[index] == "《") && text.count - index < 80
      && Furniture.wire(Array(text[index...])) != nil
  }

  /// Cuts a paragraph that holds a whole speech with 一、…。二、…。三、… inside.
  static func separateNumerals(_ paragraph: Paragraph) -> [Paragraph] {
    guard paragraph.count > 400 else { return [paragraph] }
    let text = paragraph.shadow
    var labels: [(number: Int, index: Int)] = []
    for index in text.indices where index == 0 || endsSentence(text, index - 1) {
      guard Numeral.digit(text[index]) != nil || text[index] == "十", let label = Label.read(text, at: index)
      else { continue }
      if label.style == .numeral, label.number == labels.count + 1 { labels.append((label.number, index)) }
    }
    guard labels.count >= 3, let last = labels.last?.index else { return [paragraph] }
    let addresses = text.indices.filter {
      $0 > last && endsSentence(text, $0 - 1) && Salutation.vocative(text, at: $0) != nil
    }
    let cuts = Set([0] + labels.map(\.index) + addresses + [text.count]).sorted()
    return zip(cuts, cuts.dropFirst()).map { paragraph.part($0..<$1) }.filter { $0.count > 0 }
  }
}
