import Corpus
import Foundation
import Migrations
import Storage
import TestSupport
import Testing

/// Databases of every schema there ever was, made by the program of that time (`scripts/schema-fixture`), and what that
/// program said of them.
@Suite("Databases of older programs")
struct UpgradeTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

  /// Gives `body` the path of a fixture in a folder of its own.
  private static func with(_ schema: Int, _ body: (String) throws -> Void) throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    let file = home.appending(path: "old.sqlite")
    #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", folder.appending(path: "schema-\(schema).sqlite.gz").path]
    gzip.standardOutput = try FileHandle(forWritingTo: file)
    try gzip.run()
    gzip.waitUntilExit()
    #expect(gzip.terminationStatus == 0)
    try body(file.path)
  }

  private static func expected(_ schema: Int) throws -> JSONValue {
    try JSONReader.read(Array(Data(contentsOf: folder.appending(path: "schema-\(schema).json"))))
  }

  @Test("there is one of every schema before this program's")
  func complete() throws {
    for schema in 1..<Migrations.all.count {
      #expect(FileManager.default.fileExists(atPath: Self.folder.appending(path: "schema-\(schema).sqlite.gz").path))
    }
  }

  @Test(
    "are brought up to date: texts, nodes, revisions and the log are the same, search is right, a copy is beside it",
    arguments: 1..<Migrations.all.count)
  func upgrade(schema: Int) throws {
    try Self.with(schema) { path in
      let store = try Store(path: path)
      let backup = try #require(store.migrationBackup)
      let names = (Migrations.all[schema - 1].name, Migrations.all[Migrations.all.count - 1].name)
      #expect(backup.content.schema == names.0)
      #expect(backup.path == "\(path).schema-\(names.0.prefix(4))-before-\(names.1.prefix(4))")
      #expect(try IntegrityRepository(store).check() == [])
      let new = try TestStore()
      #expect(try Self.tables(of: store) == Self.tables(of: new.store))
      try Self.expectEquality(store, Self.expected(schema))
      try Self.expectSearch(store)
      try store.close()
      // The copy is a database of that schema, and once more leads to the same.
      let other = path + "-again"
      try Store.restore(backup.path, to: other)
      let again = try Store(path: other, backsUp: false)
      #expect(again.migrationBackup == nil)
      #expect(try CardRepository(again).state().history == backup.content.state.history)
      try again.close()
    }
  }

  /// Tables and indexes as they were made, without comments.
  private static func tables(of store: Store) throws -> [String] {
    try store.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
      .map { $0.replacing(#/\ *--[^\n]*/#, with: "") }
  }

  private static func expectEquality(_ store: Store, _ expected: JSONValue) throws {
    guard case .object(let speeches)? = expected["speeches"], case .array(let changes)? = expected["changes"] else {
      Issue.record("no expectations")
      return
    }
    // No program ever left one of the first schema that had a speech: the second came with it.
    #expect(
      speeches.isEmpty == changes.isEmpty
        && changes.isEmpty == (store.migrationBackup?.content.schema == "0001_canonical"))
    let repository = SpeechRepository(store)
    for speech in speeches {
      let id = try #require(SpeechID(speech.name))
      guard case .object(let revisions) = speech.value else { continue }
      for revision in revisions {
        guard case .found(let identity) = try repository.identity(of: id, revision: Int(revision.name)) else {
          Issue.record("\(speech.name) has no revision \(revision.name)")
          continue
        }
        let stored = try repository.content(of: identity)
        #expect(.string(stored.text.bytes.sha256) == revision.value["text_sha256"])
        #expect(try stored.speech().title.map(JSONValue.string) ?? .null == revision.value["title"])
        let nodes = stored.nodes.map { node -> JSONValue in
          .array([
            .string(node.path), .string(node.section.kind.rawValue), .integer(node.section.span.start),
            .integer(node.section.span.end),
          ])
        }
        #expect(.array(nodes) == revision.value["nodes"])
        let summary = try #require(
          try repository.revisions(of: identity).first { String($0.number) == revision.name })
        #expect(.string(summary.at) == revision.value["at"] && .string(summary.cause) == revision.value["cause"])
        #expect(.string(summary.sourceDigest) == revision.value["source_sha256"])
        #expect(try repository.source(of: identity).sha256 == summary.sourceDigest)
      }
    }
    let log = try ChangeRepository(store).changes(since: 0, limit: 1_000).items
    #expect(log.count == changes.count)
    for (entry, change) in zip(log, changes) {
      guard case .array(let cells) = change else { continue }
      let told: [JSONValue] = [
        .integer(entry.corpusRevision), .string(entry.kind), .string(entry.id), .integer(entry.revision),
        .string(entry.at), .string(entry.state),
      ]
      // An early program did not tell the state.
      #expect(Array(told.prefix(5)) == Array(cells.prefix(5)) && (cells[5] == .null || cells[5] == told[5]))
    }
  }

  private static func expectSearch(_ store: Store) throws {
    let replayed = try Store(path: store.path + "-replayed")
    try ChangeRepository(store).replay(into: replayed)
    #expect(try CardRepository(replayed).state().history == CardRepository(store).state().history)
    #expect(try store.searchTokens() == replayed.searchTokens())
    #expect(try store.searchTokens().isEmpty == (CardRepository(store).state().revision == 0))
    try replayed.close()
  }

  @Test("one whose backup cannot be made is left as it is, and one that is there from an attempt before is enough")
  func backupFirst() throws {
    try Self.with(6) { path in
      let before = try Data(contentsOf: URL(filePath: path))
      let name = "\(path).schema-0006-before-\(Migrations.all[Migrations.all.count - 1].name.prefix(4))"
      try FileManager.default.createDirectory(atPath: name + ".partial", withIntermediateDirectories: true)
      let error = #expect(throws: StorageError.self) { try Store(path: path) }
      #expect(error?.description.contains("migration_backup") == true)
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
      try FileManager.default.removeItem(atPath: name + ".partial")
      let backup = try Backup.make(of: path, at: name)
      let store = try Store(path: path)
      #expect(store.migrationBackup == nil && backup.path == name)
      try store.close()
    }
  }

  @Test("one of a schema to come is refused, both are named, and no byte of it or its WAL is changed")
  func newer() throws {
    try Self.with(6) { path in
      let store = try Store(path: path)
      try store.markAsNewer("0099_future")
      try store.close()
      let before = try Data(contentsOf: URL(filePath: path))
      for open in [{ _ = try Store(path: path) }, { _ = try Store(reading: path) }] {
        let error = #expect(throws: StorageError.self) { try open() }
        #expect(error == .newerSchema(found: "0099_future", known: Migrations.all.last?.name ?? ""))
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }
  }
}
