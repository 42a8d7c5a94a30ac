import Corpus

/// The number of points that a speech announces (§4): 下面,我讲五方面意见.
enum Announcement {
  private static let verbs = WordList([
    "讲", "提", "谈", "说", "强调", "抓好", "做好", "汇报", "围绕", "建议", "倡议", "就", "把握", "重点", "开展", "意见", "采取", "坚持",
  ])
  private static let nouns = WordList(["方面", "个方面", "点", "个问题", "问题", "条", "件事", "项", "个", "大方面", "个重点"])
  private static let speaking = WordList(["讲", "谈", "提", "汇报", "强调"])
  private static let points = WordList(["个方面", "方面", "点", "个问题"])

  /// The number in the last sentences of an opening, else where the speaker says 我…讲…三个问题.
  static func number(in opening: [Paragraph]) -> Int? {
    for paragraph in opening.suffix(2).reversed() {
      let text = paragraph.shadow
      var end = text.count - 1
      while end >= 0, text[end] == "。" || text[end] == ":" { end -= 1 }
      let start = end >= 0 ? (text[...end].lastIndex(of: "。") ?? -1) + 1 : 0
      if let number = number(text, from: start, nouns, after: verbs) { return number }
    }
    for paragraph in opening.suffix(6).reversed() {
      var start = 0
      while let me = paragraph.shadow[start...].firstIndex(of: "我") {
        let end = min(paragraph.count, me + 24)
        if let number = number(Array(paragraph.shadow[me..<end]), from: 0, points, after: speaking) { return number }
        start = me + 1
      }
    }
    return nil
  }

  private static func number(_ text: Scalars, from start: Int, _ nouns: WordList, after verbs: WordList) -> Int? {
    for index in text.indices where index > start {
      if let (number, next) = Numeral.any(text, at: index), number >= 2, number <= 30,
        nouns.match(text, at: next) != nil,
        verbs.first(in: text, from: max(start, index - 12), to: index) != nil, text[index - 1] != "第"
      {
        return number
      }
    }
    return nil
  }

  /// Whether as many points were found: the count may speak of any one series of sections, of all sections of one level
  /// together, or of points inside a paragraph.
  static func isKept(_ number: Int, by speech: Speech) -> Bool {
    var level = speech.sections.filter { $0.kind == .section }
    if level.count == number { return true }
    while !level.isEmpty {
      // The sections of one parent may be several series side by side.
      for parent in level where series(parent.children).contains(number) { return true }
      level = level.flatMap(\.children)
      if level.count == number { return true }
    }
    if series(speech.sections.filter { $0.kind == .section }).contains(number) { return true }
    return speech.annotations.contains { $0.kind == "inline_point" && $0.value == String(number) }
  }

  /// The last numbers of the series that follow each other among sections of one parent.
  private static func series(_ sections: [Section]) -> Set<Int> {
    var ends: Set<Int> = [sections.count]
    for (section, next) in zip(sections, sections.dropFirst()) where next.number == 1 {
      if let number = section.number { ends.insert(number) }
    }
    if let number = sections.last?.number { ends.insert(number) }
    return ends
  }
}
