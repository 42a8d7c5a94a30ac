import Foundation
import Storage
import TestSupport
import Testing

@Suite("Replacing a database")
struct StoreReplacementTests {
  /// A database of so many speeches in a folder, closed.
  private static func made(_ name: String, _ count: Int, in folder: URL) throws -> String {
    let path = folder.appending(path: name).path
    let store = try Store(path: path)
    for number in 0..<count {
      _ = try ImportRepository(store).keep(
        [TestStore.reading("\(number)", .make(title: "第\(number)篇"))], at: "2026-01-02T03:04:05Z")
    }
    try store.close()
    return path
  }

  @Test("puts another in its place, which then has nothing of the old one, while a reader of that goes on")
  func replacement() throws {
    let test = try TestStore()
    let (old, new) = (try Self.made("old", 2, in: test.folder), try Self.made("new", 5, in: test.folder))
    let reader = try Store(reading: old)
    #expect(try CardRepository(reader).state().revision == 2)
    var seen = 0
    try Store.replace(old, by: new) { seen = $0.revision }
    #expect(seen == 2 && !FileManager.default.fileExists(atPath: new))
    #expect(try CardRepository(reader).state().revision == 2)
    let store = try Store(path: old)
    #expect(try CardRepository(store).state().revision == 5 && IntegrityRepository(store).check().isEmpty)
    try store.close()
  }

  @Test("does nothing where the old one is held, or where its state is not the one that was expected")
  func refusal() throws {
    struct Unexpected: Error {}
    let test = try TestStore()
    let (old, new) = (try Self.made("old", 2, in: test.folder), try Self.made("new", 5, in: test.folder))
    #expect(throws: Unexpected.self) { try Store.replace(old, by: new) { _ in throw Unexpected() } }
    let holder = try Store(path: old)
    #expect(throws: StorageError.locked(path: old)) { try Store.replace(old, by: new) { _ in } }
    #expect(try CardRepository(holder).state().revision == 2)
    try holder.close()
    #expect(FileManager.default.fileExists(atPath: new))
  }
}
