public import Corpus

/// Speeches and queries made at random of few characters, so that everything that can stand beside each other does.
public struct RandomCorpus {
  /// What chance there is.
  public var random: SeededGenerator
  /// What texts are made of: Han, one beyond the BMP, other scripts, words with a combining mark, signs, marks, spaces.
  private static let alphabet = Array(
    "春春春耕耕𠮷〇カ幹ab5Ａé\u{301}\u{301}，，。-·“×%*□  \u{3000}\u{A0}\u{1F}\u{7F}".unicodeScalars)

  /// The corpus of a seed.
  public init(seed: Int) { random = SeededGenerator(seed: seed) }

  /// A line; never empty.
  public mutating func line(upTo length: Int = 14) -> String {
    let count = Int.random(in: 1...length, using: &random)
    var scalars = (0..<count).compactMap { _ in Self.alphabet.randomElement(using: &random) }
    // Mostly text, so that whole phrases meet.
    if Bool.random(using: &random) { scalars = scalars.map { $0.value < 0x80 && $0 != "a" ? "春" : $0 } }
    return String(String.UnicodeScalarView(scalars))
  }

  /// A speech with an opening, sections with subsections and own text in pieces, and a closing.
  public mutating func speech() -> Speech {
    var speech = Speech()
    speech.title = Int.random(in: 0..<6, using: &random) == 0 ? nil : line(upTo: 8)
    speech.language = "zh-Hans"
    speech.genre = ["讲话", "致辞"].randomElement(using: &random)
    let day = Int.random(in: 0..<6, using: &random)
    speech.delivered = day == 0 ? nil : SpeechDate("2021-03-0\(day)")
    var text = String.UnicodeScalarView()
    func append(_ line: String) -> Span {
      if !text.isEmpty { text.append("\n") }
      let start = text.count
      text.append(contentsOf: line.unicodeScalars)
      return Span(start, text.count)
    }
    func paragraph(_ corpus: inout RandomCorpus) -> Span {
      let first = append(corpus.line())
      var last = first
      for _ in 0..<Int.random(in: 0...2, using: &corpus.random) { last = append(corpus.line()) }
      return Span(first.start, last.end)
    }
    func section(_ corpus: inout RandomCorpus, depth: Int) -> Section {
      let heading = corpus.line(upTo: 6)
      let head = append("一、" + heading)
      var pieces = Bool.random(using: &corpus.random) ? [paragraph(&corpus)] : []
      var children: [Section] = []
      if depth < 3, Int.random(in: 0..<3, using: &corpus.random) == 0 {
        for _ in 0..<Int.random(in: 1...2, using: &corpus.random) {
          children.append(section(&corpus, depth: depth + 1))
        }
        if Bool.random(using: &corpus.random) { pieces.append(paragraph(&corpus)) }
      }
      let start = head.start
      return Section(
        kind: .section, span: Span(start, text.count), label: "一、", number: 1, heading: heading,
        headingSpan: Span(start + 2, head.end), bodySpans: pieces, children: children)
    }
    if Bool.random(using: &random) { speech.sections.append(Section(kind: .salutation, span: append(line()))) }
    speech.sections.append(Section(kind: .opening, span: paragraph(&self)))
    for _ in 0..<Int.random(in: 0...3, using: &random) { speech.sections.append(section(&self, depth: 1)) }
    if Bool.random(using: &random) { speech.sections.append(Section(kind: .closing, span: paragraph(&self))) }
    speech.text = String(text)
    return speech
  }

  /// A part of a line of the speeches, or now and then of a line that may be in none.
  public mutating func term(from speeches: [Speech], in field: Query.Field?) -> Term {
    let line = known(from: speeches)
    let length = [1, 1, 2, 2, 3, 4, line.count].randomElement(using: &random) ?? 1
    return part(of: line, length, in: field)
  }

  /// Terms of one line, so that they are often just near enough or just not.
  private mutating func proximity(from speeches: [Speech], in field: Query.Field?) -> Query.Proximity {
    let line = known(from: speeches)
    let terms = (0..<Int.random(in: 2...3, using: &random)).map { _ in
      part(of: line, Int.random(in: 1...2, using: &random), in: field)
    }
    return Query.Proximity(terms: terms, distance: Int.random(in: 0...8, using: &random))
  }

  private mutating func known(from speeches: [Speech]) -> [Unicode.Scalar] {
    if Int.random(in: 0..<8, using: &random) > 0, let speech = speeches.randomElement(using: &random),
      let node = PlainSearch.nodes(of: speech).randomElement(using: &random),
      let known = node.lines.randomElement(using: &random)
    {
      return Array(known.text.unicodeScalars)
    }
    return Array(line().unicodeScalars)
  }

  private mutating func part(of line: [Unicode.Scalar], _ length: Int, in field: Query.Field?) -> Term {
    let start = Int.random(in: 0...max(0, line.count - length), using: &random)
    let text = String(String.UnicodeScalarView(line[start..<min(line.count, start + length)]))
    return Term(text, isPrefix: Int.random(in: 0..<4, using: &random) == 0, field: field, isQuoted: true)
  }

  /// A query of terms from the speeches.
  public mutating func query(from speeches: [Speech], depth: Int = 0) -> Query {
    let field = Int.random(in: 0..<3, using: &random) == 0 ? Query.Field.allCases.randomElement(using: &random) : nil
    switch Int.random(in: 0..<(depth > 2 ? 6 : 12), using: &random) {
    case 0...3: return .term(term(from: speeches, in: field))
    case 4, 5: return .near(proximity(from: speeches, in: field))
    case 6, 7: return .not(query(from: speeches, depth: depth + 1))
    case 8, 9:
      return .or((0..<Int.random(in: 2...3, using: &random)).map { _ in query(from: speeches, depth: depth + 1) })
    default:
      return .and((0..<Int.random(in: 2...3, using: &random)).map { _ in query(from: speeches, depth: depth + 1) })
    }
  }
}
