import Corpus

/// Single lines of the head block: time lines, dates and places, subtitles, speakers, titles (R4, R5, R7, R9, R10).
extension HeadBlock {
  mutating func readLine(_ index: Int) {
    let line = lines[index]
    let text = line.shadow
    if Furniture.isControl(text) || Furniture.isBreadcrumb(text) || Furniture.isOffer(text) {
      return draft.remove(index, "navigation")
    }
    if index > 0, line.count <= 16,
      isCrumb(lines[index - 1].shadow) || index + 1 < draft.count && isCrumb(lines[index + 1].shadow)
    {
      return draft.remove(index, "navigation")
    }
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
      if draft.speech.published == nil, let date = wire.published {
        draft.speech.published = date
        draft.infer("published", 0.9, line.evidence())
      }
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
    if Furniture.isRule(text) { return draft.remove(index, "navigation") }
    if text.first == "(", text.last == ")" { return draft.remove(index, "remark") }
    if RecordHeader.read(text) != nil { return draft.remove(index, "record_header") }
    if line.count <= 120, !text.contains("。") || Title(line.text).genre != nil {
      candidates.append(index)
      return draft.remove(index, "title")
    }
    if isLead(text), salutationFollows(index + 1) { return draft.remove(index, "lead") }
  }

  func isCrumb(_ text: Scalars) -> Bool { text == [">"] || text == ["»"] }

  /// 京经信发〔2022〕87号
  func isDocumentNumber(_ text: Scalars) -> Bool {
    text.count <= 40 && (text.contains("〔") || text.contains("["))
      && (text.ends(with: "号") || text.ends(with: "号)"))
  }

  /// `2013-03-27_携手合作 共同发展`: the name under which a page was saved.
  mutating func readFileTitle(_ index: Int) -> Bool {
    let line = lines[index]
    guard let found = DateReading.read(line.shadow, at: 0), found.end < line.count,
      line.shadow[found.end] == "_"
    else { return false }
    fileDate = (found.date, line.evidence(0..<found.end))
    draft.titles.append(
      (Title(Array(line.text[(found.end + 1)...])), line.evidence((found.end + 1)..<line.count)))
    draft.remember(Title(Array(line.text[(found.end + 1)...])))
    draft.remove(index, "page_title")
    return true
  }

  /// （2014年11月11日，雁栖湖）, 2015年9月2日, ——2013年2月28日在…会议上
  mutating func readDated(_ index: Int) -> Bool {
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

  static let notPlaces = WordList([
    "上午", "下午", "晚上", "晚", "中午", "凌晨", "第", "根据", "经", "通过", "修", "星期", "农历", "周", "至", "到", "在", "日", "讲话",
    "发言",
  ])

  /// R10: what follows the date in its bracket, or 于X.
  mutating func readPlace(_ line: Paragraph, _ range: Range<Int>) {
    var range = range
    if range.lowerBound < range.upperBound, line.shadow[range.lowerBound] == "于" {
      range = (range.lowerBound + 1)..<range.upperBound
    }
    guard (2...24).contains(range.count), Self.notPlaces.match(line.shadow, at: range.lowerBound) == nil,
      !line.shadow[range].contains(where: { "。;:!".unicodeScalars.contains($0) }),
      draft.speech.location == nil
    else { return }
    draft.speech.location = line.text[range].string
    draft.infer("location", 0.9, line.evidence(range))
  }

  /// A subtitle that is broken over two lines.
  mutating func readContinuation(_ line: inout Paragraph, _ index: Int) {
    let next = index + 1
    guard next < draft.count, !Self.ends.contains(where: { line.shadow.ends(with: $0) }),
      line.shadow.last != ")"
    else { return }
    let following = lines[next].shadow
    guard following.count <= 40, Self.ends.contains(where: { following.ends(with: $0) }),
      dateLine(lines[next]) == nil,
      !isDashed(lines[next]), draft.kinds[next] == nil
    else { return }
    line.join(lines[next])
    draft.remove(next, "subtitle")
  }

  static let ends = ["上", "会议", "大会", "讲话", "致辞", "演讲", "报告", "发言", "说明", "时", "期间", "上)"]

  /// ——在…上的讲话; also without the dash directly under a slogan.
  mutating func readSubtitle(_ index: Int) -> Bool {
    var line = lines[index]
    let isUnderSlogan =
      candidates.last.map {
        $0 == index - 1 && value($0).count >= 5 && Title(value($0).text).genre == nil
          && Label.read(value($0).shadow) == nil
      } == true
      && line.count >= 8 && Title(line.text).genre != nil && Title(line.text).occasion != nil
    guard isDashed(line) || isUnderSlogan else { return false }
    readContinuation(&line, index)
    var start = 0
    while start < line.count, "—-— ".unicodeScalars.contains(line.shadow[start]) { start += 1 }
    draft.remove(index, "subtitle")
    subtitles.append(index)
    let text = Array(line.text[start...])
    // ——在全国新闻出版局长会议上的讲话（１９９７年１月２０日）
    if let open = line.shadow.lastIndex(of: "("), open > start,
      let date = DateReading.read(line.shadow, at: open + 1)
    {
      take(delivered: date.date, line.evidence((open + 1)..<date.end), 0.95)
    }
    take(subtitle: Title.withoutMarks(text), line.evidence())
    firstMark = firstMark ?? index
    return true
  }

  mutating func take(subtitle text: Scalars, _ evidence: Evidence) {
    guard draft.speech.subtitle == nil, !text.isEmpty else { return }
    draft.speech.subtitle = text.string
    draft.infer("subtitle", 0.95, evidence)
    draft.titles.insert((Title(text), evidence), at: 0)
  }

  mutating func take(_ speaker: Speaker, _ evidence: Evidence, _ confidence: Double) {
    if draft.speech.speaker.name == nil, let name = speaker.name {
      draft.speech.speaker.name = name
      draft.infer("speaker.name", confidence, evidence)
    }
    if draft.speech.speaker.role == nil, let role = speaker.role {
      draft.speech.speaker.role = role
      draft.infer("speaker.role", confidence, evidence)
    }
  }
}
