import Corpus

/// Plain text with the marks of Markdown: headings, quotes, links, bold, front matter.
enum MarkdownPage {
  /// Whether a text that nobody called Markdown has headings or front matter of it.
  static func isLikely(_ text: Scalars) -> Bool {
    var index = 0
    while index < text.count, text[index].isBlank { index += 1 }
    if text.has("---\n".scalars, at: index), text.prefix(2000).string.contains("\ntitle:") { return true }
    if text.has("# ".scalars, at: index) { return true }
    return text.find("\n## ".scalars) != nil
  }

  /// Reads a page.
  static func read(_ text: Scalars) -> Page {
    var page = Page()
    var lines = Paragraphs.lines(text, places: true)
    readFrontMatter(&lines, &page)
    lines = lines.flatMap { atBreaks($0) }
    var result: [Paragraph] = []
    for line in lines {
      if let read = self.line(line) {
        result.append(read)
      } else {
        page.removed.append(RemovedLine(kind: "markup", line: line.evidence()))
      }
    }
    result = Furniture.withoutNoise(result, &page)
    page.paragraphs = FlatText.opened(result, &page) ?? result.flatMap { FlatText.separateNumerals($0) }
    return page
  }

  private static func readFrontMatter(_ lines: inout [Paragraph], _ page: inout Page) {
    let fence: Scalars = ["-", "-", "-"]
    guard lines.first?.text == fence,
      let end = lines.dropFirst().prefix(60).firstIndex(where: { $0.text == fence })
    else { return }
    for line in lines[0...end] {
      page.removed.append(RemovedLine(kind: "front_matter", line: line.evidence()))
      guard let colon = line.text.firstIndex(of: ":") else { continue }
      let key = Array(line.text[..<colon]).trimmed.string.lowercased()
      let value = Array(line.text[(colon + 1)...]).trimmed.filter { $0 != "\"" }.string
      guard !value.isEmpty else { continue }
      switch key {
      case "title": page.hints.title = value
      case "date": page.hints.published = DateReading.first(in: Shadow.fold(value.scalars))?.date
      case "author": page.hints.author = value
      case "source": page.hints.source = value
      case "url", "link", "source_url": page.hints.url = value
      default: page.hints.metadata[key] = .string(value)
      }
    }
    lines.removeSubrange(0...end)
  }

  /// `<br/>` ends a line.
  private static func atBreaks(_ line: Paragraph) -> [Paragraph] {
    guard line.text.contains("<") else { return [line] }
    var pieces: [Paragraph] = []
    var (start, index) = (0, 0)
    while index < line.count {
      if line.text[index] == "<", let close = line.text[index...].prefix(8).firstIndex(of: ">") {
        let tag = line.text[(index + 1)..<close].string.lowercased().filter { $0 != "/" && $0 != " " }
        if tag == "br" || tag == "p" {
          pieces.append(line.part(start..<index))
          start = close + 1
          index = close
        }
      }
      index += 1
    }
    pieces.append(line.part(start..<line.count))
    return pieces.filter { $0.count > 0 }
  }

  /// A line without its marks; nil where it is nothing but marks.
  private static func line(_ written: Paragraph) -> Paragraph? {
    var line = written
    if line.shadow.allSatisfy({ "-*_=`> ".unicodeScalars.contains($0) }) || line.shadow.begins(with: "![") {
      return nil
    }
    if line.shadow.begins(with: "<"), line.shadow.last == ">" { return nil }
    // Counted first, cut once: a line may be nothing but such marks.
    if let start = line.shadow.firstIndex(where: { $0 != ">" && !$0.isBlank }), line.shadow.first == ">" {
      line = line.part(start..<line.count)
    }
    var level = 0
    while level < line.count, line.shadow[level] == "#" { level += 1 }
    if level > 0, level <= 6, level < line.count, line.shadow[level].isBlank {
      line = line.part(level..<line.count)
      let end = line.shadow.lastIndex { $0 != "#" && !$0.isBlank }
      line = line.part(0..<(end.map { $0 + 1 } ?? 0))
      line.headingLevel = level
    }
    line = withoutMarks(line)
    return line.count > 0 ? line : nil
  }

  /// Takes out ** and the addresses of links; the words stay.
  private static func withoutMarks(_ line: Paragraph) -> Paragraph {
    guard line.text.contains("*") || line.text.contains("[") else { return line }
    var pieces: [Range<Int>] = []
    var (start, index, bold) = (0, 0, 0)
    func cut(_ range: Range<Int>) {
      if start < range.lowerBound { pieces.append(start..<range.lowerBound) }
      start = range.upperBound
    }
    while index < line.count {
      if line.text[index] == "*", index + 1 < line.count, line.text[index + 1] == "*" {
        cut(index..<index + 2)
        bold += 1
        index += 2
        continue
      }
      if line.text[index] == "[", let close = line.text[index...].prefix(200).firstIndex(of: "]"),
        close + 1 < line.count,
        line.text[close + 1] == "(", let end = line.text[(close + 1)...].prefix(600).firstIndex(of: ")")
      {
        cut(index..<index + 1)
        cut(close..<end + 1)
        index = end + 1
        continue
      }
      index += 1
    }
    guard !pieces.isEmpty || start > 0 else { return line }
    if start < line.count { pieces.append(start..<line.count) }
    guard let first = pieces.first else { return line.part(0..<0) }
    var result = line.part(first)
    for piece in pieces.dropFirst() { result.append(line, piece) }
    result.headingLevel = line.headingLevel
    result.isBold = bold == 2 && pieces.count == 1
    return result
  }
}

extension Paragraph {
  /// Adds a part of another paragraph as it stands.
  mutating func append(_ other: Paragraph, _ range: Range<Int>) {
    if let place = other.source(range), !range.isEmpty {
      runs.append(Run(at: text.count, source: place.start))
    }
    text += other.text[range]
    shadow += other.shadow[range]
  }
}
