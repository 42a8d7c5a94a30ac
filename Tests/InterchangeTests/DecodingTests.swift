import Corpus
import Testing

@testable import Interchange

@Suite("Decoding")
struct DecodingTests {
  private func decoded(_ bytes: [UInt8], declared: String? = nil) throws -> DecodedText {
    try Decoding.decode(bytes, declared: declared).get()
  }

  @Test("reads UTF-8 with and without its byte-order mark")
  func utf8() throws {
    #expect(try decoded(Array("同志们：".utf8)).string == "同志们：")
    let marked = try decoded([0xEF, 0xBB, 0xBF] + Array("同志们：".utf8))
    #expect(marked.string == "同志们：")
    #expect(marked.encoding == "UTF-8")
    #expect(!marked.isGuessed)
  }

  @Test("reads UTF-16 of both byte orders by its mark")
  func utf16() throws {
    let units = Array("各位代表".utf16)
    let little: [UInt8] =
      [0xFF, 0xFE] + units.flatMap { unit -> [UInt8] in [UInt8(unit & 255), UInt8(unit >> 8)] }
    let big: [UInt8] =
      [0xFE, 0xFF] + units.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 255)] }
    #expect(try decoded(little).string == "各位代表")
    #expect(try decoded(little).encoding == "UTF-16LE")
    #expect(try decoded(big).string == "各位代表")
    #expect(try decoded(big).encoding == "UTF-16BE")
  }

  @Test("reads GB18030 that nobody declared, and says that it guessed")
  func gb18030() throws {
    // 同志们：今天开会。
    let bytes: [UInt8] = [
      0xCD, 0xAC, 0xD6, 0xBE, 0xC3, 0xC7, 0xA3, 0xBA, 0xBD, 0xF1, 0xCC, 0xEC, 0xBF, 0xAA, 0xBB, 0xE1, 0xA1,
      0xA3,
    ]
    let text = try decoded(bytes)
    #expect(text.string == "同志们：今天开会。")
    #expect(text.encoding == "GB18030")
    #expect(text.isGuessed)
    #expect(try !decoded(bytes, declared: "gb2312").isGuessed)
  }

  @Test("refuses bytes that are none of these encodings")
  func invalid() throws {
    #expect(throws: Refusal.self) { try decoded([0xC3, 0x28, 0xFF, 0xFF, 0x41]) }
    #expect(throws: Refusal.self) { try decoded([0xFF, 0xFE, 0x41]) }
    #expect(throws: Refusal.self) { try decoded([0xE9, 0x74, 0xE9], declared: "iso-8859-2") }
  }

  @Test("keeps the shadow as long as the text")
  func shadow() {
    let text = "（一）５０％，ＡＢ：\u{3000}\u{200B}—―「」".scalars
    #expect(Shadow.fold(text).count == text.count)
    #expect(Shadow.fold(text).string == "(一)50%,AB:  ——「」")
  }
}
