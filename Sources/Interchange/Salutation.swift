import Corpus

/// Words of address (R11): 同志们, 各位代表, 尊敬的…, 女士们、先生们.
///
/// At the beginning they are the salutation; later they separate parts or open the closing.
enum Salutation {
  private static let words = WordList([
    "同志们", "各位代表", "各位委员", "各位同志", "各位同事", "各位来宾", "各位嘉宾", "各位朋友", "各位领导", "各位专家",
    "各位同学", "各位老师", "各位院士", "各位理事", "各位会员", "各位股东", "各位乡亲", "各位父老", "各位家长", "各位网友",
    "各位听众", "各位观众", "各位记者", "各位企业家", "各位同仁", "各位同胞", "各位先生", "各位女士", "各位国家元首",
    "各位代表团团长", "各位工商界", "各位议员", "各位评委", "各位选手", "各位职工", "各位员工", "各位党员", "各位前辈",
    "女士们", "先生们", "朋友们", "同胞们", "同学们", "老师们", "乡亲们", "战友们", "青年朋友们", "小朋友们", "代表们",
    "委员们", "父老乡亲们", "职工同志们", "亲爱的", "尊敬的", "敬爱的", "主席先生", "大会主席先生", "议长先生", "总统先生",
    "秘书长先生", "总干事先生", "市长先生", "校长先生", "会长先生", "诸位", "大会主席", "全体同志", "全国各族人民", "同胞",
    "各位先生们", "各位女士们", "同志", "各位", "代表同志们", "委员同志们", "朋友", "來賓", "同志們", "各位同仁", "各位來賓",
    "各位貴賓", "各位女士", "各位代表們", "女士們", "先生們", "朋友們", "同胞們", "各位部长", "各位部长先生", "首相先生",
  ])
  private static let strong = WordList([
    "同志们", "各位代表", "各位委员", "各位同志", "各位同事", "各位来宾", "各位嘉宾", "各位朋友", "各位领导", "各位专家",
    "女士们", "先生们", "朋友们", "同胞们", "同学们", "老师们", "主席先生", "大会主席先生", "各位工商界朋友", "各位",
    "乡亲们", "战友们", "父老乡亲们", "青年朋友们", "同志們", "朋友們", "議長先生", "各位院士", "各位老师", "各位同学",
    "尊敬的", "亲爱的",
  ])

  /// Length of an address with its mark at `index`: `同志们！`, `女士们、先生们、朋友们，`. Nil where none stands.
  ///
  /// This is the form that stands in the middle of texts, so only plain words of address count, in a row.
  static func vocative(_ text: Scalars, at start: Int) -> Int? {
    var index = start
    while index - start < 60 {
      guard let length = strong.match(text, at: index) else { return nil }
      index += length
      // 各位工商界朋友, 尊敬的来宾: up to eight more characters belong to the word.
      var more = text[index - 1] == "位" || text[index - 1] == "的" ? 0 : 8
      while index < text.count, text[index].isHan, more < 8 {
        index += 1
        more += 1
      }
      guard index < text.count else { return index - start <= 30 ? index - start : nil }
      switch text[index] {
      case "!", ":": return index + 1 - start
      case ",", "、", " ":
        if strong.match(text, at: index + 1) == nil { return text[index] == "," ? index + 1 - start : nil }
        index += 1
      default: return nil
      }
    }
    return nil
  }

  /// Whether a whole line is nothing but address, ending in ：，！ or in nothing.
  static func isLine(_ text: Scalars) -> Bool {
    guard let last = text.last, text.count <= 120, words.match(text, at: 0) != nil || isTitled(text) else {
      return false
    }
    if text.contains(where: { $0 == "。" || $0 == "?" || $0 == ";" || $0 == "《" }) { return false }
    if text.dropLast().contains(where: { $0 == ":" || $0 == "!" }) { return false }
    guard last == ":" || last == "," || last == "!" || last == "、" else {
      return text.count <= 12 && vocative(text, at: 0) == text.count
    }
    return parts(text).allSatisfy { part in
      part.count <= 40
        && (words.match(part, at: 0) != nil || isTitled(part)
          || honorifics.match(part, endingAt: part.count) != nil)
    }
  }

