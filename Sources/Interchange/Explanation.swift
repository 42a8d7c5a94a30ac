public import Corpus

/// What each line of a document was taken for and by which rule: the parser's own decisions, for a person to read.
public struct Explanation: Sendable {
  /// A line of the document, or a piece of one.
  public struct Line: Hashable, Sendable {
    /// Number of the line in the decoded source, from 1; nil where the source has no lines (HTML).
    public var number: Int?
    /// What it was taken for: `title`, `removed: navigation`, `section 1.2 heading`, `body of 2`.
    public var verdict: String
    /// The rule that said so.
    public var rule: Rule
    /// The words.
    public var text: String
    /// What is marked in it, each with its rule: `stage_direction R20`.
    public var marks: [String] = []
  }

  /// The speech that was read.
  public var speech: Speech
  /// The lines in the order of the source.
  public var lines: [Line] = []

  /// Explains what became of a page whose decoded source is given.
  init(_ page: Page, source: Scalars) {
    let draft = PageReader.draft(of: page)
    speech = draft.speech
    let numbers = LineNumbers(source)
    var placed: [(place: Int, line: Line)] = []
    func add(_ verdict: String, _ rule: Rule, _ text: String, at place: Int?, marks: [String] = []) {
      let number = place.map { numbers.line(of: $0) }
      placed.append((place ?? .max, Line(number: number, verdict: verdict, rule: rule, text: text, marks: marks)))
    }
    for removed in speech.removed {
      let rule = Rule.removing(removed.kind)
      // What gave a field is called by its name; the rest was taken away.
      let verdict = rule == .furniture || rule == .paragraphs ? "removed: \(removed.kind)" : removed.kind
      add(verdict, rule, removed.line.text, at: removed.line.source?.start)
    }
    let verdicts = draft.build.map { Verdicts(speech, $0) }
    for (index, paragraph) in (draft.build?.body ?? []).enumerated() {
      let (verdict, rule) = verdicts?.of(index) ?? ("body", .opening)
      var lastLine: Int?
      let runs = paragraph.runs.isEmpty ? [Paragraph.Run(at: 0, source: .max)] : paragraph.runs
      for (place, run) in runs.enumerated() {
        let line = paragraph.runs.isEmpty ? nil : numbers.line(of: run.source)
        // Pieces that markup divided within a line are one line to a reader.
        if place > 0, line == lastLine { continue }
        lastLine = line
        let end = runs[(place + 1)...].first { numbers.line(of: $0.source) != line }?.at ?? paragraph.count
        add(
          place == 0 ? verdict : "joined to the line above", place == 0 ? rule : .paragraphs,
          paragraph.text[run.at..<max(run.at, end)].string, at: paragraph.runs.isEmpty ? nil : run.source,
          marks: place == 0 ? verdicts?.marks(of: index) ?? [] : [])
      }
    }
    lines = placed.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(
      \.element.line)
  }
}

/// Which line of a text a position lies on.
private struct LineNumbers {
  private var starts = [0]

  init(_ text: Scalars) {
    for (index, scalar) in text.enumerated() {
      if scalar == "\n" || scalar == "\r" && !(index + 1 < text.count && text[index + 1] == "\n") {
        starts.append(index + 1)
      }
    }
  }

  func line(of place: Int) -> Int {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
