import Corpus
import Foundation
import TestSupport
import Testing

@Suite("rostrum export")
struct ExportTests {
  @Test("writes the speeches for which a query holds, and nothing where it is mistaken")
  func query() throws {
    try Program.inFolder { folder in
      let lines = (0..<7).map { #"{"title":"第\#($0)篇","text":"今天说\#($0 % 2 == 0 ? "春耕" : "防汛")。"}"# }
      try Data(lines.joined(separator: "\n").utf8).write(to: folder.appending(path: "all.ndjson"))
      #expect(try Program.run(["import", "--database", "a.sqlite", "all.ndjson"], in: folder).status == 0)
      func titles(_ arguments: String...) throws -> [JSONValue?] {
        try Program.run(["export", "--database", "a.sqlite"] + arguments, in: folder).output.split(separator: "\n")
          .map { try JSONReader.read(Array($0.utf8))["title"] }
      }
      #expect(try titles().count == 7)
      #expect(try titles("--query", "春耕") == ["第0篇", "第2篇", "第4篇", "第6篇"].map(JSONValue.string))
      #expect(try titles("--query", "春耕 -title:第4篇").count == 3)
      #expect(try titles("-q", "鸿雁").isEmpty)
      _ = try Program.run(["export", "--database", "a.sqlite", "--query", "防汛", "-o", "some.ndjson"], in: folder)
      #expect(try Program.text("some.ndjson", in: folder).split(separator: "\n").count == 3)
      let mistaken = try Program.run(
        ["export", "--database", "a.sqlite", "--query", "春 (耕", "-o", "none.ndjson"], in: folder)
      #expect(mistaken.status != 0 && mistaken.errors.contains("--query: "))
      #expect(mistaken.errors.contains("at character 3"), "\(mistaken.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "none.ndjson").path))
    }
  }
}
