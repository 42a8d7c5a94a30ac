/// What of a speech is searched, as text for the index: the title, then of each node its heading and its own text.
///
/// A node has its own text and its heading; the title counts with the first node. Labels, notes, appendices and what was
/// removed are in none of them.
public struct SearchText: Sendable {
  /// How many tokens belong to a node.
  public struct NodeSize: Hashable, Sendable {
    /// Of its heading.
    public var heading: Int
    /// Of its own text.
    public var body: Int
  }

  /// The text, folded.
  public let folded: [Folding.Folded]
  /// The tokens, each with a space behind it.
  public private(set) var tokens: [UInt8] = []
  /// How many of them, the first, are the title's.
  public private(set) var title = 0
  /// How many belong to each node, in reading order.
  public private(set) var nodes: [NodeSize] = []

  /// What is searched of a speech with that title, text and outline.
  public init(title: String?, text: TextIndex, nodes: [OutlineNode]) {
    folded = Folding.fold(utf8: text.bytes[...])
    tokens.reserveCapacity(text.bytes.count * 5 / 2)
    if let title { self.title = append(Folding.fold(title)[...]) }
    for node in nodes {
      var size = NodeSize(heading: 0, body: 0)
      if let span = node.section.headingSpan { size.heading = append(piece(span)) }
      for span in node.section.bodySpans { size.body += append(piece(span)) }
      self.nodes.append(size)
    }
  }

  /// What of the text lies in a span, which is clamped to it.
  private func piece(_ span: Span) -> ArraySlice<Folding.Folded> {
    let start = min(max(span.start, 0), folded.count)
    return folded[start..<min(max(span.end, start), folded.count)]
  }

  /// How many tokens the title has, then the heading and the own text of each node.
  public var sizes: [Int] { [title] + nodes.flatMap { [$0.heading, $0.body] } }

  /// Appends the lines of a piece of text.
  private mutating func append(_ piece: ArraySlice<Folding.Folded>) -> Int {
    piece.lines.reduce(0) { $0 + Tokenizer.append(line: $1, to: &tokens) { _ in } }
  }
}

extension Collection<Folding.Folded> {
  /// The lines of a text, without their ends.
  public var lines: [SubSequence] { split(omittingEmptySubsequences: false) { $0.value == 10 } }
}
