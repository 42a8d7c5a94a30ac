import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Corrections in the database")
struct CorrectionTests {
  private static let later = "2026-02-03T04:05:06Z"

  @discardableResult
  private static func correct(_ test: TestStore, _ id: SpeechID, _ patch: String, at time: String = later) throws
    -> Receipt?
  {
    let value = try JSONReader.read(Array(patch.utf8))
    let found = try ImportRepository(test.store).correct(id, at: time) {
      try $0.corrected(by: JSONCursor(value), at: time)
    }
    if case .found(let receipt) = found { return receipt }
    return nil
  }

  private static func speech(_ test: TestStore, _ id: SpeechID) throws -> Speech {
    try SpeechRepository(test.store).content(of: try #require(try test.identity(id))).speech()
  }

  @Test("a correction is a revision from the same document, and the same again is none")
  func revision() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a")
    try test.keep(reading)
    #expect(try Self.correct(test, reading.id, #"{"title":"改"}"#)?.revision == 2)
    #expect(try Self.correct(test, reading.id, #"{"title":"改"}"#, at: "2027-01-01T00:00:00Z")?.status == .unchanged)
    let identity = try #require(try test.identity(reading.id))
    let history = try SpeechRepository(test.store).revisions(of: identity)
    #expect(history.map(\.cause) == ["import", "correction"] && history[1].changed == ["title"])
    #expect(history[0].sourceDigest == history[1].sourceDigest)
    #expect(try ChangeRepository(test.store).changes(since: 1, limit: 9).items.map(\.kind) == ["revised"])
    #expect(try IntegrityRepository(test.store).check() == [])
    // Nothing that a parser may say of the file is another one now.
    let facts = try SpeechRepository(test.store).content(of: identity).record
    #expect(String(decoding: facts, as: UTF8.self).contains(#""imported_at":"2026-01-02T03:04:05Z""#))
  }

  @Test("the same document changes nothing; a changed one is a revision with the correction on top")
  func imports() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a")
    try test.keep(reading)
    try Self.correct(test, reading.id, #"{"title":"改","occasion":null}"#)
    #expect(try test.keep(reading).first?.status == .unchanged)
    #expect(try ImportRepository(test.store).keep([reading], at: test.time, reverts: true).first?.status == .unchanged)
    let changed = TestStore.reading("a", .make(title: "原文改题", opening: "新的开头。"))
    #expect(try test.keep(changed).first?.revision == 3)
    let speech = try Self.speech(test, reading.id)
    #expect(speech.title == "改" && speech.occasion == nil && speech.text == changed.speech.text)
    #expect(speech.corrections["title"]?.read == .string("原文改题"))
    // What is read under a correction is part of the speech too: it is what taking the correction back gives.
    let hidden = TestStore.reading("a", .make(title: "又一题", opening: "新的开头。"), bytes: "又一题")
    #expect(try test.keep(hidden).first?.revision == 4)
    try Self.correct(test, reading.id, #"{"corrections":{"title":null}}"#)
    #expect(try Self.speech(test, reading.id).title == "又一题")
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("a speech that was deleted and comes back keeps its corrections")
  func revived() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a")
    try test.keep(reading)
    try Self.correct(test, reading.id, #"{"title":"改"}"#)
    _ = try ImportRepository(test.store).delete(reading.id, at: test.time)
    #expect(try Self.correct(test, reading.id, #"{"title":"又"}"#) == nil)
    #expect(try test.keep(reading).first?.revision == 3)
    #expect(try Self.speech(test, reading.id).title == "改")
  }

  @Test("a correction that a document brought and somebody took back does not come back with the document")
  func withdrawn() throws {
    let test = try TestStore()
    var reading = TestStore.reading("a")
    let read = reading.speech.title
    reading.speech = try reading.speech.corrected(
      by: JSONCursor(JSONReader.read(Array(#"{"title":"改"}"#.utf8))), at: "2026-01-01T00:00:00Z")
    try test.keep(reading)
    try Self.correct(test, reading.id, #"{"corrections":null}"#)
    #expect(try Self.speech(test, reading.id).title == read)
    #expect(try ImportRepository(test.store).keep([reading], at: test.time, reverts: true).first?.status == .unchanged)
    // One that was decided since does.
    reading.speech.corrections["title"]?.at = "2026-03-01T00:00:00Z"
    #expect(try ImportRepository(test.store).keep([reading], at: test.time, reverts: true).first?.revision == 3)
    #expect(try Self.speech(test, reading.id).title == "改")
  }

  @Test("a replay and a snapshot have them, and the check sees one that was lost")
  func copies() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a")
    try test.keep(reading, TestStore.reading("b"))
    try Self.correct(test, reading.id, #"{"speaker":{"name":"陈望山"}}"#)
    let other = try TestStore()
    try ChangeRepository(test.store).replay(into: other.store)
    #expect(try CardRepository(other.store).state() == CardRepository(test.store).state())
    #expect(try Self.speech(other, reading.id) == Self.speech(test, reading.id))
    #expect(try test.keep(TestStore.reading("a", .make(opening: "新。"))).first?.revision == 3)
    #expect(try IntegrityRepository(test.store).check() == [])
    try test.store.execute(
      """
      UPDATE revision SET record = json_remove(record, '$.corrections')
      WHERE number = 3
      """)
    #expect(
      try IntegrityRepository(test.store).check().contains {
        $0.detail == "revision 3: the correction of speaker.name is not kept"
      })
  }
}
