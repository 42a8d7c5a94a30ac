import Testing

@testable import HTTP

@Suite("ByteRange")
struct ByteRangeTests {
  @Test(
    "asks for a part of ten bytes",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=2-4", 2..<5), ("bytes=9-", 9..<10), ("bytes=0-99", 0..<10), ("bytes=-3", 7..<10),
      ("bytes=-99", 0..<10), ("Bytes=1-2", 1..<3), ("bytes=5-99999999999999999999999", 5..<10),
    ])
  func part(_ field: String, _ range: Range<Int>) {
    #expect(ByteRange(field, length: 10) == .part(range))
  }

  @Test("begins behind the end", arguments: ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999999-"])
  func unsatisfiable(_ field: String) {
    #expect(ByteRange(field, length: 10) == .unsatisfiable)
  }

  @Test(
    "means all of them where it is malformed, of another unit, or has several ranges",
    arguments: [
      "", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "bytes=1", "bytes=1-2,4-5", "bytes=+1-2", "lines=1-2",
      "bytes=1-2-3", "bytes=0x1-2", "bytes=--1", "bytes 1-2",
    ])
  func whole(_ field: String) {
    #expect(ByteRange(field, length: 10) == .whole)
  }

  @Test("finds no part of nothing")
  func nothing() {
    #expect(ByteRange("bytes=0-", length: 0) == .unsatisfiable)
    #expect(ByteRange("bytes=-5", length: 0) == .whole)
  }
}
