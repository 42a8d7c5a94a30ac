import Corpus

/// What stands before the text (§3): page title, time line, dateline, title, subtitle, date and place, speaker.
///
/// Lines are classified from the top until the salutation or, without one, the first line that can only be body.
struct HeadBlock {
  private var draft: Draft
  /// Title-like lines in order.
  private var candidates: [Int] = []
  private var subtitles: [Int] = []
  private var firstMark: Int?
  private var fileDate: (SpeechDate, Evidence)?

  /// Reads the head of a draft and gives the index of the first paragraph after it.
  static func read(_ draft: inout Draft) -> Int {
    var block = HeadBlock(draft: draft)
    let recordEnd = block.readRecord()
    let end = block.readLines(from: recordEnd)
    block.chooseTitle()
    draft = block.draft
    return end
  }

  private init(draft: Draft) { self.draft = draft }

  private var lines: [Paragraph] { draft.page.paragraphs }

  // MARK: Records of a database

  /// Reads 【 标  题 】… up to 【 正  文 】 and gives the index after it; 0 where there is no such header.
  private mutating func readRecord() -> Int {
    let headers = (0..<min(draft.count, 40)).filter { RecordHeader.read(lines[$0].shadow) != nil }
    guard headers.count >= 3, headers.contains(where: { RecordHeader.read(lines[$0].shadow)?.name == "正文" }) else { return 0 }
    var current = ""
    for index in 0..<draft.count {
      let line = lines[index]
      guard let (name, valueStart) = RecordHeader.read(line.shadow) else {
        if current == "标题" || current == "作者" { readLine(index) } else { draft.remove(index, "record_header") }
        continue
      }
      current = name
      let value = line.part(valueStart..<line.count)
      take(name, value)
      if name == "正文", value.count > 0 {
        draft.split(index, at: valueStart)
        draft.remove(index, "record_header")
        return index + 1
      }
      draft.remove(index, name == "标题" ? "title" : "record_header")
      if name == "标题" { candidates.append(index) }
      if name == "正文" { return index + 1 }
    }
    return 0
  }

  private mutating func take(_ name: String, _ value: Paragraph) {
    guard value.count > 0 else { return }
    switch name {
    case "原文出处", "来源": draft.speech.provenance.name = value.text.string
    case "原刊期号", "发布日期":
      draft.speech.published = DateReading.compact(value.shadow) ?? DateReading.first(in: value.shadow)?.date
      if draft.speech.published != nil { draft.infer("published", 0.9, value.evidence()) }
    case "文章日期", "日期": take(delivered: DateReading.compact(value.shadow) ?? DateReading.first(in: value.shadow)?.date, value.evidence(), 0.9)
    case "作者" where SpeakerLine.isName(value.text) || value.count <= 4:
      draft.speech.speaker.name = value.text.unspaced.string
      draft.infer("speaker.name", 0.9, value.evidence())
    case "作者简介":
      var role = value.text
      if let name = draft.speech.speaker.name, let place = role.find(name.scalars) {
        role.removeSubrange(place..<(place + name.unicodeScalars.count))
      }
      role = role.filter { $0 != "，" && $0 != "," && $0 != "。" }.trimmed
      if role.count <= 40, SpeakerLine.roles.match(Shadow.fold(role), endingAt: role.count) != nil {
        draft.speech.speaker.role = role.string
        draft.infer("speaker.role", 0.9, value.evidence())
      }
    case "责任编辑": draft.speech.provenance.editor = value.text.string
    default: break
    }
  }

  private mutating func take(delivered date: SpeechDate?, _ evidence: Evidence, _ confidence: Double) {
    guard let date, draft.speech.delivered == nil else { return }
    draft.speech.delivered = date
    draft.infer("delivered", confidence, evidence)
  }

  // MARK: Lines

