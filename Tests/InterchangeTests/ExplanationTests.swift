import Corpus
import Testing

@testable import Interchange

@Suite("Explanation")
struct ExplanationTests {
  private func explain(_ text: String, name: String = "page.txt") throws -> Explanation {
    let document = RawDocument(bytes: Array(text.utf8), fileName: name)
    return try #require(DocumentReader().explain(document).get().first)
  }

  private static let page = """
    范文小站 首页
    在全镇防汛工作会议上的讲话
    （2020年6月1日）

    同志们：
    　　\(filler("防汛"))
    　　一、认清形势
    　　（一）看到成绩
    　　\(filler("成绩"))（掌声）
    　　（二）看到不足
    　　\(filler("不足"))
    　　二、落实责任
    　　第一，这件事要抓紧。\(filler("责任"))
    　　同志们，让我们立即行动起来。
    来源:网络整理
    """

  @Test("says of each line what it was taken for and by which rule")
  func lines() throws {
    let lines = try explain(Self.page).lines
    #expect(
      lines.map { "\($0.number ?? 0) \($0.verdict) R\($0.rule.rawValue)" } == [
        "1 removed: navigation R3", "2 title R4", "3 date_line R9", "5 salutation R11", "6 opening R17",
        "7 section 1 heading R14", "8 section 1.1 heading R14", "9 body of 1.1 R15", "10 section 1.2 heading R14",
        "11 body of 1.2 R15", "12 section 2 heading R14", "13 body of 2 R15", "14 closing R16",
        "15 removed: source_line R3",
      ])
    #expect(lines.map(\.marks).filter { !$0.isEmpty } == [["stage_direction R20"], ["its label is text R12"]])
  }

  @Test("explains the very speech that is read, and leaves no line out")
  func same() throws {
    let explanation = try explain(Self.page)
    #expect(explanation.speech == (try speech(of: Self.page)))
    let told = explanation.lines.reduce(0) { $0 + $1.text.filter { !$0.isWhitespace }.count }
    #expect(told == Self.page.filter { !$0.isWhitespace }.count)
  }

  @Test("shows the lines that a margin broke each by itself")
  func joined() throws {
    let text = (0..<4).map { _ in
      "The harbour was cold that year and the boats\nstayed in, so that every morning we walked\nalong the wall and counted them.\n"
    }.joined(separator: "\n")
    let verdicts = try explain(text).lines.map { "\($0.verdict) R\($0.rule.rawValue)" }
    #expect(verdicts.count == 12)
    #expect(verdicts[1] == "joined to the line above R2")
  }

  @Test("prints a table that keeps to its width", arguments: [40, 72, 100])
  func table(_ width: Int) throws {
    let table = try explain(Self.page).table(width: width)
    for line in table.split(separator: "\n") {
      #expect(line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) } <= width, "\(line)")
    }
    #expect(table.contains("R3 furniture"))
    #expect(table.contains(" 2  title R4"))
  }

  @Test("refuses what has no lines of text")
  func refused() throws {
    let document = RawDocument(bytes: Array("{}".utf8), fileName: "speech.json")
    #expect(throws: Refusal.self) { try DocumentReader().explain(document).get() }
  }
}
