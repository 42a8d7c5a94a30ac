import Corpus
import Foundation
import Interchange
import TestSupport
import Testing

/// Reads what a speech was written as, and says whether it is the same speech again.
private func expectSame(_ speech: Speech, _ id: SpeechID, _ place: String = "") throws {
  for (name, bytes) in [("a.tei", speech.tei(id: id)), ("a.akn", speech.akomaNtoso(id: id))] {
    let outcomes = DocumentReader(maximumBytes: .max).read(RawDocument(bytes: bytes, fileName: name))
    guard case .read(let reading)? = outcomes.first, outcomes.count == 1 else {
      Issue.record("\(place) \(name): \(outcomes)")
      continue
    }
    #expect(reading.speech == speech, "\(place) \(name)")
    #expect(reading.id == id, "\(place) \(name)")
  }
}

@Suite("Speeches as TEI and Akoma Ntoso")
struct RoundTripTests {
  private static let id = SpeechID(address: "https://example.org/a", decodedSource: "")

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("say in their own words what they have words for, and nothing of it twice")
  func words() throws {
    var speech = Speech.make()
    speech.subtitle = "开幕词"
    speech.location = "临溪县"
    speech.provenance.name = "临溪日报"
    speech.published = SpeechDate("2021-03-06")
    speech.annotations = [Annotation(kind: "stage_direction", span: Span(0, 3), value: "众")]
    let tei = text(speech.tei(id: Self.id))
    for words in [
      "<title type=\"main\">在全县春耕备耕工作会议上的讲话</title>", "<title type=\"sub\">开幕词</title>",
      "<meeting>全县春耕备耕工作会议</meeting>", "<term type=\"genre\">讲话</term>", "<persName>林望舒</persName>",
      "<affiliation type=\"county\"><roleName>临溪县县长</roleName><orgName>临溪县人民政府</orgName></affiliation>",
      "<placeName>临溪县</placeName><date when=\"2021-03-05\"/>", "<publisher>临溪日报</publisher>",
      "<date type=\"published\" when=\"2021-03-06\"/>", "<u xml:id=\"u1\" who=\"#speaker\">",
      "<seg type=\"section\" n=\"1\">", "<seg><label>一是</label><label type=\"heading\">早谋划</label></seg>",
      "<note type=\"stage_direction\" n=\"众\">同志们</note>",
      "<speech xmlns=\"urn:x-rostrum:speech\">{\"id\":\"\(Self.id.text)\"}</speech>",
    ] { #expect(tei.contains(words), "\(words)\n\(tei)") }
    let akn = text(speech.akomaNtoso(id: Self.id))
    for words in [
      "<docTitle>在全县春耕备耕工作会议上的讲话</docTitle>", "<FRBRdate date=\"2021-03-05\" name=\"delivered\"/>",
      "<TLCPerson eId=\"speaker\" href=\"/akn/ontology/person/rostrum/speaker\" showAs=\"林望舒\"/>",
      "class=\"section\" rostrum:number=\"1\">", "<inline name=\"heading\">早谋划</inline>",
      "<remark rostrum:value=\"众\">同志们</remark>", "<publication date=\"2021-03-06\"",
    ] { #expect(akn.contains(words), "\(words)\n\(akn)") }
    #expect(!akn.contains("\"sections\"") && !akn.contains("\"text\"") && !akn.contains("\"annotations\""))
    try expectSame(speech, Self.id)
  }

  @Test("are the same speech again, whatever is in it")
  func everything() throws {
    var speech = Speech.make(metadata: ["键": .array([.null, .number(1.5)]), "<&\">": .string("]]>")])
    speech.title = "  标题 <b>&amp;\u{1}\n\t"
    speech.cleanTitle = ""
    speech.language = "zh-Hant"
    speech.delivered = SpeechDate("2021-03-05T09:30")
    speech.published = SpeechDate("--05-15")
    speech.provenance.url = "https://example.org/?a=1&b=\"2\""
    speech.provenance.author = ""
    speech.announcedSections = 3
    speech.notes = [Evidence(text: "注①\n第二行", source: Span(3, 9)), Evidence(text: " ")]
    speech.appendices = [Evidence(text: "附件\t一")]
    speech.relatedLinks = [RelatedLink(title: "链接", url: nil)]
    speech.removed = [RemovedLine(kind: "navigation", line: Evidence(text: "首页 > 讲话", source: Span(0, 7)))]
    speech.inferred = ["genre": Inference(confidence: 0.5, evidence: [], conflicts: [Conflict(reason: "无")])]
    speech.warnings = ["flat_text"]
    speech.annotations = [
      Annotation(kind: "mask", span: Span(2, 9)), Annotation(kind: "不是名字", span: Span(0, 1)),
      Annotation(kind: "bullet", span: Span(0, 4), value: ""), Annotation(kind: "mask", span: Span(0, 2)),
    ]
    try expectSame(speech, Self.id)
    speech.delivered = SpeechDate("2021-03-05").flatMap { from in
      SpeechDate("2021-03-08").flatMap { SpeechDate(from: from, through: $0) }
    }
    speech.speaker = Speaker()
    speech.title = nil
    try expectSame(speech, Self.id)
  }

  @Test(
    "keep characters that XML cannot hold, and white space at every place",
    arguments: [
      "a\u{1}b", "\u{FFFE}\u{FFFF}", " 首尾有空格 \n　全角\t", "𠮷\u{7F}\u{85}\u{2028}x", "]]><![CDATA[&#1;",
      "<?pi?><!-- -- -->",
    ])
  func characters(text: String) throws {
    var speech = Speech()
    speech.text = text
    speech.title = text
    speech.sections = [Section(kind: .body, span: Span(0, text.unicodeScalars.count))]
    try expectSame(speech, Self.id)
  }

  @Test("keep sections that begin within a line, and pieces of text that leave gaps")
  func oddSections() throws {
    var speech = Speech()
    speech.text = "甲。乙丙丁\n戊"
    let inner = Section(kind: .section, span: Span(2, 5), label: "乙", number: 7, bodySpans: [Span(3, 4)])
    speech.sections = [
      Section(kind: .section, span: Span(0, 5), bodySpans: [Span(0, 1)], children: [inner]),
      Section(kind: .closing, span: Span(6, 7), label: "别处", bodySpans: [Span(6, 7)]),
    ]
    #expect(speech.violations == [])
    try expectSame(speech, Self.id)
    let nested = Section(kind: .section, span: Span(6, 7), heading: "戊", headingSpan: Span(6, 7), bodySpans: [])
    speech.sections = [
      Section(kind: .section, span: Span(0, 7), bodySpans: [Span(0, 2), Span(2, 5)], children: [nested])
    ]
    #expect(speech.violations == [])
    try expectSame(speech, Self.id)
  }

  @Test("take what somebody has changed in the document")
  func edited() throws {
    let tei = text(Speech.make().tei(id: Self.id)).replacing("春光不等人", with: "时不我待")
      .replacing("林望舒", with: "林舒望")
    guard case .read(let reading)? = DocumentReader().read(RawDocument(bytes: Array(tei.utf8), fileName: "a.xml")).first
    else {
      Issue.record("refused")
      return
    }
    #expect(reading.speech.text.hasSuffix("同志们，时不我待！") && reading.speech.speaker.name == "林舒望")
    #expect(reading.speech.violations == [])
  }

  @Test(
    "are refused with a reason where their supplement is not what it has to be",
    arguments: [
      ("{\"id\":", "malformed_json"), ("{\"titel\":1,\"x\":", "malformed_json"),
      ("{\"colour\":\"red\",\"id\":", "invalid_member"),
      ("{\"annotations\":[{\"kind\":\"a\",\"start\":0,\"end\":900}],\"id\":", "invalid_member"),
    ])
  func refused(start: String, code: String) throws {
    let end = code == "malformed_json" ? "" : "\"\(Self.id.text)\"}"
    let whole = "{\"id\":\"\(Self.id.text)\"}"
    let tei = text(Speech.make().tei(id: Self.id)).replacing(whole, with: start.replacing("\"", with: "&quot;") + end)
    guard
      case .refused(let refusal)? = DocumentReader().read(RawDocument(bytes: Array(tei.utf8), fileName: "a.tei")).first
    else {
      Issue.record("not refused: \(tei)")
      return
    }
    #expect(refusal.code == code)
  }

  @Test("of every sample are the sample again")
  func samples() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "samples")
    var count = 0
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    where file.lastPathComponent != "README.md" && !file.lastPathComponent.hasSuffix(".meta.json") {
      count += try roundTrip(file, every: 1)
    }
    #expect(count > 25)
  }

