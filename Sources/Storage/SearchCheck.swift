import Corpus
import Foundation
import GRDB

/// Holds the index against the texts: its documents are the current revisions, divided as they divide now; each has exactly the
/// tokens of its text, each where it stands there; and some terms taken from random speeches are found where a scan of all
/// texts finds them, and nowhere else.
struct SearchCheck {
  private static let sampleSize = 20

  /// Terms with their occurrences in each speech, as the scan finds them.
  private var samples: [(term: Term, expected: [Int64: Int])] = []
  private var faults: [Finding] = []
  private var documents: [Int64: (document: Int64, revision: Int, sizes: [Int])] = [:]
  /// What the index has of each document.
  private var prints: [Int: TokenPrint] = [:]

  init(_ db: Database) throws {
    try db.eachRow("SELECT speech, document, revision, nodes FROM search_document", []) {
      documents[Int64($0.integer(0))] = (Int64($0.integer(1)), $0.integer(2), Varints.numbers($0.blob(3)))
    }
    do { prints = try TokenPrint.ofDocuments(db) } catch StorageError.corrupt(let reason) {
      faults.append(Finding(subject: "search", detail: reason))
    }
    let strays = Set(prints.keys).subtracting(documents.values.map { Int($0.document) }).count
    if strays > 0 {
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
    let searched = SearchText(title: speech.title, text: text, nodes: nodes)
    let content = SearchContent(
      title: speech.title, text: text,
      nodes: nodes.map { .init(bodySpans: $0.section.bodySpans, headingSpan: $0.section.headingSpan) })
    let fields = nodes.indices.flatMap { content.fields(of: $0).map(\.text) }
    for index in samples.indices {
      let count = fields.reduce(0) { $0 + samples[index].term.occurrences(in: $1).count }
      if count > 0 { samples[index].expected[key] = count }
    }
    if searched.sizes != document.sizes { return ["search divides it otherwise than its text divides"] }
    let print = prints[Int(document.document)] ?? TokenPrint()
    return print == TokenPrint(searched.tokens) ? [] : ["the index has other tokens of it than its text"]
  }

  /// What is wrong, once all speeches were looked at.
  func findings(_ evaluation: SearchEvaluation) throws -> [Finding] {
    var findings = faults
    if !documents.isEmpty {
      findings.append(Finding(subject: "search", detail: "it knows \(documents.count) speeches that are not there"))
    }
    for (term, expected) in samples {
      let found: Postings
      do { found = try evaluation.documents(with: term) } catch StorageError.snapshotOvertaken {
        findings.append(
          Finding(subject: "search", detail: "“\(term.text)” is found in documents that are of no speech"))
        continue
      } catch StorageError.corrupt {
        // Told of already.
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

/// A sum over all tokens of a document and their places, which does not hang on their order: two documents with the same one
/// have the same tokens at the same places, as far as 64 bits can tell.
private struct TokenPrint: Equatable {
  private var sum: UInt64 = 0
  private var count = 0

  init() {}

  /// - Parameter tokens: each with a space behind it.
  init(_ tokens: [UInt8]) {
    for token in tokens.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).dropLast() {
      add(Self.hash(token), count)
    }
  }

  /// What the live segments have of each document that is not dead.
  static func ofDocuments(_ db: Database) throws -> [Int: TokenPrint] {
    var prints: [Int: TokenPrint] = [:]
    var dead: Set<Int> = []
    try db.eachRow("SELECT document FROM search_dead", []) { dead.insert($0.integer(0)) }
    for segment in try Segment.live(db) {
      var reader = try SegmentReader(segment, db)
      var firsts: [[UInt8]] = []
      while !reader.isAtEnd {
        let token = Array(reader.token)
        if reader.isFirst { firsts.append(token) }
        let hash = hash(token)
        try reader.forEachPosting { posting in
          if dead.contains(posting.document) { return }
          var places = NumberReader(posting.places)
          var (place, print) = (0, TokenPrint())
          while !places.isAtEnd {
            place &+= places.number()
            print.add(hash, place)
          }
          if places.isBroken { throw segment.damage }
          prints[posting.document, default: TokenPrint()].add(print)
        }
        try reader.advance(db)
      }
      var terms: [[UInt8]] = []
      var isInOrder = true
      try db.eachRow("SELECT term, block FROM search_term WHERE segment = ? ORDER BY block", [segment.id]) {
        isInOrder = isInOrder && Int64($0.integer(1)) == segment.firstBlock + Int64(terms.count)
        terms.append($0.blob(0))
      }
      guard isInOrder, terms == firsts else {
        throw StorageError.corrupt("segment \(segment.id) of the index does not say where its blocks begin")
      }
    }
    return prints
  }

  @inline(__always)
  private mutating func add(_ token: UInt64, _ place: Int) {
    let mixed = (token ^ UInt64(truncatingIfNeeded: place)) &* 0xBF58_476D_1CE4_E5B9
    sum &+= mixed ^ mixed >> 31
    count += 1
  }

  private mutating func add(_ other: TokenPrint) {
    sum &+= other.sum
    count += other.count
  }

  /// FNV-1a of a token.
  private static func hash(_ token: some Sequence<UInt8>) -> UInt64 {
    token.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
