import Corpus

/// What a numbered paragraph begins with (R12): `一、`, `（一）`, `1.`, `第一，`, `一是`.
struct Label: Hashable, Sendable {
  /// How a label is written. Labels of one series share their style.
  enum Style: Int, CaseIterable, Sendable {
    /// 第一章, 第一部分
    case part
    /// 第一节
    case chapterSection
    /// 一、 and 一.
    case numeral
    /// 一 alone on its line
    case bareNumeral
    /// （一）
    case bracketed
    /// 1. and 1、
    case arabic
    /// （1）
    case bracketedArabic
    /// ①
    case circled
    /// 第一，
    case ordinal
    /// 第一点，
    case ordinalPoint
    /// 一是
    case pointIs
    /// 一要
    case pointMust
    /// 其一，
    case oneOf
    /// A heading by its look, with or without a number
    case heading

    /// Place in the order of GB/T 9704; nil for the rhetorical series, which may stand at any depth.
    var rank: Int? {
      switch self {
      case .part: 0
      case .chapterSection: 1
      case .numeral, .bareNumeral: 2
      case .bracketed: 3
      case .arabic: 4
      case .bracketedArabic: 5
      case .circled: 6
      case .ordinal, .ordinalPoint, .pointIs, .pointMust, .oneOf, .heading: nil
      }
    }
  }

  var style: Style
  var number: Int
  /// Number of code points with the mark.
  var length: Int

  /// The label that stands at `start` of a folded text, nil where none does.
  static func read(_ text: Scalars, at start: Int = 0) -> Label? {
    guard start < text.count else { return nil }
    switch text[start] {
    case "第": return ordinal(text, start)
    case "(": return bracketed(text, start)
    case "其":
      guard let (number, end) = Numeral.chinese(text, at: start + 1), end < text.count, text[end] == ","
      else { return nil }
      return Label(style: .oneOf, number: number, length: end + 1 - start)
    case "\u{3220}"..."\u{3229}":
      return Label(style: .bracketed, number: Int(text[start].value - 0x3220) + 1, length: 1)
    case "\u{2474}"..."\u{2487}":
      return Label(style: .bracketedArabic, number: Int(text[start].value - 0x2474) + 1, length: 1)
    case "\u{2460}"..."\u{2473}":
      return Label(style: .circled, number: Int(text[start].value - 0x2460) + 1, length: 1)
    case "\u{2488}"..."\u{249B}":
      return Label(style: .arabic, number: Int(text[start].value - 0x2488) + 1, length: 1)
    case "0"..."9": return arabic(text, start)
    default: return numeral(text, start)
    }
  }

  private static func ordinal(_ text: Scalars, _ start: Int) -> Label? {
    guard let (number, end) = Numeral.any(text, at: start + 1), end < text.count else { return nil }
    func label(_ style: Style, _ end: Int) -> Label {
      Label(style: style, number: number, length: end - start)
    }
    switch text[end] {
    case ",", "、", ":": return label(.ordinal, end + 1)
    case "是" where end + 1 < text.count: return label(.ordinal, text[end + 1] == "," ? end + 2 : end + 1)
    case "章": return isBoundary(text, end + 1) ? label(.part, end + 1) : nil
    case "节": return isBoundary(text, end + 1) ? label(.chapterSection, end + 1) : nil
    default: break
    }
    if text.has(partWord, at: end), isBoundary(text, end + 2) {
      let marked = end + 2 < text.count && !text[end + 2].isBlank
      return label(.part, end + (marked ? 3 : 2))
    }
    for word in pointWords where text.has(word, at: end) {
      let mark = end + word.count
      if mark < text.count, [",", ":", "、", "。"].contains(text[mark]) {
        return label(.ordinalPoint, mark + 1)
      }
    }
    return nil
  }

  private static let partWord = "部分".scalars
  private static let pointWords = ["点", "个问题", "个方面", "方面", "件事", "点意见", "条"].map(\.scalars)

  /// Whether a chapter word ends here: before white space, a mark or the end of the line.
  private static func isBoundary(_ text: Scalars, _ index: Int) -> Bool {
    index >= text.count || text[index].isBlank || text[index] == ":" || text[index] == "、"
      || text[index] == ","
  }

