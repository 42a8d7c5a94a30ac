public import Corpus
import GRDB

/// All of a list, from one snapshot that lasts as long as this value.
public struct Export<Item>: Sendable {
  /// How many there are, exactly.
  public let total: Int
  /// The state that all of it is of.
  public let state: CorpusState
  fileprivate let walk: @Sendable (_ body: (Item) throws -> Void) throws -> Void

  /// Hands every item to `body`, one at a time, in order.
  public func each(_ body: (Item) throws -> Void) throws { try walk(body) }
}

/// Gives whole lists, however long: what is held of each speech is its key, eight bytes.
public struct ExportRepository: Sendable {
  let store: Store
  private let deadline: Double
  private let language: LanguageData

  /// The repository of a store.
  /// - Parameters:
  ///   - deadline: how long it may take to find what belongs to an export, in seconds; handing it over is not bounded.
  ///   - language: what sentences are divided by.
  public init(_ store: Store, deadline: Double = 5, language: LanguageData = LanguageData()) {
    (self.store, self.deadline, self.language) = (store, deadline, language)
  }

  /// Every speech that passes a filter and for which a query holds, with its content.
  public func speeches(
    _ query: Query? = nil, _ filter: SpeechFilter = SpeechFilter(), sort: ResultSort, mode: SearchMode = .exact
  ) throws -> Export<StoredSpeech> {
    try withSnapshot { snapshot, db in
      let keys: [Int64]
      if let query {
        guard try SearchRebuild.isComplete(db) else { throw StorageError.indexIncomplete }
        let evaluation = try SearchEvaluation(db, store, deadline: Store.uptime(after: deadline))
        let search = try SearchInterpretation(query, mode: mode, lexicon: language.lexicon, evaluation)
        let found = try SearchRepository.documents(search.query, filter, evaluation)
        switch sort {
        case .field(let sort):
          keys = try SearchRepository.lending(found, evaluation) { try Self.keys($0, sort, db) }
        case .relevance:
          let total = found.count
          let best = try SearchScores.ofDocuments(search, evaluation).best(
            of: found, count: total, bound: evaluation.layout.documentBound, after: nil, limit: max(1, total))
          keys = try best.map { Int64(try evaluation.place(of: $0.number).speech) }
        }
      } else if case .field(let sort) = sort {
        keys = try Self.keys(Condition(filter), sort, db)
      } else {
        keys = try Self.keys(Condition(filter), .dateDescending, db)
      }
      return Export(total: keys.count, state: try CardRepository.state(db)) { body in
        for key in keys {
          let content = try snapshot.read { try Self.content(of: key, $0) }
          try body(content)
        }
      }
    }
  }

  /// Every write after a corpus revision.
  public func changes(since revision: Int) throws -> Export<ChangeEntry> {
    try withSnapshot { snapshot, db in
      let state = try CardRepository.state(db)
      return Export(total: max(0, state.revision - revision), state: state) { body in
        var next: Int? = revision
        while let since = next {
          let page = try snapshot.read { try ChangeRepository.page(since: since, limit: 500, $0) }
          for entry in page.items { try body(entry) }
          next = page.next
        }
      }
    }
  }

  /// Opens a snapshot and finds in it what belongs to an export.
  private func withSnapshot<Item>(
    _ body: (KeptSnapshot, Database) throws -> Export<Item>
  ) throws -> Export<Item> {
    for attempt in 0... {
      do {
        let snapshot = try store.snapshot()
        return try store.read(on: snapshot.reader, seconds: deadline) { try body(snapshot, $0) }
      } catch StorageError.snapshotOvertaken where attempt < 3 {
        // A newer snapshot no longer has the document that the layout lacks.
        continue
      }
    }
    throw StorageError.busy
  }

  private static func keys(_ condition: Condition, _ sort: SpeechSort, _ db: Database) throws -> [Int64] {
    let order =
      switch sort {
      case .date: "card.date_key IS NULL, card.date_key, card.id"
      case .dateDescending: "card.date_key IS NULL, card.date_key DESC, card.id"
      case .added: "card.speech"
      case .addedDescending: "card.speech DESC"
      case .title: "card.title_key, card.id"
      }
    var keys: [Int64] = []
    try db.eachRow(
      db.makeStatement(sql: "SELECT card.speech FROM card\(condition.whereClause) ORDER BY \(order)"),
      condition.statementArguments
    ) { keys.append(Int64($0.integer(0))) }
    return keys
  }

  private static func content(of key: Int64, _ db: Database) throws -> StoredSpeech {
    let id = try db.firstRow("SELECT id FROM card WHERE speech = ?", [key]) { SpeechID($0.text(0)) }
    guard let id = id ?? nil,
      case .found(let content) = try SpeechRepository.identity(
        of: id, revision: nil, db, { try SpeechRepository.content(of: $0, db) })
    else { throw StorageError.corrupt("the speech with the key \(key) has no content") }
    return content
  }
}
