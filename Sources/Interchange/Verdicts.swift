import Corpus

/// What each paragraph of a text is, read off the sections, the outline and the marks that the parser made.
struct Verdicts {
  private var nodes: [(section: Section, path: String)?]
  private var marks: [[String]]
  private let build: Build
  private let refused: Set<Int>

  init(_ speech: Speech, _ build: Build) {
    self.build = build
    nodes = Array(repeating: nil, count: build.body.count)
    marks = Array(repeating: [], count: build.body.count)
    let items = Set(build.outline.items.map(\.start))
    refused = Set(build.outline.candidates.map(\.index)).subtracting(items)
    // Inner nodes come after the nodes that hold them, and so have the last word.
    for node in speech.sections.outline(of: TextIndex(speech.text)) {
      var index = paragraph(at: node.section.span.start)
      while index < build.starts.count, build.starts[index] < node.section.span.end {
        nodes[index] = (node.section, node.path)
        index += 1
      }
    }
    for mark in speech.annotations {
      let index = paragraph(at: mark.span.start)
      let name = mark.kind + (mark.kind == "bullet" || mark.kind == "inline_point" ? " R19" : " R20")
      if marks.indices.contains(index), !marks[index].contains(name) { marks[index].append(name) }
    }
  }

  private func paragraph(at place: Int) -> Int {
    var (low, high) = (0, build.starts.count)
    while low < high {
      let middle = (low + high) / 2
      if build.starts[middle] <= place { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  /// The marks in a paragraph, and the label that was weighed there and taken for text.
  func marks(of index: Int) -> [String] {
    (refused.contains(index) ? ["its label is text R12"] : []) + marks[index]
  }

  /// What a paragraph is.
  func of(_ index: Int) -> (verdict: String, rule: Rule) {
    guard let (section, path) = nodes[index] else { return ("body", .opening) }
    let (start, end) = (build.starts[index], build.starts[index] + build.body[index].count)
    let isFirst = section.span.start == start
    switch section.kind {
    case .salutation: return ("salutation", .salutation)
    case .opening: return ("opening", .opening)
    case .body:
      // Without sections nothing is an opening; between them stands what their ends left over.
      return (isFirst ? path : "\(path), goes on", build.outline.items.isEmpty ? .opening : .sectionEnd)
    case .closing:
      return (section.headingSpan?.start == start ? "closing heading" : "closing", .closing)
    case .section: break
    }
    if let heading = section.headingSpan, heading.start >= start, heading.end <= end {
      let goesOn = section.bodySpans.contains { $0.start > heading.start && $0.start < end }
      return ("section \(path) \(goesOn ? "heading and text" : "heading")", .heading)
    }
    guard isFirst else { return ("body of \(path)", .sectionEnd) }
    return section.headingSpan == nil
      ? ("section \(path) without heading", .labels) : ("section \(path) label", .labels)
  }
}