  private static func bracketed(_ text: Scalars, _ start: Int) -> Label? {
    var index = start + 1
    while index < text.count, text[index] == " " { index += 1 }
    let style: Style = index < text.count && text[index].isDigit ? .bracketedArabic : .bracketed
    guard let (number, numberEnd) = Numeral.any(text, at: index) else { return nil }
    var end = numberEnd
    while end < text.count, text[end] == " " { end += 1 }
    guard end < text.count, text[end] == ")", number <= 99 else { return nil }
    end += 1
    if end < text.count, text[end] == "、" || text[end] == "." || text[end] == "," { end += 1 }
    return Label(style: style, number: number, length: end - start)
  }

  private static func arabic(_ text: Scalars, _ start: Int) -> Label? {
    guard let (number, end) = Numeral.digits(text, at: start), number > 0, number <= 99, end < text.count
    else {
      return nil
    }
    let next = end + 1 < text.count ? text[end + 1] : " "
    switch text[end] {
    case ".", "、": return next.isDigit ? nil : Label(style: .arabic, number: number, length: end + 1 - start)
    case ")": return Label(style: .bracketedArabic, number: number, length: end + 1 - start)
    default: return nil
    }
  }

  private static func numeral(_ text: Scalars, _ start: Int) -> Label? {
    guard let (number, end) = Numeral.chinese(text, at: start) else { return nil }
    func label(_ style: Style, _ end: Int) -> Label {
      Label(style: style, number: number, length: end - start)
    }
    guard end < text.count else { return start == 0 ? label(.bareNumeral, end) : nil }
    switch text[end] {
    case "、", ".":
      // 一、二、三类 is an enumeration, not a label.
      if let (_, next) = Numeral.chinese(text, at: end + 1), next < text.count, text[next] == "、" {
        return nil
      }
      return label(.numeral, end + 1)
    case "是", "要":
      guard number <= 20, end + 1 < text.count else {
        return number <= 20 ? label(text[end] == "是" ? .pointIs : .pointMust, end + 1) : nil
      }
      let marked = [",", ":", "、"].contains(text[end + 1])
      return label(text[end] == "是" ? .pointIs : .pointMust, end + (marked ? 2 : 1))
    case let scalar where scalar.isBlank:
      // 一 总结经验: the mark was forgotten, so only a short line without a sentence is believed.
      return start == 0 && text.count <= 40 && !text.contains("。") && !text.contains("!")
        ? label(.numeral, end) : nil
    default: return nil
    }
  }
}

/// Numbers as labels write them.
enum Numeral {
  /// A number in Chinese numerals or Arabic digits and the index after it.
  static func any(_ text: Scalars, at start: Int) -> (Int, Int)? {
    digits(text, at: start) ?? chinese(text, at: start)
  }

  /// A number of at most four ASCII digits.
  static func digits(_ text: Scalars, at start: Int) -> (Int, Int)? {
    var (value, index) = (0, start)
    while index < text.count, text[index].isDigit, index - start < 5 {
      value = value * 10 + Int(text[index].value - 48)
      index += 1
    }
    return index > start && index - start < 5 ? (value, index) : nil
  }

  /// A number below 1000 in Chinese numerals: 五, 十, 十二, 二十一, 一百零五.
  static func chinese(_ text: Scalars, at start: Int) -> (Int, Int)? {
    var (total, current, index, isOpen) = (0, 0, start, false)
    loop: while index < text.count, index - start < 6 {
      switch text[index] {
      case "十":
        total += (isOpen ? current : 1) * 10
        (current, isOpen) = (0, false)
      case "百":
        guard isOpen else { return nil }
        total += current * 100
        (current, isOpen) = (0, false)
      case "零", "〇": guard total >= 100 else { break loop }
      default:
        guard let digit = digit(text[index]), !isOpen else { break loop }
        (current, isOpen) = (digit, true)
      }
      index += 1
    }
    let value = total + current
    return index > start && value > 0 ? (value, index) : nil
  }

  /// The value of one numeral from 一 to 九.
  static func digit(_ scalar: Unicode.Scalar) -> Int? {
    switch scalar {
    case "一": 1
    case "二", "两": 2
    case "三": 3
    case "四": 4
    case "五": 5
    case "六": 6
    case "七": 7
    case "八": 8
    case "九": 9
    default: nil
    }
  }
}
