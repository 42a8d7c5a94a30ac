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
    func tokens(_ bytes: [UInt8]) -> [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: " ") }
    #expect(tokens(text.heading) == ["早谋", "谋划", "划Ｋ"])
    #expect(tokens(text.title).count == 15 && tokens(text.title).first == "在全")
    #expect(text.nodes.map(\.heading) == [0, 0, 3, 0])
    #expect(text.nodes.reduce(0) { $0 + $1.body } == tokens(text.body).count)
    #expect(!tokens(text.body).contains { $0 == "一是" })
  }

  @Test("has the sizes of every node, with and without text of its own", arguments: 1...5)
  func sizes(seed: Int) {
    var corpus = RandomCorpus(seed: seed)
    for _ in 0..<20 {
      let speech = corpus.speech()
      #expect(speech.violations == [])
      let index = TextIndex(speech.text)
      let text = SearchText(title: speech.title, text: index, nodes: speech.sections.outline(of: index))
      func count(_ bytes: [UInt8]) -> Int { bytes.count { $0 == 32 } }
      #expect(text.nodes.reduce(0) { $0 + $1.body } == count(text.body))
      #expect(text.nodes.reduce(0) { $0 + $1.heading } == count(text.heading))
      #expect(text.title.isEmpty == (speech.title == nil))
    }
  }
}
