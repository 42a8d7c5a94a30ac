import Corpus
import Testing

@Suite("How much of a text tokens take up")
struct TokenWidthsTests {
  /// Where the tokens of some widths begin, nil for the end of a line, asked for one by one or only some of them.
  private static func places(_ widths: [Int?], every step: Int = 1) -> [Int] {
    var written = TokenWidths()
    for width in widths { if let width { written.append(width) } else { written.appendLineEnd() } }
    return written.bytes.withUnsafeBufferPointer { bytes in
      var walk = TokenWidths.Walk(bytes)
      return stride(from: 0, to: widths.count, by: step).map { walk.place(of: $0) }
    }
  }

  @Test(
    "is what lies before a token in its line",
    arguments: [
      ([], []), ([1, 1, 1], [0, 1, 2]), ([0, 2, 1], [0, 0, 2]), ([2, 2, 0, 1], [0, 2, 4, 4]),
      ([1, 3, 1], [0, 1, 4]), ([300, 1, 20_000, 1], [0, 300, 301, 20_301]),
    ] as [([Int], [Int])])
  func line(widths: [Int], expected: [Int]) {
    #expect(Self.places(widths) == expected)
    #expect(Self.places(widths, every: 2) == stride(from: 0, to: expected.count, by: 2).map { expected[$0] })
  }

  @Test("is told however many ordinary tokens stand between", arguments: [62, 63, 64, 125, 126, 127, 1_000])
  func gaps(count: Int) {
    let ones = [Int](repeating: 1, count: count)
    #expect(Self.places(ones + [2, 1]).suffix(2) == [count, count + 2])
    #expect(Self.places([2] + ones + [7] + ones).last == 2 + count + 7 + count - 1)
  }

  @Test("keeps lines further apart than any distance, the places in each counting on")
  func lines() {
    let places = Self.places([1, 2, nil, 1, nil, nil, 0, 1, 1])
    #expect(places[3] - places[2] > 1_000_000 && places[6] - places[4] > 1_000_000)
    #expect(places[4] - places[3] == 1 && places[8] - places[6] == 1)
  }

  @Test("takes about a seventh of a byte for each token of Chinese prose")
  func size() {
    let line = String(repeating: "要抓好春耕生产，确保粮食丰收。", count: 100)
    var (tokens, widths): ([UInt8], TokenWidths) = ([], TokenWidths())
    let count = Tokenizer.append(line: Folding.fold(line)[...], to: &tokens, &widths)
    #expect(count == 1_301 && widths.bytes.count == 201)
  }
}
