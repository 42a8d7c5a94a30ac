import Corpus
import GRDB

/// The texts of a document of the index, to be looked at as they stand.
struct SearchContent {
  /// The parts of a node that are searched.
  struct Node {
    let bodySpans: [Span]
    let headingSpan: Span?
  }

  let title: String?
  let text: TextIndex
  /// The nodes in reading order.
  let nodes: [Node]

  init(title: String?, text: TextIndex, nodes: [Node]) {
    (self.title, self.text, self.nodes) = (title, text, nodes)
  }

  init(document: Int64, _ db: Database) throws {
    let sql = """
      SELECT d.speech, d.revision, c.title, r.text FROM search_document d JOIN card c ON c.speech = d.speech
      JOIN revision r ON r.speech = d.speech AND r.number = d.revision WHERE d.document = ?
      """
    let found = try db.firstRow(sql, [document]) { row in
      (Int64(row.integer(0)), row.integer(1), row.optionalText(2), TextIndex(utf8: row.bytes(3)))
    }
    guard let (speech, revision, title, text) = found else {
      throw StorageError.corrupt("document \(document) of the index is of no speech")
    }
    // Only what is searched: a long report has hundreds of nodes.
    var nodes: [Node] = []
    try db.eachRow(
      "SELECT body_spans, heading_start, heading_end FROM section WHERE speech = ? AND revision = ? ORDER BY position",
      [speech, revision]
    ) { row in
      let heading = row.optionalInteger(1).map { Span($0, row.integer(2)) }
      nodes.append(Node(bodySpans: SpanList.spans(row.utf8(0)), headingSpan: heading))
    }
    self.init(title: title, text: text, nodes: nodes)
  }

  /// What is searched of a node, folded, and where it begins in the text of the speech.
  func fields(of ordinal: Int) -> [(field: Query.Field, text: [Folding.Folded], start: Int)] {
    guard nodes.indices.contains(ordinal) else { return [] }
    let node = nodes[ordinal]
    var fields = node.bodySpans.map { (Query.Field.text, Folding.fold(utf8: text.slice($0)), $0.start) }
    if let span = node.headingSpan { fields.append((.heading, Folding.fold(utf8: text.slice(span)), span.start)) }
    if ordinal == 0, let title { fields.append((.title, Folding.fold(title), 0)) }
    return fields
  }
}
