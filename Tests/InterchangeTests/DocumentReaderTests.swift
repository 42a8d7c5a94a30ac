import Corpus
import Testing

@testable import Interchange

@Suite("Documents")
struct DocumentReaderTests {
  @Test("refuses what is no text with a reason that names it")
  func binary() throws {
    #expect(try refusal(of: []).code == "empty_document")
    #expect(try refusal(of: Array(" \n\t".utf8)).code == "empty_document")
    #expect(try refusal(of: Array("%PDF-1.7".utf8), fileName: "a.txt").reason.contains("PDF"))
    #expect(try refusal(of: Array("同志".utf8) + [0, 0]).code == "binary_document")
    #expect(try refusal(of: Array("x".utf8), mediaType: "image/png").code == "unsupported_media_type")
  }

  @Test("names the limit that a document exceeds")
  func large() throws {
    let outcome = DocumentReader(maximumBytes: 8).read(RawDocument(bytes: Array("123456789".utf8))).first
    guard case .refused(let refusal) = outcome else { throw Missing() }
    #expect(refusal.code == "too_large")
    #expect(refusal.reason.contains("8"))
  }

  private struct Missing: Error {}

  @Test("refuses other XML by its root element")
  func xml() throws {
    let xml = "<?xml version=\"1.0\"?><!-- x --><rss version=\"2.0\"><channel/></rss>"
    for (type, name) in [("application/tei+xml", nil), ("application/rss+xml", nil), (nil, "a.xml")]
      as [(String?, String?)]
    {
      let refusal = try refusal(of: Array(xml.utf8), mediaType: type, fileName: name)
      #expect(refusal.code == "unsupported_media_type")
      #expect(refusal.reason.contains("<rss>"))
    }
  }

  @Test("knows media types by the endings of names")
  func endings() {
    #expect(DocumentReader.mediaType(forFileName: "讲话.TXT") == "text/plain")
    #expect(DocumentReader.mediaType(forFileName: "a.shtml") == "text/html")
    #expect(DocumentReader.mediaType(forFileName: "a.jsonl") == "application/x-ndjson")
    #expect(DocumentReader.mediaType(forFileName: "debate.an.xml") == "application/xml")
    #expect(DocumentReader.mediaType(forFileName: "a.docx") == nil)
    #expect(DocumentReader.mediaType(forFileName: "README") == nil)
  }

  @Test("takes the sidecar's members and keeps those it does not know")
  func sidecar() throws {
    let sidecar =
      #"{"title":"某某报告","source_url":"http://example.org/x","publish_date":"2026-02-09","province":"某省","year":"2026"}"#
    let document = RawDocument(
      bytes: Array("各位代表：\n\(filler("工作"))".utf8), fileName: "a.txt", sidecar: Array(sidecar.utf8))
    guard case .read(let reading) = DocumentReader().read(document).first else { throw Missing() }
    #expect(reading.speech.title == "某某报告")
    #expect(reading.speech.published?.value == "2026-02-09")
    #expect(reading.speech.metadata == ["province": .string("某省"), "year": .string("2026")])
    #expect(reading.id == SpeechID(address: "http://example.org/x", decodedSource: ""))
  }

  @Test("takes a malformed sidecar for a warning")
  func malformedSidecar() throws {
    let document = RawDocument(bytes: Array("同志们：\n\(filler("工作"))".utf8), sidecar: Array("{title".utf8))
    guard case .read(let reading) = DocumentReader().read(document).first else { throw Missing() }
    #expect(reading.speech.warnings == ["sidecar_unreadable"])
  }

  @Test("reads the headings, quotes and front matter of Markdown")
  func markdown() throws {
    let text =
      "---\ntitle: \"在读书会上的讲话\"\ndate: 2020-01-17\n---\n\n> 同志们：\n\n\(filler("读书"))\n\n## 一\n\n\(filler("经典"))\n\n## 二\n\n**\(filler("新书"))**\n"
    let speech = try speech(of: text, fileName: "a.md")
    #expect(speech.title == "在读书会上的讲话")
    #expect(shape(speech.sections) == "salutation opening 一 二")
    #expect(!speech.text.contains("*") && !speech.text.contains("#"))
  }

