import Corpus
import TestSupport
import Testing

@Suite("The tokens of the index")
struct TokenizerTests {
  private static func tokens(_ line: String) -> [String] { divided(line).tokens }

  private static func divided(_ line: String) -> (tokens: [String], widths: TokenWidths) {
    var bytes: [UInt8] = []
    var widths = TokenWidths()
    widths.append(Folding.fold(line))
    let count = Tokenizer.append(line: Folding.fold(line)[...], to: &bytes) { _ in }
    let text = String(decoding: bytes, as: UTF8.self)
    let tokens = text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).dropLast().map {
      String($0)
    }
    #expect(tokens.count == count, "\(line.debugDescription)")
    return (tokens, widths)
  }

  @Test(
    "are one for each character with what follows it, each word, each sign and each other mark",
    arguments: [
      ("疫情，防控", ["疫情", "情，", "防控", "控Ｋ"]), ("5G网络", ["5g", "·网", "网络", "络Ｋ"]),
      ("网络5G", ["网络", "络", "5g", "Ｋ"]), ("×市", ["×", "·市", "市Ｋ"]), ("“好。”", ["“", "好。", "”", "Ｋ"]),
      ("a b", ["a", "\u{3000}", "b", "Ｋ"]), ("一（a）", ["一（", "a", "）", "Ｋ"]), ("COVID-19", ["covid", "－", "19", "Ｋ"]),
      ("15%的", ["15", "％", "·的", "的Ｋ"]), ("", ["Ｋ"]), ("𠮷村", ["𠮷村", "村Ｋ"]), ("黨，", ["党，", "Ｋ"]),
      ("春\u{0}\u{1F}\u{7F}", ["春Ａ", "ｆ", "ｚ", "Ｋ"]),
    ])
  func divided(line: String, expected: [String]) {
    #expect(Self.tokens(line).map(Array.init(scalars:)) == expected.map(Array.init(scalars:)))
  }

  @Test("have nothing in them that the index could take for a space, a quotation mark or the end of a word")
  func alphabet() {
    for value in 0...UInt32(0x10FFFF) {
      guard let scalar = Unicode.Scalar(value), scalar != "\n" else { continue }
      var bytes: [UInt8] = []
      _ = Tokenizer.append(line: [Folding.fold(scalar)], to: &bytes) { _ in }
      let isSound = bytes.allSatisfy { byte in
        byte >= 0x80 || byte == 0x20 || 0x30...0x39 ~= byte || 0x61...0x7A ~= byte
      }
      if !isSound { Issue.record("U+\(String(value, radix: 16)) is written as \(bytes)") }
    }
  }

  @Test(
    "stand in a row wherever a term does, and nowhere else where the pattern says so; widths say where that is",
    arguments: 1...8)
  func patterns(seed: Int) {
    var corpus = RandomCorpus(seed: seed)
    var exact = 0
    for _ in 0..<4_000 {
      let line = corpus.line()
      let source = Bool.random(using: &corpus.random) ? line : corpus.line()
      let scalars = Array(source.unicodeScalars)
      let start = Int.random(in: 0..<scalars.count, using: &corpus.random)
      let end = Int.random(in: (start + 1)...min(scalars.count, start + 5), using: &corpus.random)
      let term = Term(
        String(String.UnicodeScalarView(scalars[start..<end])), isPrefix: Bool.random(using: &corpus.random))
      let expected = PlainSearch.places(term, in: line)
      let pattern = Tokenizer.pattern(of: term.folded, isPrefix: term.isPrefix)
      if pattern.tokens.isEmpty {
        #expect(term.folded.allSatisfy { $0.kind == .mark })
        continue
      }
      let (tokens, widths) = Self.divided(line)
      let found = Self.places(pattern, in: tokens)
      if pattern.isExact {
        exact += 1
        var walk = TokenWidths.Walk(widths)
        let starts = found.map { walk.place(of: $0) }
        #expect(starts == expected.map(\.lowerBound), "\(term.text.debugDescription) in \(line.debugDescription)")
      } else {
        #expect(found.count >= expected.count, "\(term.text.debugDescription) in \(line.debugDescription)")
      }
    }
    #expect(exact > 1_000)
  }

  /// Where tokens stand in a row.
  private static func places(_ pattern: Tokenizer.Pattern, in tokens: [String]) -> [Int] {
    let wanted = pattern.tokens.map { Array($0.utf8) }
    let tokens = tokens.map { Array($0.utf8) }
    return tokens.indices.filter { start in
      start + wanted.count <= tokens.count
        && wanted.indices.allSatisfy { index in
          let isLast = index == wanted.count - 1
          return isLast && pattern.isPrefix
            ? tokens[start + index].starts(with: wanted[index]) : tokens[start + index] == wanted[index]
        }
    }
  }
}

extension [Unicode.Scalar] {
  fileprivate init(scalars text: String) { self = Array(text.unicodeScalars) }
}
