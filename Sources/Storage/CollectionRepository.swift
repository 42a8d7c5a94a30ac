public import Corpus
import GRDB

/// A named set of speeches.
public struct SpeechCollection: Hashable, Sendable {
  /// What makes a speech belong to it.
  public enum Rule: Hashable, Sendable {
    /// That its id is one of these.
    case ids([String])
    /// That it passes a filter: a JSON object with parameters of a list of speeches.
    case filter([UInt8])

    /// The ids of a list; none for a filter.
    var ids: [String] { if case .ids(let ids) = self { ids } else { [] } }
  }

  /// Its name in addresses: lower-case Latin letters, digits and hyphens.
  public var slug: String
  /// Its name for people.
  public var title: String
  /// A few words about it.
  public var description: String?
  /// What makes a speech belong to it.
  public var rule: Rule
  /// When it was made, ISO 8601 in UTC.
  public var createdAt: String
  /// When it was last changed.
  public var updatedAt: String

  /// A collection as it is to be kept.
  public init(slug: String, title: String, description: String?, rule: Rule, createdAt: String, updatedAt: String) {
    self.slug = slug
    self.title = title
    self.description = description
    self.rule = rule
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}

/// Keeps collections and says which speeches belong to them.
public struct CollectionRepository: Sendable {
  /// A collection, and how many speeches belong to it.
  public typealias Found = (collection: SpeechCollection, speeches: Int)

  let store: Store
  private let deadline: Double
  private let read: @Sendable ([UInt8]) throws -> SpeechFilter

  /// The repository of a store.
  /// - Parameters:
  ///   - deadline: how long a query may take, in seconds.
  ///   - read: what the parameters of a kept filter mean.
  public init(_ store: Store, deadline: Double = 5, read: @escaping @Sendable ([UInt8]) throws -> SpeechFilter) {
    self.store = store
    self.deadline = deadline
    self.read = read
  }

  /// All collections with how many speeches belong to each, in the order of their slugs, when one was last edited, and the
  /// state they were found in.
  public func all() throws -> (collections: [Found], editedAt: String?, state: CorpusState) {
    try store.read(seconds: deadline) { db in
      (try Self.rows(nil, db).map { ($0, try count($0, db)) }, try Self.editedAt(db), try CardRepository.state(db))
    }
  }

  /// A collection with how many speeches belong to it.
  public func find(_ slug: String) throws -> Found? { try store.read(seconds: deadline) { try find(slug, $0) } }

  /// The speeches that a collection stands for in a filter; nil where there is no such collection.
  public func set(_ slug: String) throws -> SpeechSet? {
    try store.readByKey { db in try Self.rows(slug, db, items: false).first.map(set) }
  }

  /// The slugs of the collections that speeches belong to, by the ids of the speeches, and when a collection was last
  /// edited.
  public func memberships(of ids: [String]) throws -> (slugs: [String: [String]], editedAt: String?) {
    try store.readByKey { db in
      let editedAt = try Self.editedAt(db)
      var found: [String: [String]] = [:]
      for collection in try Self.rows(nil, db, items: false) {
        var condition = Condition(SpeechFilter(in: [try set(collection)]))
        condition.add("card.id IN (SELECT value FROM json_each(?))", Condition.array(ids))
        let members = try String.fetchAll(
          db, sql: "SELECT id FROM card" + condition.whereClause, arguments: condition.statementArguments)
        for id in members { found[id, default: []].append(collection.slug) }
      }
      return (found, editedAt)
    }
  }

  /// Keeps a collection, in the place of the one with its slug; that was made when it was made.
  /// - Parameter check: looks at what has been there, within the transaction; what it throws keeps everything as it was.
  /// - Returns: whether it is new, and which of its ids no speech has: where there are any, nothing is kept.
  public func put(
    _ collection: SpeechCollection, check: (Found?) throws -> Void = { _ in }
  ) throws -> (isNew: Bool, unknown: [String]) {
    try store.write { db in
      let before = try find(collection.slug, db)
      try check(before)
      let ids = collection.rule.ids
      let unknown = try String.fetchAll(
        db, sql: "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM card)",
        arguments: [Condition.array(ids)])
      guard unknown.isEmpty else { return (before == nil, unknown) }
      try Self.keep(collection, db)
      try Self.noteEdit(at: collection.updatedAt, db)
      return (before == nil, [])
    }
  }

