import Corpus

extension AkomaNtosoDocument {
  /// The speeches of the document, each with its ordinal.
  /// - Parameter fileName: looked at for a date where the document gives none.
  func speeches(fileName: String?) throws(Refusal) -> [XMLSpeech] {
    if let supplement { return [try supplement.complete(ownSpeech)] }
    var shared = Speech()
    shared.title = title
    shared.location = location
    shared.delivered = held
    shared.published = published
    shared.provenance.url = address
    if let country { shared.metadata["country"] = .string(country) }
    // A heading that begins with a day is dated by it: 2021-03-04 Interview with …
    let dated = utterances.lazy.compactMap { $0.headings.first }.first
    if shared.delivered == nil, let heading = dated, let found = DatedTitle(heading) {
      shared.delivered = found.date
      shared.inferred["delivered"] = Inference(confidence: 0.9, evidence: [Evidence(text: heading)])
    } else if shared.delivered == nil, let fileName, let found = DatedTitle(fileName) {
      shared.delivered = found.date
      shared.inferred["delivered"] = Inference(confidence: 0.7, evidence: [Evidence(text: fileName)])
    }
    if shared.delivered == nil, let heading = dated,
      let found = DateReading.first(in: Shadow.fold(heading.scalars)), found.date.precision != .monthDay
    {
      shared.delivered = found.date
      shared.inferred["delivered"] = Inference(confidence: 0.6, evidence: [Evidence(text: heading)])
    }
    let sample = sample
    let written = Language.tag(language, of: sample)
    let script = Language.of(sample.scalars.filter { (0x3400...0x9FFF).contains($0.value) })
    return utterances.map {
      XMLSpeech(
        ordinal: $0.ordinal, speech: speech($0, shared, language: language(of: $0, written, script: script)))
    }
  }

  /// The beginning of the debate, enough to tell its language.
  private var sample: String {
    var sample = ""
    for utterance in utterances where sample.utf8.count < 40_000 { sample += utterance.text.string }
    return sample
  }

  private func speech(_ utterance: XMLUtterance, _ shared: Speech, language: String) -> Speech {
    var speech = shared
    speech.take(utterance.text)
    speech.language = language
    if let heading = utterance.headings.last {
      if let title = shared.title, title != heading { speech.metadata["document_title"] = .string(title) }
      speech.title = heading
      if utterance.headings.count > 1 {
        speech.metadata["agenda"] = .string(utterance.headings.joined(separator: " / "))
      }
    }
    speech.cleanTitle = speech.title.map { DatedTitle($0)?.rest ?? $0 }
    if let start = utterance.start, let time = SpeechDate(String(start.prefix(19))) { speech.delivered = time }
    let id = utterance.who.map(TEINames.id)
    let line = utterance.line.map(SpeakerLabel.init)
    let name = id.flatMap { names[$0] }
    speech.speaker.name = name ?? id.flatMap(Self.name) ?? line?.outer
    if let role = utterance.role.map(TEINames.id) {
      if organisations.contains(role) {
        speech.speaker.organisation = names[role]
      } else {
        speech.speaker.role = names[role] ?? role
      }
    } else if let line, let inner = line.inner, inner == speech.speaker.name {
      speech.speaker.role = line.outer
    }
    if let id {
      speech.metadata["who"] = .string(id)
      if organisations.contains(id) { speech.speaker.organisation = name }
    }
    if name == nil { speech.warnings.append("speaker_unresolved") }
    if let first = utterance.ids.first { speech.metadata["utterance"] = .string(first) }
    if let kind = utterance.division { speech.metadata["division"] = .string(kind) }
    speech.removed = utterance.removed
    if let line { speech.removed.insert(RemovedLine(kind: "speaker_line", line: Evidence(text: line.text)), at: 0) }
    speech.relatedLinks = utterance.links
    return speech
  }

  /// What a speech is in: it may be English in a Chinese debate, but a short turn shows no script of its own.
  private func language(of utterance: XMLUtterance, _ written: String, script: String) -> String {
    if let tag = utterance.language { return Language.tag(tag, of: utterance.text.string) }
    let own = Language.of(utterance.text.string.scalars)
    if own == "und" || own.hasPrefix("zh") && written.hasPrefix("zh") { return written }
    return own.hasPrefix("zh") && script != "und" ? script : own
  }

  /// The name that an id is: these documents use names as ids, spaces and all.
  private static func name(_ id: String) -> String? {
    if let name = PersonID.name(id) { return name }
    let isWritten = id.contains(" ") || id.unicodeScalars.contains { $0.value > 0x2FF }
    return isWritten && !id.isEmpty && !id.contains { $0.isASCII && $0.isNumber } ? id : nil
  }
}

/// A title that begins with its day: `2021-03-04 Interview`, `20160204 「…」`, `2021-03-04-Interview.an.xml`.
struct DatedTitle {
  var date: SpeechDate
  /// The title without the day.
  var rest: String

  init?(_ title: String) {
    let digits = title.prefix { $0.isASCII && $0.isNumber }
    var day: Substring
    if digits.count == 8 {
      day = digits
    } else {
      day = title.prefix(10)
      guard day.count == 10, digits.count == 4 else { return nil }
      let marks = day.filter { !$0.isNumber }
      guard Set(marks).count == 1, marks.count == 2, "-‑–/.".contains(marks.prefix(1)) else { return nil }
    }
    let parts =
      digits.count == 8
      ? [day.prefix(4), day.dropFirst(4).prefix(2), day.suffix(2)]
      : [day.prefix(4), day.dropFirst(5).prefix(2), day.suffix(2)]
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3, let date = SpeechDate(year: numbers[0], month: numbers[1], day: numbers[2]) else {
      return nil
    }
    let after = title.dropFirst(day.count)
    guard after.first.map({ !$0.isNumber }) ?? false else { return nil }
    let rest = String(after.drop { " \u{3000}-_".contains($0) }).trimmed
    guard !rest.isEmpty else { return nil }
    (self.date, self.rest) = (date, rest)
  }
}
