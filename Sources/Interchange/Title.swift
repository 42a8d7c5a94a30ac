import Corpus

/// A title as written and what is said in it (R4, R6): qualifier, speaker, occasion and genre.
struct Title {
  /// Without （全文） and note marks, letters no longer spaced apart; a name with a colon before it is taken off.
  var text: Scalars
  /// Without what was added for search engines.
  var clean: Scalars
  /// The speaker named before 在, 致, 同 or a colon.
  var speaker: Speaker?
  /// The meeting or event.
  var occasion: String?
  /// The first genre word.
  var genre: String?

  /// Genre words, in the order in which they are believed; the longest at a place wins.
  static let genres = WordList([
    "政府工作报告", "工作报告", "政治报告", "讲话", "致辞", "致词", "发言", "演讲", "演说", "报告", "开幕辞", "开幕词", "闭幕辞", "闭幕词", "祝酒辞",
    "祝酒词",
    "欢迎辞", "欢迎词", "答谢辞", "答谢词", "悼词", "贺信", "贺电", "贺词", "贺辞", "献词", "回信", "慰问信", "慰问电", "谈话", "说明", "答记者问",
    "寄语",
    "讲话稿", "发言稿", "演讲稿", "致辞稿", "主持词", "述职报告", "表态发言", "党课", "指示", "提纲", "讲稿", "感言",
    "演辞", "讲辞", "献辞", "谢辞", "致谢辞", "质询答复",
    "开学典礼致辞", "就职演说", "倡议书", "公开信", "的信", "的电报",
  ])
  /// Kinds of documents that are no speeches.
  static let documents = WordList([
    "通知", "意见", "决议", "公报", "决定", "办法", "条例", "规定", "方案", "通告", "公告", "批复", "纪要", "细则", "规划", "计划", "公约",
    "署名文章", "指导意见", "实施意见", "若干政策", "行动计划", "规则",
  ])
  private static let modifiers = WordList([
    "主旨", "重要", "视频", "书面", "总结", "闭幕", "开幕", "欢迎", "即席", "专题", "主持", "动员", "表态", "致辞性", "交流", "大会", "辅导",
    "典型",
    "新年", "元旦", "春节", "即兴",
  ])
  private static let tails = WordList([
    "稿", "范文", "模板", "全文", "实录", "摘要", "精选", "大全", "合集", "材料", "心得", "汇编", "优秀", "最新", "精品", "通用", "推荐", "参考",
    "稿件", "正式版",
    "word版", "(全文)", "完整版",
  ])

  /// Reads a line as a title.
  init(_ written: Scalars) {
    var text = Self.unspaced(Self.withoutMarks(written))
    for lead in ["双语全文！", "双语全文!", "全文：", "全文:", "实录：", "实录:", "（全文）"] where text.begins(with: lead) {
      text = Array(text.dropFirst(lead.unicodeScalars.count)).trimmed
    }
    var shadow = Shadow.fold(text)
    // 习近平：在…上的讲话
    if let colon = shadow.prefix(12).firstIndex(of: ":"), colon > 1, colon + 4 < text.count {
      let prefix = Array(text[..<colon])
      let named = SpeakerLine.isName(prefix) ? Speaker(name: prefix.string) : SpeakerLine.runTogether(prefix)
      if let named, named.name != nil {
        speaker = named
        text = Array(text[(colon + 1)...]).trimmed
        shadow = Shadow.fold(text)
      }
    }
    self.text = text
    let whole = shadow.count
    // …会晤上的讲话:新起点 新愿景: occasion and genre stand before the colon.
    if let colon = shadow.firstIndex(of: ":"), Self.genres.match(shadow, endingAt: colon) != nil {
      shadow = Array(shadow[..<colon])
    }
    let core = Self.withoutTail(shadow)
    clean = shadow.count == whole ? Array(text[..<core.end]).trimmed : text
    let start = Self.genreStart(shadow, core.end)
    if let start { genre = Self.normalised(text[start..<Self.genreEnd(shadow, start)].string) }
    if speaker == nil { speaker = Self.leadingSpeaker(text, shadow) }
    if let start { occasion = Self.occasion(text, shadow, before: start) }
  }

  private static func normalised(_ genre: String) -> String {
    genre == "的信" ? "信" : genre == "的电报" ? "电报" : genre.hasSuffix("稿") ? String(genre.dropLast()) : genre
  }

  /// Strips （全文）, 〔1〕 and * from the end and the inside.
  static func withoutMarks(_ written: Scalars) -> Scalars {
    var text = written.trimmed
    var changed = true
    while changed, let last = Shadow.fold(text).last {
      changed = false
      if last == "*" || last == "※" {
        text.removeLast()
        changed = true
      } else if last == ")" || last == "〕" || last == "]",
        let open = Shadow.fold(text).lastIndex(where: { "(〔[".unicodeScalars.contains($0) }), open > 0
      {
        let inner = Shadow.fold(Array(text[(open + 1)..<(text.count - 1)])).unspaced
        let word = inner.string
        let isQualifier =
          ["全文", "摘要", "实录", "摘录", "节选", "讲话全文", "双语全文", "双语", "图", "文字实录", "现场实录"].contains(word)
          || word.hasSuffix("大") && word.count <= 4 || inner.allSatisfy(\.isDigit) && inner.count <= 3
          || DateReading.read(inner, at: 0) != nil
        if isQualifier {
          text.removeSubrange(open...)
          changed = true
        }
      }
      text = text.trimmed
    }
    // Note marks inside: 在成都会议  〔1〕  上的讲话
    if text.contains("〔") {
      var result: Scalars = []
      var inside = false
      for scalar in text {
        if scalar == "〔" {
          inside = true
        } else if scalar == "〕" {
          inside = false
        } else if !inside {
          result.append(scalar)
        }
      }
      text = result.filter { !$0.isBlank || $0 == " " }.trimmed
    }
    return text
  }

