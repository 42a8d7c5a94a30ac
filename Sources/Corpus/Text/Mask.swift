/// A name, date or number that was hidden in a text behind marks: ×市, XXX, 某某, □□, 20xx年.
public struct Mask: Hashable, Sendable {
  /// What may be hidden.
  public enum Hidden: String, CaseIterable, Sendable {
    case person, place, organisation, date, number
  }

  /// The marks, in code points of the text.
  public var span: Span
  /// What they hide, by what stands beside them; nil where nothing tells.
  public var hidden: Hidden?

  /// Whether a code point, folded, may be a mark of a mask.
  @inline(__always)
  public static func isMark(_ folded: Folding.Folded) -> Bool {
    switch folded.value {
    case 0xD7, 0x2A, 0x5F, 0x78, 0x25A1, 0x25B3, 0x3007, 0x67D0: true  // × * _ x □ △ 〇 某
    default: false
    }
  }

  /// The masks of a line, in order.
  public static func find(in line: [Folding.Folded]) -> [Mask] {
    guard line.contains(where: isMark) else { return [] }
    let line = line.map { Unicode.Scalar($0.value) ?? " " }
    var masks: [Mask] = []
    var start = 0
    while start < line.count {
      var end = start + 1
      guard isMark(Folding.fold(line[start])) else {
        start = end
        continue
      }
      while end < line.count, line[end] == line[start] { end += 1 }
      let place = Place(line: line, span: Span(start, end))
      if place.isMask { masks.append(Mask(span: place.span, hidden: place.hidden)) }
      start = end
    }
    return masks
  }
}

/// A run of one mark in a folded line, and what stands around it.
private struct Place {
  let line: [Unicode.Scalar]
  let span: Span

  private var before: Unicode.Scalar { span.start > 0 ? line[span.start - 1] : " " }
  private var after: Unicode.Scalar { span.end < line.count ? line[span.end] : " " }
  private var count: Int { span.end - span.start }

  /// Whether the marks hide something rather than multiply, list, underline or count.
  var isMask: Bool {
    switch line[span.start] {
    case "×":
      if before.isDigit && after.isLetterOrDigit || before.isSpace && after.isSpace { return false }
      // AI×, 数据要素×: an effect that multiplies.
      if before.isLetter { return false }
      return after != "”" && !Self.multiplied.contains { endsBefore($0) }
    case "□", "△": return count > 1 || !(before.isSpace && span.start == 0) && !after.isSpace
    case "某":
      return count > 1 || Self.hidden(by: line[span.end...]).map { $0 != .number && $0 != .date } ?? false
        || isSurname(before) && !after.continuesPronoun
    case "x":
      if before.isLetter || after.isLetter { return false }
      return count > 1
        ? line.contains(where: \.isHan) : Self.oneLetter.contains(after) && !(before.isDigit && after == "书")
    case "_": return count > 1 && (before.isHan || before.isDigit || after.isHan || after.isDigit)
    case "*": return count > 1 ? before.isHan || after.isHan : Self.oneStar.contains(after)
    case "〇":
      return count > 1 && !before.isNumeral && !after.isNumeral && (before.isHan || after.isHan) && after != "年"
    default: return false
    }
  }

  /// What is hidden, by what follows, else by a surname in front.
  var hidden: Mask.Hidden? { Self.hidden(by: line[span.end...]) ?? (isSurname(before) ? .person : nil) }

  private static let multiplied = ["要素", "智能", "互联网", "科技", "文旅"].map { Array($0.unicodeScalars) }
  private static let oneLetter = Set("县市省区镇村乡年月日书校局".unicodeScalars)
  private static let oneStar = Set("书县市省区镇村乡".unicodeScalars)
  /// Surnames that hardly ever end another word.
  private static let surnames = Set(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎余潘戴夏钟汪姚谭廖邹熊陆郝孔崔邱秦侯邵孟龚段钱汤黎"
      .unicodeScalars)

  private func isSurname(_ scalar: Unicode.Scalar) -> Bool { Self.surnames.contains(scalar) }

  private func endsBefore(_ word: [Unicode.Scalar]) -> Bool {
    span.start >= word.count && line[(span.start - word.count)..<span.start].elementsEqual(word)
  }

  /// Words that say what the name before them names; the first that fits counts.
  private static let endings: [(word: [Unicode.Scalar], hidden: Mask.Hidden?)] = {
    let words: [(String, Mask.Hidden?)] = [
      (
        "同志 书记 副 主席 主任 局长 县长 市长 省长 区长 镇长 乡长 村长 厅长 部长 处长 科长 院长 校长 所长 站长 队长 行长 司令员 政委 总 先生 女士 老师 教授 代表 委员 常委",
        .person
      ),
      ("部门 部分 区别 区分 区块 路径 路线 州际 市场 校园 厂家 营业 连续 团结 委托", nil),
      ("年 月 日 时 点 学年", .date),
      ("万 亿 元 人 名 个 次 届 号 期 项 公里 亩 % 吨 户 家 倍 岁 位 台 条 周年", .number),
      ("省 市 自治 州 盟 县 区 旗 乡 镇 村 街道 社区 路 河 山 港 湾 岛 地区", .place),
      ("局 厅 部 委 办 校 大学 学院 中学 小学 医院 公司 集团 厂 银行 协会 单位 旅 团 营 连 支队 法院 检察院 站 所", .organisation),
    ]
    return words.flatMap { list, hidden in
      list.split(separator: " ").map { (Array($0.unicodeScalars), hidden) }
    }
  }()

  private static func hidden(by following: ArraySlice<Unicode.Scalar>) -> Mask.Hidden? {
    endings.first { following.starts(with: $0.word) }?.hidden
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isLetter: Bool { Folding.fold(self).kind == .word && !isDigit }
  fileprivate var isLetterOrDigit: Bool { Folding.fold(self).kind == .word }
  fileprivate var isNumeral: Bool { isDigit || "一二三四五六七八九十百千零".unicodeScalars.contains(self) }
  /// Whether 某 is a pronoun before it, or something else than a name: 某些, 某种, 某职.
  fileprivate var continuesPronoun: Bool {
    isHan && !"的在说向和与等因同是将被把对为也及".unicodeScalars.contains(self)
  }
}
