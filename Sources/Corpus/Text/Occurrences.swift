extension Term {
  /// Where the term stands in a folded line: half-open ranges of code points, overlapping ones too.
  ///
  /// Where it begins or ends with a word, it does so where the text's word does; one with `*` may end within it.
  public func occurrences(in line: ArraySlice<Folding.Folded>) -> [Span] {
    guard let first = folded.first, let last = folded.last, line.count >= folded.count else { return [] }
    var found: [Span] = []
    line.withUnsafeBufferPointer { line in
      folded.withUnsafeBufferPointer { folded in
        for start in 0...(line.count - folded.count) where line[start] == first {
          let end = start + folded.count
          var offset = 1
          while offset < folded.count, line[start + offset] == folded[offset] { offset += 1 }
          if offset < folded.count { continue }
          if first.kind == .word, start > 0, line[start - 1].kind == .word { continue }
          if last.kind == .word, !isPrefix, end < line.count, line[end].kind == .word { continue }
          found.append(Span(start, end))
        }
      }
    }
    if line.startIndex == 0 { return found }
    return found.map { Span($0.start + line.startIndex, $0.end + line.startIndex) }
  }

  /// The same in a text of several lines; positions are those of the text, plus `offset`.
  public func occurrences(in text: [Folding.Folded], offset: Int = 0) -> [Span] {
    text.lines.flatMap { line in
      occurrences(in: line).map { Span($0.start + offset, $0.end + offset) }
    }
  }
}

extension Query.Proximity {
  /// Whether its terms stand close enough to each other in a folded line: one occurrence of each such that from the end of
  /// any to the beginning of the last there are at most `distance` code points.
  public func holds(in line: ArraySlice<Folding.Folded>) -> Bool {
    var holds = false
    Self.forEachLast(among: terms.map { $0.occurrences(in: line) }, within: distance) { _, _ in holds = true }
    return holds
  }

  /// Hands over the occurrences, as which term's which, that begin last of one of each term such that from the end of any to
  /// its beginning there are at most `distance` code points.
  /// - Parameter occurrences: those of each term, in order; all of one term are of one length.
  public static func forEachLast(
    among occurrences: [[Span]], within distance: Int, _ body: (_ term: Int, _ occurrence: Int) -> Void
  ) {
    if occurrences.contains(where: { $0.isEmpty }) { return }
    // Of each other term the latest that begins no later also ends the latest, since all of its occurrences are of one length.
    for last in occurrences.indices {
      var latest = [Int](repeating: -1, count: occurrences.count)
      for (number, end) in occurrences[last].enumerated() {
        let holds = occurrences.indices.allSatisfy { other in
          while latest[other] + 1 < occurrences[other].count, occurrences[other][latest[other] + 1].start <= end.start {
            latest[other] += 1
          }
          return other == last || latest[other] >= 0 && end.start - occurrences[other][latest[other]].end <= distance
        }
        if holds { body(last, number) }
      }
    }
  }
}
