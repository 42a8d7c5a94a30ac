import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Reading the documents of the corpus again")
struct ReparseRepositoryTests {
  private static let later = "2026-02-03T04:05:06Z"

  /// Reads all documents again with a parser of our own.
  private static func reparse(
    _ test: TestStore, _ ids: [SpeechID]? = nil, isDry: Bool = false, parse: (SourceDocument) -> [Reading]
  ) throws -> [Reparsed] {
    let documents = ReparseRepository(test.store)
    let (keys, missing) = try documents.documents(of: ids)
    #expect(missing.isEmpty)
    let kept = try keys.map { try documents.document($0, of: ids.map(Set.init)) }
    return try documents.keep(kept.map { ($0, parse($0.document)) }, at: later, isDry: isDry)
  }

  @Test("what is read as before stays, what is read otherwise is a revision, and a second time changes nothing")
  func revised() throws {
    let test = try TestStore()
    let (one, other) = (TestStore.reading("a"), TestStore.reading("b"))
    try test.keep(one, other)
    var better = other
    better.speech = .make(title: "读得更好", headings: ["早谋划"])
    func parse(_ document: SourceDocument) -> [Reading] { [document == one.document ? one : better] }
    let state = try CardRepository(test.store).state()
    let dry = try Self.reparse(test, isDry: true, parse: parse)
    #expect(try CardRepository(test.store).state() == state)
    let results = try Self.reparse(test, parse: parse)
    for results in [dry, results] {
      #expect(results.map(\.status) == [.unchanged, .revised])
      #expect(results[1].revision == 2 && results[1].changed == ["clean_title", "sections", "text", "title"])
      #expect(results[1].comparison?.differences.map(\.status) == [.removed])
    }
    #expect(try Self.reparse(test, parse: parse).map(\.status) == [.unchanged, .unchanged])
    let identity = try #require(try test.identity(other.id))
    let history = try SpeechRepository(test.store).revisions(of: identity)
    #expect(history.map(\.cause) == ["import", "reparse"] && history[0].sourceDigest == history[1].sourceDigest)
    #expect(try IntegrityRepository(test.store).check() == [])
    // The document is still known: an import of the folder changes nothing.
    #expect(try test.keep(one, other).map(\.status) == [.unchanged, .unchanged])
  }

  @Test("corrections stay on top of what is read")
  func corrections() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a")
    try test.keep(reading)
    let patch = try JSONReader.read(Array(#"{"title":"改"}"#.utf8))
    _ = try ImportRepository(test.store).correct(reading.id, at: Self.later) {
      try $0.corrected(by: JSONCursor(patch), at: Self.later)
    }
    #expect(try Self.reparse(test, parse: { _ in [reading] }).map(\.status) == [.unchanged])
    var better = reading
    better.speech = .make(title: "读得更好", speaker: "陈望山")
    let result = try #require(try Self.reparse(test, parse: { _ in [better] }).first)
    #expect(result.revision == 3 && result.changed == ["clean_title", "corrections", "speaker"])
    let speech = try SpeechRepository(test.store).content(of: try #require(try test.identity(reading.id))).speech()
    #expect(speech.title == "改" && speech.speaker.name == "陈望山")
    #expect(speech.corrections["title"]?.read == .string("读得更好"))
  }

  @Test("speeches of one document are told apart by their ids, deleted ones stay away, and new ones are only told of")
  func several() throws {
    let test = try TestStore()
    let document = SourceDocument.make("一页多篇")
    let readings = (1...4).map { number in
      Reading(
        id: SpeechID(address: nil, decodedSource: "一页多篇", ordinal: number), speech: .make(title: "第\(number as Int)篇"),
        document: document)
    }
    try test.keep(readings[0], readings[1], readings[2])
    _ = try ImportRepository(test.store).delete(readings[1].id, at: test.time)
    var changed = readings
    changed[0].speech = .make(title: "改过的第一篇")
    changed.remove(at: 2)
    let results = try Self.reparse(test, parse: { _ in changed })
    #expect(results.map(\.status) == [.revised, .notRead, .new])
    #expect(results.map(\.id) == [readings[0].id, readings[2].id, readings[3].id])
    #expect(try test.identity(readings[3].id) == nil)
    let some = try Self.reparse(test, [readings[2].id], parse: { _ in readings })
    #expect(some.map(\.status) == [.unchanged])
    #expect(try ReparseRepository(test.store).documents(of: [readings[1].id]).missing == [readings[1].id])
  }

  @Test("the only speech of a document is the same when its address is read otherwise; a guessed encoding is not told")
  func alone() throws {
    let test = try TestStore()
    var reading = TestStore.reading("a")
    reading.speech.warnings = ["encoding_guessed"]
    try test.keep(reading)
    var moved = TestStore.reading("b", .make(title: "改"))
    moved.document = reading.document
    let results = try Self.reparse(test) { document in
      #expect(document.encoding == nil && document.bytes == reading.document.bytes && document.fileName == "页面.txt")
      return [moved]
    }
    #expect(results.map(\.status) == [.revised] && results.first?.id == reading.id)
  }
}
