import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Purging")
struct PurgingTests {
  private static let secret = TestStore.reading("secret", .make(title: "撤回的獬豸", opening: "蝾螈与薜荔的秘密。"))
  /// Characters that stand nowhere else, in the text and in the tokens of the index.
  private static let characters = ["獬", "豸", "蝾", "螈", "薜", "荔"]

  /// Which of the characters stand in the files of a database.
  private static func found(_ path: String) throws -> [String] {
    let bytes = try ["", "-wal"].map { try Data(contentsOf: URL(filePath: path + $0)) }
    return characters.filter { character in bytes.contains { $0.firstRange(of: Data(character.utf8)) != nil } }
  }

  /// A store that has the secret in several revisions among others.
  private static func filled() throws -> TestStore {
    let test = try TestStore()
    try test.keep(secret)
    for number in 0..<60 { try test.keep(TestStore.reading("\(number)", .make(title: "第\(number)篇"))) }
    try test.keep(TestStore.reading("secret", .make(title: "獬豸", opening: "蝾螈与薜荔，又一版。")))
    for number in 60..<90 { try test.keep(TestStore.reading("\(number)", .make(title: "第\(number)篇"))) }
    return test
  }

  @Test(
    "leaves no byte of text, title, document, older revisions or tokens, and the log tells of it",
    arguments: [true, false])
  func purge(wasDeleted: Bool) throws {
    let test = try Self.filled()
    let id = Self.secret.id
    #expect(try Self.found(test.store.path) == Self.characters)
    if wasDeleted { _ = try ImportRepository(test.store).delete(id, at: test.time) }
    #expect(try Self.found(test.store.path) == Self.characters)
    let purge = try PurgeRepository(test.store).purge([id], at: test.time)
    #expect(purge.purged == [id.text] && purge.missing.isEmpty && purge.earlier.isEmpty)
    #expect(try Self.found(test.store.path) == [])
    let log = try ChangeRepository(test.store).changes(since: 92, limit: 10).items
    #expect(log.map(\.kind) == ["deleted", "purged"] && log.allSatisfy { $0.id == id.text && $0.sourceDigest == nil })
    #expect(try IntegrityRepository(test.store).check() == [])
    #expect(try test.store.rows("SELECT count(*) FROM scrub") == ["0"])
    // Once more there is nothing to do.
    #expect(try PurgeRepository(test.store).purge([id], at: test.time).earlier == [id.text])
    #expect(try CardRepository(test.store).state().revision == 94)
  }

  @Test("a replay, a snapshot and a copy that took step after step come to the same state, without a byte of it")
  func followers() throws {
    let test = try Self.filled()
    let copy = try Store(path: test.folder.appending(path: "copy").path)
    try ChangeRepository(test.store).replay(into: copy)
    #expect(try Self.found(copy.path) == Self.characters)
    try PurgeRepository(test.store).purge([Self.secret.id], at: test.time)
    try test.keep(TestStore.reading("later"))
    let state = try CardRepository(test.store).state()

    let ends = try ChangeRepository(test.store).changes(since: 92, limit: 2).items
    try ChangeRepository(copy).apply(ends.map { ChangeStep(end: $0) })
    #expect(try CardRepository(copy).state().history == ends[1].state && Self.found(copy.path) == [])
    #expect(try IntegrityRepository(copy).check() == [])

    let again = try Store(path: test.folder.appending(path: "again").path)
    try ChangeRepository(test.store).replay(into: again)
    #expect(try CardRepository(again).state() == state && Self.found(again.path) == [])
    #expect(try IntegrityRepository(again).check() == [])
    #expect(try SnapshotRepository(test.store).current().state == state)
    for store in [copy, again] { try store.close() }
  }

  @Test("a speech that is imported again comes back as a new revision, and its copies follow")
  func revival() throws {
    let test = try Self.filled()
    try PurgeRepository(test.store).purge([Self.secret.id], at: test.time)
    #expect(try test.keep(Self.secret).first?.revision == 3)
    #expect(try IntegrityRepository(test.store).check() == [])
    #expect(try test.identity(Self.secret.id)?.revision == 3 && test.identity(Self.secret.id, revision: 2) == nil)
    let again = try Store(path: test.folder.appending(path: "again").path)
    try ChangeRepository(test.store).replay(into: again)
    #expect(try CardRepository(again).state() == CardRepository(test.store).state())
    #expect(try IntegrityRepository(again).check() == [])
    try again.close()
  }

  @Test("a document of several speeches goes with the last of them")
  func shared() throws {
    let test = try TestStore()
    var (one, two) = (TestStore.reading("one", bytes: "蝾螈"), TestStore.reading("two"))
    two.document = one.document
    one.speech.title = "獬豸"
    try test.keep(one, two)
    #expect(throws: StorageError.sharedDocument(with: [two.id.text])) {
      try PurgeRepository(test.store).purge([one.id], at: test.time)
    }
    #expect(try CardRepository(test.store).state().revision == 2)
    #expect(try PurgeRepository(test.store).purge([one.id, two.id, one.id], at: test.time).purged.count == 2)
    #expect(try Self.found(test.store.path) == [] && IntegrityRepository(test.store).check() == [])
  }

  @Test("does nothing where one of the speeches never was, and names what are copies of them")
  func missingAndCopies() throws {
    let test = try TestStore()
    let text = (0..<40).map { "第\($0)条要把春耕备耕的各项任务落到实处。" }.joined()
    let (one, two) = (TestStore.reading("a", .make(opening: text)), TestStore.reading("b", .make(opening: text)))
    try test.keep(one, two)
    let missing = SpeechID(address: "https://example.org/none", decodedSource: "")
    #expect(try PurgeRepository(test.store).purge([one.id, missing], at: test.time).missing == [missing.text])
    #expect(try CardRepository(test.store).state().revision == 2)
    #expect(try PurgeRepository(test.store).purge([one.id], at: test.time).copies == [two.id.text])
  }

  @Test("takes those that were deleted before a time")
  func deletedBefore() throws {
    let test = try Self.filled()
    for (number, time) in [(1, "2026-01-05T00:00:00Z"), (2, "2026-02-05T00:00:00Z")] {
      _ = try ImportRepository(test.store).delete(TestStore.reading("\(number)").id, at: time)
    }
    let purges = PurgeRepository(test.store)
    #expect(try purges.deleted(before: "2026-02-01") == [TestStore.reading("1").id])
    try purges.purge(purges.deleted(before: "2026-02-01"), at: test.time)
    #expect(try purges.deleted(before: "2026-02-01") == [])
  }

  @Test("waits for readers of an older state, and where one stays it is made up for when the database is opened again")
  func interrupted() throws {
    let test = try Self.filled()
    // What a process leaves behind that is killed between the transaction and the writing anew.
    try test.store.execute("INSERT INTO scrub VALUES ('2026'); CREATE TABLE x (y); INSERT INTO x VALUES ('蝾螈鸱鸮')")
    try PurgeRepository(test.store).purge([Self.secret.id], at: test.time)
    try test.store.execute("DROP TABLE x; INSERT INTO scrub VALUES ('2026')")
    let path = test.store.path
    try test.store.close()
    let again = try Store(path: path)
    #expect(try Self.found(path) == [] && again.rows("SELECT count(*) FROM scrub") == ["0"])
    try again.close()
  }
}
