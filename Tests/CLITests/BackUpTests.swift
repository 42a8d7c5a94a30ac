import Foundation
import Glibc
import Testing

@Suite("rostrum backup, restore and purge")
struct BackUpTests {
  private static let speech = #"{"id":"0v8b3c6kq2ma","title":"撤回的獬豸","text":"蝾螈与薜荔的秘密。\n谢谢大家！"}"# + "\n"
  private static let other = #"{"id":"d35ntcd9an8f","title":"另一篇","text":"今天说春耕。\n谢谢大家！"}"# + "\n"

  private static func imported(_ text: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appending(path: "all.ndjson"))
    let kept = try Program.run(["import", "--database", "a.sqlite", "all.ndjson"], in: folder)
    #expect(kept.status == 0, "\(kept.errors)")
  }

  @Test("a backup is made beside a server; it is restored when the server has stopped, and not before")
  func backup() throws {
    try Program.inFolder { folder in
      try Self.imported(Self.speech + Self.other, in: folder)
      let elsewhere = folder.appending(path: "other")
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      let database = folder.appending(path: "a.sqlite").path
      let server = try Program.start(["serve", "--database", "a.sqlite", "--port", "0"], in: folder)
      _ = try ServeTests.port(folder)
      func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments + ["--database", database], in: elsewhere)
      }
      let made = try run("backup", "b.sqlite")
      #expect(made.status == 0 && made.output.contains("2 speeches at corpus revision 2"), "\(made.errors)")
      let again = try run("backup", "b.sqlite")
      #expect(again.status != 0 && again.errors.contains("--force"))
      #expect(try run("backup", "b.sqlite", "--force", "--quick").status == 0)
      #expect(try run("backup", "c.sqlite", "--keep", "2").errors.contains("is for a folder"))
      let held = try run("restore", "b.sqlite")
      #expect(held.status != 0 && held.errors.contains("stop it first"), "\(held.errors)")
      server.terminate()
      server.waitUntilExit()
      #expect(server.terminationStatus == 0)

      try FileManager.default.createDirectory(at: elsewhere.appending(path: "f"), withIntermediateDirectories: true)
      #expect(try run("backup", "f", "--keep", "1").status == 0)
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path + "/f").first)
      #expect(name.wholeMatch(of: /a-\d{8}T\d{6}Z-r2\.sqlite/) != nil, "\(name)")

      #expect(try run("purge", "0v8b3c6kq2ma", "--yes").status == 0)
      let restored = try run("restore", "b.sqlite")
      #expect(restored.status == 0 && restored.output.contains("a.sqlite.before-"), "\(restored.errors)")
      #expect(try run("check").output.contains("2 speeches at corpus revision 2: all is well"))
      let broken = elsewhere.appending(path: "broken")
      try Data("nothing".utf8).write(to: broken)
      #expect(try run("restore", "broken").errors.contains("it is not an SQLite file"))
    }
  }

  @Test("a purge is asked for twice, does nothing where a speech never was, and can be replayed")
  func purge() throws {
    try Program.inFolder { folder in
      try Self.imported(Self.other + Self.speech, in: folder)
      func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(arguments + ["--database", "a.sqlite"], in: folder)
      }
      let refused = try run("purge", "0v8b3c6kq2ma")
      #expect(refused.status != 0 && refused.errors.contains("--yes"))
      let none = try run("purge", "000000000000", "0v8b3c6kq2ma", "--yes")
      #expect(none.status != 0 && none.errors.contains("no speech 000000000000"))
      #expect(try run("purge", "--deleted-before", "soon", "--yes").errors.contains("expected a date"))
      #expect(try run("check").output.contains("2 speeches at corpus revision 2"))
      let done = try run("purge", "0v8b3c6kq2ma", "--yes")
      #expect(done.status == 0 && done.output.contains("1 purged") && done.errors.contains("Backups"), "\(done.errors)")
      let bytes = try Data(contentsOf: folder.appending(path: "a.sqlite"))
      for word in ["蝾螈", "獬豸"] { #expect(bytes.firstRange(of: Data(word.utf8)) == nil) }
      let replayed = try run("replay", "r.sqlite")
      #expect(replayed.status == 0 && replayed.output.contains("replayed 4 writes"), "\(replayed.errors)")
      #expect(try run("purge", "--deleted-before", "2999-01-01", "--yes").output.contains("0 purged"))
    }
  }
}
