extension Term {
  /// The longest term in which a name is taken for hidden, in code points.
  private static let longest = 32
  /// The most characters of a name.
  private static let longestName = 4
  /// Marks that stand for a name, folded, and how many of them in a row.
  private static let marks: [(mark: String, count: ClosedRange<Int>)] = [
    ("×", 1...4), ("x", 1...4), ("某", 1...3), ("*", 1...4), ("_", 1...8), ("□", 1...4), ("△", 1...4), ("〇", 2...4),
  ]

  /// The term as it stands where a name in it is hidden: any one to four of its characters, or digits, behind a mask of any
  /// kind, with something of it left. A term that has masks itself has them in any other form instead: ×市 as XX市, 某市.
  ///
  /// At an end of the term one mark does for a longer run of it, except where it is a letter and the run is a word.
  public var maskedForms: [Term] {
    let written = Mask.find(in: folded).map(\.span)
    if folded.count > Self.longest { return [] }
    var spans = written
    if written.isEmpty {
      for start in folded.indices {
        for end in (start + 1)...min(folded.count, start + Self.longestName) {
          guard folded[start..<end].allSatisfy(Self.mayBeHidden) else { break }
          spans.append(Span(start, end))
        }
      }
    }
    let scalars = Array(foldedText.unicodeScalars)
    var forms: [Term] = []
    for span in spans {
      let (before, after) = (scalars[..<span.start], scalars[span.end...])
      guard (before + after).contains(where: { Folding.fold($0).kind != .mark }) else { continue }
      let isAtEnd = before.isEmpty || after.isEmpty
      for (mark, counts) in Self.marks {
        for count in isAtEnd && mark != "x" ? counts.lowerBound...counts.lowerBound : counts {
          let hidden = String(repeating: mark, count: count)
          let form = Term(
            String(String.UnicodeScalarView(before)) + hidden + String(String.UnicodeScalarView(after)),
            isPrefix: isPrefix, field: field, isQuoted: true)
          if form != self { forms.append(form) }
        }
      }
    }
    return forms
  }

  private static func mayBeHidden(_ folded: Folding.Folded) -> Bool {
    folded.kind == .character || (0x30...0x39).contains(folded.value)
  }
}

extension Query {
  /// The query with something else in place of each of its terms; those of `NEAR` stay.
  public func replacingTerms(_ other: (Term) throws -> Query) rethrows -> Query {
    switch self {
    case .term(let term): try other(term)
    case .near: self
    case .and(let parts): .and(try parts.map { try $0.replacingTerms(other) })
    case .or(let parts): .or(try parts.map { try $0.replacingTerms(other) })
    case .not(let part): .not(try part.replacingTerms(other))
    }
  }
}
