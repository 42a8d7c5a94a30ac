import Corpus

/// Body paragraphs become the canonical text and the nodes that tile it.
struct Composition {
  private let body: [Paragraph]
  /// Position of each paragraph in the text.
  private(set) var starts: [Int] = []
  private var plainSeries: Set<Int> = []
  private let outline: Outline

  /// The canonical text.
  private(set) var text = ""
  /// The top-level nodes.
  private(set) var sections: [Section] = []
  /// The marked spans.
  private(set) var annotations: [Annotation] = []

  /// - Parameters:
  ///   - salutation: number of paragraphs of the salutation.
  ///   - closing: index of the first paragraph of the closing.
  ///   - closingHeading: whether that paragraph is the heading 结束语.
  init(_ body: [Paragraph], outline: Outline, salutation: Int, closing: Int?, closingHeading: Bool) {
    self.body = body
    self.outline = outline
    var scalars: Scalars = []
    scalars.reserveCapacity(body.reduce(0) { $0 + $1.count + 1 })
    for (index, paragraph) in body.enumerated() {
      if index > 0 { scalars.append("\n") }
      starts.append(scalars.count)
      scalars += paragraph.text
    }
    text = scalars.string
    findPlainSeries()
    let labels = Dictionary(outline.items.map { ($0.start, $0.label) }) { first, _ in first }
    for (index, paragraph) in body.enumerated() {
      annotations += Annotations.find(in: paragraph, at: starts[index], label: labels[index])
    }
    build(salutation: salutation, closing: closing, closingHeading: closingHeading)
  }

  private func end(_ index: Int) -> Int { starts[index] + body[index].count }

  private func span(_ range: Range<Int>) -> Span { Span(starts[range.lowerBound], end(range.upperBound - 1)) }

  private mutating func build(salutation: Int, closing: Int?, closingHeading: Bool) {
    let last = closing ?? body.count
    if salutation > 0 { sections.append(Section(kind: .salutation, span: span(0..<salutation))) }
    var index = salutation
    for root in outline.roots {
      let item = outline.items[root]
      if item.start > index {
        let isFirst = !sections.contains { $0.kind == .section }
        sections.append(Section(kind: isFirst ? .opening : .body, span: span(index..<item.start)))
      }
      sections.append(section(root))
      index = item.end
    }
    if index < last { sections.append(Section(kind: .body, span: span(index..<last))) }
    guard let closing, closing < body.count else { return }
    var node = Section(kind: .closing, span: span(closing..<body.count))
    if closingHeading, closing + 1 < body.count {
      node.heading = body[closing].text.string
      node.headingSpan = span(closing..<closing + 1)
      node.bodySpans = [span(closing + 1..<body.count)]
    }
    sections.append(node)
  }

  /// Series whose items are single sentences: they are points of a list, without headings (R14).
  private mutating func findPlainSeries() {
    var plain: [Int: Bool] = [:]
    for item in outline.items {
      let text = body[item.start].shadow
      let isSentence =
        item.end == item.start + 1 && item.children.isEmpty
        && text.last.map { "。;!,".unicodeScalars.contains($0) } == true
        && (Heading.runIn(text, after: item.label.length).map { $0.rest >= text.count } ?? true)
      plain[item.series] = (plain[item.series] ?? true) && isSentence
    }
    plainSeries = Set(plain.filter(\.value).keys)
  }

  /// The recursion is bounded by `Outline.maximumDepth`.
  private func section(_ index: Int) -> Section {
    let item = outline.items[index]
    let first = body[item.start]
    let start = starts[item.start]
    var section = Section(
      kind: .section, span: span(item.start..<item.end),
      label: item.label.length > 0 ? first.text[0..<item.label.length].string : nil,
      number: item.label.number > 0 ? item.label.number : nil, bodySpans: [],
      children: item.children.map { self.section($0) })
    let ownEnd = item.children.first.map { outline.items[$0].start } ?? item.end
    var bodyStart: Int?
    var nextLine = item.start + 1
    func head(_ paragraph: Int, _ range: Range<Int>) {
      section.heading = body[paragraph].text[range].string
      section.headingSpan = Span(starts[paragraph] + range.lowerBound, starts[paragraph] + range.upperBound)
    }
    let isAlone = Heading.ownLine(first.shadow, after: item.label.length) == nil
    if isAlone {
      if nextLine < ownEnd, body[nextLine].count <= 40, ownEnd > nextLine + 1 || !item.children.isEmpty,
        let last = body[nextLine].shadow.last, !"。!?;,:".unicodeScalars.contains(last)
      {
        head(nextLine, 0..<body[nextLine].count)
        nextLine += 1
      }
    } else if plainSeries.contains(item.series) {
      bodyStart = item.label.length
    } else if Heading.isOwnLine(first, item.label),
      let range = Heading.ownLine(first.shadow, after: item.label.length)
    {
      head(item.start, range)
    } else if let (range, rest) = Heading.runIn(first.shadow, after: item.label.length) {
      head(item.start, range)
      if rest < first.count { bodyStart = rest }
    } else {
      bodyStart = item.label.length
    }
    section.bodySpans = pieces(
      item, from: nextLine,
      first: bodyStart.map { place in
        var place = place
        while place < first.count, first.text[place].isBlank { place += 1 }
        return Span(start + place, end(item.start))
      })
    return section
  }

  /// The own text of a section: maximal runs of its own lines.
  private func pieces(_ item: Outline.Item, from nextLine: Int, first: Span?) -> [Span] {
    var pieces: [Span] = []
    var open = first.flatMap { $0.isEmpty ? nil : $0 }
    var index = nextLine
    var child = 0
    while index < item.end {
      if child < item.children.count, outline.items[item.children[child]].start == index {
        if let piece = open { pieces.append(piece) }
        open = nil
        index = outline.items[item.children[child]].end
        child += 1
        continue
      }
      open = Span(open?.start ?? starts[index], end(index))
      index += 1
    }
    if let piece = open { pieces.append(piece) }
    return pieces
  }
}
