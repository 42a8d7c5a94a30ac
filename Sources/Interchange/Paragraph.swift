import Corpus

/// A paragraph of a page: its text, the folded shadow and where both stood in the decoded source.
struct Paragraph: Sendable {
  /// A piece of the paragraph that stood in one piece in the source.
  struct Run: Sendable {
    /// Where it begins in the paragraph.
    var at: Int
    /// Where it begins in the source.
    var source: Int
  }

  /// The text as written, without indent and trailing white space.
  var text: Scalars
  /// The folded shadow, as long as the text.
  var shadow: Scalars
  /// Where it came from; empty where the source has no such places (HTML, JSON).
  var runs: [Run] = []
  /// Columns of white space before it.
  var indent = 0
  /// Whether an empty line stood before it.
  var followsBlank = false
  /// Level of the markup that makes it a heading (`h2`, `##`).
  var headingLevel: Int?
  /// Whether all of it is set in bold.
  var isBold = false

  init(_ text: Scalars, source: Int? = nil, indent: Int = 0) {
    self.text = text
    shadow = Shadow.fold(text)
    runs = source.map { [Run(at: 0, source: $0)] } ?? []
    self.indent = indent
  }

  var count: Int { text.count }

  /// Where a part of the paragraph stood in the source.
  func source(_ range: Range<Int>) -> Span? {
    guard !runs.isEmpty else { return nil }
    func place(_ index: Int) -> Int {
      let run = runs[max(0, runs.partition { $0.at > index } - 1)]
      return run.source + index - run.at
    }
    return range.isEmpty
      ? Span(place(range.lowerBound), place(range.lowerBound))
      : Span(place(range.lowerBound), place(range.upperBound - 1) + 1)
  }

  /// A part of the paragraph as evidence.
  func evidence(_ range: Range<Int>? = nil) -> Evidence {
    let range = range ?? 0..<count
    return Evidence(text: text[range].string, source: source(range))
  }

  /// A part of the paragraph as a paragraph, without white space at its ends.
  func part(_ range: Range<Int>) -> Paragraph {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text[start].isBlank { start += 1 }
    while end > start, text[end - 1].isBlank { end -= 1 }
    var part = self
    part.text = Array(text[start..<end])
    part.shadow = Array(shadow[start..<end])
    part.runs = []
    // Searched, not filtered: a paragraph may be cut into as many parts as it has runs.
    let next = runs.partition { $0.at > start }
    if next > 0 {
      part.runs = [Run(at: 0, source: runs[next - 1].source + start - runs[next - 1].at)]
      part.runs += runs[next...].prefix { $0.at < end }.map { Run(at: $0.at - start, source: $0.source) }
    }
    return part
  }

  /// The paragraph with another that continues it; a space is set between Latin words only.
  mutating func join(_ next: Paragraph) {
    if let last = shadow.last, let first = next.shadow.first,
      last.isLatin || last == "," || last == "." || last == ";",
      first.isLatin
    {
      text.append(" ")
      shadow.append(" ")
    }
    let offset = text.count
    text += next.text
    shadow += next.shadow
    runs += next.runs.map { Run(at: $0.at + offset, source: $0.source) }
    isBold = isBold && next.isBold
  }
}

/// A page ready to be read: its paragraphs and what its container says about it.
struct Page: Sendable {
  /// The paragraphs in order, none of them empty.
  var paragraphs: [Paragraph] = []
  /// What stood around the text: sidecar, front matter, the head of an HTML page.
  var hints = Hints()
  /// What was guessed or lost so far.
  var warnings: [String] = []
  /// Whether line breaks were lost, so that labels must be looked for inside paragraphs.
  var isFlat = false
  /// Lines that were recognised as no part of the text already.
  var removed: [RemovedLine] = []

  /// What the container of a text says about it.
  struct Hints: Sendable {
    var title: String?
    var published: SpeechDate?
    var source: String?
    var site: String?
    var url: String?
    var author: String?
    var metadata: [String: JSONValue] = [:]
    var links: [RelatedLink] = []
  }
}
