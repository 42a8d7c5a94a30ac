import Corpus
import Testing

@testable import Interchange

@Suite("Series in one another")
struct OutlineNestingTests {
  private func outline(_ lines: String...) throws -> Speech {
    try speech(of: (["在全县工作会议上的讲话", "同志们："] + lines).joined(separator: "\n　　"))
  }

  @Test("finds one style at three depths where each outer series goes on")
  func oneStyle() throws {
    let speech = try outline(
      "一、回顾", filler("回顾"), "二、方针", filler("方针"), "一、稳步增长", filler("增长"), "二、调整投资", "一、压缩规模，保证重点。",
      "二、控制非生产性建设，多建住房。", "三、改造老厂，少铺新摊子。", "三、发展教育", filler("教育"), "三、改革", "一、认识改革", filler("认识"),
      "二、推进改革", filler("推进"), "四、外贸", filler("外贸"))
    #expect(shape(speech.sections) == "salutation 一、 二、(一、 二、(一、 二、 三、) 三、) 三、(一、 二、) 四、")
    #expect(speech.warnings == [])
  }

  @Test("tells headings from points that run into their text, though their labels are alike")
  func headings() throws {
    let speech = try outline(
      "一、收支情况", filler("收支"), "二、今年安排", filler("安排"), "一、增收的门路。" + filler("增收"), "二、节支的办法。" + filler("节支"),
      "三、几个问题", filler("问题"))
    #expect(shape(speech.sections) == "salutation 一、 二、(一、 二、) 三、")
  }

  @Test("counts a heading whose mark was forgotten with its series")
  func forgottenMark() throws {
    let speech = try outline("一 总结经验", filler("经验"), "二、明确任务", filler("任务"), "三、加强领导", filler("领导"))
    #expect(shape(speech.sections) == "salutation 一 二、 三、")
    #expect(speech.sections.compactMap(\.heading) == ["总结经验", "明确任务", "加强领导"])
  }

  @Test("gives a part no heading whose label stands alone over an indented paragraph")
  func divider() throws {
    let speech = try outline("（一）", filler("农业"), "（二）", filler("工业"), "（三）", filler("教育"))
    #expect(shape(speech.sections) == "salutation （一） （二） （三）")
    #expect(speech.sections.compactMap(\.heading) == [])
  }

  @Test("begins with the second point where the text names the first in passing")
  func lateFirst() throws {
    let speech = try outline(
      "我先讲深入生活。这是我要讲的第一点。" + filler("生活"), "第二点，作品要有人看。" + filler("作品"), "第三点，队伍要有人带。" + filler("队伍"))
    #expect(shape(speech.sections) == "salutation opening 第二点， 第三点，")
    #expect(speech.warnings == ["label_gap"])
    let unnamed = try outline(filler("生活"), "第二点，作品要有人看。" + filler("作品"), "第三点，队伍要有人带。" + filler("队伍"))
    #expect(shape(unnamed.sections) == "salutation body")
  }
}
