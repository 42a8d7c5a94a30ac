import Corpus

/// What stands before the text (§3): page title, time line, dateline, title, subtitle, date and place, speaker.
///
/// Lines are classified from the top until the salutation or, without one, the first line that can only be body.
struct HeadBlock {
  var draft: Draft
  /// Title-like lines in order.
  var candidates: [Int] = []
  var subtitles: [Int] = []
  var firstMark: Int?
  var fileDate: (SpeechDate, Evidence)?

  /// Reads the head of a draft and gives the index of the first paragraph after it.
  static func read(_ draft: inout Draft) -> Int {
    var block = HeadBlock(draft: draft)
    let recordEnd = block.readRecord()
    let end = block.readLines(from: recordEnd)
    block.chooseTitle()
    draft = block.draft
    return end
  }

  /// Takes the title from where the document was found, for a text without a head.
  static func takeTitle(_ draft: inout Draft) {
    var block = HeadBlock(draft: draft)
    block.chooseTitle()
    draft = block.draft
  }

  init(draft: Draft) { self.draft = draft }

  var lines: [Paragraph] { draft.page.paragraphs }

  mutating func readLines(from start: Int) -> Int {
    var index = start
    let limit = min(draft.count, start + 40)
    while index < limit {
      guard draft.kinds[index] == nil else {
        index += 1
        continue
      }
      let line = lines[index]
      if Salutation.isLine(line.shadow) || Salutation.isEnglishLine(line.text) { return index }
      if isBody(index) { return index }
      readLine(index)
      if draft.kinds[index] == nil { return index }
      index += 1
    }
    return index
  }

  /// Whether a salutation stands within the next lines.
  func salutationFollows(_ index: Int, within reach: Int = 8) -> Bool {
    lines[index..<min(index + reach, lines.count)].contains {
      Salutation.isLine($0.shadow) && !$0.shadow.contains("。")
    }
  }

  /// Whether a line can only be body.
  func isBody(_ index: Int) -> Bool {
    let line = lines[index]
    let text = line.shadow
    if Furniture.isControl(text) || Furniture.isOffer(text) || Furniture.isCaption(text) || InfoLine(text) != nil
      || Furniture.address(text) != nil
      || Furniture.isOriginalTitle(text) || Furniture.wire(text) != nil
    {
      return false
    }
    if let dateline = Dateline.length(text) {
      return text.count - dateline > 40 && !text.contains(word: "如下") && !salutationFollows(index + 1)
    }
    if let label = Label.read(text), label.number == 1 || draft.speech.title != nil,
      text.count <= 120 || !salutationFollows(index)
    {
      return !salutationFollows(index)
    }
    let isSentence =
      line.count > 70 || text.contains("。") || text.last == ";" || text.last == ":"
      || text.last == "," && line.count > 30
    if !isSentence {
      // A short line after a complete head, before a long paragraph, is a heading of the text.
      let isComplete = !candidates.isEmpty && firstMark != nil
      return isComplete && index + 1 < lines.count && lines[index + 1].count > 90 && dateLine(line) == nil
        && !isDashed(line)
        && SpeakerLine.read(line) == nil && !draft.repeatsTitle(line)
        && !line.shadow.contains(where: { $0 == "(" })
        && line.headingLevel == nil && !matchesCandidate(line) && Title(line.text).genre == nil
    }
    // The long titles of official documents.
    if line.count <= 120, !text.contains("。"), !text.contains(":"),
      Title.documents.match(text, endingAt: text.count) != nil
    {
      return false
    }
    if text.begins(with: "大家好") || text.begins(with: "你们好") { return true }
    if isLead(text), salutationFollows(index + 1) { return false }
    if line.count <= 70, dateLine(line) != nil || isDashed(line) { return false }
    return true
  }

  func matchesCandidate(_ line: Paragraph) -> Bool {
    let key = Title.key(line.text)
    return candidates.contains { Title.key(lines[$0].text) == key }
  }

  static let leadWords = WordList([
    "发表", "出席", "作政府工作报告", "如下", "致辞", "讲话", "主持召开", "举行", "考察", "会见", "编者按",
  ])

  /// A sentence of the paper about the speech, before it begins.
  func isLead(_ text: Scalars) -> Bool { text.count <= 300 && Self.leadWords.first(in: text) != nil }

  func isDashed(_ line: Paragraph) -> Bool {
    guard line.count > 4, line.count <= 90, let first = line.shadow.first else { return false }
    return first == "—" || first == "-" && line.shadow[1] == "-"
  }

  /// The dated line of a head: the date, and what stands beside it.
  func dateLine(_ line: Paragraph) -> (range: Range<Int>, date: SpeechDate, rest: Range<Int>)? {
    var (start, end) = (0, line.count)
    let text = line.shadow
    guard end <= 80, end > 3 else { return nil }
    while start < end, "(—-— ".unicodeScalars.contains(text[start]) { start += 1 }
    while end > start, ") ".unicodeScalars.contains(text[end - 1]) { end -= 1 }
    guard let found = DateReading.read(text, at: start), found.date.precision != .monthDay, found.end <= end
    else { return nil }
    return (start..<found.end, found.date, found.end..<end)
  }
}
