import Corpus
import TestSupport
import Testing

@Suite("Positions in a text")
struct TextIndexTests {
  @Test("cut exactly the code points they name, in texts of every width", arguments: [0, 1, 7, 8, 63, 64, 65, 3_000])
  func spans(length: Int) {
    var generator = SystemRandomNumberGenerator()
    let alphabet: [Unicode.Scalar] = ["a", "é", "中", "𠮷", "\u{301}", "　", "\n", "Ａ"]
    let scalars = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
    let index = TextIndex(String(String.UnicodeScalarView(scalars)))
    #expect(index.count == length)
    for _ in 0..<200 {
      let start = Int.random(in: 0...length, using: &generator)
      let end = Int.random(in: start...length, using: &generator)
      #expect(Array(index.text(Span(start, end)).unicodeScalars) == Array(scalars[start..<end]))
    }
  }

  @Test("beyond the text are its ends")
  func clamped() {
    let index = TextIndex("中文")
    #expect(index.text(Span(-3, 99)) == "中文")
    #expect(index.offset(of: 99) == 6)
  }

  @Test("lengths count code points without white space, Han characters and words")
  func measure() {
    let measure = TextMeasure("推进 15-17岁，it's　5G。")
    #expect(measure.characters == 16)
    #expect(measure.han == 3)
    #expect(measure.words == 3)
  }

  @Test("lengths are those of each code point, whichever it is")
  func each() {
    var (characters, han) = (0, 0)
    var text = String.UnicodeScalarView()
    for value in 0...UInt32(0x2_FFFF) where value.isMultiple(of: 7) || value < 0x3400 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let measure = TextMeasure(String(scalar))
      characters += scalar.properties.isWhitespace ? 0 : 1
      han += scalar.isHan ? 1 : 0
      text.append(scalar)
      #expect(measure.characters == (scalar.properties.isWhitespace ? 0 : 1) && measure.han == (scalar.isHan ? 1 : 0))
    }
    let index = TextIndex(String(text))
    #expect(index.charactersWithoutSpace(Span(0, index.count)) == characters)
    #expect(TextMeasure(String(text)).characters == characters && TextMeasure(String(text)).han == han)
  }

  @Test("the excerpt begins after the salutation")
  func excerpt() {
    #expect(Speech.make().excerpt.hasPrefix("今天的会议"))
    #expect(Speech.make(opening: String(repeating: "长", count: 300)).excerpt.hasSuffix("…"))
    var speech = Speech()
    speech.text = "同志们：\n　\r\n\n　今天 \u{2029}开会。\n"
    speech.sections = [
      Section(kind: .salutation, span: Span(0, 4)), Section(kind: .opening, span: Span(4, 18)),
    ]
    #expect(speech.excerpt == "今天  开会。")
    speech.text += String(repeating: "长", count: 120 - 14)
    #expect(speech.excerpt.hasSuffix("长"))
    speech.text += "\n"
    #expect(speech.excerpt.hasSuffix("长…"))
  }
}
