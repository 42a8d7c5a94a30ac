import Corpus
import Foundation
import Testing

@Suite("A list of words")
struct LexiconTests {
  /// A list in the order of its bytes, as the file is.
  static func lexicon(_ counts: KeyValuePairs<String, Int>) -> Lexicon {
    let lines = counts.map { "\($0.key) \($0.value)\n" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return Lexicon(Array(lines.joined().utf8))
  }

  private static let small = lexicon([
    "乡村": 300, "乡村振兴": 500, "振兴": 200, "战略": 400, "研究": 300, "研究生": 50, "生命": 100, "命": 20, "实施": 300, "𠮷村": 9,
  ])

  @Test(
    "divides a sentence so that its words are as common as can be",
    arguments: [
      ("乡村振兴战略", ["乡村振兴", "战略"]), ("研究生命", ["研究", "生命"]), ("研究生", ["研究生"]), ("实施乡村振兴", ["实施", "乡村振兴"]),
      ("甲乙实施", ["甲", "乙", "实施"]), ("到𠮷村", ["到", "𠮷村"]), ("村", ["村"]), ("", []),
    ])
  func division(sentence: String, words: [String]) {
    let folded = Folding.fold(sentence)
    var start = 0
    var found: [String] = []
    for end in Self.small.division(of: folded[...]) {
      found.append(String(String.UnicodeScalarView(Array(sentence.unicodeScalars)[start..<end])))
      start = end
    }
    #expect(found == words && start == folded.count)
  }

  @Test(
    "takes a list as people make them: without a last line break, with a count beyond all numbers, with a bare word")
  func rough() {
    for list in ["战略 99999999999999999999999\n", "战略 7", "战略\n"] {
      #expect(Lexicon(Array(list.utf8)).words(oneEditFrom: "战术") == ["战略"], "\(list)")
    }
  }

  @Test("gives the ends in positions of the text that the run is of")
  func slice() {
    let folded = Folding.fold("一，实施战略。")
    #expect(Self.small.division(of: folded[2..<6]) == [4, 6])
  }

  @Test("that is empty, or longer than its words, divides into characters")
  func empty() {
    #expect(Lexicon([]).division(of: Folding.fold("春耕")[...]) == [1, 2])
    let long = String(repeating: "春", count: 2_000)
    #expect(Self.small.division(of: Folding.fold(long)[...]) == Array(1...2_000))
  }

  @Test("knows how little a word is to be expected")
  func surprise() throws {
    func surprise(_ word: String) -> Double? { Self.small.surprise(of: Folding.fold(word)[...]) }
    let (rare, common) = (try #require(surprise("生命")), try #require(surprise("乡村振兴")))
    #expect(abs(rare - common - log(5)) < 1e-9)
    for word in ["乡", "乡村振", "甲", ""] { #expect(surprise(word) == nil, "\(word)") }
  }

  @Test(
    "knows the words that are one edit away",
    arguments: [
      ("乡材", ["乡村"]), ("略战", ["战略"]), ("研究", ["研究生"]), ("研究所", ["研究", "研究生"]), ("生明", ["生命"]), ("乡村振", ["乡村", "乡村振兴"]),
      ("春耕备", []), ("战略", []),
    ])
  func oneEdit(word: String, expected: [String]) {
    #expect(Set(Self.small.words(oneEditFrom: word)) == Set(expected))
  }

  @Test(
    "one edit puts in, leaves out, replaces or exchanges one code point",
    arguments: [
      ("ab", "abc", true), ("abc", "ac", true), ("abc", "axc", true), ("abc", "acb", true), ("aab", "ab", true),
      ("", "a", true), ("ab", "ab", false), ("abcd", "badc", false), ("abc", "cba", false), ("a", "abc", false),
      ("", "", false), ("𠮷", "吉", true), ("aaa", "aa", true),
    ])
  func edits(one: String, other: String, expected: Bool) {
    let (one, other) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    #expect(one.isOneEdit(from: other) == expected)
    #expect(other.isOneEdit(from: one) == expected)
  }
}
