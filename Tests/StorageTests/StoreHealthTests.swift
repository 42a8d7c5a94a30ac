import Corpus
import Foundation
import GRDB
import Testing

@testable import Storage

@Suite("What has to hold for a store to answer")
struct StoreHealthTests {
  private func reasons(_ test: TestStore, leastFree: Int = 0) -> [String: String] {
    var reasons: [String: String] = [:]
    for (name, reason) in test.store.checks(leastFree: leastFree) { if let reason { reasons[name] = reason } }
    return reasons
  }

  @Test("is written by one connection: those that read cannot write")
  func readers() throws {
    let test = try TestStore()
    #expect(throws: StorageError.self) { try test.store.read { try $0.execute(sql: "DELETE FROM speech") } }
    #expect(throws: StorageError.self) { try test.store.readByKey { try $0.execute(sql: "PRAGMA wal_checkpoint") } }
    #expect(throws: Never.self) { try test.keep(TestStore.reading("1")) }
  }

  @Test("goes on to overwrite what is deleted behind the putting together of its index")
  func overwriting() throws {
    let test = try TestStore()
    for number in 0..<10 { try test.keep(TestStore.reading("\(number)")) }
    try test.store.compactSearch { _, _ in }
    #expect(try test.store.writeOutsideTransaction { try Int.fetchOne($0, sql: "PRAGMA secure_delete") } == 1)
  }

  @Test("everything is looked at, and nothing is wrong with a new database")
  func sound() throws {
    let test = try TestStore()
    #expect(
      test.store.checks(leastFree: 0).map(\.name) == ["database", "file", "schema", "index", "writes", "disk"])
    #expect(reasons(test).isEmpty)
  }

  @Test("another file in the place of the one that was opened, and none, are noticed")
  func file() throws {
    let test = try TestStore()
    let aside = test.store.path + ".aside"
    try FileManager.default.moveItem(atPath: test.store.path, toPath: aside)
    #expect(reasons(test)["file"]?.contains("takes no writes") == true)
    #expect(test.store.objection?.contains("was deleted") == true)
    try FileManager.default.copyItem(atPath: aside, toPath: test.store.path)
    #expect(reasons(test)["file"]?.contains("takes no writes") == true)
    #expect(test.store.objection?.contains("was replaced") == true)
    try FileManager.default.removeItem(atPath: test.store.path)
    try FileManager.default.moveItem(atPath: aside, toPath: test.store.path)
    #expect(reasons(test).isEmpty)
  }

  @Test("a schema of a newer program, and one that lacks a migration, are noticed")
  func schema() throws {
    let test = try TestStore()
    try test.store.markAsNewer("9999_later")
    #expect(reasons(test)["schema"]?.contains("9999_later") == true)
    try test.store.execute("DELETE FROM grdb_migrations WHERE identifier LIKE '9999%' OR identifier LIKE '0006%'")
    #expect(reasons(test)["schema"]?.hasPrefix("the database lacks 0006") == true)
  }

  @Test("an index that is being made, and one of another version, are noticed")
  func index() throws {
    let test = try TestStore()
    try test.store.execute("UPDATE search_state SET rebuilt = 3")
    #expect(reasons(test) == ["index": "it is being made"])
    try test.store.execute("UPDATE search_state SET rebuilt = NULL, version = '0-old'")
    #expect(reasons(test)["index"]?.hasPrefix("it is of version 0-old, this program's is ") == true)
  }

  @Test("a write that the disk had no room for is told of until one succeeds, which is tried again by itself")
  func writes() throws {
    let test = try TestStore()
    // What SQLite says of a full disk it says of a full file too.
    let pages = try test.store.writeOutsideTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
      return pages
    }
    #expect(throws: StorageError.full) {
      try test.store.write { db in
        try db.execute(sql: "CREATE TABLE filler (bytes); INSERT INTO filler VALUES (zeroblob(200000))")
      }
    }
    #expect(test.store.condition.writeFailure?.contains("no room") == true)
    #expect(pages > 0 && reasons(test).isEmpty, "the smallest write needs no new page, and so the fault has ended")
    #expect(test.store.condition.writeFailure == nil)
  }

  @Test("a write that fails over and over again keeps the store from being ready; what is wrong with a write does not")
  func readOnly() throws {
    let test = try TestStore()
    try test.store.writeOutsideTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
    #expect(throws: StorageError.self) { try test.store.write { try $0.execute(sql: "CREATE TABLE a (b)") } }
    #expect(reasons(test)["writes"]?.hasPrefix("the last write failed: ") == true)
    try test.store.writeOutsideTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
    #expect(reasons(test).isEmpty)
    #expect(throws: StorageError.self) {
      try test.store.write { try $0.execute(sql: "INSERT INTO speech (key, id, revision) VALUES (1, 'short', 0)") }
    }
    #expect(test.store.condition.writeFailure == nil && reasons(test).isEmpty)
  }

  @Test("too little room on the disk, and a database that does not answer, are noticed")
  func room() throws {
    let test = try TestStore()
    #expect(reasons(test, leastFree: .max)["disk"]?.hasSuffix("\(Int.max) are wanted") == true)
    try test.store.close()
    #expect(reasons(test)["database"] != nil)
  }

  @Test("the sizes are those of the files, and connections that are lent are counted")
  func statistics() throws {
    let test = try TestStore()
    let statistics = test.store.statistics
    let attributes = try FileManager.default.attributesOfItem(atPath: test.store.path)
    #expect(statistics.databaseBytes == attributes[.size] as? Int && statistics.walBytes > 0)
    #expect(statistics.readers == 6 && statistics.readersInUse == 0)
    #expect((statistics.freeBytes ?? 0) > 0 && (statistics.diskBytes ?? 0) > (statistics.freeBytes ?? 0))
    // One after the other: the pool lends no second connection to who has one.
    try test.store.read { _ in #expect(test.store.statistics.readersInUse == 1) }
    try test.store.readByKey { _ in #expect(test.store.statistics.readersInUse == 1) }
    #expect(test.store.statistics.readersInUse == 0)
  }
}
