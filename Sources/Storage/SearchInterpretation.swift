import Corpus
import GRDB

/// How a query is to be answered.
public enum SearchMode: String, CaseIterable, Sendable {
  /// As it is written; a sentence that stands nowhere, by its words.
  case auto
  /// As it is written.
  case exact
  /// By its words, whether it stands somewhere or not.
  case words
  /// As it is written, and where a name of it is hidden behind a mask: ×市, XXX, 某某.
  case masked
}

/// What was searched in place of a sentence.
public struct WordSearch: Hashable, Sendable {
  /// The words, any of which suffices.
  public var words: [String]
  /// Words that stand nowhere.
  public var missing: [String]
  /// Words that stand nearly everywhere and say nothing.
  public var common: [String]
}

/// A query as it is searched.
struct SearchInterpretation {
  var query: Query
  /// Terms that need not stand in a result and speak for it where they do.
  var bonus: [Term] = []
  /// What was searched in place of the query.
  var wordSearch: WordSearch?
  /// Forms of its terms with hidden names that stand somewhere, and were searched too.
  var maskedForms: [String] = []

  /// A word in more than this part of the nodes says nothing beside rarer ones.
  private static let commonShare = 0.2

  init(_ query: Query, mode: SearchMode, lexicon: Lexicon?, _ evaluation: SearchEvaluation) throws {
    self.query = query
    if let words = query.plainWords, words.count > 1, Set(words).count == words.count {
      // Words that stand beside each other as they were typed say more than the same words apart.
      bonus = [Term(Self.joined(words), isQuoted: true)]
    }
    if mode == .masked {
      var forms: [String] = []
      self.query = try query.replacingTerms { term in
        let standing = try term.maskedForms.filter(evaluation.stands)
        forms += standing.map(\.text)
        return standing.isEmpty ? .term(term) : .or([.term(term)] + standing.map { .term($0) })
      }
      maskedForms = forms
    }
    guard let lexicon, mode == .auto || mode == .words, let (words, neighbours) = query.words(by: lexicon),
      try mode == .words || query.isSentence && evaluation.nodes(of: query).isEmpty
    else { return }
    let counts = try words.map { try evaluation.nodes(with: $0).numbers.count }
    let limit = Int(Double(evaluation.layout.nodeCount) * Self.commonShare)
    let standing = zip(words, counts).filter { $0.1 > 0 }
    let rare = standing.filter { $0.1 <= limit }
    let kept = (rare.count > 1 ? rare : standing).map(\.0)
    guard !kept.isEmpty else { return }
    self.query = kept.count == 1 ? .term(kept[0]) : .or(kept.map { .term($0) })
    bonus = neighbours + (query.plainWords.map { [Term(Self.joined($0), isQuoted: true)] } ?? [])
    wordSearch = WordSearch(
      words: kept.map(\.text), missing: zip(words, counts).filter { $0.1 == 0 }.map(\.0.text),
      common: standing.map(\.0).filter { !kept.contains($0) }.map(\.text))
  }

  /// Words as they would stand in a text: with a space between those that need one.
  private static func joined(_ words: [Term]) -> String {
    words.dropFirst().reduce(words[0].text) { text, word in
      let isTight =
        text.unicodeScalars.last.map { Folding.fold($0).kind == .character } ?? false
        && word.folded.first?.kind == .character
      return text + (isTight ? "" : " ") + word.text
    }
  }
}

/// Finds what someone may have meant whose word stands nowhere: terms of the corpus that are one edit away.
struct SpellingSuggestions {
  private static let most = 3
  private static let mostTried = 3_000

  let evaluation: SearchEvaluation
  let language: LanguageData

  /// The likeliest first; none where the query is more than one word or stands somewhere.
  func suggestions(for query: Query) throws -> [String] {
    guard case .term(let term) = query, !term.isPrefix, !term.isQuoted, term.field == nil,
      (2...16).contains(term.folded.count), try evaluation.nodes(with: term).numbers.isEmpty
    else { return [] }
    let scalars = term.folded.compactMap { Unicode.Scalar($0.value) }
    let candidates: [String]
    if term.folded.allSatisfy({ $0.kind == .word }) {
      candidates = Self.edits(of: scalars)
    } else if term.folded.allSatisfy({ $0.kind == .character }) {
      candidates =
        try names(near: scalars) + (language.lexicon?.words(oneEditFrom: term.foldedText) ?? [])
        + homophones(of: scalars)
    } else {
      return []
    }
    var seen: Set<String> = [term.foldedText]
    var found: [(text: String, documents: Int)] = []
    for candidate in candidates.prefix(Self.mostTried) where seen.insert(candidate).inserted {
      let candidate = Term(candidate)
      guard try evaluation.stands(candidate) else { continue }
      found.append((candidate.text, try evaluation.documents(with: candidate).numbers.count))
    }
    found.sort { $0.documents > $1.documents || $0.documents == $1.documents && $0.text < $1.text }
    return found.prefix(Self.most).map(\.text)
  }

  /// Everything that is one edit away from a word, in its own letters and a to z.
  private static func edits(of word: [Unicode.Scalar]) -> [String] {
    let letters = Set(word).union((UInt8(ascii: "a")...UInt8(ascii: "z")).map { Unicode.Scalar($0) }).sorted()
    var results: [[Unicode.Scalar]] = []
    for place in word.indices {
      let (before, after) = (Array(word[..<place]), Array(word[(place + 1)...]))
      if word.count > 2 { results.append(before + after) }
      results += letters.map { before + [$0] + after }
      if let next = after.first { results.append(before + [next, word[place]] + after.dropFirst()) }
    }
    for place in 0...word.count { results += letters.map { Array(word[..<place]) + [$0] + word[place...] } }
    return results.map { String(String.UnicodeScalarView($0)) }
  }

  private func homophones(of word: [Unicode.Scalar]) -> [String] {
    guard let pinyin = language.pinyin else { return [] }
    return word.indices.flatMap { place in
      pinyin.homophones(of: word[place]).map { other in
        String(String.UnicodeScalarView(word[..<place] + [other] + word[(place + 1)...]))
      }
    }
  }

  /// Names of speakers.
  private func names(near word: [Unicode.Scalar]) throws -> [String] {
    try String.fetchAll(evaluation.db, sql: "SELECT DISTINCT speaker FROM card WHERE speaker IS NOT NULL").filter {
      Array(Term($0).foldedText.unicodeScalars).isOneEdit(from: word)
    }
  }
}
