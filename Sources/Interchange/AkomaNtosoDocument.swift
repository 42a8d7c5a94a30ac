import Corpus

/// A debate in Akoma Ntoso as it is read from the stream: references, headings, and speeches in their order.
///
/// One `speech`, `question` or `answer` is one speech. What the record tells between them (`narrative`, `scene`,
/// `summary`, `other`) is no part of a speech: it is kept in `removed` of the speech before, or of the first.
struct AkomaNtosoDocument {
  private(set) var utterances: [XMLUtterance] = []
  /// What the references call people, roles and organisations, by their ids.
  private(set) var names: [String: String] = [:]
  private(set) var organisations: Set<String> = []
  private(set) var title: String?
  private(set) var country: String?
  private(set) var language: String?
  private(set) var address: String?
  private(set) var held: SpeechDate?
  private(set) var published: SpeechDate?
  private(set) var location: String?
  /// What an export of ours says besides, and is known by; and the speech that it holds.
  private(set) var supplement: Supplement?
  private(set) var marked: MarkedText?
  private(set) var delivered: SpeechDate?
  /// The kind of document: `debate`, `act`, `judgment`.
  private(set) var kind: String?

  private var headings: [(depth: Int, text: String)] = []
  private var pending: [RemovedLine] = []
  private var ordinal = 0

  /// Reads the document whose root element just began.
  init(_ stream: XMLStream) throws(Refusal) {
    reading: while true {
      switch try stream.next() {
      case .start: try start(stream)
      case .end:
        while let last = headings.last, stream.depth < last.depth { headings.removeLast() }
      case .text: break
      case .finish: break reading
      }
    }
    if let last = utterances.indices.last { utterances[last].removed += pending }
    guard utterances.isEmpty, marked == nil else { return }
    let kind = kind ?? "document"
    throw Refusal(
      code: "no_text",
      reason: kind.hasPrefix("debate")
        ? "The Akoma Ntoso debate holds no <speech> with text."
        : "The Akoma Ntoso document is of the kind <\(kind)> and holds no <speech>; debates are read.")
  }

  private mutating func start(_ stream: XMLStream) throws(Refusal) {
    if stream.depth == 2, kind == nil, stream.name != "components", stream.name != "script" { kind = stream.name }
    switch stream.name {
    case "TLCPerson", "TLCRole", "TLCOrganization", "TLCConcept", "TLCLocation":
      guard let name = stream.attribute("showAs") else { return }
      for id in [stream.attribute("eId"), stream.attribute("id")].compactMap({ $0 }) {
        names[id] = name
        if stream.name == "TLCOrganization" { organisations.insert(id) }
      }
    case "FRBRdate":
      if stream.attribute("name") == "delivered" { delivered = date(stream) }
      if held == nil { held = date(stream) }
    case "speech" where stream.namespace == MarkedForm.namespace: supplement = try Supplement(stream)
    case "speech" where supplement != nil: marked = try MarkedForm.akomaNtoso.read(stream)
    case "docDate":
      held = date(stream) ?? held
    case "publication": published = date(stream)
    case "FRBRalias": if title == nil { title = stream.attribute("value") }
    case "docTitle":
      let text = try stream.flatText()
      if !text.isEmpty { title = text }
    case "FRBRcountry": country = stream.attribute("value")
    case "FRBRlanguage": language = stream.attribute("language")
    case "FRBRuri", "FRBRthis":
      guard address == nil, let value = stream.attribute("value"), SourceAddress.normalised(value) != nil else {
        return
      }
      address = value
    case "location": if location == nil { location = try text(stream) }
    case "heading":
      if let text = try text(stream) { headings.append((stream.depth, text)) }
    case "speech", "question", "answer": try utterance(stream)
    case "narrative", "scene", "summary", "other", "remark", "recordedTime", "rollCall":
      try aside(stream)
    case "script", "style": try stream.skip()
    default: break
    }
  }

  private func text(_ stream: XMLStream) throws(Refusal) -> String? {
    let text = try stream.flatText()
    return text.isEmpty ? nil : text
  }

  private func date(_ stream: XMLStream) -> SpeechDate? {
    stream.attribute("date").flatMap { SpeechDate(String($0.prefix(19))) ?? SpeechDate(String($0.prefix(10))) }
  }

  private mutating func utterance(_ stream: XMLStream) throws(Refusal) {
    ordinal += 1
    try XMLDocuments.check(ordinal)
    var utterance = XMLUtterance(ordinal: ordinal)
    utterance.ids = [stream.attribute("eId") ?? stream.attribute("id")].compactMap { $0 }
    utterance.who = stream.attribute("by")
    utterance.role = stream.attribute("as")
    utterance.start = stream.attribute("startTime")
    utterance.division = stream.name == "speech" ? nil : stream.name
    utterance.headings = headings.map(\.text)
    utterance.removed = pending
    pending = []
    try utterance.read(stream)
    if utterance.text.isEmpty {
      pending = utterance.removed
    } else {
      utterances.append(utterance)
    }
  }

  private mutating func aside(_ stream: XMLStream) throws(Refusal) {
    let text = try stream.flatText()
    guard !text.isEmpty else { return }
    let line = RemovedLine(kind: "stage_direction", line: Evidence(text: text))
    if let last = utterances.indices.last, pending.isEmpty, utterances[last].headings == headings.map(\.text) {
      utterances[last].removed.append(line)
    } else {
      pending.append(line)
    }
  }
}
