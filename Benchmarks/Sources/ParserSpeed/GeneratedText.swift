/// A made-up speech of any length: chapters with a heading, numbered points, bullets, remarks and plain paragraphs.
enum GeneratedText {
  private static let places = ["青浦河", "松岭", "白石滩", "长乐坪", "云梯山", "红枫渡", "北塘", "南屏"]
  private static let things = ["水渠", "村道", "学堂", "诊所", "茶园", "渔港", "集市", "桥梁", "苗圃", "粮仓", "书屋"]
  private static let verbs = ["修好", "看护", "清点", "扩建", "照料", "登记", "改造", "补齐", "用足"]
  private static let openers = ["今年以来，", "下一步，", "说到底，", "从账面看，", "", "", "", ""]
  private static let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]

  /// A chapter, the first with the head of a speech before it. The same number gives the same text.
  static func part(_ number: Int) -> String {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    func pick(_ list: [String]) -> String {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return list[Int(state >> 33) % list.count]
    }
    func sentence() -> String {
      pick(openers) + "我们要把" + pick(places) + "的" + pick(things) + pick(verbs) + "，再把" + pick(things) + pick(verbs)
        + "，"
        + "让住在" + pick(places) + "的人都用得上。"
    }
    func paragraph(_ sentences: Int) -> String {
      "　　" + (0..<sentences).map { _ in sentence() }.joined() + "\n"
    }
    var text = number == 1 ? "在山区建设大会上的讲话\n（2019年5月6日）\n同志们：\n" + paragraph(4) : ""
    text +=
      "　　（" + digits[(number - 1) % 9] + "）" + pick(verbs) + pick(places) + "的" + pick(things) + "\n" + paragraph(5)
    for digit in digits.prefix(3) {
      text += "　　" + digit + "是" + pick(verbs) + pick(things) + "。" + paragraph(4).dropFirst(2)
    }
    text += "　　——" + sentence() + "\n" + "　　要做到：一是快；二是准；三是实。（掌声）" + sentence() + "\n"
    return text + paragraph(6)
  }
}
