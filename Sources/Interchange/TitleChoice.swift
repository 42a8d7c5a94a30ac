import Corpus

/// Which of the title-like lines of a head is the title (R4).
extension HeadBlock {
  mutating func chooseTitle() {
    // 十五、积极参与多边事务: the chapter of the book above the title.
    var choices = candidates.filter { index in
      guard candidates.count > 1, Label.read(lines[index].shadow) != nil else { return true }
      draft.kinds[index] = "chapter"
      return false
    }
    // A stray number or sign is no title.
    choices = choices.filter { index in
      // 政府工作报 / 告
      if lines[index].count == 1, index > 0, draft.kinds[index - 1] == "title", lines[index].shadow[0].isHan {
        draft.page.paragraphs[index - 1].join(lines[index])
        return false
      }
      guard value(index).shadow.count(where: { $0.isHan || $0.isLatin }) < 2 else { return true }
      draft.kinds[index] = "navigation"
      return false
    }
    for index in choices { draft.remember(Title(value(index).text)) }
    // Site names and the like stand before the time line; the title proper is the one nearest to the text.
    if let title = choices.last {
      var text = value(title).text
      var evidence = [value(title).evidence()]
      // Two lines of one slogan above ——在…上的报告.
      if choices.count >= 2, choices[choices.count - 2] == title - 1, subtitles.first == title + 1,
        Title(text).genre == nil, Title(value(title - 1).text).genre == nil,
        Title.key(text) != Title.key(value(title - 1).text)
      {
        evidence.insert(value(title - 1).evidence(), at: 0)
        text = value(title - 1).text + [" "] + text
        choices.remove(at: choices.count - 2)
      }
      // A slogan without genre under a page title that names the meeting keeps it as the page's title.
      choices.removeLast()
      for index in choices where Title.key(lines[index].text) != Title.key(text) {
        draft.kinds[index] = "page_title"
        draft.titles.append((Title(lines[index].text), lines[index].evidence()))
      }
      let read = Title(text)
      set(read, evidence[0])
      if Set(choices.map { Title.key(lines[$0].text).string }).subtracting([Title.key(text).string]).count > 1 {
        draft.warn("multiple_titles")
      }
      if draft.speech.delivered == nil, let bracket = text.lastIndex(where: { $0 == "（" || $0 == "(" }),
        let date = DateReading.read(Shadow.fold(text), at: bracket + 1)
      {
        take(delivered: date.date, evidence[0], 0.9)
      }
    } else if let hint = draft.page.hints.title {
      set(Title(hint.scalars), Evidence(text: hint))
    } else if let last = draft.titles.last {
      set(last.title, last.evidence)
    }
    if let hint = draft.page.hints.title {
      let title = Title(hint.scalars)
      draft.remember(title)
      draft.titles.append((title, Evidence(text: hint)))
    }
    if let (date, evidence) = fileDate { take(delivered: date, evidence, 0.7) }
    for (title, evidence) in draft.titles { if let speaker = title.speaker { take(speaker, evidence, 0.8) } }
  }

  /// The title's line without what a record header puts before it.
  func value(_ index: Int) -> Paragraph {
    guard let (_, start) = RecordHeader.read(lines[index].shadow) else { return lines[index] }
    return lines[index].part(start..<lines[index].count)
  }

  mutating func set(_ title: Title, _ evidence: Evidence) {
    draft.speech.title = title.text.string
    draft.speech.cleanTitle = title.clean.string
    draft.remember(title)
    let place = draft.titles.first.map { _ in draft.speech.subtitle == nil ? 0 : 1 } ?? 0
    draft.titles.insert((title, evidence), at: place)
    draft.infer("title", 0.9, evidence)
  }
}
