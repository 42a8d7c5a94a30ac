/// What of a speech is searched, as text for the index: three fields, and how many tokens of them each node has.
///
/// A node has its own text and its heading; the title counts with the first node. Labels, notes, appendices and what was
/// removed are in none of them.
public struct SearchText: Sendable {
  /// How many tokens of the fields belong to a node.
  public struct NodeSize: Hashable, Sendable {
    /// Of its own text.
    public var body: Int
    /// Of its heading.
    public var heading: Int
  }

  /// The own texts of the nodes in reading order, as tokens between spaces.
  public private(set) var body: [UInt8] = []
  /// Their headings.
  public private(set) var heading: [UInt8] = []
  /// The title of the speech.
  public private(set) var title: [UInt8] = []
  /// The sizes of the nodes in reading order.
  public private(set) var nodes: [NodeSize] = []

  /// What is searched of a speech with that title, text and outline.
  public init(title: String?, text: TextIndex, nodes: [OutlineNode]) {
    body.reserveCapacity(text.bytes.count * 5 / 2)
    for node in nodes {
      var size = NodeSize(body: 0, heading: 0)
      for span in node.section.bodySpans { size.body += Self.append(text.slice(span), to: &body) }
      if let span = node.section.headingSpan { size.heading += Self.append(text.slice(span), to: &heading) }
      self.nodes.append(size)
    }
    if let title { _ = Self.append(Array(title.utf8)[...], to: &self.title) }
  }

  /// Appends the lines of a piece of text.
  private static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) -> Int {
    var count = 0
    for line in Folding.fold(utf8: bytes).lines { count += Tokenizer.append(line: line, to: &text) }
    return count
  }
}

extension [Folding.Folded] {
  /// The lines of a text, without their ends.
  public var lines: [ArraySlice<Folding.Folded>] { split(omittingEmptySubsequences: false) { $0.value == 10 } }
}
