import Corpus

/// A TEI document as it is read from the stream: headers, people, and utterances in their order.
///
/// One `u` (or `sp`) is one speech, with two exceptions that the document itself declares: a `u` whose `prev` says that
/// it goes on from the one before, and a file whose header counts fewer speeches than utterances (ParlaMint-TR has a
/// `u` for each paragraph), where utterances of one speaker that follow each other within a division are one speech.
///
/// What the record adds inside an utterance (`note`, `kinesic`, `vocal`, `incident`, `gap`) stays in the text where the
/// source prints it in brackets, and is annotated as a stage direction, since a reader of the record sees it there.
/// Where it is not in brackets, the words would run into the speech: it goes to `removed`, as does everything that
/// stands between utterances: the printed speaker line with the speech that follows, other notes with the one before.
///
/// A document without utterances is one speech of its paragraphs, each `head` beginning a section.
struct TEIDocument {
  /// One `TEI` element: a `teiCorpus` may hold many.
  struct Part {
    var id: String?
    var language: String?
    var kinds: [String] = []
    var header = TEIHeader()
    var utterances: [XMLUtterance] = []
    /// Paragraphs outside of utterances, and their headings.
    var loose = XMLUtterance(ordinal: 0, kinds: [])
    var heads: [(span: Span, text: String)] = []
    /// Address of the pages that it was made from.
    var pages: String?
    /// The speech that an export of ours holds, and what follows it.
    var marked: MarkedText?
    var notes: [Evidence] = []
    var appendices: [Evidence] = []
  }

  private(set) var parts: [Part] = []
  var people = TEIPeople()
  /// Files that are named to be included, and are not read here.
  private(set) var includes = 0

  private var part = Part()
  private var divisions: [(depth: Int, type: String?, heading: String?)] = []
  private var division = 0
  private var lastDivision = 0
  private var pending: [RemovedLine] = []
  private var line: String?
  private var chair: String?
  private var ordinal = 0

  /// Reads the document whose root element just began.
  init(_ stream: XMLStream) throws(Refusal) {
    begin(stream)
    while true {
      switch try stream.next() {
      case .start: try start(stream)
      case .end:
        if let open = divisions.last, stream.depth < open.depth {
          divisions.removeLast()
          division += 1
        }
        if stream.name == "TEI" || stream.name == "TEI.2" { finish() }
      case .text: break
      case .finish: return
      }
    }
  }

  private mutating func begin(_ stream: XMLStream) {
    let header = part.header
    part = Part(id: stream.attribute("xml:id"), language: stream.language)
    part.header = header
  }

  private mutating func start(_ stream: XMLStream) throws(Refusal) {
    if part.header.supplement != nil, stream.path.contains("text") { return try startOwn(stream) }
    switch stream.name {
    case "TEI": begin(stream)
    case "teiHeader": part.header = try TEIHeader.read(stream, people: &people)
    case "person", "personGrp": try people.readPerson(stream)
    case "org": try people.readOrganisation(stream)
    case "include": includes += 1
    case "taxonomy", "teiCorpus": break
    case "text":
      part.kinds = words(stream.attribute("ana"))
      part.language = stream.language ?? part.language
    case "u", "sp": try utterance(stream)
    case "div", "div1", "div2", "div3", "div4":
      divisions.append((stream.depth, stream.attribute("type"), nil))
      division += 1
    case "head": try head(stream)
    case "pb": if part.pages == nil { part.pages = stream.attribute("source") }
    case "p", "ab", "lg", "l", "item", "opener", "closer", "salute", "signed":
      guard stream.path.contains("text") else { return try stream.skip() }
      if part.utterances.isEmpty {
        try part.loose.read(stream)
      } else {
        let text = try stream.flatText()
        if !text.isEmpty { pending.append(RemovedLine(kind: "paragraph", line: Evidence(text: text))) }
      }
    default:
      if XMLUtterance.asides.contains(stream.name), stream.path.contains("text") { try aside(stream) }
    }
  }

