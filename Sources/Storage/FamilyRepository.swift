public import Corpus
import GRDB

/// A speech in its family.
public struct FamilyMember: Sendable {
  /// How it is a copy of the head.
  public struct Evidence: Sendable {
    /// What it is of the head.
    public var kind: CopyKind
    /// What part of its text stands in that of the head, from 0 to 1.
    public var share: Double
    /// What part of the head's text stands in its own.
    public var coverage: Double
    /// The longest passage that stands in both, where it stands in either; nil where none is long enough to count.
    public var passage: (own: Span, head: Span)?
  }

  /// The speech.
  public var card: Card
  /// How it is a copy; nil for the head itself.
  public var evidence: Evidence?
}

/// A family by its head.
public struct SpeechFamily: Sendable {
  /// The head.
  public var head: Card
  /// How many speeches it has, the head among them.
  public var size: Int
}

/// Tells which speeches are copies of each other.
public struct FamilyRepository: Sendable {
  let store: Store
  private let deadline: Double

  /// The repository of a store.
  /// - Parameter deadline: how long a query may take, in seconds.
  public init(_ store: Store, deadline: Double = 5) {
    self.store = store
    self.deadline = deadline
  }

  /// A page of the families, those whose head was imported last first.
  public func families(before head: Int64? = nil, limit: Int) throws -> Page<SpeechFamily, Int64> {
    try store.read(seconds: deadline) { db in
      guard try SearchRebuild.isComplete(db) else { throw StorageError.indexIncomplete }
      var items: [(key: Int64, family: SpeechFamily)] = []
      let sql = """
        SELECT card.id, card.revision, card.json, f.family, f.size FROM
          (SELECT family, count(*) AS size FROM card WHERE family IS NOT NULL GROUP BY family) f
        JOIN card ON card.speech = f.family WHERE f.family < ? ORDER BY f.family DESC LIMIT ?
        """
      try db.eachRow(sql, [head ?? .max, limit + 1]) { row in
        let card = Card(id: row.text(0), revision: row.integer(1), members: row.text(2))
        items.append((Int64(row.integer(3)), SpeechFamily(head: card, size: row.integer(4))))
      }
      let next = items.count > limit ? items[limit - 1].key : nil
      let total = try Int.fetchOne(db, sql: "SELECT count(DISTINCT family) FROM card WHERE family IS NOT NULL")
      return Page(
        items: items.prefix(limit).map(\.family), total: total ?? 0, next: next, state: try CardRepository.state(db))
    }
  }

  /// A page of the family of a speech, the head first, then the others as they were imported; the speech alone where it has no
  /// copies.
  /// - Parameter last: the key of the last speech of the page before.
  public func family(of id: SpeechID, after last: Int64? = nil, limit: Int) throws -> Lookup<Page<FamilyMember, Int64>>
  {
    try store.read(seconds: deadline) { db in
      guard try SearchRebuild.isComplete(db) else { throw StorageError.indexIncomplete }
      return try SpeechRepository.identity(of: id, revision: nil, db) { identity in
        let row = try Row.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT head.speech, head.title, head.id, head.revision, head.json FROM card
              JOIN card head ON head.speech = coalesce(card.family, card.speech) WHERE card.speech = ?
              """), arguments: [identity.key])
        guard let row else { throw StorageError.corrupt("speech \(identity.id) has no card") }
        let (head, title): (Int64, String?) = (row[0], row[1])
        let total = try Int.fetchOne(
          db.cachedStatement(sql: "SELECT count(*) FROM card WHERE family = ?"), arguments: [head])
        let others = try Row.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT id, revision, json, speech, title FROM card WHERE family = ?1 AND speech <> ?1 AND speech > ?2
              ORDER BY speech LIMIT ?3
              """), arguments: [head, last ?? 0, limit + 1])
        let isFirst = last == nil
        var members = isFirst ? [FamilyMember(card: Card(id: row[2], revision: row[3], members: row[4]))] : []
        let comparison = others.isEmpty ? nil : try db.copyText(of: head).map(CopyComparison.init)
        let shown = others.prefix(limit - members.count)
        members += try shown.map { row in
          let evidence = try comparison.flatMap { head in
            try db.copyText(of: row[3]).map { FamilyMember.Evidence($0, of: head, title: (row[4], title)) }
          }
          return FamilyMember(card: Card(id: row[0], revision: row[1], members: row[2]), evidence: evidence)
        }
        return Page(
          items: members, total: max(1, total ?? 0), next: shown.count < others.count ? shown.last?[3] ?? 0 : nil,
          state: try CardRepository.state(db))
      }
    }
  }
}

extension FamilyMember.Evidence {
  fileprivate init(_ own: CopyText, of head: CopyComparison, title: (String?, String?)) {
    let result = head.result(with: own)
    (share, coverage) = (result.other, result.own)
    kind = CopyKind(own, of: head.text, title: title, share: coverage)
    passage = head.longestPassage(in: own).map { ($0.other, $0.own) }
  }
}
