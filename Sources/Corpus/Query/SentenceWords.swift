extension Query {
  /// The fewest Han characters of a run that is taken for a sentence where nothing contains it.
  private static let sentenceCharacters = 5
  /// The fewest words beside each other that are.
  private static let sentenceWords = 5

  /// Whether the query is a sentence rather than words to be found as they are: no operators, fields or quotes, and either
  /// one long run of characters or many words.
  public var isSentence: Bool {
    guard let words = plainWords else { return false }
    let characters = words.map { $0.folded.count { $0.kind == .character } }.max() ?? 0
    return words.count == 1 && characters >= Self.sentenceCharacters || words.count >= Self.sentenceWords
  }

  /// The words of a sentence, each once, and what its neighbouring words are together; nil where it is none or has no word.
  public func words(by lexicon: Lexicon) -> (words: [Term], neighbours: [Term])? {
    guard let parts = plainWords else { return nil }
    var words: [Term] = []
    var neighbours: [Term] = []
    for part in parts {
      var before: ArraySlice<Folding.Folded>?
      for run in part.folded.runs {
        guard run.first?.kind == .character else {
          if run.first?.kind == .word { words.append(Term(run.text)) }
          before = nil
          continue
        }
        var start = run.startIndex
        for end in lexicon.division(of: run) {
          let word = run[start..<end]
          // A character alone is a particle more often than a word.
          if word.count > 1 {
            words.append(Term(word.text))
            if let before { neighbours.append(Term(run[before.startIndex..<end].text, isQuoted: true)) }
          }
          before = word.count > 1 ? word : nil
          start = end
        }
      }
    }
    var seen: Set<Term> = []
    words = words.filter { seen.insert($0).inserted }
    neighbours = neighbours.filter { seen.insert($0).inserted }
    if words.isEmpty { return nil }
    return (Array(words.prefix(QueryParser.maximumTerms)), Array(neighbours.prefix(QueryParser.maximumTerms)))
  }
}

extension Collection<Folding.Folded> {
  fileprivate var text: String { String(String.UnicodeScalarView(compactMap { Unicode.Scalar($0.value) })) }
}

extension [Folding.Folded] {
  /// Neighbouring code points of one kind.
  var runs: [ArraySlice<Folding.Folded>] {
    var runs: [ArraySlice<Folding.Folded>] = []
    var start = startIndex
    while start < endIndex {
      let end = self[start...].firstIndex { $0.kind != self[start].kind } ?? endIndex
      runs.append(self[start..<end])
      start = end
    }
    return runs
  }
}
