import Corpus

/// What a `teiHeader` says of the document: titles, meetings, dates, place, origin.
struct TEIHeader {
  /// A `meeting` of the title statement: the term, the session, the sitting.
  struct Meeting {
    var number: String?
    /// Its kind after `parla.`: `term`, `session`, `sitting`.
    var kind: String?
    var text: String
  }

  var titles: [TEIWords] = []
  var subtitles: [TEIWords] = []
  var meetings: [Meeting] = []
  var authors: [String] = []
  var published: SpeechDate?
  var licence: String?
  var handle: String?
  var sourceTitles: [TEIWords] = []
  var sourcePublishers: [TEIWords] = []
  var sourceAddress: String?
  var sourceDate: SpeechDate?
  var city: String?
  var place: String?
  var address: String?
  var country: String?
  var held: SpeechDate?
  /// How many speeches and utterances the header counts.
  var speeches: Int?
  var utterances: Int?
  /// What an export of ours says besides, and is known by.
  var supplement: Supplement?
  var genre: String?
  var sourcePublished: SpeechDate?
  var sourceSite: String?
  var sourceAuthor: String?
  var sourceEditor: String?
  var sourceDisclaimer: String?

  /// Reads the header that just began; people and organisations go to `people`.
  static func read(_ stream: XMLStream, people: inout TEIPeople) throws(Refusal) -> TEIHeader {
    var header = TEIHeader()
    let depth = stream.depth
    while true {
      switch try stream.next() {
      case .start: try header.start(stream, &people)
      case .end: if stream.depth < depth { return header }
      case .text: break
      case .finish: return header
      }
    }
  }

  private mutating func start(_ stream: XMLStream, _ people: inout TEIPeople) throws(Refusal) {
    let path = stream.path
    let parent = path.dropLast().last ?? ""
    switch stream.name {
    case "person", "personGrp": try people.readPerson(stream)
    case "org": try people.readOrganisation(stream)
    case "encodingDesc", "revisionDesc", "langUsage", "textClass", "fileDesc", "particDesc", "profileDesc": break
    case "taxonomy", "change", "p": try stream.skip()
    case "speech" where stream.namespace == MarkedForm.namespace: supplement = try Supplement(stream)
    case "term" where stream.attribute("type") == "genre": genre = try stream.exactText()
    case "tagUsage":
      if stream.attribute("gi") == "u", let number = stream.attribute("occurs").flatMap({ Int($0) }) {
        utterances = number
      }
    case "measure":
      if stream.attribute("unit") == "speeches", let number = stream.attribute("quantity").flatMap({ Int($0) }) {
        speeches = number
      }
    default:
      if path.contains("titleStmt") {
        try title(stream)
      } else if path.contains("publicationStmt") {
        try publication(stream, parent)
      } else if path.contains("sourceDesc") {
        try source(stream)
      } else if path.contains("settingDesc") {
        try setting(stream)
      }
    }
  }

  private mutating func title(_ stream: XMLStream) throws(Refusal) {
    switch stream.name {
    case "title":
      let (language, isSub) = (stream.language, stream.attribute("type") == "sub")
      let words = TEIWords(language: language, text: try stream.flatText())
      if isSub { subtitles.append(words) } else { titles.append(words) }
    case "meeting":
      let number = stream.attribute("n")
      let words = (stream.attribute("ana") ?? "").split(separator: " ").map(String.init)
      let kind = words.lazy.compactMap { word -> String? in
        guard let mark = word.firstRange(of: "parla.") else { return nil }
        let kind = String(word[mark.upperBound...])
        return ["uni", "upper", "lower", "bi", "multi", "national", "regional"].contains(kind) ? nil : kind
      }.first
      meetings.append(Meeting(number: number, kind: kind, text: try stream.flatText()))
    case "author":
      let text = try stream.flatText()
      if !text.isEmpty { authors.append(text) }
    case "respStmt", "funder", "sponsor", "principal", "editor": try stream.skip()
    default: break
    }
  }

  private mutating func publication(_ stream: XMLStream, _ parent: String) throws(Refusal) {
    switch stream.name {
    case "date": if parent == "publicationStmt" { published = try Self.date(stream) }
    case "licence":
      let target = stream.attribute("target")
      let text = try stream.flatText()
      licence = target ?? (text.isEmpty ? nil : text)
    case "idno":
      let text = try stream.flatText()
      if handle == nil, !text.isEmpty { handle = text }
    default: break
    }
  }

  private mutating func source(_ stream: XMLStream) throws(Refusal) {
    let language = stream.language
    switch stream.name {
    case "title": sourceTitles.append(TEIWords(language: language, text: try stream.flatText()))
    case "publisher": sourcePublishers.append(TEIWords(language: language, text: try stream.flatText()))
    case "idno", "ref", "ptr":
      let target = stream.attribute("target")
      let text = try stream.flatText()
      let address = target ?? text
      if sourceAddress == nil, SourceAddress.normalised(address) != nil { sourceAddress = address }
    case "date":
      if stream.attribute("type") == "published" {
        sourcePublished = try Self.date(stream)
      } else if sourceDate == nil {
        sourceDate = try Self.date(stream)
      }
    case "distributor": sourceSite = try stream.exactText()
    case "author": sourceAuthor = try stream.exactText()
    case "editor": sourceEditor = try stream.exactText()
    case "note" where stream.attribute("type") == "disclaimer": sourceDisclaimer = try stream.exactText()
    default: break
    }
  }

  private mutating func setting(_ stream: XMLStream) throws(Refusal) {
    let (name, type, key) = (stream.name, stream.attribute("type"), stream.attribute("key"))
    switch name {
    case "date": held = try Self.date(stream)
    case "name", "placeName", "settlement", "country", "region", "orgName", "address", "addrLine":
      let text = try stream.flatText()
      guard !text.isEmpty else { return }
      switch type ?? name {
      case "city", "settlement": city = text
      case "country", "region": country = key ?? country
      case "address", "addrLine": address = text
      default: place = place ?? text
      }
    default: break
    }
  }

  /// The day that the `date` that just began means.
  private static func date(_ stream: XMLStream) throws(Refusal) -> SpeechDate? {
    func day(_ name: String) -> SpeechDate? {
      stream.attribute(name).flatMap { SpeechDate(String($0.prefix(19))) ?? SpeechDate(String($0.prefix(10))) }
    }
    let range = day("from").flatMap { first in
      day("to").flatMap { last in first == last ? first : SpeechDate(from: first, through: last) } ?? first
    }
    let known = day("when") ?? day("when-iso") ?? range
    let text = try stream.flatText()
    return known ?? SpeechDate(text)
  }
}
