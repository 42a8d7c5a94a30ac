public import Corpus

extension Speech {
  /// The speech as Markdown: the title as first heading, sections as headings by their level.
  public var markdown: String {
    let index = TextIndex(text)
    var blocks: [String] = []
    if let title { blocks.append("# " + escaped(title)) }
    for line in [subtitle.map { "——" + $0 }, delivered?.value, speakerLine].compactMap({ $0 }) {
      blocks.append(escaped(line))
    }
    // The deepest heading of Markdown is the sixth; depth is bounded by the model, so the recursion is too.
    func write(_ section: Section, level: Int) {
      let hasOwnLabel = section.label != nil || section.heading != nil
      if hasOwnLabel {
        let words = [section.label, section.heading].compactMap { $0 }.joined()
        blocks.append(String(repeating: "#", count: min(6, level + 1)) + " " + escaped(words))
      }
      var pieces: [(start: Int, section: Section?, span: Span)] = section.bodySpans.map {
        ($0.start, nil, $0)
      }
      pieces += section.children.map { ($0.span.start, $0, $0.span) }
      for piece in pieces.sorted(by: { $0.start < $1.start }) {
        if let child = piece.section {
          write(child, level: level + 1)
        } else {
          blocks += index.text(piece.span).split(separator: "\n").map { escaped(String($0)) }
        }
      }
    }
    for section in sections { write(section, level: 1) }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// Characters that Markdown would read as marks are escaped, at the beginning of a line and inside.
  private func escaped(_ text: String) -> String {
    var result = ""
    for (offset, character) in text.enumerated() {
      if "\\`*_[]<".contains(character) || offset == 0 && "#>+-=~".contains(character) { result.append("\\") }
      result.append(character)
    }
    // 1. at the beginning would become a list of Markdown's own.
    let digits = result.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, let mark = result.dropFirst(digits.count).first, mark == "." || mark == ")" {
      result.insert("\\", at: result.index(result.startIndex, offsetBy: digits.count))
    }
    return result
  }
}
