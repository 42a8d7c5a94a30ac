import Corpus

/// What stands after the text (R3): source lines, wire marks, links, licences, the title once more, a signature.
enum TailBlock {
  /// Marks everything after the last line of the text.
  static func read(_ draft: inout Draft, from start: Int) {
    Notes.cut(&draft, from: start)
    var last = draft.count - 1
    // Related links: a head, and nothing but short lines after it.
    cutRelated(&draft, from: start)
    // Marks glued to the last paragraph are few; a page of nothing else must not cost its square.
    var glued = 0
    while last >= start {
      if draft.kinds[last] != nil {
        last -= 1
        continue
      }
      guard let kind = kind(&draft, last) else {
        glued += 1
        if glued <= 8, cutGlued(&draft, last) { continue }
        break
      }
      draft.remove(last, kind)
      last -= 1
    }
    readSignature(&draft, from: start)
    // Under a signature the wire mark may have stood; above it there may be another.
    for _ in 0..<8 {
      guard let end = lastBody(draft, from: start), let kind = kind(&draft, end), kind == "wire" else {
        break
      }
      draft.remove(end, kind)
    }
    cutReport(&draft, from: start)
  }

  private static func lastBody(_ draft: Draft, from start: Int) -> Int? {
    draft.kinds.indices.last { $0 >= start && draft.kinds[$0] == nil }
  }

  private static func kind(_ draft: inout Draft, _ index: Int) -> String? {
    let line = draft.page.paragraphs[index]
    let text = line.shadow
    if Furniture.isControl(text) || Furniture.isRule(text) || Furniture.isOffer(text) { return "navigation" }
    if Furniture.isStub(text) {
      draft.warn("incomplete_text")
      return "stub"
    }
    if Furniture.isColophon(text) { return "colophon" }
    if draft.repeatsTitle(line) { return "title" }
    if Furniture.isRelatedHead(text) { return "related" }
    if let url = Furniture.address(text) {
      if draft.speech.provenance.url == nil { draft.speech.provenance.url = url }
      return "url"
    }
    if let header = RecordHeader.read(text) {
      if header.name == "责任编辑" { draft.speech.provenance.editor = line.text[header.value...].string }
      return "record_header"
    }
    if let info = InfoLine(text), text.count <= 160 {
      _ = draft.take(info, from: line, followedBy: nil)
      return info.values.contains { $0.subject == .disclaimer } && info.values.count == 1
        ? "disclaimer" : "source_line"
    }
    if let wire = Furniture.wire(text) {
      take(wire, &draft, line.evidence())
      return "wire"
    }
    if Furniture.isOriginalTitle(text) { return "original_title" }
    if Furniture.isDisclaimer(text), text.count <= 80 || text.contains(word: "声明") { return "disclaimer" }
    if Furniture.isCaption(text) { return "caption" }
    if readNote(&draft, line) { return "note" }
    return readLateSubtitle(&draft, line) ? "subtitle" : nil
  }

  private static func take(_ wire: Furniture.Wire, _ draft: inout Draft, _ evidence: Evidence) {
    if let date = wire.published, draft.speech.published == nil {
      draft.speech.published = date
      draft.infer("published", 0.9, evidence)
    }
    if let source = wire.source, draft.speech.provenance.name == nil { draft.speech.provenance.name = source }
  }

  /// ——习近平在…上的演讲 as the very last line.
  private static func readLateSubtitle(_ draft: inout Draft, _ line: Paragraph) -> Bool {
    guard draft.speech.subtitle == nil, line.count <= 80, line.shadow.begins(with: "——") else { return false }
    let text = Array(line.text[2...]).trimmed
    let title = Title(text)
    guard title.genre != nil else { return false }
    draft.speech.subtitle = text.string
    draft.infer("subtitle", 0.9, line.evidence())
    draft.titles.insert((title, line.evidence()), at: 0)
    if let speaker = title.speaker, draft.speech.speaker.name == nil, let name = speaker.name {
      draft.speech.speaker.name = name
      draft.infer("speaker.name", 0.9, line.evidence())
    }
    return true
  }

  /// ※这是…2020年6月29日在…上的讲话。
  private static func readNote(_ draft: inout Draft, _ line: Paragraph) -> Bool {
    var text = line.shadow
    while let first = text.first, "※*(（ ".unicodeScalars.contains(first) { text.removeFirst() }
    guard text.count <= 120, text.begins(with: "这是") || text.begins(with: "本文是") || text.begins(with: "本文系")
    else { return false }
    if let found = DateReading.first(in: text), draft.speech.delivered == nil {
      draft.speech.delivered = found.date
      draft.infer("delivered", 0.9, line.evidence())
    }
    while let last = text.last, "。)".unicodeScalars.contains(last) { text.removeLast() }
    if let dated = DateReading.first(in: text) { text = Array(text[dated.range.upperBound...]) }
    let title = Title(text)
    if title.occasion != nil { draft.titles.append((title, line.evidence())) }
    return true
  }

