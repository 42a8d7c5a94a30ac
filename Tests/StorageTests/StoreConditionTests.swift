import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("A database whose file is not as it was")
struct StoreConditionTests {
  private let test: TestStore
  private var path: String { test.store.path }

  init() throws { test = try TestStore() }

  /// The files of the database as they are now, in a folder of their own.
  private func copy(_ suffixes: String...) throws -> String {
    let folder = test.folder.appending(path: "copy-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let copy = folder.appending(path: "corpus.sqlite").path
    for suffix in suffixes { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
    return copy
  }

  @Test("takes no writes while its file is moved away or replaced, and goes on when it is back")
  func moved() throws {
    try test.keep(TestStore.reading("1"))
    for suffix in ["", "-wal"] {
      let (place, away) = (path + suffix, path + suffix + ".away")
      try FileManager.default.moveItem(atPath: place, toPath: away)
      #expect(test.store.objection?.contains("was deleted while it is open") == true)
      try Data("another".utf8).write(to: URL(filePath: place))
      #expect(test.store.objection?.contains("was replaced by another file") == true)
      #expect(throws: StorageError.self) { try test.keep(TestStore.reading("2")) }
      #expect(test.store.checks(leastFree: 0).contains { $0.name == "file" && $0.reason != nil })
      #expect(try CardRepository(test.store).state().revision == 1)
      try FileManager.default.removeItem(atPath: place)
      try FileManager.default.moveItem(atPath: away, toPath: place)
      #expect(test.store.objection == nil)
    }
    try test.keep(TestStore.reading("2"))
    #expect(try CardRepository(test.store).state().revision == 2)
  }

  @Test("whose WAL was deleted is read but not written, until its mark is taken away")
  func lostWAL() throws {
    try test.keep(TestStore.reading("1"))
    let copy = try copy("", ".lock")
    // A file that was put there after the last answer is somebody's wish; one that stood there then has lost something.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: copy + ".lock")
    try withStore(copy) { store in
      let objection = try #require(store.objection)
      #expect(objection.contains("ends at revision 0") && objection.contains("revision 1 (0) was answered"))
      #expect(throws: StorageError.unwritable(objection)) {
        try ImportRepository(store).keep([TestStore.reading("2")], at: test.time)
      }
      #expect(try CardRepository(store).state().revision == 0)
      #expect(try IntegrityRepository(store).check().contains { $0.detail == objection })
    }
    try withStore(copy) { #expect($0.objection != nil) }
    try FileManager.default.removeItem(atPath: copy + ".lock")
    try withStore(copy) { store in
      #expect(store.objection == nil)
      let receipts = try ImportRepository(store).keep([TestStore.reading("2")], at: test.time)
      #expect(receipts.count == 1)
    }
  }

  @Test("that is an older copy, put there since, is taken as it is")
  func restored() throws {
    try test.keep(TestStore.reading("1"))
    let copy = try copy("", ".lock")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: copy + ".lock")
    try withStore(copy) { #expect($0.objection == nil) }
  }

  @Test("with its WAL has all that was answered, whatever the process ended by")
  func killed() throws {
    try test.keep(TestStore.reading("1"))
    let copy = try copy("", "-wal", ".lock")
    try withStore(copy) { store in
      #expect(store.objection == nil)
      let state = try CardRepository(store).state()
      #expect(state.revision == 1)
    }
  }

  @Test("with a damaged page is opened and read, but not written")
  func damaged() throws {
    let long = Speech.make(opening: String(repeating: "堤坝上下都要有人看着。", count: 2_000))
    try test.keep(TestStore.reading("1"), TestStore.reading("2", long))
    try test.store.close()
    let copy = try copy("")
    var bytes = try Data(contentsOf: URL(filePath: copy))
    let needle = Data(String(repeating: "堤坝上下都要有人看着。", count: 100).utf8)
    let size = 8_192
    let page = try (#require(bytes.range(of: needle)).lowerBound / size + 1) * size
    bytes.replaceSubrange(page..<page + size, with: Data(repeating: 0xFF, count: size))
    try bytes.write(to: URL(filePath: copy))
    try withStore(copy) { store in
      let objection = try #require(store.objection)
      #expect(objection.hasPrefix("The database is damaged: "))
      #expect(try CardRepository(store).state().revision == 2)
      #expect(throws: StorageError.unwritable(objection)) {
        try ImportRepository(store).keep([TestStore.reading("3")], at: test.time)
      }
    }
  }

  private func withStore(_ path: String, _ body: (Store) throws -> Void) throws {
    let store = try Store(path: path)
    defer { try? store.close() }
    try body(store)
  }
}
