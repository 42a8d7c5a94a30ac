import Corpus

/// The head of an English text: title lines, a date line; the rules of Chinese pages do not apply to it.
enum EnglishHead {
  /// Reads the head of a draft and gives the index of the first paragraph after it.
  static func read(_ draft: inout Draft) -> Int {
    var index = 0
    let lines = draft.page.paragraphs
    let dated = lines.prefix(6).firstIndex { date(in: $0.text) != nil && $0.count <= 60 }
    while index < min(lines.count, 6) {
      let line = lines[index]
      if Salutation.isEnglishLine(line.text) { break }
      if let date = date(in: line.text), line.count <= 60 {
        draft.remove(index, "date_line")
        if draft.speech.delivered == nil {
          draft.speech.delivered = date
          draft.infer("delivered", 0.9, line.evidence())
        }
        index += 1
        break
      }
      let isTitle =
        line.headingLevel == 1 || isCapital(line.text) && line.count <= 200
        || (dated ?? 0) > index && line.count <= 200
      guard isTitle, lines.count > index + 1 else { break }
      draft.remove(index, draft.speech.title == nil ? "title" : "subtitle")
      if draft.speech.title == nil {
        set(&draft, line.text.string, line.evidence())
      } else if draft.speech.subtitle == nil {
        draft.speech.subtitle = line.text.string
      }
      index += 1
    }
    if draft.speech.title == nil, let hint = draft.page.hints.title {
      set(&draft, hint, Evidence(text: hint))
    }
    return index
  }

  private static func set(_ draft: inout Draft, _ title: String, _ evidence: Evidence) {
    draft.speech.title = title
    draft.speech.cleanTitle = title
    draft.remember(Title(title.scalars))
    draft.infer("title", 0.8, evidence)
  }

  private static func isCapital(_ text: Scalars) -> Bool {
    let letters = text.filter(\.isLatin)
    return letters.count >= 8 && letters.allSatisfy { $0.value < 97 }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]

  /// April 16, 1945 or 16 April 1945, where a line holds nothing else of weight.
  static func date(in text: Scalars) -> SpeechDate? {
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
