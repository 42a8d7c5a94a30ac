import Corpus

extension Speech {
  /// The text as steps, with as much of its nodes and annotations as nests within lines.
  var markedEvents: [MarkedEvent] {
    var steps = MarkedSteps(self)
    for section in steps.roots(of: sections) { steps.add(section) }
    return steps.events
  }
}

/// Puts the steps of a speech in order.
private struct MarkedSteps {
  private(set) var events: [MarkedEvent] = []
  private let index: TextIndex
  private var lines: [Span] = []
  private var marks: ArraySlice<Annotation>

  init(_ speech: Speech) {
    index = TextIndex(speech.text)
    var (start, position) = (0, 0)
    for scalar in speech.text.unicodeScalars {
      if scalar == "\n" {
        lines.append(Span(start, position))
        start = position + 1
      }
      position += 1
    }
    lines.append(Span(start, position))
    // In the order in which they begin, as far as elements can have their kinds for names.
    marks =
      speech.annotations.filter { $0.kind.isName && !$0.span.isEmpty }.sorted { $0.span.start < $1.span.start }[...]
  }

  /// The nodes, or one over the whole text where they begin or end within lines.
  func roots(of sections: [Section]) -> [Section] {
    let (starts, ends) = (Set(lines.map(\.start)), Set(lines.map(\.end)))
    var rest = sections
    while let section = rest.popLast() {
      guard starts.contains(section.span.start), ends.contains(section.span.end) else {
        return [Section(kind: .body, span: Span(0, index.count))]
      }
      rest += section.children
    }
    return sections
  }

  mutating func add(_ section: Section) {
    events.append(.node(section.kind, number: section.number))
    var line = lines.place { $0.start >= section.span.start }
    var children = section.children[...]
    while line < lines.count, lines[line].start < section.span.end {
      if let child = children.first, child.span.start == lines[line].start {
        add(child)
        children.removeFirst()
        line = lines.place { $0.start >= child.span.end }
      } else {
        add(lines[line], of: section)
        line += 1
      }
    }
    events.append(.end)
  }

  private mutating func add(_ line: Span, of section: Section) {
    events.append(.line)
    defer { events.append(.end) }
    var parts: [(span: Span, part: MarkedEvent.Part?)] = []
    if let label = section.label, !label.isEmpty, line.start == section.span.start {
      let span = Span(line.start, line.start + label.unicodeScalars.count)
      if span.end <= line.end, index.text(span) == label { parts.append((span, .label)) }
    }
    if let heading = section.headingSpan, line.contains(heading) { parts.append((heading, .heading)) }
    for piece in section.bodySpans {
      let span = Span(max(piece.start, line.start), min(piece.end, line.end))
      if !span.isEmpty { parts.append((span, nil)) }
    }
    var position = line.start
    for (span, part) in parts.sorted(by: { $0.span.start < $1.span.start }) where span.start >= position {
      if span.start > position { add(Span(position, span.start), .separator) }
      add(span, part)
      position = span.end
    }
    if position < line.end { add(Span(position, line.end), .separator) }
  }

  private mutating func add(_ span: Span, _ part: MarkedEvent.Part?) {
    if let part { events.append(.part(part)) }
    defer { if part != nil { events.append(.end) } }
    var position = span.start
    while let mark = marks.first, mark.span.start < span.end {
      marks.removeFirst()
      guard mark.span.start >= position, mark.span.end <= span.end else { continue }
      text(Span(position, mark.span.start))
      events.append(.mark(kind: mark.kind, value: mark.value))
      text(mark.span)
      events.append(.end)
      position = mark.span.end
    }
    text(Span(position, span.end))
  }

  private mutating func text(_ span: Span) {
    if !span.isEmpty { events.append(.text(index.text(span))) }
  }
}

extension [Span] {
  /// The first element for which a condition holds, in an order in which it holds from some place on.
  fileprivate func place(_ holds: (Span) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension String {
  /// Whether it can be the value of an attribute that takes a name.
  fileprivate var isName: Bool {
    guard let first = utf8.first, first == UInt8(ascii: "_") || (97...122).contains(first | 32) else { return false }
    return utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0 | 32) || $0 == 95 || $0 == 45 || $0 == 46
    }
  }
}
