import Corpus
import Testing

@Suite("A query")
struct QueryTests {
  @Test(
    "has the terms that speak for a result: those that are not excluded, each once",
    arguments: [
      ("a b a", ["a", "b"]), ("a -b", ["a"]), ("a -(b -c)", ["a", "c"]), ("NOT a", []), ("NEAR(a b) OR b", ["a", "b"]),
      ("-NEAR(a b)", []), ("Ａ a", ["Ａ"]), ("a a*", ["a", "a"]), ("a title:a", ["a", "a"]), ("“a” a", ["a"]),
    ])
  func positiveTerms(text: String, expected: [String]) throws {
    #expect(try QueryParser.parse(text).positiveTerms.map(\.text) == expected)
  }

  @Test(
    "is plain where it is words beside each other",
    arguments: [
      ("a b", ["a", "b"]), ("春耕", ["春耕"]), ("a OR b", nil), ("a -b", nil), ("“a” b", nil), ("a*", nil),
      ("title:a b", nil),
      ("NEAR(a b)", nil),
    ] as [(String, [String]?)])
  func plainWords(text: String, expected: [String]?) throws {
    #expect(try QueryParser.parse(text).plainWords?.map(\.text) == expected)
  }
}
