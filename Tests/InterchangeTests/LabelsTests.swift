import Testing

@testable import Interchange

@Suite("Labels")
struct LabelsTests {
  private func label(_ text: String) -> Label? { Label.read(Shadow.fold(text.scalars)) }

  @Test(
    "reads labels of both widths with their mark",
    arguments: [
      ("一、回顾", Label.Style.numeral, 1, 2), ("十二、措施", .numeral, 12, 3), ("二十一、其他", .numeral, 21, 4),
      ("（一）目标", .bracketed, 1, 3), ("(三)目标", .bracketed, 3, 3), ("㈡目标", .bracketed, 2, 1),
      ("1.粮食", .arabic, 1, 2),
      ("２．粮食", .arabic, 2, 2), ("3、粮食", .arabic, 3, 2), ("（4）粮食", .bracketedArabic, 4, 3),
      ("②粮食", .circled, 2, 1),
      ("第一，粮食", .ordinal, 1, 3), ("第三、粮食", .ordinal, 3, 3), ("第四点：粮食", .ordinalPoint, 4, 4),
      ("一是要抓", .pointIs, 1, 2), ("三要抓", .pointMust, 3, 2), ("其二，抓", .oneOf, 2, 3), ("四", .bareNumeral, 4, 1),
      ("第一章 总则", .part, 1, 3), ("第二部分：措施", .part, 2, 5),
    ] as [(String, Label.Style, Int, Int)])
  func styles(_ text: String, _ style: Label.Style, _ number: Int, _ length: Int) {
    #expect(label(text) == Label(style: style, number: number, length: length))
  }

  @Test(
    "takes numbers of a sentence for no labels",
    arguments: [
      "2.5微米", "第一次会议", "第三世界", "一个地方", "一切工作", "2026年，", "一、二、三类企业", "十分重要", "第二汽车厂", "PM2.5", "一九九八年",
    ])
  func traps(_ text: String) {
    #expect(label(text) == nil)
  }
}
