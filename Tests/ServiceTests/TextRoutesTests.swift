import Corpus
import HTTPTypes
import Service
import TestSupport
import Testing

@Suite("Passages over the API")
struct TextRoutesTests {
  private static func passage(_ text: String, of speech: Speech) throws -> (span: Span, sha256: String) {
    let place = try #require(speech.text.firstRange(of: text))
    let start = speech.text.unicodeScalars.distance(from: speech.text.startIndex, to: place.lowerBound)
    return (Span(start, start + text.unicodeScalars.count), Array(text.utf8).sha256)
  }

  @Test("a passage that was quoted by its place and checksum stands there as long as nobody changes it")
  func stands() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let (span, sha256) = try Self.passage("主要任务是安排春耕", of: .make())
    let target = "/v1/speeches/\(id)/text?start=\(span.start)&end=\(span.end)"
    let reply = try test.send(.get, target + "&sha256=\(sha256)")
    #expect(reply.status == 200)
    #expect(reply["stands"] == .bool(true) && reply["stood_in"] == .integer(1))
    #expect(reply["sha256"] == .string(sha256))
    #expect(reply["found_at", "0", "start"] == .integer(span.start) && reply["found_at", "1"] == nil)
    #expect(try test.send(.get, target + "&sha256=\(sha256.uppercased())")["stands"] == .bool(true))
    #expect(try test.send(.get, target)["stands"] == nil)
  }

  @Test("one that moved is told with where it is now, one that is gone with the revision that had it")
  func moved() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let (span, sha256) = try Self.passage("𠮷村也不例外。", of: .make())
    let target = "/v1/speeches/\(id)/text?start=\(span.start)&end=\(span.end)&sha256=\(sha256)"
    let before = try test.send(.get, target)
    try test.keep("a", .make(opening: "今天的会议，主要任务是安排春耕，请大家认真记下来。"))
    let reply = try test.send(.get, target)
    #expect(reply.field("ETag") != before.field("ETag"))
    #expect(reply["stands"] == .bool(false) && reply["stood_in"] == .integer(1))
    #expect(reply["revision"] == .integer(1) && reply["current_revision"] == .integer(2))
    #expect(reply["text"] == .string("𠮷村也不例外。"))
    // Both sections have it.
    guard case .string(let url)? = reply["found_at", "1", "url"] else { return #expect(Bool(false)) }
    #expect(reply["found_at", "0", "section", "path"] == .string("1") && reply["found_at", "2"] == nil)
    #expect(url.hasPrefix("/v1/speeches/\(id)/text?revision=2&start="))
    #expect(try test.send(.get, url)["text"] == .string("𠮷村也不例外。"))
    #expect(try test.send(.get, target + "&revision=2")["stood_in"] == .null)

    try test.keep("a", .make(headings: []))
    let gone = try test.send(.get, target)
    #expect(gone["stands"] == .bool(false) && gone["stood_in"] == .integer(1))
    #expect(gone["found_at"] == .array([]))
  }

  @Test("one that nobody ever said there is told as not known, whatever the passage is now")
  func invented() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let invented = Array("我从来没有这样说过".utf8).sha256
    let reply = try test.send(.get, "/v1/speeches/\(id)/text?start=0&end=4&sha256=\(invented)")
    #expect(reply["stands"] == .bool(false) && reply["stood_in"] == .null && reply["found_at"] == .array([]))
    #expect(reply["text"] == .string("同志们："))
    let beyond = try test.send(.get, "/v1/speeches/\(id)/text?start=0&end=9999&sha256=\(invented)")
    #expect(beyond.status == 400 && beyond["parameter"] == .string("end"))
  }

  @Test("the whole text can be asked after, places may overlap, and the speech may be gone")
  func whole() throws {
    let test = try TestSite()
    let speech = Speech.make(opening: "好好好好好")
    let id = try test.keep("a", speech)
    let whole = try test.send(.get, "/v1/speeches/\(id)/text?sha256=\(Array(speech.text.utf8).sha256)")
    #expect(whole["stands"] == .bool(true) && whole["start"] == .integer(0))
    let good = Array("好好".utf8).sha256
    let reply = try test.send(.get, "/v1/speeches/\(id)/text?start=6&end=8&sha256=\(good)")
    #expect(reply["stands"] == .bool(true))
    #expect((0...3).map { reply["found_at", "\($0)", "start"] } == [5, 6, 7, 8].map { .integer($0) })
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 204)
    #expect(try test.send(.get, "/v1/speeches/\(id)/text?start=6&end=8&sha256=\(good)").status == 410)
  }

  @Test(
    "a checksum that is none, or plain text with one, is refused by name",
    arguments: ["text?sha256=abc", "text?sha256=\(zeros.replacing("0", with: "g"))", "text.txt?sha256=\(zeros)"])
  func refused(target: String) throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let reply = try test.send(.get, "/v1/speeches/\(id)/\(target)")
    #expect(reply.status == 400 && reply["parameter"] == .string("sha256"))
  }

  private static let zeros = String(repeating: "0", count: 64)
}
