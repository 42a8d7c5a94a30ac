public import Corpus

/// What is searched for, and which page of the results is wanted.
public struct SearchRequest: Sendable {
  /// What has to hold.
  public var query: Query
  /// Which speeches count.
  public var filter: SpeechFilter
  /// The order of the results.
  public var sort: ResultSort
  /// Where the page begins; nil for the first.
  public var position: ResultPosition?
  /// How many results a page has.
  public var limit: Int
  /// Fields whose values are counted over all results.
  public var facets: [FacetField]
  /// How the query is to be answered.
  public var mode: SearchMode

  /// A request.
  public init(
    _ query: Query, filter: SpeechFilter = SpeechFilter(), sort: ResultSort = .relevance,
    position: ResultPosition? = nil, limit: Int = 20, facets: [FacetField] = [], mode: SearchMode = .auto
  ) {
    (self.query, self.filter, self.sort) = (query, filter, sort)
    (self.position, self.limit, self.facets, self.mode) = (position, limit, facets, mode)
  }
}

/// The order of results.
public enum ResultSort: Hashable, Sendable {
  /// What speaks most to the query first.
  case relevance
  /// As lists are sorted.
  case field(SpeechSort)
}

/// A place among results: after that one.
public enum ResultPosition: Hashable, Sendable {
  /// By relevance: the score and the number of the result, in a state of the corpus.
  case relevance(score: Float, number: Int, state: String)
  /// By a field: the speech, and which of its nodes.
  case field(ListPosition, node: Int)
}

/// A node that was found.
public struct SearchHit: Sendable {
  /// Its speech.
  public var card: Card
  /// The node.
  public var node: OutlineNode
  /// The nodes that contain it, the outermost first.
  public var breadcrumb: [OutlineNode]
  /// How much it speaks to the query.
  public var score: Float
  /// Occurrences of the query's positive terms in it.
  public var matches: Int
  /// The passage that shows why.
  public var snippet: Snippet
  /// The text of the passage.
  public var passage: String
  /// Where terms stand in the title, for the first node of a speech; in code points of the title.
  public var titleHighlights: [Span]
}

/// What is true of a result besides its items.
public struct SearchNotes: Hashable, Sendable {
  /// What was searched in place of a sentence that stands nowhere; nil where the query was.
  public var wordSearch: WordSearch?
  /// What may have been meant, where a word stands nowhere.
  public var suggestions: [String] = []
  /// Forms of the query's terms with hidden names that were searched too.
  public var maskedForms: [String] = []
}

/// A page of results, with what is true of all of them.
public struct SearchPage: Sendable {
  /// The nodes found; `total` counts all of them.
  public var page: Page<SearchHit, ResultPosition>
  /// How the query was taken.
  public var notes: SearchNotes
  /// Speeches that have at least one of the nodes.
  public var totalSpeeches: Int
  /// Occurrences of the query's positive terms in all the nodes.
  public var totalMatches: Int
  /// The counts of the wanted fields.
  public var facets: [[FacetCount]]
}

/// A value of a field among results.
public struct FacetCount: Hashable, Sendable {
  /// The value.
  public var value: String
  /// Nodes that were found.
  public var count: Int
  /// Speeches that they are of.
  public var speeches: Int
}
