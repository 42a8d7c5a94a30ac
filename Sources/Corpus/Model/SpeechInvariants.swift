extension Speech {
  /// What is wrong with the build of this speech, one sentence each; empty for a sound one.
  ///
  /// The top-level nodes tile the text with one LF between neighbours, a node's children lie in it one after the
  /// other, its own text avoids them, and every position lies in the text.
  public var violations: [String] {
    let index = TextIndex(text)
    var faults: [String] = []
    func check(_ sound: Bool, _ fault: @autoclosure () -> String) { if !sound { faults.append(fault()) } }

    if text.isEmpty {
      check(sections.isEmpty, "a speech without text has no nodes")
    } else {
      check(sections.first?.span.start == 0, "the first node does not begin where the text begins")
      check(sections.last?.span.end == index.count, "the last node does not end where the text ends")
    }
    for (one, next) in zip(sections, sections.dropFirst()) {
      check(
        next.span.start == one.span.end + 1 && index.slice(Span(one.span.end, next.span.start)).elementsEqual([10]),
        "between the nodes ending at \(one.span.end) and beginning at \(next.span.start) stands not one LF")
    }
    for node in sections.outline(of: index) {
      let section = node.section
      let here = "node \(node.path)"
      check(
        section.span.start >= 0 && section.span.start < section.span.end && section.span.end <= index.count,
        "\(here) does not lie in the text")
      var last = section.span.start
      for child in section.children {
        check(
          section.span.contains(child.span) && child.span.start >= last, "\(here) has a child that lies outside it")
        last = child.span.end
      }
      if let heading = section.headingSpan {
        check(
          section.span.contains(heading) && index.text(heading) == section.heading,
          "\(here) has a heading that does not stand where it says")
      } else {
        check(section.heading == nil, "\(here) has a heading without a place")
      }
      var end = section.headingSpan?.end ?? section.span.start
      for piece in section.bodySpans {
        check(
          section.span.contains(piece) && piece.start >= end && !piece.isEmpty
            && section.children.allSatisfy { $0.span.end <= piece.start || piece.end <= $0.span.start },
          "\(here) has own text that overlaps its heading, its children or itself")
        end = piece.end
      }
    }
    for annotation in annotations {
      check(
        annotation.span.start >= 0 && annotation.span.start < annotation.span.end
          && annotation.span.end <= index.count,
        "an annotation of kind “\(annotation.kind)” does not lie in the text")
    }
    return faults
  }
}
