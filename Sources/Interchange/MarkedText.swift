import Corpus

/// A step through a text with its nodes and marks, in an order in which elements of XML can nest.
enum MarkedEvent: Hashable {
  /// A node begins.
  case node(Section.Kind, number: Int?)
  /// A line of the node that began last begins.
  case line
  /// A part of a line begins that is not the node's own text.
  case part(Part)
  /// A marked passage of a line begins.
  case mark(kind: String, value: String?)
  /// Characters of a line.
  case text(String)
  /// What began last ends.
  case end

  /// What a line can hold besides own text.
  enum Part: String, CaseIterable { case label, heading, separator }
}

/// A text that is put together again from its steps: characters, nodes and annotations, exactly as they were.
struct MarkedText {
  private struct Node {
    var section: Section
    var hasStart = false
  }

  private enum Open { case node, line, part(MarkedEvent.Part, start: Int), mark(Int), other }

  /// The characters so far, lines joined by LF.
  private(set) var text = ""
  /// The nodes at the top.
  private(set) var sections: [Section] = []
  /// The marked spans, in the order in which they begin.
  private(set) var annotations: [Annotation] = []
  /// Code points so far.
  private var count = 0
  private var open: [Open] = []
  private var nodes: [Node] = []
  private var startsLine = false

  /// How deep nodes may nest: as deep as JSON may have them.
  static let maximumDepth = 16

  /// Whether a line is open: where characters count, and elements are parts and marks.
  private(set) var isInLine = false

  /// Nothing yet.
  init() {}

  /// The text of all steps.
  init(_ events: [MarkedEvent]) { for event in events { take(event) } }

  /// How deep the nodes are nested here.
  var depth: Int { nodes.count }

  /// Takes the next step. An element that means nothing is `nil`; it ends as any other.
  mutating func take(_ event: MarkedEvent?) {
    switch event {
    case nil: open.append(.other)
    case .node(let kind, let number):
      open.append(.node)
      nodes.append(Node(section: Section(kind: kind, span: Span(0, 0), number: number, bodySpans: [])))
    case .line: startLine()
    case .part(let part): open.append(.part(part, start: count))
    case .mark(let kind, let value):
      open.append(.mark(annotations.count))
      annotations.append(Annotation(kind: kind, span: Span(count, count), value: value))
    case .text(let characters): if isInLine { append(characters) }
    case .end: end()
    }
  }

  private mutating func startLine() {
    open.append(.line)
    isInLine = true
    if count > 0 {
      text += "\n"
      count += 1
    }
    startsLine = true
    for index in nodes.indices where !nodes[index].hasStart {
      nodes[index].hasStart = true
      nodes[index].section.span.start = count
    }
  }

  private mutating func append(_ characters: String) {
    let length = characters.unicodeScalars.count
    guard length > 0 else { return }
    text += characters
    let piece = Span(count, count + length)
    count += length
    defer { startsLine = false }
    let isOwn = !open.contains { if case .part = $0 { true } else { false } }
    guard isOwn, let node = nodes.indices.last else { return }
    // Own text goes on over a mark and over the end of a line, not over a label, a heading or a child.
    let end = nodes[node].section.bodySpans.last?.end
    if let end, end == piece.start || startsLine && end == piece.start - 1 {
      nodes[node].section.bodySpans[nodes[node].section.bodySpans.count - 1].end = piece.end
    } else {
      nodes[node].section.bodySpans.append(piece)
    }
  }

  private mutating func end() {
    switch open.popLast() {
    case .line: isInLine = false
    case .part(let part, let start):
      guard let node = nodes.indices.last, start < count else { return }
      let words = text.unicodeScalars.suffix(count - start).string
      switch part {
      case .label: nodes[node].section.label = words
      case .heading:
        nodes[node].section.heading = words
        nodes[node].section.headingSpan = Span(start, count)
      case .separator: break
      }
    case .mark(let index): annotations[index].span.end = count
    case .node:
      guard var section = nodes.popLast()?.section else { return }
      section.span.end = count
      if let parent = nodes.indices.last {
        nodes[parent].section.children.append(section)
      } else {
        sections.append(section)
      }
    case .other, nil: break
    }
  }
}
