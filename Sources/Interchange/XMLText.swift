import Corpus

/// Text that is put together from the events of an XML document: white space folded, paragraphs joined by LF.
///
/// White space between two characters of East Asian script is dropped where the file merely breaks its line there.
struct XMLText {
  private var bytes: [UInt8] = []
  /// Code points so far.
  private(set) var count = 0
  /// The marked spans.
  private(set) var annotations: [Annotation] = []
  private enum Gap { case none, space, line }
  /// White space that is owed before the next character.
  private var gap = Gap.none
  private var isJoined = false
  private var owesBreak = false

  /// Whether nothing was written.
  var isEmpty: Bool { bytes.isEmpty }

  /// What was written.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds characters of the document.
  mutating func append(_ run: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < run.count {
      let byte = run[index]
      if byte == 32 || (9...13).contains(byte) {
        space(isLine: byte != 32)
        index += 1
        continue
      }
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let scalar = UnsafeBufferPointer(rebasing: run[index..<min(index + length, run.count)])
      index += length
      if length > 1, isLineSeparator(scalar) {
        space(isLine: true)
      } else if length > 1, owesBreak || bytes.isEmpty, isBlank(scalar) {
        continue
      } else {
        settle(before: byte)
        bytes.append(contentsOf: scalar)
        count += 1
      }
    }
  }

  /// Adds a string.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// A space is owed before what comes next, unless it is joined to what was before.
  mutating func space(isLine: Bool = false) {
    guard !isJoined, gap != .space else { return }
    gap = isLine ? .line : .space
  }

  /// What comes next stands without a space after what was before.
  mutating func join() {
    gap = .none
    isJoined = true
  }

  /// The paragraph is over.
  mutating func endParagraph() {
    trimEnd()
    gap = .none
    isJoined = false
    owesBreak = !bytes.isEmpty
  }

  /// Adds the paragraphs of another text.
  mutating func append(paragraphs other: XMLText) {
    guard !other.isEmpty else { return }
    endParagraph()
    let start = bytes.isEmpty ? 0 : count + 1
    if !bytes.isEmpty { bytes.append(10) }
    bytes += other.bytes
    count = start + other.count
    annotations += other.annotations.map { mark in
      var mark = mark
      mark.span = Span(mark.span.start + start, mark.span.end + start)
      return mark
    }
    owesBreak = true
  }

  /// Adds a stage direction as it is written, brackets and all, and marks it.
  mutating func direction(_ text: String, value: String) {
    isJoined = false
    space()
    let (before, place) = (count, bytes.count)
    append(text)
    // A space or a line break may have come before it.
    let start = before + (place < bytes.count && (bytes[place] == 32 || bytes[place] == 10) ? 1 : 0)
    if count > start { annotations.append(Annotation(kind: "stage_direction", span: Span(start, count), value: value)) }
    space()
  }

  private mutating func settle(before next: UInt8) {
    if owesBreak {
      bytes.append(10)
      count += 1
      owesBreak = false
    } else if !bytes.isEmpty, gap == .space || gap == .line && !(isEastAsian(next) && endsEastAsian) {
      bytes.append(32)
      count += 1
    }
    gap = .none
    isJoined = false
  }

  private func isEastAsian(_ lead: UInt8) -> Bool { lead >= 0xE3 && lead <= 0xEA || lead == 0xEF || lead == 0xF0 }

  private var endsEastAsian: Bool {
    guard let lead = bytes.last(where: { $0 & 0xC0 != 0x80 }) else { return false }
    return isEastAsian(lead)
  }

  private func isLineSeparator(_ scalar: UnsafeBufferPointer<UInt8>) -> Bool {
    scalar.elementsEqual([0xC2, 0x85]) || scalar.elementsEqual([0xE2, 0x80, 0xA8])
      || scalar.elementsEqual([0xE2, 0x80, 0xA9])
  }

  private func isBlank(_ scalar: some Sequence<UInt8>) -> Bool {
    String(decoding: Array(scalar), as: UTF8.self).unicodeScalars.allSatisfy(\.isBlank)
  }

  /// Takes blanks that are no ASCII space off the end of the paragraph.
  private mutating func trimEnd() {
    while let start = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[start] >= 0x80, isBlank(bytes[start...]) {
      bytes.removeSubrange(start...)
      count -= 1
      while bytes.last == 32 {
        bytes.removeLast()
        count -= 1
      }
    }
  }
}

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
