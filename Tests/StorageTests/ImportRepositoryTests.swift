import Corpus
import Storage
import TestSupport
import Testing

@Suite("Keeping speeches")
struct ImportRepositoryTests {
  @Test("what was kept comes back as it was, with its bytes")
  func kept() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a", .make(metadata: ["k": .string("v")]))
    let receipt = try #require(try test.keep(reading).first)
    #expect(receipt.status == .created && receipt.revision == 1)
    let identity = try #require(try test.identity(reading.id))
    let speeches = SpeechRepository(test.store)
    #expect(try speeches.content(of: identity).speech() == reading.speech)
    #expect(try speeches.source(of: identity) == reading.document)
    #expect(identity.createdAt == test.time && identity.updatedAt == test.time)
  }

  @Test("the same document again changes nothing, not even the state")
  func unchanged() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let state = try CardRepository(test.store).state()
    let receipt = try #require(try test.keep(TestStore.reading("a"), at: "2027-01-01T00:00:00Z").first)
    #expect(receipt.status == .unchanged && receipt.revision == 1)
    #expect(try CardRepository(test.store).state() == state)
  }

  @Test("other bytes with the same speech change nothing either")
  func incidental() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a", bytes: "点击 1"))
    #expect(try test.keep(TestStore.reading("a", bytes: "点击 2")).first?.status == .unchanged)
  }

  @Test("a changed document from the same source is a new revision, and the one before stays readable")
  func revised() throws {
    let test = try TestStore()
    let first = TestStore.reading("a")
    try test.keep(first)
    let second = TestStore.reading("a", .make(title: "改过的题目", headings: ["早谋划", "抓落实", "强保障"]))
    let receipt = try #require(try test.keep(second, at: "2027-01-01T00:00:00Z").first)
    #expect(receipt.status == .revised && receipt.revision == 2)
    let speeches = SpeechRepository(test.store)
    let old = try #require(try test.identity(first.id, revision: 1))
    let new = try #require(try test.identity(first.id))
    #expect(try speeches.content(of: old).speech() == first.speech)
    #expect(try speeches.content(of: new).speech() == second.speech)
    #expect(new.createdAt == test.time && new.updatedAt == "2027-01-01T00:00:00Z")
    #expect(old.digest != new.digest)
    let history = try speeches.revisions(of: new)
    #expect(history.map(\.changed) == [[], ["clean_title", "sections", "text", "title"]])
    // A folder that holds both documents can be imported again and again; who sends the first alone goes back to it.
    #expect(try test.keep(first, second).map(\.status) == [.unchanged, .unchanged])
    #expect(try ImportRepository(test.store).keep([first], at: test.time, reverts: true).first?.revision == 3)
    guard case .noSuchRevision(let last) = try speeches.identity(of: first.id, revision: 4) else {
      return #expect(Bool(false))
    }
    #expect(last == 3)
  }

  @Test("a deleted speech is gone from lists, known as deleted, and revived by an import")
  func deleted() throws {
    let test = try TestStore()
    let reading = TestStore.reading("a")
    try test.keep(reading)
    let imports = ImportRepository(test.store)
    #expect(try imports.delete(reading.id, at: "2027-01-01T00:00:00Z"))
    #expect(try !imports.delete(reading.id, at: "2027-01-01T00:00:00Z"))
    guard case .deleted(let time) = try SpeechRepository(test.store).identity(of: reading.id) else {
      return #expect(Bool(false))
    }
    #expect(time == "2027-01-01T00:00:00Z")
    #expect(try CardRepository(test.store).list(SpeechFilter(), sort: .added, limit: 10).page.total == 0)
    let receipt = try #require(try test.keep(reading).first)
    #expect(receipt.status == .revised && receipt.revision == 2)
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("a preview says what would be done and does nothing")
  func preview() throws {
    let test = try TestStore()
    let receipts = try ImportRepository(test.store).preview(
      [TestStore.reading("a"), TestStore.reading("a")])
    #expect(receipts.map(\.status) == [.created, .unchanged])
    #expect(try CardRepository(test.store).state().revision == 0)
  }

  @Test("a fault in the middle of a batch keeps nothing of it")
  func atomic() throws {
    let test = try TestStore()
    var broken = TestStore.reading("b")
    // Two nodes with the same path: the schema refuses them.
    broken.speech.sections[1].span.end = broken.speech.sections[1].span.start
    #expect(throws: StorageError.self) { try test.keep(TestStore.reading("a"), broken) }
    #expect(try CardRepository(test.store).list(SpeechFilter(), sort: .added, limit: 10).page.total == 0)
    #expect(try IntegrityRepository(test.store).check() == [])
  }
}
