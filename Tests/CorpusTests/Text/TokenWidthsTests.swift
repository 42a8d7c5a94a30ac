import Corpus
import Testing

@Suite("How much of a text tokens take up")
struct TokenWidthsTests {
  /// Where the tokens of a text begin, asked for one by one or only some of them.
  private static func places(_ text: String, tokens: Int, every step: Int = 1) -> [Int] {
    var widths = TokenWidths()
    widths.append(Folding.fold(text))
    var walk = TokenWidths.Walk(widths)
    return stride(from: 0, to: tokens, by: step).map { walk.place(of: $0) }
  }

  @Test(
    "is what lies before a token in its line",
    arguments: [
      ("", [0]), ("春耕好", [0, 1, 2]), ("春，耕。好", [0, 2, 4]), ("5G网络", [0, 2, 2, 3]), ("×市", [0, 1, 1]),
      ("春耕2021年·好", [0, 1, 2, 6, 6, 8]), ("“好。”", [0, 1, 3]),
    ])
  func line(text: String, expected: [Int]) {
    #expect(Self.places(text, tokens: expected.count) == expected)
    let some = stride(from: 0, to: expected.count, by: 2).map { expected[$0] }
    #expect(Self.places(text, tokens: expected.count, every: 2) == some)
  }

  @Test("is told however many ordinary tokens stand between", arguments: [62, 63, 64, 125, 126, 127, 1_000])
  func gaps(count: Int) {
    let run = String(repeating: "春", count: count)
    #expect(Self.places(run + "，好", tokens: count + 1).last == count + 1)
    let long = String(repeating: "a", count: 300) + "，" + run + "，" + run
    // The word, its mark, a token more for the character behind a mark alone there is none.
    #expect(Self.places(long, tokens: 2 + count).last == 301 + count - 1)
    #expect(Self.places(long, tokens: 2 + count + count).last == 301 + count + 1 + count - 1)
  }

  @Test("keeps lines further apart than any distance")
  func lines() {
    // 春耕, 耕 with the end of its line, the end of an empty one, 好 with its end.
    let places = Self.places("春耕\n\n好", tokens: 4)
    #expect(places[0] == 0 && places[1] == 1)
    #expect(places[2] - places[1] > 1_000_000 && places[3] - places[2] > 1_000_000)
  }
}
