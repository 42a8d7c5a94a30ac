import Corpus

/// The head of an English text: title lines, a date line, a speaker; the rules of Chinese pages do not apply to it.
enum EnglishHead {
  /// Reads the head of a draft and gives the index of the first paragraph after it.
  static func read(_ draft: inout Draft) -> Int {
    markUnderlined(&draft)
    var index = 0
    let lines = draft.page.paragraphs
    let dated = lines.prefix(6).firstIndex { date(in: $0.text) != nil && $0.count <= 60 }
    while index < min(lines.count, 7) {
      guard draft.kinds[index] == nil else {
        index += 1
        continue
      }
      let line = lines[index]
      if Salutation.isEnglishLine(line.text) { break }
      // Annual Message on the State of the Union. January 22, 1971
      if index == 0, line.count <= 160, lines.count > 1, let cut = endingDate(line) {
        set(&draft, line.text[..<cut].string.trimmed, line.evidence(0..<cut))
        take(date(in: Array(line.text[cut...])), line.evidence(cut..<line.count), &draft)
        draft.remove(index, "title")
        return index + 1
      }
      if line.count <= 60, readDated(line, &draft) {
        draft.remove(index, "date_line")
        index += 1
        break
      }
      let isTitle =
        line.headingLevel == 1
        || Headings.isCapital(line.shadow) && line.count <= 200 && Headings.numbered(line.shadow) == nil
        || (dated ?? 0) > index && line.count <= 200
      guard isTitle, lines.count > index + 1 else { break }
      let text = words(line.text)
      if draft.speech.title == nil {
        draft.remove(index, "title")
        set(&draft, text.string, line.evidence())
      } else if EnglishSpeaker.takeLine(text.string, line.evidence(), &draft) {
        draft.remove(index, "speaker_line")
      } else {
        draft.remove(index, "subtitle")
        if draft.speech.subtitle == nil {
          draft.speech.subtitle = text.string
          draft.infer("subtitle", 0.8, line.evidence())
          EnglishSpeaker.take(title: text.string, line.evidence(), &draft)
        }
      }
      index += 1
    }
    if draft.speech.title == nil, let hint = draft.page.hints.title {
      set(&draft, hint, Evidence(text: hint))
    }
    EnglishSpeaker.takeTurn(index < lines.count ? lines[index] : nil, &draft)
    return index
  }

  /// A line of = or - under a short line makes it a heading.
  private static func markUnderlined(_ draft: inout Draft) {
    for index in draft.page.paragraphs.indices.dropFirst() {
      let rule = draft.page.paragraphs[index].shadow
      guard rule.count >= 3, let mark = rule.first, mark == "=" || mark == "-", rule.allSatisfy({ $0 == mark }),
        draft.page.paragraphs[index - 1].count <= 100, draft.kinds[index - 1] == nil
      else { continue }
      draft.page.paragraphs[index - 1].headingLevel = mark == "=" ? 1 : 2
      draft.remove(index, "rule")
    }
  }

  /// The words of a line without the asterisks of emphasis.
  private static func words(_ text: Scalars) -> Scalars {
    var text = text
    while let first = text.first, first == "*" || first == "_" { text.removeFirst() }
    while let last = text.last, last == "*" || last == "_" { text.removeLast() }
    return text.trimmed
  }

  private static func set(_ draft: inout Draft, _ title: String, _ evidence: Evidence) {
    draft.speech.title = title
    draft.speech.cleanTitle = title
    draft.remember(Title(title.scalars))
    draft.infer("title", 0.8, evidence)
    EnglishSpeaker.take(title: title, evidence, &draft)
  }

  private static func take(_ date: SpeechDate?, _ evidence: Evidence, _ draft: inout Draft) {
    guard let date, draft.speech.delivered == nil else { return }
    draft.speech.delivered = date
    draft.infer("delivered", 0.9, evidence)
  }

  /// `Port Callan, 14 September 1999`: the day, and the place before it.
  private static func readDated(_ line: Paragraph, _ draft: inout Draft) -> Bool {
    guard let date = date(in: line.text) else { return false }
    take(date, line.evidence(), &draft)
    let text = words(line.text)
    if let digit = text.firstIndex(where: \.isDigit), let comma = text[..<digit].lastIndex(of: ","),
      !months.contains(where: { text[..<comma].string.lowercased().contains($0) }), draft.speech.location == nil,
      (2...40).contains(comma)
    {
      draft.speech.location = text[..<comma].string
      draft.infer("location", 0.8, line.evidence())
    }
    return true
  }

  /// Where a date begins that ends a line after a full stop.
  private static func endingDate(_ line: Paragraph) -> Int? {
    guard let stop = line.shadow.lastIndex(of: "."), stop > 10, line.count - stop <= 30 else { return nil }
    return date(in: Array(line.text[(stop + 1)...])) == nil ? nil : stop + 1
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]

  /// April 16, 1945 or 16 April 1945, where a line holds nothing else of weight.
  static func date(in text: Scalars) -> SpeechDate? {
    guard text.count <= 240 else { return nil }
    let words = text.string.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    guard let place = words.firstIndex(where: months.contains),
      let month = months.firstIndex(of: words[place])
    else { return nil }
    func number(_ index: Int) -> Int? {
      words.indices.contains(index) ? Int(words[index].prefix { $0.isNumber }) : nil
    }
    if let day = number(place + 1), day <= 31, let year = number(place + 2), year > 1000 {
      return SpeechDate(year: year, month: month + 1, day: day)
    }
    if let day = number(place - 1), day <= 31, let year = number(place + 1), year > 1000 {
      return SpeechDate(year: year, month: month + 1, day: day)
    }
    return nil
  }
}
