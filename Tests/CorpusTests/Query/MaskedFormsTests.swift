import Corpus
import Testing

@Suite("A term with a name hidden")
struct MaskedFormsTests {
  private func forms(_ text: String) -> Set<String> { Set(Term(text).maskedForms.map(\.text)) }

  @Test(
    "is written with any one to four of its characters behind a mask of any kind",
    arguments: [
      ("成都市", ["×市", "xx市", "某市", "*市", "_市", "□市", "成×", "成某", "成×市", "成某某市", "成xx市"]),
      ("王建国书记", ["×书记", "xxx书记", "王×书记", "王某某书记", "王××书记"]), ("2021年", ["20xx年", "202x年", "×年"]),
    ])
  func hides(text: String, expected: [String]) { #expect(forms(text).isSuperset(of: expected)) }

  @Test("keeps something of itself, and as many characters as no name has")
  func keeps() {
    #expect(forms("王") == [])
    #expect(forms("成都").contains { $0.allSatisfy { "×x某*_□△〇".contains($0) } } == false)
    #expect(!forms("中华人民共和国").contains("×国"))
    #expect(!forms("committee").contains("×"))
  }

  @Test("has other marks in place of those it has itself, and nothing else hidden")
  func written() {
    #expect(forms("×市").isSuperset(of: ["xx市", "某市", "□市"]))
    #expect(!forms("×市").contains("××"))
    #expect(forms("某某局长").isSuperset(of: ["×局长", "xx局长"]))
    #expect(forms("张某某说").isSuperset(of: ["张×说", "张××说", "张xx说"]))
  }

  @Test("keeps its field and its star, and is as written where it is long")
  func keepsRest() {
    let forms = Term("成都", isPrefix: true, field: .title).maskedForms
    #expect(!forms.isEmpty && forms.allSatisfy { $0.isPrefix && $0.field == .title })
    #expect(Term(String(repeating: "长", count: 33)).maskedForms == [])
  }
}
