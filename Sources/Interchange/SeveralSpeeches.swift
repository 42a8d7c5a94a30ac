import Corpus

/// Pages that hold several speeches (R21): 篇1 …, 篇2 …; each becomes a record of its own with the page's source.
enum SeveralSpeeches {
  /// The pages that a page falls into; one, itself, where nothing divides it.
  static func split(_ page: Page) -> [Page] {
    let heads = page.paragraphs.indices.filter { titleStart(page.paragraphs[$0].shadow) != nil }
    guard heads.count >= 2, let first = heads.first else { return [page] }
    let ends = heads.dropFirst() + [page.paragraphs.count]
    let parts = zip(heads, ends).map { page.paragraphs[$0..<$1] }
    // A table of contents has such lines too, with nothing between them.
    guard parts.count(where: { $0.dropFirst().reduce(0) { $0 + $1.count } >= 200 }) == parts.count else {
      return [page]
    }

    var shared = Page(paragraphs: Array(page.paragraphs[..<first]), hints: page.hints)
    shared.warnings = page.warnings
    var head = Draft(shared)
    Fields.takeHints(&head)
    _ = HeadBlock.read(&head)
    return parts.map { part in
      var result = page
      result.paragraphs = Array(part)
      if let line = part.first, let start = titleStart(line.shadow) {
        let title = line.part(start..<line.count)
        result.removed.append(RemovedLine(kind: "title", line: line.evidence()))
        result.paragraphs.removeFirst()
        result.hints.title = title.count >= 4 ? title.text.string : head.speech.title
      }
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

  /// Where the title begins on a line such as 篇1：… or 【篇二】….
  private static func titleStart(_ text: Scalars) -> Int? {
    var index = 0
    while index < text.count, index < 2, text[index] == "【" || text[index] == "第" || text[index] == "[" {
      index += 1
    }
    guard text.count <= 80, index < text.count, text[index] == "篇",
      let (_, end) = Numeral.any(text, at: index + 1)
    else {
      return nil
    }
    var start = end
    while start < text.count, "】]:、. ".unicodeScalars.contains(text[start]) { start += 1 }
    return start
  }
}
