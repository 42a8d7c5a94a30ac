import Corpus

/// Lines that sites set into a text or under it (§1, §2): marks against copying, page numbers, notes that the rest costs
/// money, and the last lines of official documents.
extension Furniture {
  /// Takes marks against copying and page numbers out, wherever they stand, before lines are joined across them.
  static func withoutNoise(_ lines: [Paragraph], _ page: inout Page) -> [Paragraph] {
    let isLatin = Language.of(lines.prefix(40).lazy.map(\.text)) == "en"
    return lines.filter { line in
      guard line.count <= 80,
        let kind = isPageNumber(line.shadow)
          ? "page_number" : !isLatin && isScramble(line.shadow) ? "garbage" : nil
      else { return true }
      page.removed.append(RemovedLine(kind: kind, line: line.evidence()))
      return false
    }
  }

  /// `6 X" ~) P! m8 W, n* v`: at least five bits of up to four characters, letters and signs among them, no word.
  static func isScramble(_ text: Scalars) -> Bool {
    let bits = text.split(whereSeparator: \.isBlank)
    guard bits.count >= 5, bits.allSatisfy({ $0.count <= 4 }), !text.contains(where: { $0.value >= 0x100 }) else {
      return false
    }
    let signs = text.count { !$0.isBlank && !$0.isDigit && !$0.isLatin }
    return signs >= 3 && text.count(where: \.isLatin) >= 3 && bits.count { $0.allSatisfy(\.isLatin) } * 2 <= bits.count
  }

  /// 第3页 / 共18页, —3—, - 3 -.
  static func isPageNumber(_ text: Scalars) -> Bool {
    let line = text.unspaced
    guard line.count >= 3, line.count <= 16, let first = line.first, let last = line.last else { return false }
    if first == "—" || first == "-" {
      let inner = line.drop { $0 == first }.reversed().drop { $0 == first }
      return last == first && !inner.isEmpty && inner.count <= 4 && inner.allSatisfy(\.isDigit)
    }
    guard last == "页", line.contains(where: \.isDigit) else { return false }
    return (first == "第" || first == "共") && line.allSatisfy { $0.isDigit || "第共页/,、|-(".unicodeScalars.contains($0) }
  }

  private static let stubs = WordList([
    "未完,全文", "(未完", "当前显示", "购买全文", "登录后", "开通会员", "付费阅读", "剩余内容", "剩余部分", "试读结束", "余下全文", "全文共",
  ])
  private static let offers = WordList([
    "下载全文", "阅读全文", "展开全文", "查看全文", "点击下载", "免费下载", "点击查看更多", "查看更多", "下载文档", "文档下载", "复制本文",
  ])

  /// A note that the page shows only the beginning: （未完，全文共2010字，当前显示249字）.
  static func isStub(_ text: Scalars) -> Bool {
    text.count <= 60 && !text.contains("。") && stubs.first(in: text, to: 12) != nil
      && (text.contains(word: "字") || text.contains(word: "全文") || text.contains(word: "登录后")
        || text.contains(word: "会员") || text.contains(word: "付费") || text.contains(word: "剩余"))
  }

  /// A button that offers the file: 点击下载全文.
  static func isOffer(_ text: Scalars) -> Bool { text.count <= 24 && offers.match(text, at: 0) != nil }

  private static let colophons = WordList(["抄送:", "抄报:", "抄送 ", "主题词:", "(此件", "此件公开", "印发:", "(联系人:"])

  /// What stands under the signature of an official document: 抄送：…, （此件公开发布）, …办公室 2013年11月7日印发.
  static func isColophon(_ text: Scalars) -> Bool {
    if text.count <= 200, colophons.match(text, at: 0) != nil { return true }
    return text.count <= 60 && text.ends(with: "印发") && DateReading.first(in: text) != nil
  }
}
