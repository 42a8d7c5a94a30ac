import Corpus
import Testing

@testable import Interchange

@Suite("Paragraphs")
struct ParagraphsTests {
  private func paragraphs(_ text: String) -> [String] {
    Paragraphs.split(text.scalars).paragraphs.map(\.text.string)
  }

  @Test("splits at every kind of line end and drops empty lines", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(_ end: String) {
    #expect(paragraphs("　　第一段。\(end)\(end)\t第二段。  \(end)") == ["第一段。", "第二段。"])
  }

  @Test("gives each paragraph its place in the decoded source")
  func places() throws {
    let text = "　　第一段。\r\n　　第二段。".scalars
    let page = Paragraphs.split(text)
    let span = try #require(page.paragraphs.last?.source(0..<4))
    #expect(text[span.start..<span.end].string == "第二段。")
  }

  @Test("joins hard-wrapped lines without a space between Han characters")
  func hardWrap() {
    let line = "这是一行正好三十个汉字的文字它在版面上被硬生生地折断了没有标点"
    var text = ""
    for _ in 0..<5 { text += "    " + line + "\n" + line + "\n" + line + "\n结束。\n" }
    let page = Paragraphs.split(text.scalars)
    #expect(page.warnings == ["hard_wrap_joined"])
    #expect(page.paragraphs.count == 5)
    #expect(page.paragraphs.first?.text.string == line + line + line + "结束。")
  }

  @Test("cuts a document on one line at its ideographic spaces")
  func ideographicSpaces() {
    let text = "某某同志的讲话　　" + filler("农业") + "　　" + filler("工业") + "　　" + filler("教育")
    let expected = ["某某同志的讲话", filler("农业"), filler("工业"), filler("教育")]
    #expect(paragraphs(text) == expected)
    #expect(paragraphs(text.replacing("\u{3000}", with: " ")) == expected)
  }

  @Test("cuts a speech on one line between the lines of its page, on HTML pages too")
  func flatInPage() throws {
    let body =
      "同志们：" + filler("开会") + "第一，抓好备耕。" + filler("备耕") + filler("种子") + "第二，抓好农资。" + filler("农资")
      + filler("化肥") + "第三，抓好服务。" + filler("服务") + filler("技术") + filler("田间") + filler("仓储") + filler("运输")
    let lines = ["公文小站 首页", "时间：2016-03-08 来源：网络", "县长在春耕会议上的讲话", body + "同志们！让我们努力。", "相关阅读", "春耕工作总结"]
    let page = try speech(of: lines.joined(separator: "\n"))
    #expect(shape(page.sections) == "salutation opening 第一， 第二， 第三， closing")
    #expect(page.warnings.contains("flat_text"))
    let html = try speech(of: lines.map { "<p>\($0)</p>" }.joined(), fileName: "page.html")
    #expect(html.sections == page.sections)
  }

  @Test("joins a label that markup left alone with its text, and torn words with their sentence")
  func torn() {
    #expect(paragraphs("一是\n抓好春耕。\n二是\n抓好防汛。") == ["一是抓好春耕。", "二是抓好防汛。"])
    #expect(paragraphs("主要目标\n是：粮食增产。") == ["主要目标是：粮食增产。"])
    #expect(paragraphs("要认真学习《\n安全生产法\n》，人人守法。") == ["要认真学习《安全生产法》，人人守法。"])
  }

  @Test("separates the head and the points of a text without any line break")
  func flat() throws {
    let text =
      "在全县春耕生产会议上的讲话（2019年3月2日）王建国同志们：今天的会议很重要。第一，抓好备耕。" + filler("备耕") + "第二，抓好农资。"
      + filler("农资") + "第三，抓好服务。" + filler("服务")
    let speech = try speech(of: text)
    #expect(speech.title == "在全县春耕生产会议上的讲话")
    #expect(speech.speaker.name == "王建国")
    #expect(speech.delivered?.value == "2019-03-02")
    #expect(shape(speech.sections) == "salutation opening 第一， 第二， 第三，")
    #expect(speech.warnings.contains("flat_text"))
  }
}