  /// 政 府 工 作 报 告: letters set apart are put together.
  static func unspaced(_ text: Scalars) -> Scalars {
    let words = text.split(whereSeparator: \.isBlank)
    let isSpaced = words.count >= 3 && words.allSatisfy { $0.count == 1 && $0.first?.isHan == true }
    let joined = words.flatMap { $0 }
    let isGenre =
      words.count > 1 && words.contains { $0.count == 1 } && genres.match(joined, at: 0) == joined.count
    guard isSpaced || isGenre else { return text }
    return words.flatMap { $0 }
  }

  /// Peels genre words and tails off the end until only the first genre word is left (R4: SEO tails).
  private static func withoutTail(_ shadow: Scalars) -> (end: Int, start: Int?) {
    var end = shadow.count
    while end > 0, shadow[end - 1].isBlank { end -= 1 }
    var peeled = end
    var genreEnd: Int?
    while peeled > 0 {
      if let length = genres.match(shadow, endingAt: peeled) {
        genreEnd = peeled
        peeled -= length
      } else if let length = tails.match(shadow, endingAt: peeled) {
        peeled -= length
      } else if shadow[peeled - 1] == ")", let open = shadow[..<peeled].lastIndex(of: "("),
        peeled - open <= 12
      {
        peeled = open
      } else if shadow[peeled - 1] == "篇" || shadow[peeled - 1].isDigit && genreEnd == nil {
        peeled -= 1
      } else {
        break
      }
    }
    guard let genreEnd, peeled > 0 else { return (end, nil) }
    return (genreEnd, peeled)
  }

  private static func genreStart(_ shadow: Scalars, _ end: Int) -> Int? {
    genres.match(shadow, endingAt: end).map { end - $0 }
  }

  private static func genreEnd(_ shadow: Scalars, _ start: Int) -> Int {
    start + (genres.match(shadow, at: start) ?? 0)
  }

  /// The speaker before 在, 致, 同, 会见, 出席.
  private static func leadingSpeaker(_ text: Scalars, _ shadow: Scalars) -> Speaker? {
    for (index, scalar) in shadow.prefix(24).enumerated() where index >= 2 {
      guard
        scalar == "发" || scalar.isDigit || scalar == "二" || scalar == "回" || scalar == "在" || scalar == "致"
          || scalar == "同" || scalar == "给" || scalar == "于" || scalar == "接" || scalar == "会"
      else { continue }
      let prefix = Array(text[..<index])
      if SpeakerLine.isName(prefix) { return Speaker(name: prefix.string) }
      if let speaker = SpeakerLine.runTogether(prefix), scalar == "在" || scalar == "致" || speaker.name != nil {
        return speaker
      }
      // 吴仪国务委员在…: after a slogan, the last words are the speaker.
      if scalar == "在" || scalar == "致" { return nil }
    }
    return nil
  }

  /// The words between 在 and 上的, without the dash-and-date of a subtitle.
  private static func occasion(_ text: Scalars, _ shadow: Scalars, before genre: Int) -> String? {
    var end = genre
    while let length = modifiers.match(shadow, endingAt: end) { end -= length }
    if end > 0, shadow[end - 1] == "的" { end -= 1 }
    guard end < shadow.count else { return nil }
    // 在论坛第二场讨论中关于粮食收购的发言
    if let about = shadow[..<end].string.scalars.find("上关于".scalars), about > 6 { end = about + 1 }
    for suffix in ["期间", "上", "时", "中"].map(\.scalars) where shadow.has(suffix, at: end - suffix.count) {
      return between(text, shadow, end - suffix.count)
    }
    return end < genre ? between(text, shadow, end) : nil
  }

  /// From the last 在 that leaves enough for a meeting up to `end`.
  static func between(_ text: Scalars, _ shadow: Scalars, _ end: Int) -> String? {
    guard end > 4 else { return nil }
    var depth = 0
    var index = end - 1
    while index >= 0 {
      if shadow[index] == "》" || shadow[index] == "”" { depth += 1 }
      if shadow[index] == "《" || shadow[index] == "“" { depth -= 1 }
      if shadow[index] == "在", depth == 0, end - index > 4, !shadow.has("在线".scalars, at: index),
        !shadow.has("存在".scalars, at: index - 1)
      {
        return Array(text[(index + 1)..<end]).trimmed.string
      }
      index -= 1
    }
    // 同北京师范大学师生代表座谈时的讲话
    for word in ["同", "会见", "接见", "出席"].map(\.scalars) where shadow.has(word, at: 0) {
      return Array(text[..<end]).trimmed.string
    }
    return nil
  }

  /// The form in which titles are compared: no white space, no qualifier, no speaker, no marks.
  static func key(_ text: Scalars) -> Scalars {
    Shadow.fold(Title(text).text).filter { $0.isHan || $0.isDigit || $0.isLatin }
  }
}
