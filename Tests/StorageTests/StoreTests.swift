import Corpus
import Foundation
import Migrations
import Storage
import TestSupport
import Testing

@Suite("The database file")
struct StoreTests {
  @Test("is written with synchronous FULL, so that what was answered survives the loss of power")
  func synchronous() throws {
    let test = try TestStore()
    #expect(try test.store.synchronousLevel == 2)
  }

  @Test("is held by one process, or one store, at a time")
  func locked() throws {
    let test = try TestStore()
    #expect(throws: StorageError.locked(path: test.store.path)) { try Store(path: test.store.path) }
    #expect(throws: Never.self) { try Store(reading: test.store.path).close() }
  }

  @Test("is free when its store is closed, though a child process that was just begun has the lock's descriptor too")
  func lockedNoLonger() throws {
    let test = try TestStore()
    let path = test.store.path
    let held = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path + ".lock"
    }
    // What a child is born with is a second descriptor of the same open file, as this is.
    let inherited = dup(try #require(held.flatMap { Int32($0) }))
    defer { close(inherited) }
    try test.store.close()
    #expect(throws: Never.self) { try Store(path: path).close() }
  }

  @Test("has a write-ahead log that no export makes grow without end: it is broken off, and the log cut")
  func boundedLog() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.sqlite").path
    let store = try Store(path: path, maximumLogBytes: 1 << 20)
    func logBytes() throws -> Int {
      try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
    }
    var number = 0
    func write() throws {
      number += 1
      let text = (0..<20_000).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0x4E00..<0x9F00)) }
      let speech = Speech.make(opening: String(String.UnicodeScalarView(text)))
      _ = try ImportRepository(store).keep([TestStore.reading("\(number)", speech)], at: "2026-01-02T03:04:05Z")
    }
    func breakOff() throws {
      let export = try ExportRepository(store).speeches(sort: .field(.added))
      var read = 0
      #expect(throws: StorageError.snapshotOutlived) {
        try export.each { _ in
          read += 1
          while try logBytes() <= 1 << 20 { try write() }
          try write()
        }
      }
      #expect(read == 1)
    }
    try write()
    try write()
    try breakOff()
    // Nobody reads any more: the log is begun anew instead of growing.
    let most = try logBytes()
    for _ in 0..<12 { try write() }
    #expect(try logBytes() < most + 8 << 20)
    #expect(try ExportRepository(store).speeches(sort: .field(.added)).total == number)
  }

  @Test("of a newer program is refused with both schemas named, and not touched")
  func newer() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.sqlite").path
    let store = try Store(path: path)
    try store.markAsNewer("0099_future")
    try store.close()
    let before = try Data(contentsOf: URL(filePath: path))
    let error = #expect(throws: StorageError.self) { try Store(path: path) }
    #expect(error == .newerSchema(found: "0099_future", known: Migrations.all.last?.name ?? ""))
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test("has to be a database of ours", arguments: ["no database at all", "SQLite format 3\u{0}"])
  func foreign(content: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())").path
    try Data(content.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: StorageError.self) { try Store(path: path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(content.utf8))
  }

  @Test("in a folder that is not there cannot be opened, and the reason is told")
  func unopenable() {
    let error = #expect(throws: StorageError.self) { try Store(path: "/nonexistent/folder/a.sqlite") }
    #expect(error?.description.contains("No such file") == true)
    #expect(throws: StorageError.self) { try Store(reading: "/nonexistent/a.sqlite") }
  }

  @Test("takes no kind or cause that is none, and makes no table in memory to look for that")
  func checks() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("甲"))
    for (change, check) in [
      ("UPDATE section SET kind = 'chapter'", "kind"), ("UPDATE revision SET cause = 'chance'", "cause"),
      ("UPDATE change SET kind = 'moved'", "kind"), ("UPDATE revision SET record = '{'", "json_valid(record)"),
    ] {
      let error = #expect(throws: StorageError.self) { try test.store.execute(change) }
      #expect(error.map { "\($0)".contains("CHECK constraint failed: \(check)") } == true)
    }
    for table in ["revision", "section", "change"] {
      let values = try test.store.rows("SELECT '?' FROM pragma_table_info('\(table)')").joined(separator: ", ")
      let program = try test.store.rows("EXPLAIN INSERT INTO \(table) VALUES (\(values))")
      #expect(program.contains { $0.contains("|Insert|") || $0.contains("|IdxInsert|") })
      #expect(!program.contains { $0.contains("|OpenEphemeral|") })
    }
  }

  @Test("of a new database has pages of eight kilobytes")
  func pages() throws {
    let test = try TestStore()
    #expect(try test.store.rows("PRAGMA page_size") == ["8192"])
  }

  @Test("every migration file of the folder is in the binary, in order")
  func migrations() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "migrations")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
    #expect(Migrations.all.map { $0.name + ".sql" } == files.sorted())
    for migration in Migrations.all {
      #expect(try migration.sql == String(contentsOf: folder.appending(path: migration.name + ".sql"), encoding: .utf8))
    }
  }
}
