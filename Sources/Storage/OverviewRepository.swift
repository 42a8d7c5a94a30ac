import Corpus
import GRDB

/// The corpus in a few numbers.
public struct Overview: Hashable, Sendable {
  /// The state that the numbers are of.
  public var state: CorpusState
  /// Speeches that are not deleted.
  public var speeches: Int
  /// Speeches that were deleted.
  public var deleted: Int
  /// Sections of their current revisions, at every depth.
  public var sections: Int
  /// Code points of their texts without white space.
  public var characters: Int
  /// The earliest day of a dated speech.
  public var firstDate: String?
  /// The latest day of a dated speech.
  public var lastDate: String?
  /// How many speeches there are in each language.
  public var languages: [ValueCount]
}

/// Counts the corpus as a whole.
public struct OverviewRepository: Sendable {
  let store: Store
  private let deadline: Double

  /// The repository of a store.
  /// - Parameter deadline: how long a query may take, in seconds.
  public init(_ store: Store, deadline: Double = 5) {
    self.store = store
    self.deadline = deadline
  }

  /// The corpus in a few numbers, all of one state.
  public func overview() throws -> Overview {
    try store.read(seconds: deadline) { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT count(*), coalesce(sum(sections), 0), coalesce(sum(characters), 0), substr(min(date_key), 1, 10),
            substr(max(date_latest), 1, 10) FROM card
          """)
      let languages = try Row.fetchAll(
        db, sql: "SELECT language, count(*) AS n FROM card GROUP BY 1 ORDER BY n DESC, language")
      return Overview(
        state: try CardRepository.state(db), speeches: row?[0] ?? 0,
        deleted: try Int.fetchOne(db, sql: "SELECT count(*) FROM speech WHERE deleted_at IS NOT NULL") ?? 0,
        sections: row?[1] ?? 0, characters: row?[2] ?? 0,
        firstDate: row?[3], lastDate: row?[4], languages: languages.map { ValueCount(value: $0[0], count: $0[1]) })
    }
  }
}
