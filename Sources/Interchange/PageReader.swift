import Corpus

/// Reads a page: furniture and head are set apart, what is left becomes text and outline.
enum PageReader {
  /// The speech on a page. Its text is empty where the page holds none.
  static func read(_ page: Page) -> Speech { draft(of: page).speech }

  /// The speech on a page with everything that was decided on the way to it.
  static func draft(of page: Page) -> Draft {
    var draft = Draft(page)
    Fields.takeHints(&draft)
    let isEnglish = Language.of(page.paragraphs.prefix(40).lazy.map(\.text)) == "en"
    let start = isEnglish ? EnglishHead.read(&draft) : cutLead(&draft, from: HeadBlock.read(&draft))
    let salutation = readSalutation(&draft, from: start)
    TailBlock.read(&draft, from: min(draft.count, start + salutation))
    removeFromMiddle(&draft, from: start)
    finish(&draft, from: start, salutation: salutation)
    return draft
  }

  /// A text that somebody has already set apart from its page: nothing of it is head or furniture.
  static func readText(_ page: Page) -> Speech {
    var draft = Draft(page)
    Fields.takeHints(&draft)
    HeadBlock.takeTitle(&draft)
    let salutation = readSalutation(&draft, from: 0)
    finish(&draft, from: 0, salutation: salutation)
    return draft.speech
  }

  private static func finish(_ draft: inout Draft, from start: Int, salutation: Int) {
    var body = draft.kinds.indices.filter { $0 >= start && draft.kinds[$0] == nil }.map {
      draft.page.paragraphs[$0]
    }
    var greeted = min(salutation, body.count)
    // A page that is nothing but title lines: better a text that is no speech than none.
    if body.isEmpty { (body, greeted) = (fallback(&draft), 0) }
    draft.speech.language = Language.of(body.lazy.map(\.text))
    Fields.complete(&draft, body: body)
    warnOfSecond(&draft, body: body)
    compose(&draft, body: body, salutation: greeted)
    draft.speech.removed = removed(draft)
  }

  /// By labels in a Chinese text, else by headings; news has none.
  private static func outline(_ draft: Draft, _ body: [Paragraph], from start: Int) -> Outline {
    if draft.isNews { return Outline([], from: 0) }
    let isChinese = draft.speech.language.hasPrefix("zh")
    let byLabels = isChinese ? Outline(body, from: start) : nil
    if let byLabels, !byLabels.items.isEmpty { return byLabels }
    let byHeadings = Headings.outline(body, from: start, markupOnly: isChinese)
    return byHeadings.items.isEmpty ? byLabels ?? byHeadings : byHeadings
  }

  /// 讲话全文如下： ends what the paper says before the speech.
  private static func cutLead(_ draft: inout Draft, from start: Int) -> Int {
    let reach = min(draft.count, start + 10)
    guard start < reach,
      let end = (start..<reach).last(where: { index in
        let line = draft.page.paragraphs[index].shadow
        return line.count <= 300 && (line.ends(with: "全文如下:") || line.ends(with: "全文如下"))
      })
    else { return start }
    for index in start...end { draft.remove(index, "lead") }
    return end + 1
  }

  /// Number of paragraphs of the salutation (R11).
  private static func readSalutation(_ draft: inout Draft, from start: Int) -> Int {
    var index = start
    while index < draft.count, index - start < 12, draft.kinds[index] == nil {
      let text = draft.page.paragraphs[index].shadow
      if Salutation.isLine(text) || index == start && Salutation.isEnglishLine(text) {
        index += 1
        if text.last == ":" { break }
        continue
      }
      // 青禾镇柳湾社区全体志愿者： / 各乡镇人民政府，县直各部门：
      if index == start, isAddressee(text), index + 1 < draft.count,
        draft.page.paragraphs[index + 1].count > text.count
      {
        index += 1
        break
      }
      // 同志们：今天… in one paragraph: cut at the colon if nothing but address stands before it.
      if let run = Salutation.run(in: text, from: 0, within: 1), run.lowerBound == 0,
        text[run.upperBound - 1] == ":",
        run.upperBound < text.count, Salutation.isLine(Array(text[run]))
      {
        draft.split(index, at: run.upperBound)
        index += 1
      }
      break
    }
    return index - start
  }

  private static let speaking = WordList([
    "我", "讲", "说", "如下", "意见", "问题", "要求", "是:", "下面", "第一", "一、", "认为", "指出", "强调", "包括",
  ])

