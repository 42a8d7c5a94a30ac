import Corpus
import Testing

@testable import Interchange

@Suite("What sites set into a text")
struct PageNoiseTests {
  @Test("takes marks against copying and page numbers away, and keeps them with their place")
  func noise() throws {
    let page = """
      镇长在全镇春耕会议上的讲话
      同志们：
      6 X" ~) P! m8 W, n* v
      　　一、抓早
      第1页 / 共3页
      　　\(filler("抓早"))
      — 2 —
      　　二、抓实
      1 h. S: J3 {9 Q' R
      　　\(filler("抓实"))
      """
    let speech = try speech(of: page)
    #expect(shape(speech.sections) == "salutation 一、 二、")
    #expect(speech.text == "同志们：\n一、抓早\n\(filler("抓早"))\n二、抓实\n\(filler("抓实"))")
    let noise = speech.removed.filter { $0.kind == "garbage" || $0.kind == "page_number" }
    #expect(noise.map(\.line.text) == ["6 X\" ~) P! m8 W, n* v", "第1页 / 共3页", "— 2 —", "1 h. S: J3 {9 Q' R"])
    for line in noise {
      let span = try #require(line.line.source)
      #expect(page.scalars[span.start..<span.end].string == line.line.text)
    }
  }

  @Test(
    "takes no line of text for such a mark",
    arguments: ["10:30 - 11:45", "GDP 2.5% 3.1%", "A. B. C.", "第3页的表格说明", "——2——3", "2.5%—3.0%", "5 G + 6 G = ?"])
  func text(_ line: String) {
    #expect(!Furniture.isScramble(Shadow.fold(line.scalars)) && !Furniture.isPageNumber(Shadow.fold(line.scalars)))
  }

  @Test("says that a page shows only the beginning of a text")
  func stub() throws {
    let speech = try speech(
      of: "局长在水利会议上的讲话\n同志们：\n　　\(filler("水利"))\n　　\(filler("灌溉"))\n(未完,全文共3210字,当前显示849字)\n登录后下载全文\n")
    #expect(speech.text.hasSuffix(filler("灌溉")))
    #expect(speech.warnings == ["incomplete_text"])
  }

  @Test("knows what stands under the signature of an official document")
  func colophon() throws {
    let speech = try speech(
      of: """
        某县人民政府关于清理沟渠的通知
        各乡镇人民政府：
        　　\(filler("清理沟渠"))
        某县人民政府
        2013年11月6日
        （此件公开发布）
        抄送：县委办公室，县人大办公室。
        某县人民政府办公室 2013年11月7日印发
        """)
    #expect(speech.text == "各乡镇人民政府：\n" + filler("清理沟渠") + "\n某县人民政府")
    #expect(speech.delivered?.value == "2013-11-06")
  }
}
