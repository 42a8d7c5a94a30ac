import Corpus
import Dispatch
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Snapshots")
struct SnapshotRepositoryTests {
  /// The bytes of a snapshot, written to a file of the store's folder.
  private static func save(_ snapshot: CorpusSnapshot, beside test: TestStore) throws -> String {
    var bytes = Data()
    try snapshot.read(0..<snapshot.length) { bytes += $0 }
    let file = test.folder.appending(path: "\(UUID()).sqlite")
    try bytes.write(to: file)
    #expect(bytes.count == snapshot.length && Array(bytes).sha256 == snapshot.digest.hexadecimal)
    return file.path
  }

  @Test("a snapshot is a corpus of its own that says the same, and leaves nothing beside the database")
  func whole() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"), TestStore.reading("b", .make(title: "另一篇")))
    let snapshots = SnapshotRepository(test.store)
    let snapshot = try snapshots.current()
    #expect(try !FileManager.default.contentsOfDirectory(atPath: test.folder.path).contains { $0.contains("snapshot") })
    let copy = try Store(path: Self.save(snapshot, beside: test))
    #expect(try CardRepository(copy).state() == CardRepository(test.store).state())
    #expect(try IntegrityRepository(copy).check().isEmpty)
    try copy.close()
  }

  @Test("it stays the same file until something is written, and what is read of an older one stays as it was")
  func kept() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let snapshots = SnapshotRepository(test.store)
    let (first, again) = (try snapshots.current(), try snapshots.current())
    #expect(first === again)
    try test.keep(TestStore.reading("b", .make(title: "后来")))
    let second = try snapshots.current()
    #expect(second.state.revision == 2 && second.digest != first.digest)
    let old = try Store(reading: Self.save(first, beside: test))
    #expect(try CardRepository(old).state().revision == 1)
  }

  @Test("the text of a deleted speech is in it nowhere, nor are its words in the index")
  func deleted() throws {
    let test = try TestStore()
    let secret = TestStore.reading("a", .make(title: "撤回的讲话", opening: "蝾螈与薜荔的秘密。"))
    try test.keep(secret, TestStore.reading("b"))
    _ = try ImportRepository(test.store).delete(secret.id, at: test.time)
    let path = try Self.save(SnapshotRepository(test.store).current(), beside: test)
    let bytes = try Data(contentsOf: URL(filePath: path))
    for word in ["蝾螈", "薜荔", "撤回"] { #expect(bytes.firstRange(of: Data(word.utf8)) == nil, "\(word)") }
    let copy = try Store(path: path)
    #expect(try IntegrityRepository(copy).check().isEmpty)
    #expect(try CardRepository(copy).state() == CardRepository(test.store).state())
    try copy.close()
  }

  @Test("it is consistent while others write")
  func beside() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("first"))
    let (store, done) = (test.store, DispatchSemaphore(value: 0))
    DispatchQueue.global().async {
      for number in 0..<40 {
        _ = try? ImportRepository(store).keep(
          [TestStore.reading("\(number)", .make(title: "\(number)"))], at: "2026-01-01T00:00:00Z")
      }
      done.signal()
    }
    for _ in 0..<5 {
      let path = try Self.save(SnapshotRepository(store).current(), beside: test)
      let copy = try Store(reading: path)
      #expect(try IntegrityRepository(copy).check().isEmpty)
    }
    done.wait()
    #expect(try CardRepository(store).state().revision == 41)
  }
}
