/// What is looked for: terms, and how they go together.
public indirect enum Query: Hashable, Sendable {
  /// A term stands there.
  case term(Term)
  /// Terms stand near each other, in one line.
  case near(Proximity)
  /// All of them hold.
  case and([Query])
  /// One of them holds.
  case or([Query])
  /// It does not hold.
  case not(Query)

  /// Terms and how far they may stand apart.
  public struct Proximity: Hashable, Sendable {
    /// At least two.
    public var terms: [Term]
    /// Code points between them, at most.
    public var distance: Int

    /// Terms that stand within a distance of code points.
    public init(terms: [Term], distance: Int) {
      self.terms = terms
      self.distance = distance
    }
  }

  /// A part of a node that can be searched alone.
  public enum Field: String, CaseIterable, Sendable {
    case title, heading, text
  }

  /// The terms that speak for a result, each once, in order: those under an even number of `NOT`s.
  public var positiveTerms: [Term] {
    var terms: [Term] = []
    var seen: Set<Term> = []
    func visit(_ query: Query, _ isPositive: Bool) {
      switch query {
      case .term(let term): if isPositive, seen.insert(term).inserted { terms.append(term) }
      case .near(let near): for term in near.terms { visit(.term(term), isPositive) }
      case .and(let parts), .or(let parts): for part in parts { visit(part, isPositive) }
      case .not(let part): visit(part, !isPositive)
      }
    }
    visit(self, true)
    return terms
  }

  /// The words of a query that is nothing but words beside each other; nil where it has operators, fields or quotes.
  public var plainWords: [Term]? {
    switch self {
    case .term(let term): term.isPlain ? [term] : nil
    case .and(let parts):
      parts.reduce([]) { words, part in
        guard let words, case .term(let term) = part, term.isPlain else { return nil }
        return words + [term]
      }
    default: nil
    }
  }
}

/// A run of characters that is looked for as it is written.
public struct Term: Sendable {
  /// As it was typed, without quotes and operators.
  public var text: String
  /// Folded.
  public let folded: [Folding.Folded]
  /// Whether its last word may go on.
  public var isPrefix: Bool
  /// Where it has to stand; nil for anywhere.
  public var field: Query.Field?
  /// Whether it was in quotes.
  public var isQuoted: Bool

  /// A term.
  public init(_ text: String, isPrefix: Bool = false, field: Query.Field? = nil, isQuoted: Bool = false) {
    self.text = text
    folded = Folding.fold(text)
    self.isPrefix = isPrefix
    self.field = field
    self.isQuoted = isQuoted
  }

  /// What it is compared as.
  public var foldedText: String {
    String(String.UnicodeScalarView(folded.compactMap { Unicode.Scalar($0.value) }))
  }

  /// Whether it is a word without anything said about it.
  var isPlain: Bool { !isPrefix && !isQuoted && field == nil }
}

extension Term: Hashable {
  /// Equal where they find the same.
  public static func == (one: Term, other: Term) -> Bool {
    one.folded == other.folded && one.isPrefix == other.isPrefix && one.field == other.field
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(folded)
    hasher.combine(isPrefix)
    hasher.combine(field)
  }
}

/// A mistake in a query.
public struct QueryError: Error, Hashable, Sendable {
  /// Where, in code points of the query.
  public var position: Int
  /// One sentence.
  public var detail: String
}
