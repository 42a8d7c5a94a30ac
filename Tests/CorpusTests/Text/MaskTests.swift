import Corpus
import Testing

@Suite("Masks")
struct MaskTests {
  private func masks(_ text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    return Mask.find(in: Folding.fold(text)).map { mask in
      let marks = String(String.UnicodeScalarView(scalars[mask.span.start..<mask.span.end]))
      return mask.hidden.map { "\(marks) \($0.rawValue)" } ?? marks
    }
  }

  @Test(
    "are marks in place of a name, a date or a number, with what they hide where that can be told",
    arguments: [
      ("国务院和×市的疫情", ["× place"]), ("请×书记作重要讲话", ["× person"]), ("落实XXX、国务院部署", ["XXX"]),
      ("ＸＸ县委书记", ["ＸＸ place"]), ("x月x日", ["x date", "x date"]), ("202x年8月", ["x date"]),
      ("20xx年", ["xx date"]), ("20__—20__学年", ["__", "__ date"]), ("__县第X届人民代表大会", ["__ place"]),
      ("*书记", ["* person"]), ("**同志", ["** person"]), ("某县某局", ["某 place", "某 organisation"]), ("张某某说", ["某某 person"]),
      ("李某的事", ["某 person"]), ("某某同志", ["某某 person"]), ("□□镇", ["□□ place"]), ("○○公司", ["○○ organisation"]),
      ("△△村", ["△△ place"]), ("集团军某旅", ["某 organisation"]), ("投入XX万元", ["XX number"]), ("确保×平安", ["×"]),
    ])
  func found(text: String, expected: [String]) { #expect(masks(text) == expected) }

  @Test(
    "are not pronouns, products, effects, years, words, bullets, rules or rulers",
    arguments: [
      "某些地方和某种程度", "某一天某个人", "3×20万千瓦", "AI×制造", "“数据要素×”行动", "人工智能×制造", "二○○八年", "二○○○年",
      "Xbox和X光", "XXL size", "Super Bowl XX", "□ 一项工作", "△ 第二", "__________", "* * *", "5 × 3", "某区别", "某年某月",
    ])
  func others(text: String) { #expect(masks(text) == []) }
}
