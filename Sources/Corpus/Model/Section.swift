/// A node of a speech: a span of its text with a label, a heading and subsections.
///
/// The top-level nodes tile the text with one LF between neighbours. A node's own text is what its
/// label, heading and children leave of its span, possibly in pieces.
public struct Section: Hashable, Sendable {
  /// What a node is in the build of a speech.
  public enum Kind: String, CaseIterable, Sendable {
    case salutation, opening, body, section, closing
  }

  /// What the node is.
  public var kind: Kind
  /// The label as written, with its mark: `一是`, `（一）`, `1.`.
  public var label: String?
  /// The number that the label stands for.
  public var number: Int?
  /// The heading without label and without its final mark.
  public var heading: String?
  /// The whole node, label, heading and subsections included.
  public var span: Span
  /// Where the heading stands.
  public var headingSpan: Span?
  /// The node's own text, in order, without label, heading and subsections.
  public var bodySpans: [Span]
  /// Subsections in reading order.
  public var children: [Section]

  /// A node over `span`; a node without label, heading or children has the whole of it as its own text.
  public init(
    kind: Kind, span: Span, label: String? = nil, number: Int? = nil, heading: String? = nil,
    headingSpan: Span? = nil, bodySpans: [Span]? = nil, children: [Section] = []
  ) {
    self.kind = kind
    self.span = span
    self.label = label
    self.number = number
    self.heading = heading
    self.headingSpan = headingSpan
    self.bodySpans = bodySpans ?? [span]
    self.children = children
  }
}

/// A section at its place in the outline: what its position among its siblings says about it.
public struct OutlineNode: Hashable, Sendable {
  /// The node; its children stand in the list too, after it.
  public var section: Section
  /// `2.1` for the first subsection of the second section, else `salutation`, `opening`, `body`, `body-2`, `closing`.
  public var path: String
  /// Depth, from 1.
  public var level: Int
  /// Ordinal among the siblings of its kind, from 1.
  public var ordinal: Int
  /// Path of the node that contains it.
  public var parent: String?
  /// Code points of the whole span without white space.
  public var characters: Int

  /// A node whose place is known, as a database knows it.
  public init(section: Section, path: String, level: Int, ordinal: Int, parent: String?, characters: Int) {
    self.section = section
    self.path = path
    self.level = level
    self.ordinal = ordinal
    self.parent = parent
    self.characters = characters
  }
}

extension [Section] {
  /// All nodes of the tree in reading order, each with its path.
  /// - Parameter index: the text that the spans are of.
  public func outline(of index: TextIndex) -> [OutlineNode] {
    var nodes: [OutlineNode] = []
    // Depth is bounded by the parser and by the reader of JSON, so the recursion is too.
    func visit(_ siblings: [Section], parent: OutlineNode?) {
      var seen: [Section.Kind: Int] = [:]
      for section in siblings {
        let ordinal = seen[section.kind, default: 0] + 1
        seen[section.kind] = ordinal
        var name =
          section.kind == .section
          ? String(ordinal)
          : section.kind.rawValue + (ordinal == 1 ? "" : "-\(ordinal)")
        if let parent { name = parent.path + "." + name }
        let node = OutlineNode(
          section: section, path: name, level: (parent?.level ?? 0) + 1, ordinal: ordinal,
          parent: parent?.path, characters: index.charactersWithoutSpace(section.span))
        nodes.append(node)
        visit(section.children, parent: node)
      }
    }
    visit(self, parent: nil)
    return nodes
  }
}

extension [OutlineNode] {
  /// The tree that the nodes, in reading order, are the outline of.
  public var tree: [Section] {
    var open: [Section] = []
    var roots: [Section] = []
    func close(to level: Int) {
      while open.count >= level, let last = open.popLast() {
        if open.isEmpty { roots.append(last) } else { open[open.count - 1].children.append(last) }
      }
    }
    for node in self {
      close(to: node.level)
      var section = node.section
      section.children = []
      open.append(section)
    }
    close(to: 1)
    return roots
  }
}
