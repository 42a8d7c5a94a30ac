extension Speech {
  /// What is wrong with the build of this speech, one sentence each; empty for a sound one.
  ///
  /// The text is clean lines, the top-level nodes tile it with one LF between neighbours, a node's children lie in it one
  /// after the other, its own text avoids them, and every position lies in the text. Positions are looked at before
  /// anything is computed of them, and the first kind of fault ends the search: a hostile document costs one pass.
  public var violations: [String] {
    let index = TextIndex(text)
    for faults in [textFaults(), positionFaults(within: index.count)] where !faults.isEmpty { return faults }
    let tiling = tilingFaults(index)
    if !tiling.isEmpty { return tiling }
    // What a node is called is worked out only where there is something to say of one.
    func isSound(_ section: Section) -> Bool {
      section.faults(in: index, named: "").isEmpty && section.children.allSatisfy(isSound)
    }
    if sections.allSatisfy(isSound) { return [] }
    return sections.outline(of: index).flatMap { $0.section.faults(in: index, named: "node \($0.path)") }
  }

  private func textFaults() -> [String] {
    var faults: [String] = []
    var text = text
    let (hasNUL, hasReturn, hasEmptyLine) = text.withUTF8 { bytes in
      var (start, hasEmptyLine) = (0, false)
      while !hasEmptyLine, let end = bytes.firstIndex(of: 10, from: start) {
        hasEmptyLine = end == start
        start = end + 1
      }
      // After the last end of a line stands something too.
      hasEmptyLine = hasEmptyLine || !bytes.isEmpty && start == bytes.count
      return (bytes.firstIndex(of: 0, from: 0) != nil, bytes.firstIndex(of: 13, from: 0) != nil, hasEmptyLine)
    }
    if hasNUL { faults.append("the text holds the character U+0000, which cannot be kept") }
    if hasReturn { faults.append("the text holds a carriage return; its lines end with LF") }
    if hasEmptyLine { faults.append("the text has an empty line") }
    if text.isEmpty, !sections.isEmpty { faults.append("a speech without text has no nodes") }
    return faults
  }

  private func positionFaults(within count: Int) -> [String] {
    func lies(_ span: Span) -> Bool { 0 <= span.start && span.start < span.end && span.end <= count }
    func stray(_ section: Section) -> Span? {
      if !lies(section.span) { return section.span }
      if let span = section.headingSpan, !lies(span) { return span }
      return section.bodySpans.first { !lies($0) } ?? section.children.lazy.compactMap(stray).first
    }
    if let span = sections.lazy.compactMap(stray).first {
      return ["[\(span.start), \(span.end)) of a node does not lie in the text, which has \(count) characters"]
    }
    if let annotation = annotations.first(where: { !lies($0.span) }) {
      return ["an annotation of kind “\(annotation.kind)” does not lie in the text"]
    }
    return []
  }

  private func tilingFaults(_ index: TextIndex) -> [String] {
    guard index.count > 0 else { return [] }
    if sections.first?.span.start != 0 { return ["the first node does not begin where the text begins"] }
    if sections.last?.span.end != index.count { return ["the last node does not end where the text ends"] }
    for (one, next) in zip(sections, sections.dropFirst()) {
      guard next.span.start == one.span.end + 1,
        index.slice(Span(one.span.end, next.span.start)).elementsEqual([10])
      else {
        return ["between the nodes ending at \(one.span.end) and beginning at \(next.span.start) stands not one LF"]
      }
    }
    return []
  }
}

extension Section {
  /// What is wrong with this node, its children's own faults aside; its positions lie in the text.
  fileprivate func faults(in index: TextIndex, named here: String) -> [String] {
    var last = span.start
    for child in children {
      guard span.contains(child.span), child.span.start >= last else {
        return ["\(here) has a child that lies outside it"]
      }
      last = child.span.end
    }
    if let headingSpan {
      guard span.contains(headingSpan), heading.map({ index.slice(headingSpan).elementsEqual($0.utf8) }) ?? false else {
        return ["\(here) has a heading that does not stand where it says"]
      }
      if index.slice(headingSpan).contains(10) { return ["\(here) has a heading of several lines"] }
    } else if heading != nil {
      return ["\(here) has a heading without a place"]
    }
    // Pieces and children are both in order: one walk along both.
    var end = headingSpan?.end ?? span.start
    var next = children.startIndex
    for piece in bodySpans {
      while next < children.endIndex, children[next].span.end <= piece.start { next += 1 }
      guard span.contains(piece), piece.start >= end,
        next == children.endIndex || piece.end <= children[next].span.start
      else { return ["\(here) has own text that overlaps its heading, its children or itself"] }
      end = piece.end
    }
    return []
  }
}
