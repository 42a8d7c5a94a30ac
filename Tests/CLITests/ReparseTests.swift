import Corpus
import Foundation
import Interchange
import Storage
import Testing

@Suite("rostrum reparse")
struct ReparseTests {
  private static let page = """
    在全县防汛工作会议上的讲话

    同志们：

    今天召开防汛会议，我讲两点意见。

    一、认清形势

    今年雨来得早，水位比去年高。

    二、压实责任

    各乡镇要把堤坝逐段查一遍。

    """

  /// A corpus as a parser would have left it that knew less: of one title and one section less.
  private static func corpus(in folder: URL) throws -> [SpeechID] {
    let store = try Store(path: folder.appending(path: "a.sqlite").path)
    let readings = ["甲", "乙"].flatMap { name in
      DocumentReader().read(
        RawDocument(bytes: Array((page + name + "\n").utf8), mediaType: "text/plain", fileName: name + ".txt"))
    }.compactMap { if case .read(let reading) = $0 { reading } else { nil } }
    var old = readings
    old[1].speech.title = nil
    let merged = old[1].speech.sections.remove(at: 3)
    old[1].speech.sections[2].span.end = merged.span.end
    old[1].speech.sections[2].bodySpans = [Span(old[1].speech.sections[2].bodySpans[0].start, merged.span.end)]
    #expect(old[1].speech.violations.isEmpty)
    _ = try ImportRepository(store).keep(old, at: "2026-01-02T03:04:05Z")
    try store.close()
    return readings.map(\.id)
  }

  @Test("says what changed, makes the revisions, and has nothing to do the second time")
  func text() throws {
    try Program.inFolder { folder in
      let ids = try Self.corpus(in: folder)
      func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(["reparse", "--database", "a.sqlite"] + arguments, in: folder)
      }
      let line = "\(ids[1].text)\trevision 2\ttitle, sections (1 changed, 2 added)\n"
      #expect(try run("--dry-run").output == line + "1 revised, 1 unchanged (dry run: nothing was changed)\n")
      #expect(try run(ids[0].text).output == "0 revised, 1 unchanged\n")
      let done = try run()
      #expect(done.status == 0 && done.output == line + "1 revised, 1 unchanged\n")
      #expect(try run().output == "0 revised, 2 unchanged\n")
      #expect(try run("0123456789ab").status == 1)
      #expect(try Program.run(["check", "--database", "a.sqlite"], in: folder).status == 0)
    }
  }

  @Test("says the same as lines of JSON")
  func json() throws {
    try Program.inFolder { folder in
      let ids = try Self.corpus(in: folder)
      let output = try Program.run(["reparse", "--json", "--database", "a.sqlite"], in: folder).output
      let lines = try output.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
      #expect(lines.count == 2)
      #expect(lines[0]["id"] == .string(ids[1].text) && lines[0]["status"] == .string("revised"))
      #expect(lines[0]["changed"] == .array([.string("sections"), .string("title")]))
      guard case .array(let sections) = lines[0]["sections"] else { return #expect(Bool(false)) }
      #expect(sections.map { $0["path_after"] } == [.string("1"), .string("2")])
      #expect(lines[1]["revised"] == .integer(1) && lines[1]["unchanged"] == .integer(1))
    }
  }

  @Test("reads a folder of documents of every kind as their import did")
  func samples() throws {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try Program.inFolder { folder in
      _ = try Program.run(
        ["import", "--database", "a.sqlite", project.appending(path: "samples").path], in: folder)
      // As somebody may send it who says what its bytes are.
      let store = try Store(path: folder.appending(path: "a.sqlite").path)
      let bytes: [UInt8] = [0xCD, 0xAC, 0xD6, 0xBE, 0xC3, 0xC7, 0xA3, 0xBA, 0x0A, 0xBF, 0xAA, 0xBB, 0xE1, 0xA1, 0xA3]
      let outcomes = DocumentReader().read(RawDocument(bytes: bytes, mediaType: "text/plain; charset=gb2312"))
      guard case .read(let reading) = try #require(outcomes.first) else { return #expect(Bool(false)) }
      _ = try ImportRepository(store).keep([reading], at: "2026-01-02T03:04:05Z")
      try store.close()
      let output = try Program.run(["reparse", "--database", "a.sqlite"], in: folder).output
      #expect(output.hasPrefix("0 revised, ") && output.hasSuffix(" unchanged\n"), "\(output)")
    }
  }
}