  private mutating func readLines(from start: Int) -> Int {
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
  private func salutationFollows(_ index: Int, within reach: Int = 8) -> Bool {
    lines[index..<min(index + reach, lines.count)].contains { Salutation.isLine($0.shadow) && !$0.shadow.contains("。") }
  }

  /// Whether a line can only be body.
  private func isBody(_ index: Int) -> Bool {
    let line = lines[index]
    let text = line.shadow
    if Furniture.isControl(text) || Furniture.isCaption(text) || InfoLine(text) != nil || Furniture.address(text) != nil
      || Furniture.isOriginalTitle(text) || Furniture.wire(text) != nil
    {
      return false
    }
    if let dateline = Dateline.length(text) {
      return text.count - dateline > 40 && !text.contains(word: "如下") && !salutationFollows(index + 1)
    }
    if let label = Label.read(text), label.number == 1 || draft.speech.title != nil, text.count <= 120 || !salutationFollows(index) {
      return !salutationFollows(index)
    }
    let isSentence = line.count > 70 || text.contains("。") || text.last == ";" || text.last == ":" || text.last == "," && line.count > 30
    if !isSentence {
      // A short line after a complete head, before a long paragraph, is a heading of the text.
      let isComplete = !candidates.isEmpty && firstMark != nil
      return isComplete && index + 1 < lines.count && lines[index + 1].count > 90 && dateLine(line) == nil && !isDashed(line)
        && SpeakerLine.read(line) == nil && !draft.repeatsTitle(line) && !line.shadow.contains(where: { $0 == "(" })
        && line.headingLevel == nil && !matchesCandidate(line) && Title(line.text).genre == nil
    }
    if text.begins(with: "大家好") || text.begins(with: "你们好") { return true }
    if isLead(text), salutationFollows(index + 1) { return false }
    if line.count <= 70, dateLine(line) != nil || isDashed(line) { return false }
    return true
  }

  private func matchesCandidate(_ line: Paragraph) -> Bool {
    let key = Title.key(line.text)
    return candidates.contains { Title.key(lines[$0].text) == key }
  }

  private static let leadWords = WordList(["发表", "出席", "作政府工作报告", "如下", "致辞", "讲话", "主持召开", "举行", "考察", "会见", "编者按"])

  /// A sentence of the paper about the speech, before it begins.
  private func isLead(_ text: Scalars) -> Bool { text.count <= 300 && Self.leadWords.first(in: text) != nil }

  private func isDashed(_ line: Paragraph) -> Bool {
    guard line.count > 4, line.count <= 90, let first = line.shadow.first else { return false }
    return first == "—" || first == "-" && line.shadow[1] == "-"
  }

  /// The dated line of a head: the date, and what stands beside it.
  private func dateLine(_ line: Paragraph) -> (range: Range<Int>, date: SpeechDate, rest: Range<Int>)? {
    var (start, end) = (0, line.count)
    let text = line.shadow
    guard end <= 80, end > 3 else { return nil }
    while start < end, "(—-— ".unicodeScalars.contains(text[start]) { start += 1 }
    while end > start, ") ".unicodeScalars.contains(text[end - 1]) { end -= 1 }
    guard let found = DateReading.read(text, at: start), found.date.precision != .monthDay, found.end <= end else { return nil }
    return (start..<found.end, found.date, found.end..<end)
  }

  private mutating func readLine(_ index: Int) {
    let line = lines[index]
    let text = line.shadow
    if Furniture.isControl(text) || Furniture.isBreadcrumb(text) { return draft.remove(index, "navigation") }
    if Furniture.isCaption(text) { return draft.remove(index, "caption") }
    if let dateline = Dateline.length(text), dateline > 3 {
      if draft.speech.provenance.name == nil { draft.speech.provenance.name = Dateline.agency(text) }
      firstMark = firstMark ?? index
      return draft.remove(index, "dateline")
    }
    if let info = InfoLine(text) {
      let next = index + 1 < draft.count ? index + 1 : nil
      if draft.take(info, from: line, followedBy: next), let next { draft.remove(next, "time_line") }
      return draft.remove(index, "time_line")
    }
    if let url = Furniture.address(text) {
      if draft.speech.provenance.url == nil { draft.speech.provenance.url = url }
      return draft.remove(index, "url")
    }
    if Furniture.isOriginalTitle(text) { return draft.remove(index, "original_title") }
    if Furniture.isDisclaimer(text), !text.contains(word: "在") { return draft.remove(index, "disclaimer") }
    if let wire = Furniture.wire(text) {
      if draft.speech.provenance.name == nil { draft.speech.provenance.name = wire.source }
      return draft.remove(index, "wire")
    }
    if readFileTitle(index) { return }
    if readDated(index) || readSubtitle(index) { return }
    if let speaker = SpeakerLine.read(line) {
      take(speaker, line.evidence(), 0.95)
      firstMark = firstMark ?? index
      return draft.remove(index, "speaker_line")
    }
    if isDocumentNumber(text) { return draft.remove(index, "document_number") }
    if line.count <= 90, !text.contains("。") || Title(line.text).genre != nil {
      candidates.append(index)
      return draft.remove(index, "title")
    }
    if isLead(text), salutationFollows(index + 1) { return draft.remove(index, "lead") }
  }

  /// 京经信发〔2022〕87号
  private func isDocumentNumber(_ text: Scalars) -> Bool {
    text.count <= 40 && (text.contains("〔") || text.contains("[")) && (text.ends(with: "号") || text.ends(with: "号)"))
  }

  /// `2013-03-27_携手合作 共同发展`: the name under which a page was saved.
  private mutating func readFileTitle(_ index: Int) -> Bool {
    let line = lines[index]
    guard let found = DateReading.read(line.shadow, at: 0), found.end < line.count, line.shadow[found.end] == "_" else { return false }
    fileDate = (found.date, line.evidence(0..<found.end))
    draft.titles.append((Title(Array(line.text[(found.end + 1)...])), line.evidence((found.end + 1)..<line.count)))
    draft.remember(Title(Array(line.text[(found.end + 1)...])))
    draft.remove(index, "page_title")
    return true
  }

  /// （2014年11月11日，雁栖湖）, 2015年9月2日, ——2013年2月28日在…会议上
  private mutating func readDated(_ index: Int) -> Bool {
    guard let dated = dateLine(lines[index]) else { return false }
    var line = lines[index]
    var rest = dated.rest
    while rest.lowerBound < rest.upperBound, ", 、;".unicodeScalars.contains(line.shadow[rest.lowerBound]) {
      rest = (rest.lowerBound + 1)..<rest.upperBound
    }
    let words = Array(line.shadow[rest])
    // 2025年中华人民共和国国务院政府工作报告 is a title; its year counts only where nothing better is known.
    if dated.date.precision == .year, !words.isEmpty, !words.begins(with: "在") { return false }
    if Title(words).genre != nil, !words.begins(with: "在"), line.shadow.first != "(" { return false }
    if words.begins(with: "在") || words.begins(with: "于") && words.ends(with: "上") {
      readContinuation(&line, index)
      draft.remove(index, "subtitle")
      let text = Array(line.text[dated.range.lowerBound...]).filter { $0 != "）" && $0 != ")" }
      subtitles.append(index)
      take(subtitle: text.trimmed, line.evidence())
      take(delivered: dated.date, line.evidence(dated.range), 0.97)
    } else {
      draft.remove(index, "date_line")
      take(delivered: dated.date, line.evidence(dated.range), 0.97)
      readPlace(line, rest)
    }
    firstMark = firstMark ?? index
    return true
  }

  private static let notPlaces = WordList(["上午", "下午", "晚上", "晚", "中午", "凌晨", "第", "根据", "经", "通过", "修", "星期", "农历", "周", "至", "到", "在", "日", "讲话", "发言"])

  /// R10: what follows the date in its bracket, or 于X.
  private mutating func readPlace(_ line: Paragraph, _ range: Range<Int>) {
    var range = range
    if range.lowerBound < range.upperBound, line.shadow[range.lowerBound] == "于" { range = (range.lowerBound + 1)..<range.upperBound }
    guard (2...24).contains(range.count), Self.notPlaces.match(line.shadow, at: range.lowerBound) == nil,
      !line.shadow[range].contains(where: { "。;:!".unicodeScalars.contains($0) }), draft.speech.location == nil
    else { return }
    draft.speech.location = line.text[range].string
    draft.infer("location", 0.9, line.evidence(range))
  }

  /// A subtitle that is broken over two lines.
  private mutating func readContinuation(_ line: inout Paragraph, _ index: Int) {
    let next = index + 1
    guard next < draft.count, !Self.ends.contains(where: { line.shadow.ends(with: $0) }), line.shadow.last != ")" else { return }
    let following = lines[next].shadow
    guard following.count <= 40, Self.ends.contains(where: { following.ends(with: $0) }), dateLine(lines[next]) == nil,
      !isDashed(lines[next]), draft.kinds[next] == nil
    else { return }
    line.join(lines[next])
    draft.remove(next, "subtitle")
  }

  private static let ends = ["上", "会议", "大会", "讲话", "致辞", "演讲", "报告", "发言", "说明", "时", "期间", "上)"]

  /// ——在…上的讲话; also without the dash directly under a slogan.
  private mutating func readSubtitle(_ index: Int) -> Bool {
    var line = lines[index]
    let isUnderSlogan = line.shadow.first == "在" && candidates.last.map { $0 == index - 1 && Title(lines[$0].text).genre == nil } == true
      && Title(line.text).genre != nil
    guard isDashed(line) || isUnderSlogan else { return false }
    readContinuation(&line, index)
    var start = 0
    while start < line.count, "—-— ".unicodeScalars.contains(line.shadow[start]) { start += 1 }
    draft.remove(index, "subtitle")
    subtitles.append(index)
    let text = Array(line.text[start...])
    // ——在全国新闻出版局长会议上的讲话（１９９７年１月２０日）
    if let open = line.shadow.lastIndex(of: "("), open > start, let date = DateReading.read(line.shadow, at: open + 1) {
      take(delivered: date.date, line.evidence((open + 1)..<date.end), 0.95)
    }
    take(subtitle: Title.withoutMarks(text), line.evidence())
    firstMark = firstMark ?? index
    return true
  }

  private mutating func take(subtitle text: Scalars, _ evidence: Evidence) {
    guard draft.speech.subtitle == nil, !text.isEmpty else { return }
    draft.speech.subtitle = text.string
    draft.infer("subtitle", 0.95, evidence)
    draft.titles.insert((Title(text), evidence), at: 0)
  }

  private mutating func take(_ speaker: Speaker, _ evidence: Evidence, _ confidence: Double) {
    if draft.speech.speaker.name == nil, let name = speaker.name {
      draft.speech.speaker.name = name
      draft.infer("speaker.name", confidence, evidence)
    }
    if draft.speech.speaker.role == nil, let role = speaker.role {
      draft.speech.speaker.role = role
      draft.infer("speaker.role", confidence, evidence)
    }
  }

  // MARK: Title

  private mutating func chooseTitle() {
    // 十五、积极参与多边事务: the chapter of the book above the title.
    var choices = candidates.filter { index in
      guard candidates.count > 1, Label.read(lines[index].shadow) != nil else { return true }
      draft.kinds[index] = "chapter"
      return false
    }
    for index in choices { draft.remember(Title(value(index).text)) }
    // Site names and the like stand before the time line; the title proper is the one nearest to the text.
    if let title = choices.last {
      var text = value(title).text
      var evidence = [value(title).evidence()]
      // Two lines of one slogan above ——在…上的报告.
      if choices.count >= 2, choices[choices.count - 2] == title - 1, subtitles.first == title + 1,
        Title(text).genre == nil, Title(value(title - 1).text).genre == nil, Title.key(text) != Title.key(value(title - 1).text)
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
      if Set(choices.map { Title.key(lines[$0].text).string }).subtracting([Title.key(text).string]).count > 1 { draft.warn("multiple_titles") }
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
  private func value(_ index: Int) -> Paragraph {
    guard let (_, start) = RecordHeader.read(lines[index].shadow) else { return lines[index] }
    return lines[index].part(start..<lines[index].count)
  }

  private mutating func set(_ title: Title, _ evidence: Evidence) {
    draft.speech.title = title.text.string
    draft.speech.cleanTitle = title.clean.string
    draft.remember(title)
    let place = draft.titles.first.map { _ in draft.speech.subtitle == nil ? 0 : 1 } ?? 0
    draft.titles.insert((title, evidence), at: place)
    draft.infer("title", 0.9, evidence)
  }
}
