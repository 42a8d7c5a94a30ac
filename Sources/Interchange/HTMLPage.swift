import Corpus

/// Finds the text of an HTML page: the block with the densest paragraphs, and the head lines that stand before it.
enum HTMLPage {
  /// The charset that a page declares in its first kilobytes.
  static func declaredCharset(_ bytes: [UInt8]) -> String? {
    let head = Array(bytes.prefix(4096)).map { $0 < 128 ? ($0 | ((65...90).contains($0) ? 32 : 0)) : 63 }
    let key = Array("charset".utf8)
    var index = 0
    while index + key.count < head.count {
      guard head[index] == key[0], head[index..<index + key.count].elementsEqual(key) else {
        index += 1
        continue
      }
      index += key.count
      while index < head.count,
        head[index] == 32 || head[index] == UInt8(ascii: "=") || head[index] == 34 || head[index] == 39
      { index += 1 }
      var name: [UInt8] = []
      while index < head.count, head[index] > 32, !"\"';>/".utf8.contains(head[index]), name.count < 30 {
        name.append(head[index])
        index += 1
      }
      let text = String(decoding: name, as: UTF8.self)
      return text.isEmpty || text.hasPrefix("utf") ? nil : text
    }
    return nil
  }

  /// Reads a page.
  static func read(_ html: Scalars) -> Result<Page, Refusal> {
    guard let tree = HTMLTree(html), !tree.blocks.isEmpty else {
      return .failure(Refusal(code: "no_text", reason: "The HTML page has no body with text."))
    }
    var page = Page()
    takeHead(tree, &page)
    let range = content(of: tree)
    guard !range.isEmpty else {
      return .failure(Refusal(code: "no_text", reason: "The HTML page holds no paragraph of text."))
    }
    let start = headStart(tree, before: range.lowerBound, title: page.hints.title)
    for (index, block) in tree.blocks.enumerated() {
      if index >= start, index < range.upperBound, !block.isBoilerplate {
        page.paragraphs.append(block.paragraph)
      } else {
        let isLink = block.link != nil && index >= range.upperBound && block.paragraph.count >= 6
        if isLink, page.hints.links.count < 50 {
          page.hints.links.append(RelatedLink(title: block.paragraph.text.string, url: block.link))
        }
        page.removed.append(
          RemovedLine(kind: isLink ? "related" : "navigation", line: block.paragraph.evidence()))
      }
    }
    page.paragraphs = Furniture.withoutNoise(page.paragraphs, &page)
    page.paragraphs =
      FlatText.opened(page.paragraphs, &page) ?? page.paragraphs.flatMap { FlatText.separateNumerals($0) }
    return .success(page)
  }

  private static func takeHead(_ tree: HTMLTree, _ page: inout Page) {
    func meta(_ names: String...) -> String? { names.lazy.compactMap { tree.metas[$0] }.first }
    let h1 = tree.blocks.first { $0.paragraph.headingLevel == 1 && $0.paragraph.count >= 4 }?.paragraph.text
      .string
    page.hints.title = h1 ?? meta("articletitle", "og:title", "title") ?? tree.title.map(withoutSite)
    page.hints.site = meta("og:site_name", "sitename", "application-name")
    page.hints.source = meta("contentsource", "source", "article:source")
    page.hints.author = meta("author", "article:author")
    page.hints.url =
      tree.canonical.flatMap { SourceAddress.normalised($0) == nil ? nil : $0 } ?? meta("og:url")
    for stamp in [
      meta(
        "article:published_time", "pubdate", "publishdate", "og:release_date", "date", "dc.date",
        "datepublished")
    ].compactMap({ $0 }) + tree.times {
      if let date = DateReading.first(in: Shadow.fold(stamp.scalars))?.date, date.precision != .monthDay {
        page.hints.published = date
        break
      }
    }
  }

  /// Cuts the name of the site off a page title: …讲话_公文网.
  private static func withoutSite(_ title: String) -> String {
    for mark in ["_", " - ", " | ", "|", "-", "—", "–"] {
      let parts = title.components(by: mark)
      if parts.count > 1, let first = parts.first?.trimmed, first.unicodeScalars.count >= 6 { return first }
    }
    return title
  }

  /// The blocks of the element that gathers most text outside of links, its parents sharing in its weight.
  private static func content(of tree: HTMLTree) -> Range<Int> {
    var scores = [Int: Double]()
    for block in tree.blocks where !block.isBoilerplate {
      let own = block.paragraph.count - block.linked
      guard own >= 12 || block.paragraph.count >= 6 && block.linked == 0 else { continue }
      let weight =
        Double(own) + (block.paragraph.text.contains("。") || block.paragraph.text.contains(".") ? 20 : 0)
      var element = block.parent
      var share = 1.0
      // The paragraph's own element, its container and that one's container.
      for _ in 0..<4 where element >= 0 {
        scores[element, default: 0] += weight * share
        element = tree.parents[element]
        share *= 0.72
      }
    }
    guard let best = scores.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else {
      // Nothing but short lines: all of them that are no furniture.
      let lines = tree.blocks.indices.filter { !tree.blocks[$0].isBoilerplate && tree.blocks[$0].linked == 0 }
      guard let first = lines.first, let last = lines.last else { return 0..<0 }
      return first..<last + 1
    }
    func isInside(_ block: HTMLBlock) -> Bool {
      var element = block.parent
      while element >= best {
        if element == best { return true }
        element = tree.parents[element]
      }
      return false
    }
    let inside = tree.blocks.indices.filter { isInside(tree.blocks[$0]) }
    guard let first = inside.first, let last = inside.last else { return 0..<0 }
    return first..<last + 1
  }

  /// Where the head begins: at the last line before the content that is the title, at most twelve blocks up.
  private static func headStart(_ tree: HTMLTree, before start: Int, title: String?) -> Int {
    let key = title.map { Title.key($0.scalars) }
    var index = start - 1
    while index >= max(0, start - 12) {
      let paragraph = tree.blocks[index].paragraph
      if paragraph.headingLevel == 1 || paragraph.headingLevel == 2 || Title.key(paragraph.text) == key {
        return index
      }
      index -= 1
    }
    return start
  }
}

extension String {
  /// The parts between the occurrences of a word.
  func components(by word: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: word) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
