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
}
