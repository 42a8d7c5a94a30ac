import Corpus
import Foundation
import Glibc
import Storage
import TestSupport
import Testing

@Suite("Backups")
struct BackupTests {
  @Test("hold everything, older revisions and the text of deleted speeches too, while the database is written")
  func whole() throws {
    let test = try TestStore()
    let (kept, gone) = (TestStore.reading("a"), TestStore.reading("b", .make(opening: "蝾螈与薜荔。")))
    try test.keep(kept, gone)
    try test.keep(TestStore.reading("a", .make(opening: "又一版。")))
    _ = try ImportRepository(test.store).delete(gone.id, at: test.time)
    let path = test.folder.appending(path: "b.sqlite").path
    let backup = try Backup.make(of: test.store.path, at: path, isOpen: true, verification: .whole)
    #expect(backup.path == path && backup.content.speeches == 1)
    #expect(try backup.content.state == CardRepository(test.store).state())
    try test.keep(TestStore.reading("c"))
    let copy = try Store(path: path)
    #expect(try CardRepository(copy).state() == backup.content.state && IntegrityRepository(copy).check() == [])
    #expect(try copy.rows("SELECT count(*) FROM revision") == ["3"])
    #expect(try copy.rows("SELECT count(*) FROM revision WHERE text LIKE '%蝾螈%'") == ["1"])
    try copy.close()
    #expect(try !FileManager.default.contentsOfDirectory(atPath: test.folder.path).contains { $0.contains("partial") })
  }

  @Test("take the place of no file unless they are told to, and one that fails leaves nothing")
  func names() throws {
    struct Stop: Error {}
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let path = test.folder.appending(path: "b.sqlite").path
    try Data("mine".utf8).write(to: URL(filePath: path))
    #expect(throws: StorageError.exists(path: path)) { try Backup.make(of: test.store.path, at: path, isOpen: true) }
    #expect(throws: Stop.self) {
      try Backup.make(of: test.store.path, at: path, isOpen: true, overwrites: true) { _, _, _ in throw Stop() }
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
    #expect(try !FileManager.default.contentsOfDirectory(atPath: test.folder.path).contains { $0.contains("partial") })
    try Backup.make(of: test.store.path, at: path, isOpen: true, overwrites: true)
    #expect(try Data(contentsOf: URL(filePath: path)).starts(with: Data("SQLite format 3".utf8)))
  }

  @Test("leave alone what another process is writing under the same name")
  func another() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let path = test.folder.appending(path: "b.sqlite").path
    let other = open(path + ".partial", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(other) }
    #expect(flock(other, LOCK_EX) == 0 && write(other, "half", 4) == 4)
    let error = #expect(throws: StorageError.self) { try Backup.make(of: test.store.path, at: path, isOpen: true) }
    #expect(error?.description.contains("is being written by another process") == true)
    #expect(try Data(contentsOf: URL(filePath: path + ".partial")) == Data("half".utf8))
  }

  @Test("of a damaged database are none, and the fault is named")
  func damaged() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    try test.store.execute("UPDATE source SET bytes = x'00'")
    let path = test.folder.appending(path: "b.sqlite").path
    let error = #expect(throws: StorageError.self) { try Backup.make(of: test.store.path, at: path, isOpen: true) }
    #expect(error?.description.contains("the imported bytes are not those that were imported") == true)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("in a folder are as many as are kept, the newest; no other file is ever removed")
  func folder() throws {
    let test = try TestStore()
    let path = test.folder.appending(path: "backups").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let others = [
      "corpus.sqlite", "corpus-20200101T000000Z-r1.sqlite.bak", "corpus-20200101T000000Z.sqlite", "notes.txt",
      "corpus-2-20200101T000000Z-r1.sqlite", "other-20200101T000000Z-r1.sqlite",
    ]
    for name in others + ["corpus-20260101T000000Z.partial"] { try Data().write(to: URL(filePath: "\(path)/\(name)")) }
    let folder = BackupFolder(path, of: test.store.path)
    #expect(folder.lastTime == nil)
    for hour in 1...4 {
      try test.keep(TestStore.reading("\(hour)"))
      _ = try folder.make(of: test.store.path, at: "2026-01-02T0\(hour):00:00Z", keeping: 2, isOpen: true)
    }
    #expect(folder.names == ["corpus-20260102T030000Z-r3.sqlite", "corpus-20260102T040000Z-r4.sqlite"])
    #expect(folder.lastTime == "2026-01-02T04:00:00Z")
    let all = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(Set(all) == Set(others + folder.names))
  }
}
