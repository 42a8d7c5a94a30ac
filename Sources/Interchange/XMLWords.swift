import Corpus

extension XMLStream {
  /// The text of the element that just began, words joined as in an utterance, without paragraphs.
  func flatText() throws(Refusal) -> String {
    var text = XMLText()
    var words = XMLWords()
    let depth = depth
    while true {
      switch try next() {
      case .start: words.start(self, &text)
      case .end:
        if self.depth < depth {
          text.endParagraph()
          return text.string
        }
        words.end(self, &text)
        if Self.blocks.contains(name) { text.space() }
      case .text: words.text(self, &text)
      case .finish: return text.string
      }
    }
  }

  /// Elements that stand on lines of their own.
  static let blocks: Set<String> = [
    "p", "seg", "ab", "l", "lg", "item", "li", "list", "ul", "ol", "head", "label", "note", "desc", "br", "lb", "eol",
    "blockquote", "div", "pre", "row", "tr", "cell", "td", "quote", "sp",
  ]
}

/// Words and sentences of annotated TEI: a space between two, except where `join` says that there is none.
struct XMLWords {
  /// Depth of the outermost word that is open.
  private var word: Int?
  private var hasOwnText = false
  private var isJoinedRight = false
  private var form: String?

  /// A word, a mark or a sentence may begin.
  mutating func start(_ stream: XMLStream, _ text: inout XMLText) {
    guard word == nil else { return }
    switch stream.name {
    case "w", "pc":
      let join = stream.attribute("join")
      if join == "left" || join == "both" { text.join() } else { text.space() }
      isJoinedRight = join == "right" || join == "both"
      form = stream.attribute("norm")
      hasOwnText = false
      word = stream.depth
    case "s", "lb": text.space()
    default: break
    }
  }

  /// Characters; of a contraction, whose surface form stands before its parts, the parts are passed over.
  mutating func text(_ stream: XMLStream, _ text: inout XMLText) {
    stream.withText { run in
      guard let word else { return text.append(run) }
      let isBlank = run.allSatisfy { $0 <= 32 }
      if stream.depth == word, !isBlank { hasOwnText = true }
      if isBlank || stream.depth > word && hasOwnText { return }
      form = nil
      text.append(run)
    }
  }

  /// A word may end.
  mutating func end(_ stream: XMLStream, _ text: inout XMLText) {
    guard let open = word, stream.depth < open else { return }
    word = nil
    if let form { text.append(form) }
    form = nil
    if isJoinedRight { text.join() } else { text.space() }
  }
}
