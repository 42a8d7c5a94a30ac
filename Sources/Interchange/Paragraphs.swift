import Corpus

/// Lines become paragraphs (R2): hard-wrapped lines are joined, lines that markup tore apart are mended, and a document
/// whose line breaks were lost is cut at the marks that are left.
enum Paragraphs {
  /// Reads plain text. `places` says whether positions of `text` are positions of the decoded source.
  static func split(_ text: Scalars, places: Bool = true) -> Page {
    var page = Page()
    let lines = Furniture.withoutNoise(Self.lines(text, places: places), &page)
    if let opened = FlatText.opened(lines, &page) {
      page.paragraphs = opened
      return page
    }
    if LatinLines.areWrapped(lines) {
      page.paragraphs = LatinLines.join(lines)
      page.warnings.append("hard_wrap_joined")
      return page
    }
    if isHardWrapped(lines) {
      page.paragraphs = joinWrapped(lines)
      page.warnings.append("hard_wrap_joined")
    } else {
      page.paragraphs = mend(lines)
    }
    page.paragraphs = page.paragraphs.flatMap { FlatText.separateNumerals($0) }
    return page
  }

  /// The lines that hold anything.
  static func lines(_ text: Scalars, places: Bool) -> [Paragraph] {
    var lines: [Paragraph] = []
    var (start, isBlank) = (0, false)
    while start <= text.count {
      var end = start
      while end < text.count, text[end] != "\n", text[end] != "\r" { end += 1 }
      var (first, last, indent) = (start, end, 0)
      while first < last, text[first].isBlank {
        indent +=
          text[first] == "\u{3000}" ? 2 : text[first] == "\t" ? 4 : text[first].value >= 0x2000 ? 0 : 1
        first += 1
      }
      while last > first, text[last - 1].isBlank { last -= 1 }
      if first < last {
        lines.append(Paragraph(Array(text[first..<last]), source: places ? first : nil, indent: indent))
        lines[lines.count - 1].followsBlank = isBlank
      }
      isBlank = first == last
      start = end + 1 < text.count && text[end] == "\r" && text[end + 1] == "\n" ? end + 2 : end + 1
    }
    return lines
  }

  /// R2: at least 60 % of the lines have 24 to 70 characters and hardly any is longer than 90.
  private static func isHardWrapped(_ lines: [Paragraph]) -> Bool {
    guard lines.count >= 12 else { return false }
    let middle = lines.count { (24...70).contains($0.count + $0.indent) }
    let long = lines.count { $0.count > 90 }
    let flush = lines.count { $0.indent == 0 }
    let indented = lines.count - flush
    return middle * 10 >= lines.count * 6 && long * 20 <= lines.count && flush >= 3 && indented >= 2
  }

  private static func joinWrapped(_ lines: [Paragraph]) -> [Paragraph] {
    let counts = lines.map { $0.count + $0.indent }.sorted()
    let width = counts[counts.count * 8 / 10]
    var result: [Paragraph] = []
    var isFull = false
    for line in lines {
      let pieces = atWideGaps(line)
      if isFull, line.indent == 0, !beginsAnew(line), var last = result.popLast() {
        last.join(pieces[0])
        result.append(last)
        result += pieces.dropFirst()
      } else {
        result += pieces
      }
      // A line that stops well before the margin ends its paragraph.
      isFull = pieces.count == 1 && (line.count + line.indent) * 10 >= width * 7
    }
    return result
  }

  private static let leads = WordList(["【", "新华社", "新华网", "中新社", "本报", "(新华社"])

  private static func beginsAnew(_ line: Paragraph) -> Bool { leads.match(line.shadow, at: 0) != nil }

  /// A gap of eight or more spaces separates what was set flush right: 谢谢大家！
  private static func atWideGaps(_ line: Paragraph) -> [Paragraph] {
    pieces(line) { $0 == " " ? 1 : 0 }
  }

  /// The paragraph marks of a document on one line: two or more ideographic spaces, or the two spaces that are left of
  /// them where a page was normalised.
  static func atIdeographicSpaces(_ line: Paragraph) -> [Paragraph] {
    let isNormalised = !line.text.contains("\u{3000}") && line.text.count(where: \.isHan) * 2 > line.count
    return pieces(line) { $0 == "\u{3000}" ? 4 : $0 == " " ? isNormalised ? 4 : 1 : 0 }
  }

