import Corpus
import Testing

@testable import Interchange

@Suite("Places in the text and in the source")
struct PlacesTests {
  /// Surrogate pairs in UTF-16, combining marks, full-width forms, ideographic spaces, invisible marks.
  private static let hard = "𠮷野同志说：“e\u{301}cole ５０％”，㐂事☃\u{FE0F}🧑‍🌾，ｇａ\u{3099}。"

  private static let lines = [
    "\u{200B}县长𠮷野在全县“𪚥龙”大会上的讲话", "时间：２０２１－１０－１３　来源：𠮷日报", "（二〇二一年十月十三日，𠮷山）", "同志们：",
    "　　\(hard)\(filler("开会"))（掌声）下面，我讲两点意见：", "　　一、抓𠮷事", "　　\(hard)\(filler("吉事"))××县", "２０２１年摄于𠮷山。新华社记者 𠮷野/摄",
    "　　二、抓e\u{301}事", "　　\(hard)\(filler("抓事"))〔１〕", "　　同志们！\(hard)让我们努力。（新华社𠮷山电）", "相关阅读", "𠮷山大会📎",
  ]

  private func check(_ speech: Speech, _ source: Scalars, _ comment: String) {
    let text = speech.text.scalars
    #expect(speech.violations == [], "\(comment)")
    for node in speech.sections.outline(of: TextIndex(speech.text)) {
      guard let span = node.section.headingSpan else { continue }
      #expect(text[span.start..<span.end].string == node.section.heading, "\(comment)")
    }
    for mark in speech.annotations where mark.kind == "mask" || mark.kind == "stage_direction" {
      let marked = text[mark.span.start..<mark.span.end]
      #expect(
        mark.kind == "mask"
          ? marked.allSatisfy { Mask.isMark(Folding.fold($0)) || $0.value >= 0x2460 || $0 == "@" || $0 == "＠" }
          : marked.string.contains(mark.value ?? ""), "\(comment)")
    }
    var passages = speech.removed.map(\.line) + speech.notes + speech.appendices
    for inference in speech.inferred.values {
      passages += inference.evidence + inference.conflicts.compactMap(\.evidence)
    }
    #expect(passages.count { $0.source != nil } > 8, "\(comment)")
    for passage in passages {
      guard let span = passage.source else { continue }
      #expect(source[span.start..<span.end].string == passage.text, "\(comment)")
    }
  }

  @Test("cut exactly what they claim, whatever the characters", arguments: ["\n", "\r\n", "\n\n"])
  func plain(_ end: String) throws {
    let page = Self.lines.joined(separator: end)
    for form in [page, "\u{FEFF}" + page] {
      check(try speech(of: form), page.scalars, "plain text")
    }
    var wide: [UInt8] = [0xFF, 0xFE]
    for unit in page.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    check(try reading(of: wide).speech, page.scalars, "UTF-16")
    check(try speech(of: "# " + page, fileName: "page.md"), ("# " + page).scalars, "Markdown")
  }

  @Test("cut a line that was broken into its pieces")
  func broken() throws {
    let page = """
      政府工作报告
      ——2019年1月15日在临溪县第十七届
      人民代表大会第三次会议上
      县长　王建国
      各位代表：
      　　\(filler("报告"))
      """
    let speech = try speech(of: page)
    #expect(speech.subtitle == "2019年1月15日在临溪县第十七届人民代表大会第三次会议上")
    check(speech, page.scalars, "broken subtitle")
    let evidence = try #require(speech.inferred["subtitle"]).evidence
    #expect(evidence.map(\.text) == ["——2019年1月15日在临溪县第十七届", "人民代表大会第三次会议上"])
    #expect(evidence.allSatisfy { $0.source != nil })
  }

  @Test("cut exactly on HTML pages, between tags, comments and scripts; what is written as a reference has no place")
  func html() throws {
    let blocks = Self.lines.map { line in "<div><p><span>\(line.prefix(3))</span>\(line.dropFirst(3))</p></div>" }
    let page =
      "<html><head><title>标题</title><script>var a = '<p>同志们：</p>';</script></head><body><!-- <p>没有 -->\n"
      + "<select><option>同志们</option></select><p hidden>同志们：</p>" + blocks.joined(separator: "\r\n")
      + "<p>&nbsp;AT&amp;T&nbsp;相关&#38142;接</p><p>上一篇：&nbsp;防汛会议</p></body></html>"
    let speech = try speech(of: page, fileName: "page.html")
    #expect(shape(speech.sections) == "salutation opening 一、 二、 closing")
    check(speech, page.scalars, "HTML")
    let places = Dictionary(speech.removed.map { ($0.line.text, $0.line.source != nil) }) { $0 && $1 }
    #expect(places["AT&T\u{A0}相关链接"] == false)
    #expect(places["上一篇："] == true)
  }

  @Test("are unknown where the source has none: text inside JSON, elements of XML")
  func none() throws {
    let reading = try reading(
      of: Array(#"{"text": "在会上的讲话\n同志们：\n\#(filler("开会"))"}"#.utf8), mediaType: "application/json")
    #expect(reading.speech.removed.allSatisfy { $0.line.source == nil })
  }
}
