import Corpus
import Foundation
import Testing
import TestSupport

@testable import Interchange

@Suite("Real documents", .enabled(if: SharedData.isExpected))
struct SharedCorpusTests {
  private func read(_ url: URL) throws -> [Outcome] {
    let sidecar = url.deletingPathExtension().appendingPathExtension("meta.json")
    let document = RawDocument(
      bytes: [UInt8](try Data(contentsOf: url)), fileName: url.lastPathComponent,
      sidecar: (try? Data(contentsOf: sidecar)).map { [UInt8]($0) })
    return DocumentReader().read(document)
  }

  private func files(_ folder: String) throws -> [URL] {
    let root = try SharedData.path(folder)
    let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
    return (walker?.compactMap { $0 as? URL } ?? []).filter {
      (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
    }
  }

  @Test("reads the seed page exactly")
  func seed() throws {
    let file = try #require(files("corpora/zh/seed").first { $0.pathExtension == "txt" })
    guard case .read(let reading) = try #require(read(file).first) else {
      Issue.record("the seed page was refused")
      return
    }
    let speech = reading.speech
    #expect(speech.violations == [])
    #expect(speech.cleanTitle == "县长在全市疫情防控工作推进会上的讲话")
    #expect(speech.speaker == Speaker(role: "县长", level: .county))
    #expect(speech.occasion == "全市疫情防控工作推进会")
    #expect(speech.genre == "讲话")
    #expect(speech.published?.value == "2021-10-13T16:48:47")
    #expect(speech.provenance.name == "网络整理")
    #expect(speech.provenance.site == "公文素材库")
    #expect(speech.provenance.url == "http://m.bsmz.net/news/3735.html")
    #expect(speech.announcedSections == 5)
    #expect(shape(speech.sections) == "opening 一是 二是 三是 四是 五是 closing")
    #expect(
      speech.sections.compactMap(\.heading)
        == ["要牢牢盯住第一目标", "要牢牢守住第一防线", "要牢牢筑起第一屏障", "要牢牢树立第一底线", "要牢牢扛起第一责任"])
    #expect(speech.inferred["speaker.level"]?.conflicts.count == 1)
    for furniture in ["首页", "由互联网用户", "相关阅读", "最近更新", "推荐专题", "免责声明"] {
      #expect(!speech.text.contains(furniture))
    }
  }

  @Test("reads every Chinese and English text without a violation, losing no character")
  func invariants() throws {
    for file in try files("corpora/zh") + files("corpora/en") where file.pathExtension == "txt" {
      for outcome in try read(file) {
        guard case .read(let reading) = outcome else {
          Issue.record("\(file.lastPathComponent) was refused")
          continue
        }
        let speech = reading.speech
        #expect(speech.violations == [], "\(file.lastPathComponent)")
        #expect(
          !speech.text.isEmpty && !speech.text.hasPrefix("\n") && !speech.text.contains("\n\n"),
          "\(file.lastPathComponent)")
      }
    }
  }

  /// The larger half of the files is left to `scripts`: a debug build reads a megabyte a second.
  @Test("reads TEI and Akoma Ntoso into sound speeches, twice alike, that survive their own JSON")
  func xml() throws {
    let files = try files("corpora/tei").filter { $0.pathExtension == "xml" }
      .sorted { $0.path < $1.path }
    #expect(files.count > 60)
    var (speeches, refused) = (0, [String]())
    for (number, file) in files.enumerated() where number % 3 == 0 || file.path.contains("ParlaMint-TR.") {
      let bytes = [UInt8](try Data(contentsOf: file))
      let document = RawDocument(bytes: bytes, fileName: file.lastPathComponent)
      let (one, other) = (DocumentReader().read(document), DocumentReader().read(document))
      #expect(one.count == other.count)
      for (first, second) in zip(one, other) {
        guard case .read(let reading) = first, case .read(let again) = second else {
          if case .refused(let refusal) = first { refused.append("\(file.lastPathComponent): \(refusal.reason)") }
          continue
        }
        speeches += 1
        #expect(reading.id == again.id && reading.speech == again.speech)
        #expect(reading.speech.violations == [], "\(file.lastPathComponent)")
        #expect(
          !reading.speech.text.isEmpty && !reading.speech.text.contains("\n\n") && !reading.speech.text.contains("  "),
          "\(file.lastPathComponent)")
        #expect(reading.speech.delivered != nil, "\(file.lastPathComponent)")
        guard speeches % 10 == 0 else { continue }
        var writer = JSONWriter()
        reading.speech.write(to: &writer, id: reading.id, facts: SourceFacts(reading.document, importedAt: nil))
        let value = try JSONReader.read(writer.bytes)
        #expect(try Speech().overlaid(with: JSONCursor(value)) == reading.speech, "\(file.lastPathComponent)")
      }
    }
    #expect(speeches > 4000)
    #expect(refused.count == 2 && refused.allSatisfy { $0.contains("root of a TEI corpus") }, "\(refused)")
  }
}
