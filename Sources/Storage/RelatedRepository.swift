public import Corpus
import Foundation
import GRDB

/// A speech that is like another one, and why.
public struct RelatedSpeech: Sendable {
  /// A word that both have.
  public struct SharedTerm: Hashable, Sendable {
    /// As it stands in the speech that was asked about.
    public var text: String
    /// Occurrences in the related speech, title and headings too.
    public var matches: Int
  }

  /// The related speech.
  public var card: Card
  /// How like they are, from 0 to 1, which is the same text.
  public var score: Float
  /// The words that they share, what counted most first.
  public var terms: [SharedTerm]
  /// The fields that have the same value in both.
  public var same: [RelatedField]
}

/// The speeches that are like one, the most alike first.
public struct RelatedSpeeches: Sendable {
  /// The speeches.
  public var items: [RelatedSpeech]
  /// The words by which they were found, what says most first.
  public var terms: [String]
  /// The state of the corpus that all of it is of.
  public var state: CorpusState
}

/// Finds speeches that are like one.
///
/// The words that tell what the speech is about are looked up in the index. Each weighs what it says in the corpus (its inverse
/// document frequency) and in the language, times how often it stands in both (logarithmic), and the sum is divided by the
/// length of either: the cosine of the angle between two vectors of words (Salton and Buckley, 1988), with a norm that follows
/// from the length, since the other words of the related speech are not read. Fields with the same value are further
/// evidence, the more the fewer have it; taken together as if each were independent (noisy or).
public struct RelatedRepository: Sendable {
  let store: Store
  private let deadline: Double
  private let lexicon: Lexicon?

  /// So many words stand for a speech.
  private static let mostTerms = 40
  /// So many are looked up to find them.
  private static let mostTried = 160
  /// A word in more than this part of the speeches tells nothing, unless these are few.
  private static let commonShare = 0.05
  private static let fewDocuments = 60
  /// So many of the best by their words are compared by their fields too.
  private static let mostCompared = 50
  /// Speeches that are less alike are not.
  private static let leastScore: Float = 0.04
  /// So many words are named as a reason.
  private static let mostReasons = 8
  /// The norm grows with the number of different words, and that with this power of the length, by half of what Heaps's law has.
  private static let normExponent = 0.35
  /// The shortest length that is believed, in tokens.
  private static let shortest: UInt32 = 200

  /// The repository of a store.
  /// - Parameters:
  ///   - deadline: how long a query may take, in seconds.
  ///   - lexicon: what texts are divided into words by.
  public init(_ store: Store, deadline: Double = 5, lexicon: Lexicon? = nil) {
    self.store = store
    self.deadline = deadline
    self.lexicon = lexicon
  }

  /// The speeches most like a speech in its current revision, without that speech.
  public func related(to id: SpeechID, limit: Int) throws -> Lookup<RelatedSpeeches> {
    try store.evaluating(seconds: deadline) { evaluation in
      try SpeechRepository.identity(of: id, revision: nil, evaluation.db) { identity in
        let speech = try SpeechRepository.content(of: identity, evaluation.db)
        return try related(to: speech, key: identity.key, limit: limit, evaluation)
      }
    }
  }

  /// A term with the documents that have it.
  private struct Entry {
    let term: TellingTerm
    /// What the word says, in this corpus and in the language.
    let information: Float
    let occurrences: Occurrences

    /// What it says of the speech.
    var weight: Float { term.frequency * information }

    /// What so many occurrences add to the score.
    func score(_ matches: Int) -> Float { weight * TellingTerm.scale(Float(matches)) * information }

    func matches(in document: Int) -> Int { occurrences.index(of: UInt32(document)).map(occurrences.count) ?? 0 }
  }

  private func related(
    to speech: StoredSpeech, key: Int64, limit: Int, _ evaluation: SearchEvaluation
  ) throws -> RelatedSpeeches {
    let db = evaluation.db
    let count = try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM search_document")) ?? 0
    guard
      let own = try Int.fetchOne(
        db.cachedStatement(sql: "SELECT document FROM search_document WHERE speech = ?"), arguments: [key])
    else { throw StorageError.corrupt("speech \(speech.identity.id) is not in the index") }
    let title = try db.firstRow("SELECT title FROM card WHERE speech = ?", [key]) { $0.optionalText(0) } ?? nil
    let entries = try entries(
      for: TellingTerm.terms(title: title, text: speech.text, nodes: speech.nodes, lexicon: lexicon), among: count,
      evaluation)

    let layout = evaluation.layout
    var sums = [Float](repeating: 0, count: layout.documentBound)
    for entry in entries {
      for (index, document) in entry.occurrences.documents.enumerated() {
        sums[Int(document)] += entry.score(entry.occurrences.count(index))
      }
    }
    func likeness(_ document: Int) -> Float {
      sums[document] / Float(pow(Double(max(layout.length(ofDocument: document), Self.shortest)), Self.normExponent))
    }
    let whole = likeness(own)
    var best = Best(limit: max(limit, Self.mostCompared))
    for (document, sum) in sums.enumerated() where sum > 0 && document != own {
      let score = min(1, likeness(document) / whole)
      if score >= Self.leastScore { best.offer(Best.Entry(score: score, number: document)) }
    }
    var compared = best.sorted
    let fields = try RelatedFields(of: own, among: count, db)
    let known = Set(compared.map(\.number) + [own])
    for document in try fields.documentsOfSameTitle(atMost: Self.mostCompared, db)
    where document < sums.count && !known.contains(document) {
      compared.append(Best.Entry(score: whole > 0 ? min(1, likeness(document) / whole) : 0, number: document))
    }
    let items = try compared.map { found in
      let same = try fields.same(as: found.number, db)
      return (entry: Best.Entry(score: fields.score(found.score, same), number: found.number), same: same)
    }.sorted { Best.Entry.precedes($0.entry, $1.entry) }
    return RelatedSpeeches(
      items: try items.prefix(limit).compactMap { entry, same in
        try CardRepository.card(ofDocument: Int64(entry.number), db).map {
          RelatedSpeech(card: $0, score: entry.score, terms: Self.reasons(entries, entry.number), same: same)
        }
      }, terms: entries.map(\.term.term.text), state: evaluation.state)
  }

  /// The terms that tell most in this corpus.
  private func entries(
    for terms: [TellingTerm], among count: Int, _ evaluation: SearchEvaluation
  ) throws -> [Entry] {
    let most = max(Self.fewDocuments, Int(Double(count) * Self.commonShare))
    var entries: [Entry] = []
    for term in terms.prefix(Self.mostTried) {
      // What only the speech itself has finds nothing.
      guard let occurrences = try evaluation.occurrences(of: term.term, atMost: most), occurrences.documents.count > 1
      else { continue }
      let found = Double(occurrences.documents.count)
      let inverseFrequency = Float(log(1 + (Double(count) - found + 0.5) / (found + 0.5)))
      entries.append(Entry(term: term, information: inverseFrequency * term.share, occurrences: occurrences))
      if entries.count == Self.mostTerms { break }
    }
    return entries.sorted { $0.weight > $1.weight }
  }

  private static func reasons(_ entries: [Entry], _ document: Int) -> [RelatedSpeech.SharedTerm] {
    entries.map { ($0, $0.matches(in: document)) }.filter { $0.1 > 0 }
      .sorted { $0.0.score($0.1) > $1.0.score($1.1) }.prefix(mostReasons)
      .map { RelatedSpeech.SharedTerm(text: $0.term.term.text, matches: $1) }
  }
}
