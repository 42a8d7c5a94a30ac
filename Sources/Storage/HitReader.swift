import Corpus
import GRDB

/// Makes the answers for nodes, reading the text of each speech once.
struct HitReader {
  private let evaluation: SearchEvaluation
  private let terms: [Term]
  private var read: [Int64: Found] = [:]

  /// A speech that has a hit.
  private struct Found {
    let card: Card
    let title: String?
    let text: TextIndex
    let key: Int64
  }

  init(_ evaluation: SearchEvaluation, terms: [Term]) {
    self.evaluation = evaluation
    self.terms = terms
  }

  mutating func hit(_ number: Int, score: Float) throws -> SearchHit {
    let (document, ordinal) = evaluation.layout.document(of: number)
    let speech = try speech(document)
    var breadcrumb = try SpeechRepository.nodes(
      to: ordinal, of: speech.key, revision: speech.card.revision, evaluation.db)
    guard let node = breadcrumb.popLast() else {
      throw StorageError.corrupt("the index knows a node of \(speech.card.id) that it does not have")
    }
    let snippet = Snippet(of: node.section, in: speech.text, terms: terms)
    var titleHighlights: [Span] = []
    if ordinal == 0, let title = speech.title {
      let folded = Folding.fold(title)
      titleHighlights = terms.filter { ($0.field ?? .title) == .title }.flatMap { $0.occurrences(in: folded) }
      titleHighlights.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    }
    return SearchHit(
      card: speech.card, node: node, breadcrumb: breadcrumb, score: score,
      matches: try terms.reduce(0) { $0 + (try evaluation.nodes(with: $1).matches(in: number)) },
      snippet: snippet, passage: speech.text.text(snippet.span), titleHighlights: titleHighlights)
  }

  private mutating func speech(_ document: Int64) throws -> Found {
    if let known = read[document] { return known }
    let sql = """
      SELECT d.speech, d.revision, c.id, c.json, c.title, r.text FROM search_document d JOIN card c ON c.speech = d.speech
      JOIN revision r ON r.speech = d.speech AND r.number = d.revision WHERE d.document = ?
      """
    let found = try evaluation.db.firstRow(sql, [document]) { row in
      Found(
        card: Card(id: row.text(2), revision: row.integer(1), members: row.text(3)), title: row.optionalText(4),
        text: TextIndex(utf8: row.bytes(5)), key: Int64(row.integer(0)))
    }
    guard let found else { throw StorageError.corrupt("document \(document) of the index is of no speech") }
    read[document] = found
    return found
  }
}