  /// Takes a collection away; its speeches stay.
  /// - Parameter check: as with `put`.
  /// - Returns: false where there is none.
  public func remove(_ slug: String, at time: String, check: (Found) throws -> Void = { _ in }) throws -> Bool {
    try store.write { db in
      guard let before = try find(slug, db) else { return false }
      try check(before)
      try db.execute(sql: "DELETE FROM collection WHERE slug = ?", arguments: [slug])
      try Self.noteEdit(at: time, db)
      return true
    }
  }

  /// Puts the collections of another corpus in the place of all that are here.
  /// - Parameters:
  ///   - edits: how often they were edited there.
  ///   - editedAt: when last.
  public func replaceAll(with collections: [SpeechCollection], edits: Int, editedAt: String?) throws {
    try Self.replaceAll(in: store, with: collections, edits: edits, editedAt: editedAt)
  }

  /// Gives a store the collections of another.
  static func copy(from source: Store, to target: Store) throws {
    let (collections, time, edits) = try source.read { db in
      (try rows(nil, db), try editedAt(db), try CardRepository.state(db).edits)
    }
    try replaceAll(in: target, with: collections, edits: edits, editedAt: time)
  }

  private static func replaceAll(
    in store: Store, with collections: [SpeechCollection], edits: Int, editedAt: String?
  ) throws {
    try store.write { db in
      try db.execute(sql: "DELETE FROM collection")
      for collection in collections { try keep(collection, db) }
      try db.execute(sql: "UPDATE collection_edits SET count = ?, at = ?", arguments: [edits, editedAt])
    }
  }

  private static func keep(_ collection: SpeechCollection, _ db: Database) throws {
    var filter: String?
    if case .filter(let json) = collection.rule { filter = String(decoding: json, as: UTF8.self) }
    try db.execute(
      sql: """
        INSERT INTO collection (slug, title, description, filter, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET title = excluded.title, description = excluded.description,
          filter = excluded.filter, updated_at = excluded.updated_at
        """,
      arguments: [
        collection.slug, collection.title, collection.description, filter, collection.createdAt, collection.updatedAt,
      ])
    try db.execute(sql: "DELETE FROM collection_item WHERE slug = ?", arguments: [collection.slug])
    try db.execute(
      sql: "INSERT OR IGNORE INTO collection_item (slug, position, id) SELECT ?, key, value FROM json_each(?)",
      arguments: [collection.slug, Condition.array(collection.rule.ids)])
  }

  private static func editedAt(_ db: Database) throws -> String? {
    try db.firstRow("SELECT at FROM collection_edits") { $0.optionalText(0) } ?? nil
  }

  private static func noteEdit(at time: String, _ db: Database) throws {
    try db.execute(sql: "UPDATE collection_edits SET count = count + 1, at = ?", arguments: [time])
  }

  private func find(_ slug: String, _ db: Database) throws -> Found? {
    try Self.rows(slug, db).first.map { ($0, try count($0, db)) }
  }

  private func set(_ collection: SpeechCollection) throws -> SpeechSet {
    switch collection.rule {
    case .ids: .listed(collection: collection.slug)
    case .filter(let json): .passing(try read(json))
    }
  }

  private func count(_ collection: SpeechCollection, _ db: Database) throws -> Int {
    let condition = Condition(SpeechFilter(in: [try set(collection)]))
    return try Int.fetchOne(
      db, sql: "SELECT count(*) FROM card" + condition.whereClause, arguments: condition.statementArguments) ?? 0
  }

  /// The collections, or the one of a slug.
  /// - Parameter items: whether they are to have their ids.
  private static func rows(_ slug: String?, _ db: Database, items: Bool = true) throws -> [SpeechCollection] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT slug, title, description, filter, created_at, updated_at FROM collection
          WHERE ?1 IS NULL OR slug = ?1 ORDER BY slug
          """), arguments: [slug]
    ).map { row in
      let filter = row[3] as String?
      let ids =
        filter != nil || !items
        ? []
        : try String.fetchAll(
          db.cachedStatement(sql: "SELECT id FROM collection_item WHERE slug = ? ORDER BY position"),
          arguments: [row[0] as String])
      return SpeechCollection(
        slug: row[0], title: row[1], description: row[2],
        rule: filter.map { .filter(Array($0.utf8)) } ?? .ids(ids), createdAt: row[4], updatedAt: row[5])
    }
  }
}
