import Corpus
import TestSupport
import Testing

@Suite("Where a term stands in a text")
struct OccurrencesTests {
  @Test(
    "is where its folded characters stand; words are whole, and overlapping places count",
    arguments: [
      ("疫情", "疫情防控，疫情", [0, 5]), ("哈哈", "哈哈哈哈", [0, 1, 2]), ("5G", "5G 5GB 15G ５ｇ", [0, 11]), ("党", "黨的党", [0, 2]),
      ("情，防", "疫情，防控", [1]), ("，防", "疫情，防控", [2]), ("a b", "A\u{3000}B a  b", [0]), ("e", "e\u{301}", []),
      ("市", "×市5市a市", [1, 3, 5]), ("×", "××", [0, 1]), ("○", "二〇二○", [1, 3]), ("𠮷村", "在𠮷村", [1]), ("", "春", []),
      ("春耕备耕", "春耕", []), ("%的", "15%的", [2]), ("-", "15-17", [2]),
    ])
  func places(term: String, line: String, starts: [Int]) {
    let found = Term(term).occurrences(in: Folding.fold(line)[...])
    #expect(found.map(\.start) == starts)
    #expect(found.allSatisfy { $0.count == term.unicodeScalars.count })
  }

  @Test("a term with an asterisk may end within a word, and begin in none")
  func prefix() {
    let term = Term("5g", isPrefix: true)
    #expect(term.occurrences(in: Folding.fold("5GB 15G 5G")[...]).map(\.start) == [0, 8])
  }

  @Test("lies within a line, and positions are those of the text")
  func lines() {
    let text = Folding.fold("春\n耕春耕\n\n春耕")
    #expect(Term("春耕").occurrences(in: text) == [Span(3, 5), Span(7, 9)])
    #expect(Term("春耕").occurrences(in: text, offset: 10) == [Span(13, 15), Span(17, 19)])
    #expect(Term("春耕").occurrences(in: text[2..<5]) == [Span(3, 5)])
  }

  @Test("is where a plain scan finds it", arguments: 1...4)
  func scan(seed: Int) {
    var corpus = RandomCorpus(seed: seed)
    for _ in 0..<2_000 {
      let line = corpus.line()
      let term = Term(corpus.line(upTo: 2), isPrefix: Bool.random(using: &corpus.random))
      #expect(
        term.occurrences(in: Folding.fold(line)[...]).map { $0.start..<$0.end } == PlainSearch.places(term, in: line),
        "\(term.text.debugDescription) in \(line.debugDescription)")
    }
  }

  @Test(
    "terms are near each other where at most so many characters lie between, in whatever order",
    arguments: [
      (["疫情", "防控"], 0, "疫情防控", true), (["防控", "疫情"], 0, "疫情防控", true), (["疫情", "防控"], 0, "疫情的防控", false),
      (["疫情", "防控"], 1, "疫情的防控", true), (["疫情", "情防"], 0, "疫情防", true), (["a", "b"], 1, "a，b", true),
      (["a", "b"], 0, "a，b", false), (["春", "春"], 0, "春", true), (["一", "二", "三"], 2, "一二x三", true),
      (["一", "二", "三"], 1, "一二x三", false), (["一", "二", "三"], 1, "一xx二三一", true), (["春", "秋"], 9, "春", false),
    ])
  func near(terms: [String], distance: Int, line: String, expected: Bool) {
    let near = Query.Proximity(terms: terms.map { Term($0) }, distance: distance)
    #expect(near.holds(in: Folding.fold(line)[...]) == expected)
  }
}
