import Corpus
import TestSupport
import Testing

@Suite("The passage that shows why")
struct SnippetTests {
  private static func body(_ text: String) -> (Section, TextIndex) {
    (Section(kind: .body, span: Span(0, text.unicodeScalars.count)), TextIndex(text))
  }

  private static func snippet(_ text: String, _ query: String) throws -> (text: String, highlights: [String]) {
    let (node, index) = body(text)
    let snippet = Snippet(of: node, in: index, terms: try QueryParser.parse(query).positiveTerms)
    return (index.text(snippet.span), snippet.highlights.map { index.text($0) })
  }

  @Test("is the whole of a short line, with what was found cut as it stands")
  func short() throws {
    let found = try Self.snippet("前一行。\n在𠮷村召开ＣＯＶＩＤ－１９会议，黨的领导。\n后一行。", "𠮷村 covid-19 党的")
    #expect(found.text == "在𠮷村召开ＣＯＶＩＤ－１９会议，黨的领导。")
    #expect(found.highlights == ["𠮷村", "ＣＯＶＩＤ－１９", "黨的"])
  }

  @Test("is where the most different terms stand, then the most places")
  func richest() throws {
    let gap = String(repeating: "略", count: 200)
    #expect(try Self.snippet("春春春春" + gap + "春耕", "春 耕").highlights == ["春", "耕"])
    #expect(try Self.snippet("春" + gap + "春春", "春").highlights == ["春", "春"])
    #expect(try Self.snippet("春\n" + gap + "\n春耕", "春 耕").text == "春耕")
  }

  @Test("has some of what led there, and is never longer than it may be")
  func window() throws {
    let text = String(repeating: "前", count: 300) + "春耕" + String(repeating: "后", count: 300)
    let found = try Self.snippet(text, "春耕")
    #expect(found.text.unicodeScalars.count == Snippet.length)
    #expect(found.text.hasPrefix("前") && found.text.hasSuffix("后") && found.text.contains("春耕"))
    let long = String(repeating: "春", count: 300)
    #expect(try Self.snippet("前" + long + "后", long).text == long)
  }

  @Test("is the beginning where no term stands there, and a heading where there is nothing else")
  func beginning() throws {
    #expect(try Self.snippet("第一行。\n第二行。", "无").text == "第一行。")
    #expect(try Self.snippet(String(repeating: "长", count: 500), "NOT 无").text.unicodeScalars.count == Snippet.length)
    let text = "一、抓春耕"
    let node = Section(
      kind: .section, span: Span(0, 5), label: "一、", number: 1, heading: "抓春耕", headingSpan: Span(2, 5), bodySpans: [])
    let found = Snippet(of: node, in: TextIndex(text), terms: [Term("春耕")])
    #expect(found.span == Span(2, 5) && found.highlights == [Span(3, 5)])
    #expect(Snippet(of: node, in: TextIndex(text), terms: [Term("春耕", field: .text)]).highlights == [])
    #expect(Snippet(of: node, in: TextIndex(text), terms: []).span == Span(2, 5))
  }

  @Test("prefers a place in the text to the same in a heading")
  func field() {
    let text = "一、春耕\n抓春耕"
    let node = Section(
      kind: .section, span: Span(0, 8), label: "一、", number: 1, heading: "春耕", headingSpan: Span(2, 4),
      bodySpans: [Span(5, 8)])
    #expect(Snippet(of: node, in: TextIndex(text), terms: [Term("春耕")]).span == Span(5, 8))
    #expect(Snippet(of: node, in: TextIndex(text), terms: [Term("春耕", field: .heading)]).span == Span(2, 4))
  }

  @Test("lies in one line, and every highlight in it is a term", arguments: 1...6)
  func random(seed: Int) throws {
    var corpus = RandomCorpus(seed: seed)
    for _ in 0..<60 {
      let speech = corpus.speech()
      let index = TextIndex(speech.text)
      for node in speech.sections.outline(of: index) {
        let terms = (0..<3).map { _ in corpus.term(from: [speech], in: nil) }
        let snippet = Snippet(of: node.section, in: index, terms: terms)
        let text = index.text(snippet.span)
        #expect(!text.unicodeScalars.contains("\n"))
        #expect(node.section.span.contains(snippet.span))
        for span in snippet.highlights {
          let found = Term(index.text(span)).folded
          #expect(snippet.span.contains(span) && terms.contains { $0.folded == found })
        }
        // All lines are short, so the whole line is shown, with each place in it once.
        let expected = Set(terms.flatMap { PlainSearch.places($0, in: text) })
        let found = snippet.highlights.map { ($0.start - snippet.span.start)..<($0.end - snippet.span.start) }
        #expect(Set(found) == expected && found.count == expected.count)
      }
    }
  }
}
