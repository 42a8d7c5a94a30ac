/// Two revisions of a speech, section by section: which nodes are the same, which changed, moved, came or went.
public struct SpeechComparison: Sendable {
  /// What became of a node.
  public enum Status: String, CaseIterable, Sendable {
    /// It says and is called the same, wherever renumbering put it.
    case same
    /// Its text, label, heading or kind is another one.
    case changed
    case added, removed
    /// It says the same at another place among its neighbours, or inside another node.
    case moved
  }

  /// A node before and the one it became.
  public struct Match: Hashable, Sendable {
    /// What became of it.
    public var status: Status
    /// Its place among the nodes before; nil for one that was added.
    public var before: Int?
    /// Its place among the nodes after; nil for one that was removed.
    public var after: Int?
  }

  /// The speech before.
  public let before: ComparedSpeech
  /// The speech after.
  public let after: ComparedSpeech
  /// Every node of both, in the order of the text after; those that are gone stand where they stood.
  public let matches: [Match]

  /// Compares two revisions.
  public init(before: ComparedSpeech, after: ComparedSpeech) {
    (self.before, self.after) = (before, after)
    var matching = NodeMatching(before, after)
    matches = matching.matches()
  }

  /// The matches in which something differs.
  public var differences: [Match] { matches.filter { $0.status != .same } }

  /// For each match what leads from the own text of the node, label and heading included, to that of the one it became;
  /// nothing where it says the same. No step runs from one piece of a node's text into the next; positions are those of the
  /// whole texts.
  public func edits(_ diff: inout TextDiff) -> [[TextEdit]] {
    // Where a node would stand that is not there: behind the one before it.
    var (last, lastThere) = (0, 0)
    var all: [[TextEdit]] = []
    for match in matches {
      let one = match.before.map { before.ownText[$0] } ?? OwnText(at: last)
      let other = match.after.map { after.ownText[$0] } ?? OwnText(at: lastThere)
      if match.status == .same || match.status == .moved {
        all.append([])
      } else {
        let edits = diff.edits(from: one.scalars(of: before.text), to: other.scalars(of: after.text))
        all.append(edits.flatMap { $0.placed(one, other) })
      }
      if let place = match.before { last = before.nodes[place].section.span.end }
      if let place = match.after { lastThere = after.nodes[place].section.span.end }
    }
    return all
  }
}

/// A speech as it is compared.
public struct ComparedSpeech: Sendable {
  /// Its text in code points.
  let text: [Unicode.Scalar]
  /// Its nodes in reading order.
  public let nodes: [OutlineNode]
  /// The place of the node that contains each.
  let parents: [Int?]
  let ownText: [OwnText]

  /// A text and its nodes, in reading order.
  public init(text: String, nodes: [OutlineNode]) {
    self.text = Array(text.unicodeScalars)
    self.nodes = nodes
    var (parents, open, children) = ([Int?](), [Int](), [[Span]](repeating: [], count: nodes.count))
    for (place, node) in nodes.enumerated() {
      while let last = open.last, nodes[last].level >= node.level { open.removeLast() }
      parents.append(open.last)
      if let parent = open.last { children[parent].append(node.section.span) }
      open.append(place)
    }
    self.parents = parents
    ownText = [Int](nodes.indices).map { [text = self.text] in
      OwnText(of: nodes[$0].section.span, without: children[$0], in: text)
    }
  }

  /// A speech and its nodes.
  public init(_ speech: Speech) {
    self.init(text: speech.text, nodes: speech.sections.outline(of: TextIndex(speech.text)))
  }

  func scalars(of place: Int) -> [Unicode.Scalar] { ownText[place].scalars(of: text) }
}

/// The pieces of a node's text that belong to none of its children, label and heading included.
struct OwnText: Sendable {
  private var pieces: [Span] = []
  /// How many code points the pieces before each have.
  private var before: [Int] = []

  /// Nothing, at a place.
  init(at place: Int) { (pieces, before) = ([Span(place, place)], [0]) }

  init(of span: Span, without children: [Span], in text: [Unicode.Scalar]) {
    var (start, count) = (span.start, 0)
    for child in children + [Span(span.end, span.end)] {
      var piece = Span(start, max(start, child.start))
      // Line ends between the pieces are nobody's.
      while !piece.isEmpty, text[piece.start] == "\n" { piece.start += 1 }
      while !piece.isEmpty, text[piece.end - 1] == "\n" { piece.end -= 1 }
      if !piece.isEmpty {
        pieces.append(piece)
        before.append(count)
        count += piece.count
      }
      start = child.end
    }
    if pieces.isEmpty { (pieces, before) = ([Span(span.start, span.start)], [0]) }
  }

  func scalars(of text: [Unicode.Scalar]) -> [Unicode.Scalar] { pieces.flatMap { text[$0.start..<$0.end] } }

  /// Where in the text the code point with a number among the pieces stands, and how many follow it in its piece.
  func place(_ number: Int) -> (start: Int, room: Int) {
    var (low, high) = (0, pieces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= number { low = middle } else { high = middle }
    }
    let start = pieces[low].start + number - before[low]
    return (start, pieces[low].end - start)
  }
}

extension TextEdit {
  /// The steps that this one, in positions of two own texts, is in positions of the whole texts.
  fileprivate func placed(_ one: OwnText, _ other: OwnText) -> [TextEdit] {
    var edits: [TextEdit] = []
    var (place, placeThere) = (before.start, after.start)
    while place < before.end || placeThere < after.end {
      let (here, there) = (one.place(place), other.place(placeThere))
      var (count, countThere) = (min(here.room, before.end - place), min(there.room, after.end - placeThere))
      if operation == .equal {
        count = min(count, countThere)
        countThere = count
      }
      edits.append(
        TextEdit(
          operation: operation, before: Span(here.start, here.start + count),
          after: Span(there.start, there.start + countThere)))
      place += count
      placeThere += countThere
    }
    return edits
  }
}
