public import Corpus

extension Speech {
  /// A speech with a salutation, an opening, numbered sections of one paragraph each and a closing.
  public static func make(
    title: String = "在全县春耕备耕工作会议上的讲话", headings: [String] = ["早谋划", "抓落实"],
    opening: String = "今天的会议，主要任务是安排春耕。", closing: String? = "同志们，春光不等人！",
    delivered: String? = "2021-03-05", genre: String? = "讲话", level: Level? = .county, speaker: String? = "林望舒",
    language: String = "zh-Hans", metadata: [String: JSONValue] = [:]
  ) -> Speech {
    var speech = Speech()
    speech.title = title
    speech.cleanTitle = title
    speech.language = language
    speech.speaker = Speaker(name: speaker, role: "临溪县县长", organisation: "临溪县人民政府", level: level)
    speech.genre = genre
    speech.occasion = "全县春耕备耕工作会议"
    speech.delivered = delivered.flatMap { SpeechDate($0) }
    speech.metadata = metadata
    var text = ""
    func append(_ line: String) -> Span {
      if !text.isEmpty { text += "\n" }
      let start = text.unicodeScalars.count
      text += line
      return Span(start, text.unicodeScalars.count)
    }
    speech.sections.append(Section(kind: .salutation, span: append("同志们：")))
    speech.sections.append(Section(kind: .opening, span: append(opening)))
    for (index, heading) in headings.enumerated() {
      let label = ["一是", "二是", "三是", "四是", "五是"][index % 5]
      let head = append(label + heading)
      let body = append("要把“\(heading)”落到每一块田里，𠮷村也不例外。")
      let start = head.start + label.unicodeScalars.count
      speech.sections.append(
        Section(
          kind: .section, span: Span(head.start, body.end), label: label, number: index + 1, heading: heading,
          headingSpan: Span(start, head.end), bodySpans: [body]))
    }
    if let closing { speech.sections.append(Section(kind: .closing, span: append(closing))) }
    speech.text = text
    return speech
  }
}

extension SourceDocument {
  /// A plain document with some text.
  public static func make(_ text: String) -> SourceDocument {
    SourceDocument(bytes: Array(text.utf8), mediaType: "text/plain", encoding: "UTF-8", fileName: "页面.txt")
  }
}
