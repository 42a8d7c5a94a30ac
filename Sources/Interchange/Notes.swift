import Corpus

/// Notes, appendices and licences after the text (R18): lists of their own, neither sections nor searched.
enum Notes {
  private static let noteHeads: Set<String> = [
    "注释", "注", "注:", "注释:", "[注释]", "【注释】", "字库未存字注释:", "字库未存字注释", "参考文献", "参考文献:", "↑",
  ]
  private static let appendixHeads = WordList([
    "附件", "附录", "附:", "附表", "名词解释", "有关名词解释", "名词注释", "政府工作报告名词解释", "《政府工作报告》名词解释", "用语说明",
  ])

  /// Marks them from their heading on.
  static func cut(_ draft: inout Draft, from start: Int) {
    let paragraphs = draft.page.paragraphs
    let total = paragraphs.reduce(0) { $0 + $1.count }
    var seen = 0
    var kind: String?
    for index in paragraphs.indices {
      let line = paragraphs[index]
      defer { seen += line.count }
      guard index >= start, draft.kinds[index] == nil else { continue }
      let text = line.shadow
      if Furniture.beginsLicence(text), seen * 10 > total * 3 { kind = "licence" }
      if kind != "licence", line.count <= 30 {
        if noteHeads.contains(text.unspaced.string) { kind = "note" }
        if appendixHeads.match(text.unspaced, at: 0) != nil, seen * 2 > total, isAppendixHead(text) {
          kind = "appendix"
        }
      }
      guard let kind else { continue }
      if kind != "licence", let _ = Furniture.wire(text) { continue }
      if kind == "note" { draft.speech.notes.append(line.evidence()) }
      if kind == "appendix" { draft.speech.appendices.append(line.evidence()) }
      draft.remove(index, kind)
    }
    cutTrailingNotes(&draft, from: start)
  }

  private static func isAppendixHead(_ text: Scalars) -> Bool {
    let rest = text.unspaced
    if rest.contains("。") || rest.contains(",") { return false }
    return rest.begins(with: "附件") ? rest.count <= 24 : true
  }

  /// 〔1〕 … at the end without a heading.
  private static func cutTrailingNotes(_ draft: inout Draft, from start: Int) {
    var index = draft.count - 1
    var notes: [Evidence] = []
    while index > start {
      if draft.kinds[index] != nil {
        index -= 1
        continue
      }
      let line = draft.page.paragraphs[index]
      guard let first = line.shadow.first, first == "〔" || first == "[",
        let close = line.shadow.prefix(6).firstIndex(where: { $0 == "〕" || $0 == "]" }),
        close > 1, line.shadow[1..<close].allSatisfy(\.isDigit)
      else { break }
      notes.append(line.evidence())
      draft.remove(index, "note")
      index -= 1
    }
    // Found from the last to the first.
    draft.speech.notes = notes.reversed() + draft.speech.notes
  }
}
