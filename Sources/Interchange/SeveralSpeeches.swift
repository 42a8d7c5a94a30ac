import Corpus

/// Pages that hold several speeches (R21): 篇1 …, 篇2 …; each becomes a record of its own with the page's source.
enum SeveralSpeeches {
  /// A line above one of the speeches.
  private struct Head {
    var index: Int
    var number: Int
    /// What the line says besides its number.
    var title: Range<Int>
    var form: Form
  }

  /// Heads of one page share their form; a bare number in brackets counts only behind the same title each time.
  private enum Form: Hashable {
    /// 篇1：…, 第一篇
    case leading
    /// …致辞 篇1
    case trailing
    /// …致辞（1）
    case bracketed(Scalars)
  }

  /// The pages that a page falls into; one, itself, where nothing divides it.
  static func split(_ page: Page) -> [Page] {
    let heads = heads(of: page.paragraphs)
    guard heads.count >= 2, let first = heads.first?.index else { return [page] }
    var shared = Page(paragraphs: Array(page.paragraphs[..<first]), hints: page.hints)
    shared.warnings = page.warnings
    var head = Draft(shared)
    Fields.takeHints(&head)
    _ = HeadBlock.read(&head)
    let ends = heads.dropFirst().map(\.index) + [page.paragraphs.count]
    return zip(heads, ends).map { mark, end in
      var result = page
      let line = page.paragraphs[mark.index]
      result.paragraphs = Array(page.paragraphs[(mark.index + 1)..<end])
      result.removed.append(RemovedLine(kind: "title", line: line.evidence()))
      let title = line.part(mark.title)
      result.hints.title = title.count >= 4 ? title.text.string : head.speech.title
      result.hints.published = head.speech.published ?? page.hints.published
      result.hints.source = head.speech.provenance.name
      result.hints.site = head.speech.provenance.site
      result.hints.url = head.speech.provenance.url
      result.removed += head.page.paragraphs.enumerated().map { index, line in
        RemovedLine(kind: head.kinds[index] ?? "lead", line: line.evidence())
      }
      result.warnings.append("several_speeches")
      return result
    }
  }

  /// The heads that divide a page: 1, 2, 3, … in one form with a text after each. A table of contents has such lines
  /// too, with nothing between them.
  private static func heads(of paragraphs: [Paragraph]) -> [Head] {
    var forms: [Form: [Head]] = [:]
    for (index, line) in paragraphs.enumerated() {
      guard let head = head(line.shadow, index) else { continue }
      if head.number == 1 {
        forms[head.form] = [head]
      } else if let last = forms[head.form]?.last, last.number + 1 == head.number {
        forms[head.form]?.append(head)
      }
    }
    // How much text stands before each paragraph: forms may be many, and each looks at the whole page.
    var before = [0]
    for paragraph in paragraphs { before.append((before.last ?? 0) + paragraph.count) }
    return forms.values.filter { heads in
      let ends = heads.dropFirst().map(\.index) + [paragraphs.count]
      return heads.count >= 2 && zip(heads, ends).allSatisfy { before[$1] - before[$0.index + 1] >= 100 }
    }.max { ($0.count, -$0[0].index) < ($1.count, -$1[0].index) } ?? []
  }

  private static let words = WordList(["篇", "范文", "例文", "稿件"])

  /// 篇1：…, 【篇二】…, 第一篇：…, 范文三; …致辞 篇1, …致辞（1）.
  private static func head(_ text: Scalars, _ index: Int) -> Head? {
    guard text.count <= 80, text.count >= 2 else { return nil }
    var start = 0
    while start < 2, start < text.count, text[start] == "【" || text[start] == "[" || text[start] == "第" { start += 1 }
    if let length = words.match(text, at: start), let (number, end) = Numeral.any(text, at: start + length) {
      return leading(text, index, number, end)
    }
    if start > 0, text[start - 1] == "第", let (number, end) = Numeral.any(text, at: start),
      let length = words.match(text, at: end)
    {
      return leading(text, index, number, end + length)
    }
    return trailing(text, index)
  }

  private static func leading(_ text: Scalars, _ index: Int, _ number: Int, _ end: Int) -> Head? {
    var start = end
    while start < text.count, "】]:、. ".unicodeScalars.contains(text[start]) { start += 1 }
    // 篇1 runs into a word: 篇一律…
    guard start > end || start == text.count else { return nil }
    return Head(index: index, number: number, title: start..<text.count, form: .leading)
  }

  /// The number at the end of a title that says what kind of speech it is.
  private static func trailing(_ text: Scalars, _ index: Int) -> Head? {
    var (start, end) = (text.count, text.count)
    if text[end - 1] == ")" || text[end - 1] == "】" { end -= 1 }
    start = end
    while start > 0, end - start < 3,
      text[start - 1].isDigit || Numeral.digit(text[start - 1]) != nil || text[start - 1] == "十"
    { start -= 1 }
    guard start < end, start > 4, let (number, last) = Numeral.any(text, at: start), last == end, number <= 60 else {
      return nil
    }
    let isBracketed = end < text.count && (text[start - 1] == "(" || text[start - 1] == "【")
    if isBracketed { start -= 1 }
    let isNamed = words.match(text, endingAt: start) != nil
    if isNamed { start -= words.match(text, endingAt: start) ?? 0 }
    guard isBracketed || isNamed else { return nil }
    let title = Array(text[..<start]).trimmed
    guard title.count >= 4, Title(title).genre != nil, !title.contains("。") else { return nil }
    return Head(index: index, number: number, title: 0..<start, form: isNamed ? .trailing : .bracketed(title))
  }
}
