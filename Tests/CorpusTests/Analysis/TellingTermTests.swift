import Corpus
import Testing

@Suite("The words that tell what a speech is about")
struct TellingTermTests {
  private static let lexicon = LexiconTests.lexicon([
    "乡村": 300, "振兴": 200, "发展": 90_000, "的": 300_000, "新": 300, "肥料": 9,
  ])

  private static func terms(
    _ text: String, title: String? = nil, nodes: [OutlineNode] = [], lexicon: Lexicon? = Self.lexicon
  ) -> [String] {
    TellingTerm.terms(title: title, text: TextIndex(text), nodes: nodes, lexicon: lexicon).map(\.term.text)
  }

  @Test("come with the rarest of equally frequent ones first, as they are written")
  func order() {
    #expect(Self.terms("乡村的发展，乡村的肥料") == ["乡村", "肥料", "发展"])
    #expect(Self.terms("鄉村的發展") == ["鄉村", "發展"])
    #expect(Self.terms("肥料肥料乡村") == ["肥料", "乡村"])
    #expect(Self.terms("肥料肥料乡村", title: "乡村乡村") == ["乡村", "肥料"])
  }

  @Test("are no numbers, no single characters and nothing across marks")
  func none() {
    #expect(Self.terms("2021 年 7 的 a 乡，村") == [])
    #expect(Self.terms("The Congress met the WTO; congress was on 5G, over") == ["Congress", "WTO", "5G", "over"])
  }

  @Test("are characters that the list leaves alone only where they stand together again and again")
  func unlisted() {
    #expect(Self.terms("新冠的发展，新冠的") == ["发展"])
    #expect(Self.terms("新冠的发展，新冠的，新冠") == ["新冠", "发展"])
  }

  @Test("are all neighbours where there is no list")
  func bare() { #expect(Self.terms("振兴乡", lexicon: nil) == ["振兴", "兴乡"]) }
}