  /// Cuts a line where blanks add up to eight.
  private static func pieces(_ line: Paragraph, weight: (Unicode.Scalar) -> Int) -> [Paragraph] {
    var pieces: [Paragraph] = []
    var (start, gap, index) = (0, 0, 0)
    while index < line.count {
      let value = weight(line.text[index])
      if value == 0 {
        if gap >= 8 {
          var piece = line.part(start..<index)
          piece.indent = start == 0 ? line.indent : 2
          if piece.count > 0 { pieces.append(piece) }
          start = index
        }
        gap = 0
      } else {
        gap += value
      }
      index += 1
    }
    var piece = line.part(start..<line.count)
    piece.indent = start == 0 ? line.indent : 2
    if piece.count > 0 { pieces.append(piece) }
    return pieces
  }

  /// Joins what bold and link tags tore apart: `《` / `证券法` / `》`, `一是` / its text, `PM` / `2.5` / `浓度`.
  static func mend(_ lines: [Paragraph]) -> [Paragraph] {
    var result: [Paragraph] = []
    for (index, line) in lines.enumerated() {
      if let last = result.last,
        belongs(line, after: last)
          || index + 1 < lines.count && isLinkText(line, after: last, before: lines[index + 1])
      {
        result[result.count - 1].join(line)
      } else {
        result.append(line)
      }
    }
    return result
  }

  /// …国务院总理所作的 / 政府工作报告 / 。会议…: the words of a link between the halves of a sentence.
  private static func isLinkText(_ line: Paragraph, after last: Paragraph, before next: Paragraph) -> Bool {
    guard let end = last.shadow.last, let first = next.shadow.first, closing.contains(first),
      last.count >= 20, line.count <= 40,
      Label.read(last.shadow) == nil, Label.read(line.shadow) == nil
    else { return false }
    return "的了在和与于对据按照见及以为向从由把将是".unicodeScalars.contains(end)
  }

  private static func belongs(_ line: Paragraph, after last: Paragraph) -> Bool {
    guard let first = line.shadow.first, let end = last.shadow.last, last.headingLevel == nil,
      line.headingLevel == nil
    else { return false }
    // Note marks that links tore apart: [ / 1 / ] / the sentence goes on.
    if line.shadow == ["["] { return true }
    if end == "]", let open = last.shadow.suffix(6).lastIndex(of: "["), open > 0, line.indent == 0,
      last.shadow[(open + 1)...].dropLast().allSatisfy(\.isDigit), !isMark(last.shadow[open - 1])
    {
      return Label.read(line.shadow) == nil
    }
    if opening.contains(end), last.count > 1 || end != "【", !Furniture.isControl(last.shadow) { return true }
    if closing.contains(first), line.indent == 0, line.count < 2 || line.shadow[1] != first,
      !Furniture.isControl(line.shadow)
    {
      return true
    }
    // 主要目标 / 是：地区生产总值…
    if first == "是", line.count > 1, line.shadow[1] == ":", line.indent == 0 { return true }
    if let label = Label.read(last.shadow), label.length == last.count, label.style != .bareNumeral,
      line.indent == 0 || last.indent > 0
    {
      // （一） over an indented paragraph divides the text as 一 does; a label that markup tore off has its words flush.
      if label.style.rank != nil, line.indent > 0, line.count > Heading.longest, hasSentence(line) { return false }
      return Label.read(line.shadow) == nil
    }
    // A long line that breaks off in the middle of a sentence goes on in the next.
    // Of Latin text only a line that begins with a small letter goes on with the last.
    if last.shadow[0].isLatin, line.followsBlank || !first.isLatin || first.value < 97 { return false }
    guard line.indent == 0, last.count >= 60, !Furniture.isCaption(last.shadow),
      !Salutation.isLine(line.shadow), !isMark(end),
      Label.read(last.shadow) == nil || last.count >= 200 || hasSentence(last),
      Label.read(line.shadow) == nil, last.count >= 90 || hasSentence(last)
    else { return false }
    return true
  }

  private static let opening: Set<Unicode.Scalar> = ["《", "“", "(", "〈", "「", "[", "、"]
  private static let closing: Set<Unicode.Scalar> = [
    "》", "”", ")", "〉", "」", "]", "。", ",", ";", "、", ":", "!", "?",
  ]

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    closing.contains(scalar) || scalar == "…" || scalar == "." || scalar == "—" || scalar == "*"
      || scalar == "\""
      || scalar == "』" || scalar == "'" || scalar == "’"
  }

  private static func hasSentence(_ line: Paragraph) -> Bool {
    line.shadow.contains { $0 == "。" || $0 == "!" || $0 == "?" || $0 == ";" }
  }
}
