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

  /// The text.
  public let text: TextIndex
  /// The tokens, each with a space behind it.
  public private(set) var tokens: [UInt8] = []
  /// How many of them, the first, are the title's.
  public private(set) var title = 0
  /// How many belong to each node, in reading order.
  public private(set) var nodes: [NodeSize] = []

  /// What is searched of a speech with that title, text and outline.
  public init(title: String?, text: TextIndex, nodes: [OutlineNode]) {
    self.text = text
    tokens.reserveCapacity(text.bytes.count * 5 / 2)
    if let title { self.title = append(Array(title.utf8)[...]) }
    for node in nodes {
      var size = NodeSize(heading: 0, body: 0)
      if let span = node.section.headingSpan { size.heading = append(text.slice(span)) }
      for span in node.section.bodySpans { size.body += append(text.slice(span)) }
      self.nodes.append(size)
    }
  }

  /// How many tokens the title has, then the heading and the own text of each node.
  public var sizes: [Int] { [title] + nodes.flatMap { [$0.heading, $0.body] } }

  /// Appends the lines of a piece of text.
  private mutating func append(_ bytes: ArraySlice<UInt8>) -> Int {
    Folding.fold(utf8: bytes).lines.reduce(0) { $0 + Tokenizer.append(line: $1, to: &tokens) { _ in } }
  }
}

extension [Folding.Folded] {
  /// The lines of a text, without their ends.
  public var lines: [ArraySlice<Folding.Folded>] { split(omittingEmptySubsequences: false) { $0.value == 10 } }
}
