import TestSupport
import Testing

@testable import HTTP

@Suite("What holds of any bytes")
struct RequestPropertyTests {
  /// Short enough that a few repeated bytes go beyond them.
  private static let limits = {
    var limits = Limits()
    (limits.requestLine, limits.headerSection, limits.fields) = (50, 120, 5)
    (limits.body, limits.chunkExtensions, limits.trailers) = (40, 30, 30)
    return limits
  }()

  /// A few cases one behind the other, with some bytes taken out, put in, changed or repeated.
  private static func bytes(_ dice: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0...dice.below(2) { bytes += cases[dice.below(cases.count)].bytes.utf8 }
    let marks = Array("\r\n :;,=\"%?/*#09azAZ\0\u{7F}".utf8) + [0x80, 0xFF]
    for _ in 0..<dice.below(4) where !bytes.isEmpty {
      let place = dice.below(bytes.count)
      switch dice.below(4) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(marks[dice.below(marks.count)], at: place)
      case 2: bytes[place] = marks[dice.below(marks.count)]
      default: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: dice.below(150)), at: place)
      }
    }
    return bytes
  }

  @Test("they are the same requests or the same refusal however they are cut", arguments: 1...20)
  func cuts(seed: Int) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let bytes = Self.bytes(&dice)
      let whole = parse(bytes, by: .max, limits: Self.limits)
      let inBits = parse(bytes, by: 1, limits: Self.limits)
      #expect(inBits == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
      let pieces = cut(bytes) { 1 + dice.below(30) }
      #expect(parse(pieces, limits: Self.limits) == whole, "\(pieces.map { String(decoding: $0, as: UTF8.self) })")
    }
  }

  @Test("a body is the one that was sent, however it is divided into chunks and the chunks are cut", arguments: 1...10)
  func chunks(seed: Int) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let body = (0..<dice.below(300)).map { _ in UInt8(97 + dice.below(26)) }
      var sent = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      for chunk in cut(body, sizes: { 1 + dice.below(60) }) {
        let extensions = ["", ";a", ";a=b", " ; a = \"b\\\"c\""][dice.below(4)]
        sent += String(repeating: "0", count: dice.below(3)) + String(chunk.count, radix: 16)
        sent += extensions + "\r\n" + String(decoding: chunk, as: UTF8.self) + "\r\n"
      }
      sent += ["0\r\n\r\n", "000;x\r\nA: b\r\n\r\n"][dice.below(2)]
      let pieces = cut(Array(sent.utf8)) { 1 + dice.below(40) }
      #expect(parse(pieces) == [.request("POST / [\(String(decoding: body, as: UTF8.self))]")])
    }
  }
}

extension SeededGenerator {
  /// From 0 to one below the bound.
  fileprivate mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