  /// The line of a letter or an official document that names whom it is for.
  private static func isAddressee(_ text: Scalars) -> Bool {
    text.last == ":" && (4...80).contains(text.count) && speaking.first(in: text) == nil
      && Label.read(text) == nil
      && !text.contains { "。;!?—".unicodeScalars.contains($0) }
  }

  /// Captions and repeated titles between the paragraphs.
  private static func removeFromMiddle(_ draft: inout Draft, from start: Int) {
    for index in start..<max(start, draft.count) where draft.kinds[index] == nil {
      let line = draft.page.paragraphs[index]
      if Furniture.isCaption(line.shadow), line.shadow.contains(word: "摄") || line.count <= 60 {
        draft.remove(index, "caption")
      } else if draft.repeatsTitle(line) {
        draft.remove(index, "title")
      } else if Furniture.isRule(line.shadow), line.count <= 40 {
        draft.remove(index, "rule")
      }
    }
  }

  /// A second salutation under a title: perhaps another speech, but not surely enough to cut there (R21).
  private static func warnOfSecond(_ draft: inout Draft, body: [Paragraph]) {
    for index in body.indices.dropFirst(4) {
      let line = body[index].shadow
      guard line.last == ":", line.count <= 40, Salutation.isLine(line) else { continue }
      let above = body[max(0, index - 3)..<index]
      if above.contains(where: { $0.count <= 60 && !$0.shadow.contains("。") && Title($0.text).genre != nil }) {
        return draft.warn("several_speeches")
      }
    }
  }

  private static func fallback(_ draft: inout Draft) -> [Paragraph] {
    let longest = draft.kinds.indices.filter {
      draft.kinds[$0] == "title" || draft.kinds[$0] == "page_title" || draft.kinds[$0] == "lead"
    }
    guard let first = longest.first else { return [] }
    draft.kinds[first] = nil
    return [draft.page.paragraphs[first]]
  }

  private static func compose(_ draft: inout Draft, body: [Paragraph], salutation: Int) {
    guard !body.isEmpty else { return }
    var outline = outline(draft, body, from: salutation)
    var closing: Int?
    var hasHeading = false
    if let last = outline.items.last {
      if let heading = Closing.heading(in: body, after: last.start) {
        (closing, hasHeading) = (heading, true)
      } else {
        closing = Closing.start(in: body, after: last.start) ?? Closing.thanks(in: body, after: last.start)
      }
      if let closing { outline = self.outline(draft, Array(body[..<closing]), from: salutation) }
      if closing == nil, let end = outline.roots.last.map({ outline.items[$0].end }), end < body.count {
        // What follows the last of several single paragraphs is the end of the speech, if it is short.
        let rest = body[end...].reduce(0) { $0 + $1.count }
        if rest * 5 <= body.reduce(0, { $0 + $1.count }) { closing = end }
      }
    }
    if outline.items.isEmpty { closing = nil }
    let composition = Composition(
      body, outline: outline, salutation: salutation, closing: closing, closingHeading: hasHeading)
    draft.build = Build(body: body, starts: composition.starts, outline: outline)
    draft.speech.text = composition.text
    draft.speech.sections = composition.sections
    draft.speech.annotations = composition.annotations
    for warning in outline.warnings { draft.warn(warning) }
    if composition.annotations.contains(where: { $0.kind == "mask" }) { draft.warn("anonymised") }
    let opening = body[
      min(salutation, body.count)..<(outline.items.first?.start ?? min(body.count, salutation + 4))]
    draft.speech.announcedSections = Announcement.number(in: Array(opening))
    if let number = draft.speech.announcedSections, !Announcement.isKept(number, by: draft.speech) {
      draft.warn("announced_count_differs")
    }
  }

  /// Everything that is not kept, in the order of the source.
  private static func removed(_ draft: Draft) -> [RemovedLine] {
    var lines = draft.page.removed + draft.cut
    for (index, kind) in draft.kinds.enumerated() {
      if let kind { lines.append(RemovedLine(kind: kind, line: draft.page.paragraphs[index].evidence())) }
    }
    return lines.enumerated().sorted {
      ($0.element.line.source?.start ?? .max, $0.offset) < ($1.element.line.source?.start ?? .max, $1.offset)
    }.map(\.element)
  }
}
