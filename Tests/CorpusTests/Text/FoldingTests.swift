import Corpus
import Testing

@Suite("Folding")
struct FoldingTests {
  private static let everything = (0...UInt32(0x10FFFF)).compactMap(Unicode.Scalar.init)

  @Test(
    "takes width, case, compatibility forms and traditional characters for one another",
    arguments: [
      ("ＡＢｃ１％", "abc1%"), ("ｶ", "カ"), ("：（）", ":()"), ("\u{3000}\u{A0}", "  "), ("ABCÉß", "abcéß"), ("ẞ", "ß"),
      ("İ", "i"), ("ΣΑΣς", "σασσ"), ("①②⑳", "12⑳"), ("²", "2"), ("㎡", "㎡"), ("疫情防控", "疫情防控"),
      ("黨的領導", "党的领导"), ("乾隆著", "干隆着"), ("○〇零", "〇〇零"), ("二○二一", "二〇二一"), ("\u{F900}", "岂"),
      ("𠮷", "𠮷"), ("ﬁ", "ﬁ"), ("“”‘’—…·", "“”‘’—…·"), ("", ""),
    ])
  func pairs(text: String, expected: String) {
    #expect(Term(text).foldedText.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(Term(text).foldedText)")
  }

  @Test(
    "numbers have no synonyms", arguments: [("零", "〇"), ("零", "0"), ("〇", "0"), ("一", "1"), ("两", "二"), ("壹", "一")])
  func noSynonyms(one: String, other: String) { #expect(Folding.fold(one) != Folding.fold(other)) }

  @Test("of any code point is one code point, and folding twice is folding once")
  func idempotent() {
    var faults: [UInt32] = []
    for scalar in Self.everything {
      let once = Folding.fold(scalar)
      guard let folded = Unicode.Scalar(once.value), Folding.fold(folded) == once else {
        faults.append(scalar.value)
        continue
      }
    }
    #expect(faults.isEmpty, "\(faults.prefix(10).map { String($0, radix: 16) })")
  }

  @Test("gives none of the forms that the index writes marks in, and no end of a line that is none")
  func reserved() {
    let faults = Self.everything.filter { scalar in
      let value = Folding.fold(scalar).value
      return 0xFF01...0xFF5E ~= value || value == 0x3000 || (value == 10) != (scalar == "\n")
    }
    #expect(faults.isEmpty, "\(faults.prefix(10))")
  }

  @Test(
    "says what a code point is",
    arguments: [
      ("中々〇㐀𠮷豈ぁカーｶㄅ한ขກကក", .character), ("aZé5Ａ²①ßя\u{301}\u{FE0F}", .word), ("$%&*+=<>@#^_~|×÷°‰℃□■△▲＊％＿", .sign),
      ("，。、；：？！“”（）《》—…·-,.;:!?()/\\ \u{3000}\u{A0}\n\t\u{0}\u{1F}\u{7F}😀", .mark),
    ] as [(String, Folding.Class)])
  func classes(text: String, expected: Folding.Class) {
    for scalar in text.unicodeScalars {
      #expect(Folding.fold(scalar).kind == expected, "\(scalar.debugDescription)")
    }
  }

  @Test("of bytes is that of the text they are")
  func bytes() {
    let text = String(String.UnicodeScalarView(Self.everything.filter { $0.value % 7 == 0 }))
    #expect(Folding.fold(utf8: Array(text.utf8)[...]) == Folding.fold(text))
    #expect(Folding.fold(utf8: []) == [])
    for text in ["春", "a", "𠮷", "é", "春a𠮷é春", "春é", "a𠮷"] {
      #expect(Folding.fold(utf8: Array(text.utf8)[...]) == Folding.fold(text))
    }
  }

  @Test("divides a text into its lines, empty ones too")
  func lines() {
    #expect(Array("春\n\n耕\n".utf8).lineRanges == [0..<3, 4..<4, 5..<8, 9..<9] && [UInt8]().lineRanges == [0..<0])
    let lines = Folding.fold("春\n\n耕\n").lines.map { $0.map(\.value) }
    #expect(lines == [[0x6625], [], [0x8015], []])
  }
}
