import Corpus

/// The record header of a periodicals database (§2): 【 标  题 】…, 【 作  者 】… up to 【 正  文 】.
extension HeadBlock {
  /// Reads 【 标  题 】… up to 【 正  文 】 and gives the index after it; 0 where there is no such header.
  mutating func readRecord() -> Int {
    let headers = (0..<min(draft.count, 40)).filter { RecordHeader.read(lines[$0].shadow) != nil }
    guard headers.count >= 3, headers.contains(where: { RecordHeader.read(lines[$0].shadow)?.name == "正文" })
    else { return 0 }
    var current = ""
    for index in 0..<draft.count {
      let line = lines[index]
      guard let (name, valueStart) = RecordHeader.read(line.shadow) else {
        if current == "标题" || current == "作者" {
          readLine(index)
        } else {
          draft.remove(index, "record_header")
        }
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

  mutating func take(_ name: String, _ value: Paragraph) {
    guard value.count > 0 else { return }
    switch name {
    case "原文出处", "来源": draft.speech.provenance.name = value.text.string
    case "原刊期号", "发布日期":
      draft.speech.published = DateReading.compact(value.shadow) ?? DateReading.first(in: value.shadow)?.date
      if draft.speech.published != nil { draft.infer("published", 0.9, value.evidence()) }
    case "文章日期", "日期":
      take(
        delivered: DateReading.compact(value.shadow) ?? DateReading.first(in: value.shadow)?.date,
        value.evidence(), 0.9)
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

  mutating func take(delivered date: SpeechDate?, _ evidence: Evidence, _ confidence: Double) {
    guard let date, draft.speech.delivered == nil else { return }
    draft.speech.delivered = date
    draft.infer("delivered", confidence, evidence)
  }
}
