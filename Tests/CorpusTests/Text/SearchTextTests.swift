import Corpus
import TestSupport
import Testing

@Suite("What of a speech is searched")
struct SearchTextTests {
  @Test("is own texts, headings and the title, node by node, and no label")
  func fields() {
    let speech = Speech.make(headings: ["早谋划"])
    let index = TextIndex(speech.text)
    let text = SearchText(title: speech.title, text: index, nodes: speech.sections.outline(of: index))
    let tokens = String(decoding: text.tokens, as: UTF8.self).split(separator: " ")
    #expect(text.title == 15 && tokens.first == "在全")
    #expect(text.nodes.map(\.heading) == [0, 0, 3, 0])
    let before = text.title + text.nodes[..<2].reduce(0) { $0 + $1.body }
    #expect(tokens[before..<(before + 3)] == ["早谋", "谋划", "划Ｋ"])
    #expect(text.sizes.reduce(0, +) == tokens.count)
    #expect(text.sizes == [15] + text.nodes.flatMap { [$0.heading, $0.body] })
    #expect(!tokens.contains { $0 == "一是" })
  }

  @Test("has the sizes of every node, with and without text of its own", arguments: 1...5)
  func sizes(seed: Int) {
    var corpus = RandomCorpus(seed: seed)
    for _ in 0..<20 {
      let speech = corpus.speech()
      #expect(speech.violations == [])
      let index = TextIndex(speech.text)
      let text = SearchText(title: speech.title, text: index, nodes: speech.sections.outline(of: index))
      #expect(text.sizes.reduce(0, +) == text.tokens.count { $0 == 32 })
      #expect((text.title == 0) == (speech.title == nil))
    }
  }
}