  /// A mark that is glued to the last paragraph.
  private static func cutGlued(_ draft: inout Draft, _ index: Int) -> Bool {
    let line = draft.page.paragraphs[index]
    var place = Furniture.gluedEnd(line.shadow)
    // …指导。※这是习近平总书记…的讲话。
    if place == nil, let mark = line.shadow.suffix(140).lastIndex(of: "※"), mark > 0 { place = mark }
    guard let place, place > 0 else { return false }
    let mark = line.part(place..<line.count)
    if let wire = Furniture.wire(mark.shadow) { take(wire, &draft, mark.evidence()) }
    _ = readNote(&draft, mark)
    draft.cut.append(RemovedLine(kind: "wire", line: mark.evidence()))
    draft.page.paragraphs[index] = line.part(0..<place)
    return draft.page.paragraphs[index].count > 0
  }

  private static func cutRelated(_ draft: inout Draft, from start: Int) {
    let tail = max(start, draft.count - 80)
    guard tail < draft.count else { return }
    for index in tail..<draft.count
    where draft.kinds[index] == nil && Furniture.isRelatedHead(draft.page.paragraphs[index].shadow) {
      let after = draft.page.paragraphs[(index + 1)...]
      guard after.allSatisfy({ $0.count <= 80 && !$0.shadow.contains("。") }) else { continue }
      draft.remove(index, "related")
      for next in (index + 1)..<max(index + 1, draft.count) where draft.kinds[next] == nil {
        let line = draft.page.paragraphs[next]
        if Furniture.isRelatedHead(line.shadow) { continue }
        if Furniture.isControl(line.shadow) || Furniture.isDisclaimer(line.shadow)
          || InfoLine(line.shadow) != nil
        {
          continue
        }
        if line.shadow.allSatisfy({ $0.isDigit || $0.isLatin }), line.count == 32 {
          draft.remove(next, "related")
          continue
        }
        draft.speech.relatedLinks.append(RelatedLink(title: line.text.string))
        draft.remove(next, "related")
      }
      return
    }
  }

  /// The name and date under a letter; they are fields, not text.
  private static func readSignature(_ draft: inout Draft, from start: Int) {
    guard let last = lastBody(draft, from: start), last > start else { return }
    // The signature may stand above a report that was appended, so it is looked for in all short lines.
    var index = last
    while index > start {
      let line = draft.page.paragraphs[index]
      if draft.kinds[index] == nil, line.count <= 30,
        let found = DateReading.read(line.shadow, at: line.shadow.first == "(" ? 1 : 0),
        let place = signedPlace(line, from: found.end),
        found.date.precision != .year, let above = previous(draft, index, start)
      {
        let name = draft.page.paragraphs[above]
        if !place.isEmpty, draft.speech.location == nil {
          draft.speech.location = line.text[place].string
          draft.infer("location", 0.8, line.evidence(place))
        }
        if let speaker = SpeakerLine.read(name) {
          draft.remove(index, "signature")
          draft.remove(above, "signature")
          set(&draft, speaker, name.evidence(), found.date, line.evidence())
        } else if index == last {
          draft.remove(index, "signature")
          set(&draft, nil, name.evidence(), found.date, line.evidence())
        }
        return
      }
      index -= 1
    }
    let line = draft.page.paragraphs[last]
    if line.count <= 12, let speaker = SpeakerLine.read(line), let name = speaker.name,
      draft.speech.speaker.name ?? name == name
    {
      draft.remove(last, "signature")
      set(&draft, speaker, line.evidence(), nil, line.evidence())
    }
  }

  /// The place after the date of a signature: empty where the line ends there, nil where it says something else.
  private static func signedPlace(_ line: Paragraph, from start: Int) -> Range<Int>? {
    var end = line.count
    if end > start, line.shadow[end - 1] == ")" { end -= 1 }
    if start >= end { return start..<start }
    guard line.shadow[start] == "于", (2...12).contains(end - start - 1),
      line.shadow[(start + 1)..<end].allSatisfy(\.isHan)
    else { return nil }
    return (start + 1)..<end
  }

  private static func previous(_ draft: Draft, _ index: Int, _ start: Int) -> Int? {
    guard index > start else { return nil }
    return (start..<index).last { draft.kinds[$0] == nil }
  }

  private static func set(
    _ draft: inout Draft, _ speaker: Speaker?, _ line: Evidence, _ date: SpeechDate?, _ dateLine: Evidence
  ) {
    if let name = speaker?.name, draft.speech.speaker.name == nil {
      draft.speech.speaker.name = name
      draft.infer("speaker.name", 0.95, line)
    }
    if let role = speaker?.role, draft.speech.speaker.role == nil {
      draft.speech.speaker.role = role
      draft.infer("speaker.role", 0.95, line)
    }
    if let date, draft.speech.delivered == nil {
      draft.speech.delivered = date
      draft.infer("delivered", 0.9, dateLine)
    }
  }

  /// After a signed letter or a wire mark, the paper's report about it.
  private static func cutReport(_ draft: inout Draft, from start: Int) {
    for index in start..<max(start, draft.count) where draft.kinds[index] == nil && index > start {
      let line = draft.page.paragraphs[index]
      guard line.shadow.begins(with: "新华社"), Dateline.length(line.shadow) != nil, index >= 2 else { continue }
      let before = draft.page.paragraphs[index - 1].shadow
      guard Furniture.wire(before) != nil || draft.kinds[index - 1] == "signature" else { continue }
      for rest in index..<draft.count { draft.remove(rest, "report") }
      draft.remove(index - 1, "wire")
      readSignature(&draft, from: start)
      return
    }
  }
}
