import Corpus
import Testing

@Suite("Permanent names")
struct SpeechIDTests {
  @Test(
    "are those of docs/identifiers.md",
    arguments: [
      ("https://www.example.org/speeches/1.html", "", nil, "d5fchhmma79h"),
      (nil, "同志们：今天开会。", nil, "hhcg0ntaeavh"),
      (nil, "同志们：今天开会。", 2, "53jkp97d6x4r"),
    ] as [(String?, String, Int?, String)])
  func vectors(address: String?, source: String, ordinal: Int?, expected: String) {
    #expect(SpeechID(address: address, decodedSource: source, ordinal: ordinal).text == expected)
  }

  @Test(
    "are equal for spellings of one address",
    arguments: [
      "HTTPS://WWW.Example.org:443/speeches/1.html#top", " https://www.example.org/%73peeches/1.html ",
      "https://www.example.org/speeches/1.html",
    ])
  func spellings(address: String) {
    #expect(
      SpeechID(address: address, decodedSource: "a")
        == SpeechID(address: "https://www.example.org/speeches/1.html", decodedSource: "b"))
  }

  @Test(
    "take the text where the address is none", arguments: ["ftp://example.org/a", "www.example.org", "http://", "无"])
  func noAddress(address: String) {
    #expect(SpeechID(address: address, decodedSource: "文") == SpeechID(address: nil, decodedSource: "文"))
  }

  @Test(
    "are read only as twelve characters of the alphabet",
    arguments: ["", "abc", "0123456789AB", "0123456789ai", "0123456789abc"])
  func refused(text: String) { #expect(SpeechID(text) == nil) }
}
