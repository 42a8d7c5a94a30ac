import Corpus

/// An utterance as it stands in the document: its text, what interrupts it, and whose it is.
struct XMLUtterance {
  /// `xml:id` of the first element that it was read from, and of those that follow it.
  var ids: [String] = []
  /// The element's ordinal among the utterances of the document, from 1.
  var ordinal: Int
  var who: String?
  /// The words of `ana`, without marks: `chair`, `regular`, `guest`.
  var kinds: [String] = []
  var isContinued = false
  var text = XMLText()
  /// Lines around and within the utterance that are not part of its text.
  var removed: [RemovedLine] = []
  /// The printed speaker line.
  var line: String?
  /// Headings of the divisions it stands in, outermost first.
  var headings: [String] = []
  var division: String?
  var chair: String?
  /// The role that it is given in, and when it began, as the document says.
  var role: String?
  var start: String?
  /// What it links to.
  var links: [RelatedLink] = []
  private var link: (depth: Int, start: Int, address: String)?
  /// Bytes of text by language.
  var languages: [String: Int] = [:]

  /// The language that most of the text is in.
  var language: String? {
    languages.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// Elements that interrupt a speech: not said by who speaks.
  static let asides: Set<String> = [
    "note", "kinesic", "vocal", "incident", "writing", "stage", "gap", "remark", "recordedTime",
  ]

  /// An utterance of which nothing is known yet.
  init(ordinal: Int, kinds: [String] = []) {
    self.ordinal = ordinal
    self.kinds = kinds
  }

  private static let paragraphs: Set<String> = [
    "seg", "p", "ab", "l", "lg", "head", "item", "list", "quote", "div", "row", "table", "label",
    "li", "ul", "ol", "blockquote", "pre", "tr", "td", "br", "eol", "heading",
  ]
  private static let passedOver: Set<String> = [
    "linkGrp", "link", "spanGrp", "corr", "reg", "expan", "del", "fs", "figDesc", "anchor",
  ]

  /// Reads on to the end of the element that just began.
  mutating func read(_ stream: XMLStream) throws(Refusal) {
    let depth = stream.depth
    var words = XMLWords()
    text.endParagraph()
    var language = stream.language
    var before = text.count
    func settle(_ utterance: inout XMLUtterance) {
      if let language, utterance.text.count > before {
        utterance.languages[language, default: 0] += utterance.text.count - before
      }
      before = utterance.text.count
    }
    while true {
      switch try stream.next() {
      case .start:
        let name = stream.name
        if Self.asides.contains(name) {
          try aside(stream)
        } else if name == "speaker" || name == "from" {
          line = try stream.flatText()
        } else if Self.passedOver.contains(name) {
          try stream.skip()
        } else if Self.paragraphs.contains(name) {
          settle(&self)
          text.endParagraph()
          language = stream.language
        } else {
          if name == "a", let address = stream.attribute("href") { link = (stream.depth, text.count, address) }
          words.start(stream, &text)
        }
      case .text: words.text(stream, &text)
      case .end:
        words.end(stream, &text)
        endLink(stream)
        if Self.paragraphs.contains(stream.name) || stream.depth < depth {
          settle(&self)
          text.endParagraph()
        }
        if stream.depth < depth { return }
      case .finish: return
      }
    }
  }

  private mutating func endLink(_ stream: XMLStream) {
    guard let open = link, stream.depth < open.depth else { return }
    link = nil
    guard links.count < 50 else { return }
    let title = text.string.unicodeScalars.dropFirst(open.start).string.trimmed
    links.append(RelatedLink(title: title.isEmpty ? open.address : title, url: open.address))
  }

  /// What the record adds to the speech: kept in the text where it is printed in brackets, else set apart.
  private mutating func aside(_ stream: XMLStream) throws(Refusal) {
    let aside = try XMLAside(stream)
    guard !aside.text.isEmpty else { return }
    if aside.isDirection, let value = aside.unbracketed {
      text.direction(aside.text, value: value)
    } else {
      removed.append(aside.line)
    }
  }
}

/// A note, a noise, a gesture: an element of the record that is not speech.
struct XMLAside {
  var element: String
  var type: String?
  var text: String

  /// Reads the element that just began.
  init(_ stream: XMLStream) throws(Refusal) {
    element = stream.name
    type = stream.attribute("type") ?? stream.attribute("reason")
    text = try stream.flatText()
    // An empty one says what it is by its type: <gap reason="inaudible"/>.
    if text.isEmpty { text = type ?? "" }
  }

  /// Whether it tells what happens in the room, and not who speaks or what time it is.
  var isDirection: Bool { element != "note" || type != "speaker" && type != "time" && type != "chair" }

  /// What stands between the brackets that it is written in; nil without brackets.
  var unbracketed: String? {
    guard let first = text.first, let last = text.last, text.count > 2,
      ["()", "（）", "[]", "【】", "〔〕"].contains(String([first, last]))
    else { return nil }
    let inner = String(text.dropFirst().dropLast()).trimmed
    return inner.isEmpty ? nil : inner
  }

  /// The line as one that is not part of the speech.
  var line: RemovedLine {
    let kind =
      switch (element, type) {
      case ("note", "speaker"): "speaker_line"
      case ("note", "time"), ("recordedTime", _): "time_line"
      case ("note", "chair"): "chair"
      // The text of an amendment, say: no direction is that long.
      default: text.count > 200 ? "note" : "stage_direction"
      }
    return RemovedLine(kind: kind, line: Evidence(text: text))
  }
}
