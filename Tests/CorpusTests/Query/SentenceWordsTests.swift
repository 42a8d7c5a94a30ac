import Corpus
import Testing

@Suite("A sentence as a query")
struct SentenceWordsTests {
  private static let lexicon = LexiconTests.lexicon([
    "如何": 90, "实施": 300, "乡村": 300, "乡村振兴": 500, "振兴": 200, "战略": 400, "推进": 100,
  ])

  @Test(
    "is one long run of characters, or many words, with nothing said about them",
    arguments: [
      ("如何实施战略", true), ("如何实施战", true), ("实施战略", false), ("如何实施战略？", true), ("如何 实施乡村振兴战略", false),
      ("a b c d e", true),
      ("a b c d", false),
      ("“如何实施战略”", false), ("如何实施战略*", false), ("如何实施战略 OR 战略", false), ("title:如何实施战略", false),
      ("COVID-19 vaccines", false),
    ])
  func isSentence(text: String, expected: Bool) throws {
    #expect(try QueryParser.parse(text).isSentence == expected)
  }

  @Test(
    "has words, each once, and its neighbouring words together",
    arguments: [
      ("如何实施乡村振兴战略", ["如何", "实施", "乡村振兴", "战略"], ["如何实施", "实施乡村振兴", "乡村振兴战略"]),
      ("实施的战略", ["实施", "战略"], []), ("实施，战略", ["实施", "战略"], []), ("实施实施", ["实施"], ["实施实施"]),
      ("推进5G战略", ["推进", "5g", "战略"], []), ("實施戰略", ["实施", "战略"], ["实施战略"]), ("战略 实施", ["战略", "实施"], []),
    ])
  func words(text: String, words: [String], neighbours: [String]) throws {
    let found = try #require(try QueryParser.parse(text).words(by: Self.lexicon))
    #expect(found.words.map(\.text) == words)
    #expect(found.neighbours.map(\.text) == neighbours)
  }

  @Test("has none where there is none", arguments: ["的", "甲乙丙", "“实施”", "实施 OR 战略"])
  func none(text: String) throws { #expect(try QueryParser.parse(text).words(by: Self.lexicon) == nil) }
}
