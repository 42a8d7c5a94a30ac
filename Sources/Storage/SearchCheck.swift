import Corpus
import Foundation
import GRDB

/// Holds the index against the texts: its documents are the current revisions, divided as they divide now, and some terms
/// taken from random speeches stand where a scan of all texts finds them, and nowhere else. FTS5's own check cannot see a
/// row that was left behind.
struct SearchCheck {
  private static let sampleSize = 20

  /// Terms with their occurrences in each speech, as the scan finds them.
  private var samples: [(term: Term, expected: [Int64: Int])] = []
  private var faults: [Finding] = []
  private var documents: [Int64: (document: Int64, revision: Int, sizes: [Int])] = [:]

  init(_ db: Database) throws {
    try db.eachRow("SELECT speech, document, revision, nodes FROM search_document", []) {
      documents[Int64($0.integer(0))] = (Int64($0.integer(1)), $0.integer(2), Varints.numbers($0.blob(3)))
    }
    let strays = try Int.fetchOne(
      db,
      sql: """
        SELECT (SELECT count(*) FROM search_index_docsize WHERE id NOT IN (SELECT document FROM search_document))
          + (SELECT count(*) FROM search_document WHERE document NOT IN (SELECT id FROM search_index_docsize))
        """)
    if let strays, strays > 0 {
      faults.append(Finding(subject: "search", detail: "\(strays) documents of the index belong to no speech"))
    }
    var random = SystemRandomNumberGenerator()
    for value in documents.values.shuffled(using: &random).prefix(Self.sampleSize) {
      // One that cannot be read is told of when its speech is looked at.
      guard let content = try? SearchContent(document: value.document, db) else { continue }
      let texts = content.nodes.indices.flatMap { content.fields(of: $0).map(\.text) }
      if let text = texts.randomElement(using: &random), let term = Self.term(from: text, &random) {
        samples.append((term, [:]))
      }
    }
  }

  /// A word, or two to four characters, from somewhere in a text.
  private static func term(from text: [Folding.Folded], _ random: inout SystemRandomNumberGenerator) -> Term? {
    guard
      let place = text.indices.filter({ [.word, .character].contains(text[$0].kind) }).randomElement(using: &random)
    else { return nil }
    let kind = text[place].kind
    var (start, end) = (place, place + 1)
    let longest = kind == .word ? Int.max : Int.random(in: 2...4, using: &random)
    while end < text.count, text[end].kind == kind, end - start < longest { end += 1 }
    while kind == .word, start > 0, text[start - 1].kind == kind { start -= 1 }
    return Term(String(String.UnicodeScalarView(text[start..<end].compactMap { Unicode.Scalar($0.value) })))
  }

  /// Looks at a speech that is not deleted.
  mutating func look(at speech: Speech, nodes: [OutlineNode], key: Int64, revision: Int) -> [String] {
    guard let document = documents.removeValue(forKey: key) else { return ["search does not know it"] }
    guard document.revision == revision else { return ["search knows revision \(document.revision) of it"] }
    let text = TextIndex(speech.text)
    let sizes = SearchText(title: speech.title, text: text, nodes: nodes).sizes
    let content = SearchContent(
      title: speech.title, text: text,
      nodes: nodes.map { .init(bodySpans: $0.section.bodySpans, headingSpan: $0.section.headingSpan) })
    let fields = nodes.indices.flatMap { content.fields(of: $0).map(\.text) }
    for index in samples.indices {
      let count = fields.reduce(0) { $0 + samples[index].term.occurrences(in: $1).count }
      if count > 0 { samples[index].expected[key] = count }
    }
    return sizes == document.sizes ? [] : ["search divides it otherwise than its text divides"]
  }

  /// What is wrong, once all speeches were looked at.
  func findings(_ evaluation: SearchEvaluation) throws -> [Finding] {
    var findings = faults
    if !documents.isEmpty {
      findings.append(Finding(subject: "search", detail: "it knows \(documents.count) speeches that are not there"))
    }
    for (term, expected) in samples {
      let found: Postings.List
      do { found = try evaluation.read(term).documents } catch StorageError.snapshotOvertaken {
        findings.append(
          Finding(subject: "search", detail: "“\(term.text)” is found in documents that are of no speech"))
        continue
      }
      var actual: [Int64: Int] = [:]
      for (index, number) in found.numbers.enumerated() {
        if let place = evaluation.layout.place(of: Int64(number)) { actual[place.speech] = Int(found.matches[index]) }
      }
      if actual != expected {
        findings.append(
          Finding(
            subject: "search",
            detail: """
              “\(term.text)” stands in \(expected.count) speeches \(expected.values.reduce(0, +)) times, \
              and the index has \(actual.values.reduce(0, +)) in \(actual.count)
              """))
      }
    }
    return findings
  }
}
