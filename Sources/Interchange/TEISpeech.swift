import Corpus

extension TEIDocument {
  /// The speeches of the document, each with the ordinal of its utterance.
  func speeches() throws(Refusal) -> [XMLSpeech] {
    var speeches: [XMLSpeech] = []
    let lines = parts.flatMap(\.utterances).compactMap { utterance -> (id: String, line: SpeakerLabel)? in
      guard let who = utterance.who, let line = utterance.line else { return nil }
      return (TEINames.id(who), SpeakerLabel(line))
    }
    let resolver = TEISpeaker(people: people, lines: lines)
    for part in parts {
      if let supplement = part.header.supplement {
        speeches.append(try supplement.complete(part.ownSpeech(people), ordinal: speeches.count + 1))
        continue
      }
      if part.utterances.isEmpty, !part.loose.text.isEmpty {
        speeches.append(XMLSpeech(ordinal: 1, speech: part.looseSpeech(people)))
      }
      let shared = part.shared(people)
      for utterance in part.utterances {
        speeches.append(
          XMLSpeech(ordinal: utterance.ordinal, speech: part.speech(utterance, shared, resolver)))
      }
    }
    return speeches
  }
}

extension TEIDocument.Part {
  /// What all speeches of the document have in common.
  func shared(_ people: TEIPeople) -> Speech {
    var speech = Speech()
    speech.title = header.titles.best(in: language) ?? header.subtitles.best(in: language)
    speech.cleanTitle = speech.title.map(Self.clean)
    if !header.titles.isEmpty { speech.subtitle = header.subtitles.best(in: language) }
    speech.occasion = occasion
    speech.speaker.level = level(people)
    speech.location = header.city ?? header.place
    speech.delivered = header.held ?? header.sourceDate
    speech.published = header.published
    speech.provenance.name = header.sourcePublishers.best(in: language) ?? header.sourceTitles.best(in: language)
    let addresses = [pages, header.sourceAddress].compactMap { $0 }
    speech.provenance.url = addresses.first { SourceAddress.normalised($0) != nil }
    speech.provenance.site = speech.provenance.url.flatMap(SourceAddress.normalised)
      .flatMap { $0.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init) }
    var metadata: [String: JSONValue] = [:]
    metadata["document"] = id.map(JSONValue.string)
    metadata["licence"] = header.licence.map(JSONValue.string)
    metadata["corpus"] = header.handle.map(JSONValue.string)
    metadata["country"] = header.country.map(JSONValue.string)
    metadata["address"] = header.address.map(JSONValue.string)
    for meeting in header.meetings {
      guard let kind = meeting.kind, metadata[kind] == nil else { continue }
      metadata[kind] = .string(meeting.number ?? meeting.text)
    }
    if let subcorpus = kinds.first(where: { $0 == "reference" || $0 == "covid" || $0 == "war" }) {
      metadata["subcorpus"] = .string(subcorpus)
    }
    speech.metadata = metadata
    return speech
  }

  /// X Lexislatura, Número 137: the meetings as they are named; a bare number with the kind of meeting.
  private var occasion: String? {
    let day = (header.held ?? header.sourceDate)?.value
    let names = header.meetings.compactMap { meeting -> String? in
      if meeting.text.isEmpty || meeting.number == day && day != nil { return nil }
      let isBare = meeting.text.allSatisfy { $0.isNumber || $0 == "." || $0 == "/" }
      return isBare ? meeting.kind.map { "\($0) \(meeting.text)" } : meeting.text
    }
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  /// The title without the mark of the corpus that ParlaMint puts after it.
  private static func clean(_ title: String) -> String {
    guard title.hasSuffix("]"), let open = title.lastIndex(of: "["), open > title.startIndex else { return title }
    let clean = String(title[..<open]).trimmed
    return clean.isEmpty ? title : clean
  }

  /// A national parliament has a country, a regional one a part of a country (`ES-GA`).
  private func level(_ people: TEIPeople) -> Level? {
    let parliaments = people.organisations.values.filter { $0.role == "parliament" }
    let kinds = Set(parliaments.flatMap { ($0.ana ?? "").split(separator: " ").map { TEINames.id(String($0)) } })
    switch (kinds.contains("parla.national"), kinds.contains("parla.regional")) {
    case (true, false): return .central
    case (false, true): return .provincial
    default: break
    }
    guard header.meetings.contains(where: { $0.kind != nil }), let country = header.country else { return nil }
    let parts = country.split(separator: "-")
    guard parts.allSatisfy({ $0.count <= 3 && $0 == $0.uppercased() }) else { return nil }
    return parts.count == 1 ? .central : parts.count == 2 ? .provincial : nil
  }

  fileprivate func speech(_ utterance: XMLUtterance, _ shared: Speech, _ resolver: TEISpeaker) -> Speech {
    var speech = shared
    speech.take(utterance.text)
    speech.language = Language.tag(utterance.language ?? language, of: speech.text)
    let day = speech.delivered?.value
    let line = utterance.line.map(SpeakerLabel.init)
    let found = resolver.resolve(
      who: utterance.who, kinds: utterance.kinds, line: line, day: day, language: speech.language,
      level: shared.speaker.level)
    speech.speaker = found.speaker
    speech.metadata.merge(found.metadata) { $1 }
    if !found.isResolved { speech.warnings.append("speaker_unresolved") }
    // A name that only an id spells is a reading; a role in a printed line stands there.
    if !found.isResolved, speech.speaker.name != nil {
      let evidence = [utterance.who, line?.text].compactMap { $0 }.map { Evidence(text: $0) }
      speech.inferred["speaker.name"] = Inference(confidence: 0.7, evidence: evidence)
    }
    if let line, let role = speech.speaker.role, line.outer == role {
      speech.inferred["speaker.role"] = Inference(confidence: 0.9, evidence: [Evidence(text: line.text)])
    }
    if let heading = utterance.headings.last {
      speech.metadata["document_title"] = speech.title.map(JSONValue.string)
      (speech.title, speech.cleanTitle, speech.subtitle) = (heading, heading, nil)
      if utterance.headings.count > 1 {
        speech.metadata["agenda"] = .string(utterance.headings.joined(separator: " / "))
      }
    }
    if let first = utterance.ids.first { speech.metadata["utterance"] = .string(first) }
    if utterance.ids.count > 1, let last = utterance.ids.last { speech.metadata["last_utterance"] = .string(last) }
    if let division = utterance.division { speech.metadata["division"] = .string(division) }
    if let chair = utterance.chair { speech.metadata["chair"] = .string(chair) }
    speech.removed = utterance.removed
    return speech
  }

  /// A document without utterances: one speech, its headings as sections.
  fileprivate func looseSpeech(_ people: TEIPeople) -> Speech {
    var speech = shared(people)
    speech.take(loose.text)
    speech.language = Language.tag(loose.language ?? language, of: speech.text)
    speech.removed = loose.removed
    if people.persons.count == 1, let person = people.persons.values.first {
      speech.speaker.name = person.name
    } else if header.authors.count == 1 {
      speech.speaker.name = header.authors.first
    } else {
      speech.provenance.author = header.authors.isEmpty ? nil : header.authors.joined(separator: ", ")
      speech.warnings.append("speaker_unresolved")
    }
    speech.sections = Self.sections(heads, end: loose.text.count)
    return speech
  }

  /// Nodes that tile the text: what stands before the first heading, then a section for each.
  private static func sections(_ heads: [(span: Span, text: String)], end: Int) -> [Section] {
    var nodes: [Section] = []
    let first = heads.first?.span.start ?? end
    if first > 0 {
      nodes.append(Section(kind: heads.isEmpty ? .body : .opening, span: Span(0, heads.isEmpty ? end : first - 1)))
    }
    for (index, head) in heads.enumerated() {
      let next = index + 1 < heads.count ? heads[index + 1].span.start - 1 : end
      let own = head.span.end + 1 < next ? [Span(head.span.end + 1, next)] : []
      nodes.append(
        Section(
          kind: .section, span: Span(head.span.start, next), heading: head.text, headingSpan: head.span, bodySpans: own)
      )
    }
    return nodes
  }
}

extension Speech {
  /// Takes a text and its marks, as one node.
  mutating func take(_ text: XMLText) {
    self.text = text.string
    annotations = text.annotations
    sections = text.isEmpty ? [] : [Section(kind: .body, span: Span(0, text.count))]
  }
}
