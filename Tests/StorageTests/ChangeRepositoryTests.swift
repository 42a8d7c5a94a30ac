import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The change log")
struct ChangeRepositoryTests {
  @Test("has every write in order, and a replay of it gives the same corpus")
  func replay() throws {
    let test = try TestStore()
    for number in 0..<70 { try test.keep(TestStore.reading("\(number)", .make(title: "第\(number)篇"))) }
    try test.keep(TestStore.reading("3", .make(title: "改"), bytes: "改"), at: "2026-02-01T00:00:00Z")
    let gone = TestStore.reading("5")
    #expect(try ImportRepository(test.store).delete(gone.id, at: "2026-03-01T00:00:00Z"))
    try test.keep(gone, at: "2026-04-01T00:00:00Z")
    #expect(try ImportRepository(test.store).delete(TestStore.reading("6").id, at: "2026-05-01T00:00:00Z"))

    let changes = ChangeRepository(test.store)
    let last = try changes.changes(since: 70, limit: 100)
    #expect(last.items.map(\.kind) == ["revised", "deleted", "revised", "deleted"])
    #expect(last.total == 4 && last.next == nil)
    let first = try changes.changes(since: 0, limit: 10)
    #expect(first.items.map(\.corpusRevision) == Array(1...10) && first.next == 10 && first.total == 74)

    let copy = try TestStore()
    try changes.replay(into: copy.store)
    #expect(try CardRepository(copy.store).state() == CardRepository(test.store).state())
    #expect(try copy.store.dump() == test.store.dump())
    #expect(try IntegrityRepository(copy.store).check() == [])
    #expect(throws: StorageError.self) { try changes.replay(into: copy.store) }
  }

  @Test(
    "what a change was read from is not told any more once its speech is gone, and each has the state that it led to")
  func entries() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"), TestStore.reading("b"))
    let changes = ChangeRepository(test.store)
    #expect(try changes.changes(since: 0, limit: 9).items.allSatisfy { $0.sourceDigest != nil })
    _ = try ImportRepository(test.store).delete(TestStore.reading("a").id, at: test.time)
    let items = try changes.changes(since: 0, limit: 9).items
    #expect(items.map { $0.sourceDigest == nil } == [true, false, true])
    #expect(Set(items.map(\.state)).count == 3)
    #expect(try items.last?.state == CardRepository(test.store).state().history)
  }

  @Test("steps of another history, or of a speech whose revisions are not here, are not taken, and none beside them")
  func foreignSteps() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let changes = ChangeRepository(test.store)
    func entry(_ kind: String, revision: Int, state: String) -> ChangeEntry {
      ChangeEntry(
        corpusRevision: 2, kind: kind, id: TestStore.reading(kind == "deleted" ? "a" : "b").id.text, revision: revision,
        at: test.time, sourceDigest: nil, state: state)
    }
    #expect(throws: StorageError.diverged(at: 2)) {
      try changes.apply([ChangeStep(end: entry("deleted", revision: 1, state: "another"))])
    }
    let revised = entry("revised", revision: 2, state: "another")
    #expect(throws: StorageError.incomplete(id: revised.id)) {
      try changes.apply([
        ChangeStep(
          revision: revised, createdAt: test.time, cause: .import, changed: ["text"], record: Array("{}".utf8),
          speech: .make(), document: .make("b"), importedAt: test.time)
      ])
    }
    #expect(try CardRepository(test.store).state().revision == 1)
    #expect(try test.identity(TestStore.reading("a").id) != nil)
  }
}