  private static let honorifics = WordList([
    "先生", "女士", "总统", "总理", "首相", "主席", "阁下", "殿下", "陛下", "总干事", "秘书长", "部长", "们", "大使", "夫人",
    "议长", "团长", "院长", "校长", "会长", "省长", "市长", "书记", "主任", "国王", "元首", "政府首脑", "代表", "来宾", "同志",
    "朋友", "嘉宾", "委员", "同事", "专家", "国务卿", "财长", "行长", "总裁", "教授", "博士", "院士", "司令", "长官", "总督", "首脑",
  ])

  /// 安德森副总理， and the like: a short phrase that ends in a title and a mark.
  private static func isTitled(_ text: Scalars) -> Bool {
    guard let last = text.last, last == "," || last == ":" || last == "!", text.count <= 30, text.count >= 4
    else {
      return false
    }
    return honorifics.match(text, endingAt: text.count - 1) != nil
  }

  private static func parts(_ text: Scalars) -> [Scalars] {
    text.split { $0 == "," || $0 == "、" || $0 == ":" || $0 == "!" || $0.isBlank }.map(Array.init)
  }

  /// The words that can begin a salutation in a text without line breaks.
  private static let openers = WordList([
    "尊敬的", "同志们", "各位", "女士们", "先生们", "朋友们", "同胞们", "主席先生", "大会主席先生", "亲爱的", "同学们", "老师们",
  ])

  /// The salutation that begins within `reach` of `start` in a text without line breaks and ends at its colon.
  static func run(in text: Scalars, from start: Int, within reach: Int) -> Range<Int>? {
    guard let opener = openers.first(in: text, from: start, to: start + reach) else { return nil }
    // Between the head block and the salutation stands at most a role and a name.
    if text[start..<opener.lowerBound].contains(where: { $0 == "。" || $0 == "," || $0 == "!" }) { return nil }
    var index = opener.lowerBound
    var lastComma: Int?
    while index < text.count, index - opener.lowerBound < 240 {
      switch text[index] {
      case ":": return opener.lowerBound..<index + 1
      case "。", "?", ";": return lastComma.map { opener.lowerBound..<$0 + 1 }
      case "!": return opener.lowerBound..<index + 1
      case ",":
        // Words of address go on, or the salutation ends here.
        let next = index + 1
        if words.match(text, at: next) == nil, !titledPhrase(text, next) {
          return opener.lowerBound..<index + 1
        }
        lastComma = index
      default: break
      }
      index += 1
    }
    return nil
  }

  private static func titledPhrase(_ text: Scalars, _ start: Int) -> Bool {
    var end = start
    while end < text.count, end - start < 30, text[end] != ",", text[end] != ":", text[end] != "。" {
      end += 1
    }
    guard end < text.count, text[end] != "。" else { return false }
    return honorifics.match(text, endingAt: end) != nil
  }

  /// Whether an English line addresses someone: short, ends in a colon, begins like an address.
  static func isEnglishLine(_ text: Scalars) -> Bool {
    guard let last = text.last, last == ":" || last == "," || last == "—" || last == "-", text.count <= 240
    else { return false }
    var lowered = text.string.lowercased()
    // THE PRESIDENT: Mr. Speaker, my fellow Americans:
    if let colon = text.prefix(40).firstIndex(of: ":"), colon + 1 < text.count, colon > 3,
      text[..<colon].allSatisfy({ !$0.isLatin || $0.value < 97 })
    {
      lowered = Array(text[(colon + 1)...]).trimmed.string.lowercased()
    }
    return englishOpeners.contains { lowered.hasPrefix($0) }
  }

  /// Whether a line begins as an English address does: LADIES AND GENTLEMEN is no heading.
  static func beginsEnglish(_ text: Scalars) -> Bool {
    let lowered = text.string.lowercased()
    return englishOpeners.contains { lowered.hasPrefix($0) }
  }

  private static let englishOpeners = [
    "mr. ", "mr ", "madam", "my fellow", "fellow", "ladies and", "members of", "friends", "distinguished",
    "your excellenc",
    "excellenc", "gentlemen", "to the congress", "vice president", "my friends", "dear ", "senator",
    "president ",
  ]
}
