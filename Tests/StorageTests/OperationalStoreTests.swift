import Foundation
import Storage
import Testing

@Suite("The operational database")
struct OperationalStoreTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "a.sqlite.operations").path)
  }

  private static func token(_ name: String, _ digest: UInt8) -> Token {
    Token(name: name, prefix: "rostrum_abcdefg\(digest)", digest: [digest], scope: .write, createdAt: 1)
  }

  private static func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("is readable by nobody but its owner, one that was copied there too")
  func mode() throws {
    try inFolder { path in
      _ = try OperationalStore(path: path)
      #expect(try Self.mode(path) == 0o600)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      _ = try OperationalStore(path: path)
      #expect(try Self.mode(path) == 0o600)
    }
  }

  @Test("keeps tokens under names that are taken until they are revoked; what was used changes no generation")
  func tokens() throws {
    try inFolder { path in
      let store = try OperationalStore(path: path)
      let tokens = TokenRepository(store)
      #expect(try tokens.add(Self.token("a", 1)) && !tokens.add(Self.token("a", 2)))
      #expect(try tokens.add(Self.token("b", 3)))
      let generation = store.tokenGeneration
      #expect(try tokens.all().generation == generation)
      try tokens.noteUse(of: [1], at: 77)
      try KeptAnswerRepository(store).keep(
        .init(request: [], status: 200, fields: "", body: []), for: "k", of: "t", at: 1)
      #expect(store.tokenGeneration == generation)
      // Another process has its own connection.
      let others = TokenRepository(try OperationalStore(path: path))
      #expect(try others.revoke("rostrum_abcdefg", at: 9).map(\.name) == ["a", "b"])
      #expect(store.tokenGeneration == generation)
      #expect(try others.revoke("rostrum_", at: 9).isEmpty && others.revoke("c", at: 9).isEmpty)
      #expect(try others.revoke("rostrum_abcdefg1 and what follows", at: 9).map(\.name) == ["a"])
      #expect(store.tokenGeneration != generation)
      #expect(try tokens.all().tokens.map(\.revokedAt) == [9, nil] && tokens.all().tokens.map(\.usedAt) == [77, nil])
      #expect(try tokens.add(Self.token("a", 4)) && others.revoke("a", at: 10).map(\.digest) == [[4]])
    }
  }

  @Test("is good for as long as it was made for")
  func expiry() {
    var token = Self.token("a", 1)
    #expect(token.isGood(at: .max))
    token.expiresAt = 10
    #expect(token.isGood(at: 9) && !token.isGood(at: 10))
    token.revokedAt = 5
    #expect(!token.isGood(at: 9))
  }

  @Test("has to be one of ours, and of this version or an older one")
  func foreign() throws {
    try inFolder { path in
      try Data("no database at all".utf8).write(to: URL(filePath: path))
      #expect(throws: StorageError.self) { try OperationalStore(path: path) }
    }
    try inFolder { path in
      try Store(path: path).close()
      let error = #expect(throws: StorageError.self) { try OperationalStore(path: path) }
      #expect(error?.description.contains("another database") == true)
    }
    try inFolder { path in
      _ = try OperationalStore(path: path)
      // `ROS2`, at the place of `PRAGMA application_id`.
      let file = try FileHandle(forUpdating: URL(filePath: path))
      try file.seek(toOffset: 71)
      try file.write(contentsOf: [UInt8(ascii: "2")])
      try file.close()
      let error = #expect(throws: StorageError.self) { try OperationalStore(path: path) }
      #expect(error?.description.contains("newer Rostrum") == true)
    }
    #expect(throws: StorageError.self) { try OperationalStore(path: "/nonexistent/folder/a") }
  }
}