  @Test("knows the script of a text")
  func language() {
    #expect(Language.of("这是关于农业发展的报告".scalars) == "zh-Hans")
    #expect(Language.of("這是關於農業發展的報告".scalars) == "zh-Hant")
    #expect(Language.of("My fellow Americans, this is a great day.".scalars) == "en")
    #expect(Language.of("123".scalars) == "und")
  }

  @Test("writes plain text and Markdown that read the same again")
  func writing() throws {
    let original = try speech(
      of: "在大会上的讲话\n（2014年5月6日）\n王建国\n同志们：\n\(filler("开会"))\n一、抓早\n\(filler("抓早"))\n二、抓实\n\(filler("抓实"))")
    #expect(original.plainText.hasPrefix("在大会上的讲话\n2014-05-06\n王建国\n\n同志们：\n"))
    #expect(original.markdown.contains("## 一、抓早\n\n"))
    let again = try speech(of: original.plainText)
    #expect(again.text == original.text)
    #expect(again.sections == original.sections)
  }
}

@Suite("Several speeches on a page")
struct SeveralSpeechesTests {
  @Test("makes one record of each 篇 with the page's source and an id of its own")
  func parts() throws {
    let parts = (1...3).map { number in
      "篇\(number)：在第\(number)次座谈会上的讲话\n同志们：\n\(filler("开会"))\n\(filler("讨论"))\n\(filler("落实"))"
    }
    let page = "座谈会讲话稿3篇\n时间：2020-05-06 来源：某某网\n" + parts.joined(separator: "\n")
    let readings = DocumentReader().read(RawDocument(bytes: Array(page.utf8))).compactMap { outcome in
      if case .read(let reading) = outcome { reading } else { nil }
    }
    #expect(readings.map(\.speech.title) == ["在第1次座谈会上的讲话", "在第2次座谈会上的讲话", "在第3次座谈会上的讲话"])
    #expect(Set(readings.map(\.id)).count == 3)
    #expect(
      readings.allSatisfy { $0.speech.published?.value == "2020-05-06" && $0.speech.provenance.name == "某某网" }
    )
    #expect(readings.allSatisfy { $0.speech.warnings == ["several_speeches"] && $0.speech.violations == [] })
  }

  @Test(
    "knows the other forms of their heads, below a table of contents too",
    arguments: [
      ["【第一篇】", "【第二篇】", "【第三篇】"], ["范文一：校长致辞", "范文二：教师发言", "范文三：家长发言"],
      ["开学典礼致辞 篇1", "开学典礼致辞 篇2", "开学典礼致辞 篇3"], ["开学典礼致辞(1)", "开学典礼致辞(2)", "开学典礼致辞(3)"],
    ])
  func heads(_ heads: [String]) {
    let parts = heads.map { "\($0)\n同学们：\n\(filler("开学"))\n\(filler("学习"))\n\(filler("生活"))" }
    for page in [parts.joined(separator: "\n"), heads.joined(separator: "\n") + "\n" + parts.joined(separator: "\n")] {
      let outcomes = DocumentReader().read(RawDocument(bytes: Array("开学典礼致辞范文\n\(page)".utf8)))
      #expect(outcomes.count == 3, "\(page.prefix(60))")
    }
  }

  @Test("leaves a page whole whose lines only look like such heads")
  func whole() {
    let text = filler("开学") + "\n" + filler("学习") + "\n"
    for heads in [["篇2：二", "篇5：五"], ["第一，篇幅要短", "第二，篇幅要精"], ["关于预算的报告(1)", "关于决算的报告(2)"]] {
      let page = heads.map { "\($0)\n\(text)" }.joined()
      #expect(DocumentReader().read(RawDocument(bytes: Array("在会上的讲话\n\(page)".utf8))).count == 1)
    }
  }
}