  /// An element of an export of ours.
  private mutating func startOwn(_ stream: XMLStream) throws(Refusal) {
    switch stream.name {
    case "u": part.marked = try MarkedForm.tei.read(stream)
    case "note", "p":
      let isNote = stream.name == "note"
      let place = stream.attribute("source").flatMap(Span.init(fragment:))
      let passage = Evidence(text: try stream.exactText(), source: place)
      if isNote { part.notes.append(passage) } else { part.appendices.append(passage) }
    default: break
    }
  }

  private func words(_ ana: String?) -> [String] {
    (ana ?? "").split(separator: " ").map { word in
      let id = TEINames.id(String(word))
      return id.lastIndex(of: ".").map { String(id[id.index(after: $0)...]) } ?? id
    }
  }

  private mutating func utterance(_ stream: XMLStream) throws(Refusal) {
    ordinal += 1
    try XMLDocuments.check(ordinal)
    var utterance = XMLUtterance(ordinal: ordinal, kinds: words(stream.attribute("ana")))
    utterance.ids = [stream.attribute("xml:id")].compactMap { $0 }
    utterance.who = stream.attribute("who")
    utterance.isContinued = stream.attribute("prev") != nil
    utterance.headings = divisions.compactMap(\.heading)
    utterance.division = divisions.last?.type
    utterance.chair = chair
    utterance.line = line
    utterance.removed = pending
    let hasLine = line != nil
    (line, pending) = (nil, [])
    try utterance.read(stream)
    guard !utterance.text.isEmpty else {
      // Nothing is said in it: what it holds belongs to what is around it.
      pending = utterance.removed
      line = utterance.line
      return
    }
    let isDeclared = (part.header.speeches ?? .max) < (part.header.utterances ?? 0)
    let goesOn = utterance.isContinued || isDeclared && !hasLine && division == lastDivision
    if goesOn, let last = part.utterances.indices.last, part.utterances[last].who == utterance.who,
      part.utterances[last].kinds == utterance.kinds
    {
      part.utterances[last].append(utterance)
    } else {
      part.utterances.append(utterance)
    }
    lastDivision = division
  }

  private mutating func head(_ stream: XMLStream) throws(Refusal) {
    guard stream.path.contains("text") else { return try stream.skip() }
    let text = try stream.flatText()
    guard !text.isEmpty else { return }
    if let last = divisions.indices.last, divisions[last].heading == nil { divisions[last].heading = text }
    guard part.utterances.isEmpty else { return }
    let span = part.loose.text.paragraph(text)
    // A document of nothing but headings stays a document, not a tree of a million nodes.
    if part.heads.count < 2000 { part.heads.append((span, text)) }
  }

  private mutating func aside(_ stream: XMLStream) throws(Refusal) {
    let aside = try XMLAside(stream)
    guard !aside.text.isEmpty else { return }
    if aside.line.kind == "speaker_line" { line = aside.text }
    if aside.line.kind == "chair" { chair = aside.text }
    if aside.isDirection, lastDivision == division, let last = part.utterances.indices.last {
      part.utterances[last].removed += pending + [aside.line]
      pending = []
    } else {
      pending.append(aside.line)
    }
  }

  /// The `TEI` element is over.
  private mutating func finish() {
    if let last = part.utterances.indices.last {
      part.utterances[last].removed += pending
      if !part.loose.text.isEmpty {
        let lines = part.loose.text.string.split(separator: "\n").map {
          RemovedLine(kind: "paragraph", line: Evidence(text: String($0)))
        }
        part.utterances[0].removed.insert(contentsOf: lines + part.loose.removed, at: 0)
      }
    } else {
      part.loose.removed += pending
    }
    parts.append(part)
    (pending, line, chair, divisions) = ([], nil, nil, [])
    lastDivision = 0
    division = 0
    part.utterances = []
    part.loose = XMLUtterance(ordinal: 0, kinds: [])
    part.heads = []
  }
}

extension XMLUtterance {
  /// Goes on with what the next element of the same speech says.
  mutating func append(_ next: XMLUtterance) {
    ids += next.ids
    removed += next.removed
    text.append(paragraphs: next.text)
    languages.merge(next.languages, uniquingKeysWith: +)
  }
}

extension XMLText {
  /// Adds a paragraph and says where it stands.
  mutating func paragraph(_ text: String) -> Span {
    endParagraph()
    let start = isEmpty ? 0 : count + 1
    append(text)
    endParagraph()
    return Span(start, count)
  }
}
