import Foundation
import Storage
import TestSupport
import Testing

@Suite("Restoring")
struct RestoreTests {
  /// A folder with a database of two speeches and, as `backup`, one of five, both closed.
  private final class Pair {
    let test: TestStore
    let database: String
    let backup: String

    init() throws {
      test = try TestStore()
      (database, backup) = (test.folder.appending(path: "d.sqlite").path, test.folder.appending(path: "backup").path)
      for (path, count) in [(database, 2), (backup, 5)] {
        let store = try Store(path: path)
        for number in 0..<count {
          _ = try ImportRepository(store).keep([TestStore.reading("\(number)")], at: test.time)
        }
        try store.close()
      }
    }

    func revision(_ path: String) throws -> Int {
      let store = try Store(reading: path)
      defer { try? store.close() }
      return try CardRepository(store).state().revision
    }

    var names: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: test.folder.path).sorted() }
    }
  }

  @Test("puts the backup in the place of the database, which is kept beside it, what its WAL holds too")
  func restoration() throws {
    let pair = try Pair()
    // What a killed process leaves: its last write is in the WAL alone.
    let store = try Store(path: pair.database)
    _ = try ImportRepository(store).keep([TestStore.reading("last")], at: pair.test.time)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: pair.database + suffix, toPath: pair.test.folder.path + "/killed" + suffix)
    }
    try store.close()
    let killed = pair.test.folder.path + "/killed"
    let restore = try Store.restore(pair.backup, to: killed)
    #expect(restore.content.state.revision == 5)
    #expect(try pair.revision(killed) == 5)
    let aside = try #require(restore.aside)
    #expect(try pair.revision(aside) == 3)
    // And back again.
    try Store.restore(aside, to: killed)
    #expect(try pair.revision(killed) == 3)
  }

  @Test("makes a database where there is none")
  func fresh() throws {
    let pair = try Pair()
    let path = pair.test.folder.path + "/fresh"
    #expect(try Store.restore(pair.backup, to: path).aside == nil)
    #expect(try pair.revision(path) == 5)
  }

  @Test("does nothing while the database is held")
  func held() throws {
    let pair = try Pair()
    let store = try Store(path: pair.database)
    #expect(throws: StorageError.locked(path: pair.database)) { try Store.restore(pair.backup, to: pair.database) }
    try store.close()
    #expect(try pair.revision(pair.database) == 2)
  }

  @Test(
    "refuses what is no sound backup, says why, and leaves the database as it was",
    arguments: [
      ("foreign", "is no Rostrum database"), ("newer", "0099_future"), ("garbage", "it is not an SQLite file"),
      ("cut", "damaged"), ("changed", "not those that were imported"), ("missing", "no such file"),
      ("itself", "itself"),
    ])
  func refusal(kind: String, reason: String) throws {
    let pair = try Pair()
    var file = URL(filePath: pair.backup)
    switch kind {
    case "foreign":
      file = pair.test.folder.appending(path: "foreign")
      try Store.execute(at: file.path, "CREATE TABLE a (b)")
    case "newer": try Store.execute(at: file.path, "INSERT INTO grdb_migrations VALUES ('0099_future')")
    case "garbage": try Data("nothing".utf8).write(to: file)
    case "cut":
      let bytes = try Data(contentsOf: file)
      try bytes.prefix(bytes.count / 2).write(to: file)
    case "changed": try Store.execute(at: file.path, "UPDATE source SET bytes = x'00' WHERE key = 1")
    case "missing": file = pair.test.folder.appending(path: "nowhere")
    default: file = URL(filePath: pair.database)
    }
    let before = try Data(contentsOf: URL(filePath: pair.database))
    let error = #expect(throws: StorageError.self) { try Store.restore(file.path, to: pair.database) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(try Data(contentsOf: URL(filePath: pair.database)) == before)
    #expect(try !pair.names.contains { $0.contains("restor") || $0.contains("before") })
  }

  @Test(
    "is completed by whoever opens the database, at whatever step its process was killed", arguments: 0...4,
    [true, false])
  func steps(step: Int, reads: Bool) throws {
    let pair = try Pair()
    let store = try Store(path: pair.database)
    _ = try ImportRepository(store).keep([TestStore.reading("last")], at: pair.test.time)
    let files = FileManager.default
    let path = pair.test.folder.path + "/killed"
    for suffix in ["", "-wal", "-shm"] { try files.copyItem(atPath: pair.database + suffix, toPath: path + suffix) }
    try store.close()
    // The copy is half there, whole, decided; then pieces of the old database are moved.
    let waiting = step == 0 ? path + ".restoring" : path + ".restored"
    try files.copyItem(atPath: pair.backup, toPath: waiting)
    if step == 0 { try Data("half".utf8).write(to: URL(filePath: waiting)) }
    var facts = stat()
    #expect(stat(waiting, &facts) == 0)
    let time = Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec)).ISO8601Format().filter { !"-:Z".contains($0) }
    let aside = "\(path).before-\(time).\(facts.st_mtim.tv_nsec)Z"
    for suffix in ["-wal", "-shm", ""].prefix(max(0, step - 1)) {
      try files.moveItem(atPath: path + suffix, toPath: aside + suffix)
    }
    if reads {
      #expect(try pair.revision(path) == (step == 0 ? 3 : 5))
    } else {
      let opened = try Store(path: path)
      #expect(try CardRepository(opened).state().revision == (step == 0 ? 3 : 5))
      #expect(try IntegrityRepository(opened).check() == [])
      try opened.close()
    }
    if step > 0 { #expect(try pair.revision(aside) == 3) }
    // The next restore takes over what the killed one left.
    try Store.restore(pair.backup, to: path)
    #expect(try pair.revision(path) == 5 && !pair.names.contains { $0.contains("restor") })
  }
}