  /// Only some are tried, of files in XML with hundreds of speeches each still fewer; `rostrum parse --check` tries all.
  @Test("of every real document are the document again", .enabled(if: SharedData.isExpected))
  func corpora() throws {
    let root = try SharedData.path("corpora")
    let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let types = ["txt", "md", "html", "xml", "json", "ndjson", "akn", "tei"]
    var (number, count) = (0, 0)
    for case let file as URL in walker ?? FileManager.DirectoryEnumerator()
    where types.contains(file.pathExtension) && !file.path.contains("/gold/") && !file.path.hasSuffix(".meta.json") {
      number += 1
      if number % 4 == 0 { count += try roundTrip(file, every: file.pathExtension == "xml" ? 50 : 1) }
    }
    #expect(count > 150)
  }

  private func roundTrip(_ file: URL, every step: Int) throws -> Int {
    let sidecar = file.deletingPathExtension().appendingPathExtension("meta.json")
    let document = RawDocument(
      bytes: [UInt8](try Data(contentsOf: file)), fileName: file.lastPathComponent,
      sidecar: (try? Data(contentsOf: sidecar)).map { [UInt8]($0) })
    var count = 0
    for (number, outcome) in DocumentReader().read(document).enumerated() where number % step == 0 {
      guard case .read(let reading) = outcome else { continue }
      count += 1
      try expectSame(reading.speech, reading.id, "\(file.lastPathComponent) \(number)")
    }
    return count
  }
}
