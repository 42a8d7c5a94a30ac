import Corpus
import Foundation
import TestSupport
import Testing

@testable import CLI

@Suite("The lists of words and readings")
struct LanguageFilesTests {
  private static func load(_ folder: String) throws -> LanguageData {
    try LanguageFiles.load(Settings(environment: ["ROSTRUM_SHARE": folder]))
  }

  @Test("are read from the folder that the setting names, one of them or both")
  func named() throws {
    try Program.inFolder { folder in
      try Data("战略 5\n".utf8).write(to: folder.appending(path: "words.txt"))
      let words = try Self.load(folder.path)
      #expect(words.lexicon?.division(of: Folding.fold("战略")[...]) == [2] && words.pinyin == nil)
      try Data("gu 顾\n".utf8).write(to: folder.appending(path: "pinyin.txt"))
      let both = try Self.load(folder.path)
      #expect(both.lexicon != nil && both.pinyin?.begins("顾", with: Array("gu".utf8)) == true)
    }
  }

  @Test("that are not in the folder of the setting are missed by name")
  func missing() throws {
    try Program.inFolder { folder in
      let error = #expect(throws: Failure.self) { try Self.load(folder.path) }
      #expect(error?.description.contains(folder.path) == true && error?.description.contains("share") == true)
    }
  }

  @Test("of the project are in order, and divide and read what they should")
  func project() throws {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let language = try Self.load(project.appending(path: "share").path)
    let folded = Folding.fold("全面实施乡村振兴战略")
    #expect(language.lexicon?.division(of: folded[...]).contains(4) == true)
    #expect(language.pinyin?.begins("林望舒", with: Array("lws".utf8)) == true)
    // It is searched by halves, which takes its order.
    let bytes = try Data(contentsOf: project.appending(path: "share/words.txt"))
    let lines = bytes.split(separator: 10).map { $0.prefix { $0 != 32 } }
    #expect(bytes.last == 10 && lines.count > 10_000)
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
  }
}
