/// The state of the corpus: how many writes there were, and a digest over all of them.
public struct CorpusState: Hashable, Sendable {
  /// One number that each write raises; 0 for an empty corpus.
  public var revision: Int
  /// Digest over every write so far, the one of the last entry of the change log; `empty` where there is none.
  public var history: String
  /// How often collections were edited, which is no write of the corpus.
  public var edits: Int
  /// Equal for equal histories and collections only.
  public var digest: String { edits == 0 ? history : "\(history)-\(edits)" }

  /// The state after the write that left this digest, and after so many edits of collections.
  public init(revision: Int, history: String, edits: Int) {
    (self.revision, self.history, self.edits) = (revision, history, edits)
  }
}

/// A speech as a list shows it.
public struct Card: Sendable {
  /// The speech.
  public var id: String
  /// Its current revision.
  public var revision: Int
  /// The members of the card as JSON, without braces.
  public var members: String
  /// The content, where it was asked for.
  public var content: StoredSpeech?
}

/// A place in a sorted list: after the row that these values belong to.
public struct ListPosition: Hashable, Sendable {
  /// What the list is sorted by; nil for what comes last because it has none.
  public var key: String?
  /// The id, which decides between equals.
  public var id: String

  /// A place after a row.
  public init(key: String?, id: String) {
    self.key = key
    self.id = id
  }
}

/// A page of a list.
public struct Page<Item: Sendable, Position: Sendable>: Sendable {
  /// What is on it.
  public var items: [Item]
  /// How many there are in all, exactly.
  public var total: Int
  /// Where the next page begins; nil at the end.
  public var next: Position?
  /// The state that all of it is of.
  public var state: CorpusState

  /// A page.
  public init(items: [Item], total: Int, next: Position?, state: CorpusState) {
    (self.items, self.total, self.next, self.state) = (items, total, next, state)
  }
}

/// A value of a field and how many speeches have it.
public struct ValueCount: Hashable, Sendable {
  /// The value.
  public var value: String
  /// Number of speeches.
  public var count: Int

  /// A value that so many speeches have.
  public init(value: String, count: Int) {
    self.value = value
    self.count = count
  }

  /// Whether it comes before another one in a list: more frequent, or else of the smaller value in the order of UTF-8.
  public func precedes(_ other: ValueCount) -> Bool {
    count > other.count || count == other.count && value.utf8.lexicographicallyPrecedes(other.value.utf8)
  }
}
