public import Corpus
import Foundation
import GRDB

/// What a look-up by id finds.
public enum Lookup<Value: Sendable>: Sendable {
  case found(Value)
  /// The speech was taken out of the corpus at that time.
  case deleted(at: String)
  /// The speech has revisions 1 to `last` only.
  case noSuchRevision(last: Int)
  case missing
}

/// A revision of a speech without its content: enough to tell whether a client has it already.
public struct RevisionIdentity: Hashable, Sendable {
  /// The speech.
  public var id: String
  /// The number of the revision.
  public var revision: Int
  /// Whether it is the speech's current one.
  public var isCurrent: Bool
  /// Changes whenever anything of the revision does.
  public var digest: String
  /// When the speech was first kept, ISO 8601 in UTC.
  public var createdAt: String
  /// When this revision was made.
  public var updatedAt: String
  /// Bytes of its record and text.
  public var size: Int
  let key: Int64
}

/// A revision of a speech with its content.
public struct StoredSpeech: Sendable {
  /// Which one it is.
  public var identity: RevisionIdentity
  /// A JSON object with every member that the revision fixes, except text and sections.
  public var record: [UInt8]
  /// The canonical text.
  public var text: TextIndex
  /// The nodes in reading order.
  public var nodes: [OutlineNode]

  /// Its permanent name.
  public var id: SpeechID {
    get throws {
      guard let id = SpeechID(identity.id) else { throw StorageError.corrupt("“\(identity.id)” is no id") }
      return id
    }
  }

  /// The speech as a value, as the parser gave it.
  public func speech() throws -> Speech {
    try Speech(
      record: String(decoding: record, as: UTF8.self), text: String(decoding: text.bytes, as: UTF8.self), nodes: nodes)
  }
}

/// Reads about a revision while a connection is lent, all of it on one snapshot.
public struct RevisionReader {
  /// Which revision it is.
  public let identity: RevisionIdentity
  fileprivate let db: Database

  /// Its content.
  public func content() throws -> StoredSpeech { try SpeechRepository.content(of: identity, db) }

  /// The state of the corpus that the revision was found in.
  public func state() throws -> CorpusState { try CardRepository.state(db) }
}

/// One entry of a speech's history.
public struct RevisionSummary: Hashable, Sendable {
  /// Its number, from 1.
  public var number: Int
  /// When it was made.
  public var at: String
  /// Why it was made.
  public var cause: String
  /// The members that differ from the revision before.
  public var changed: [String]
  /// SHA-256 of the document it was read from.
  public var sourceDigest: String
}

/// Finds speeches by their id.
public struct SpeechRepository: Sendable {
  let store: Store

  /// The repository of a store.
  public init(_ store: Store) { self.store = store }

  /// Which revision an id names: the current one unless told otherwise. The older revisions of a deleted speech are
  /// deleted with it.
  public func identity(of id: SpeechID, revision: Int? = nil) throws -> Lookup<RevisionIdentity> {
    try store.readByKey { db in try Self.identity(of: id, revision: revision, db) { $0 } }
  }

  /// Finds the revision that an id names and reads what `body` wants of it. A connection is borrowed once for all of it,
  /// since that costs more than what is read.
  public func read<Value: Sendable>(
    _ id: SpeechID, revision: Int? = nil, _ body: (RevisionReader) throws -> Value
  ) throws -> Lookup<Value> {
    try store.readByKey { db in
      try Self.identity(of: id, revision: revision, db) { try body(RevisionReader(identity: $0, db: db)) }
    }
  }

  /// The content of a revision.
  public func content(of identity: RevisionIdentity) throws -> StoredSpeech {
    try store.readByKey { db in try Self.content(of: identity, db) }
  }

  /// The document that a revision was read from.
  public func source(of identity: RevisionIdentity) throws -> SourceDocument {
    try store.readByKey { db in
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT s.bytes, s.media_type, s.encoding, s.file_name, s.sidecar FROM source s
            JOIN revision r ON r.source = s.key WHERE r.speech = ? AND r.number = ?
            """), arguments: [identity.key, identity.revision])
      guard let row else { throw StorageError.corrupt("revision \(identity.id)/\(identity.revision) has no source") }
      return SourceDocument(
        bytes: Array(row[0] as Data), mediaType: row[1], encoding: row[2], fileName: row[3],
        sidecar: (row[4] as Data?).map { Array($0) })
    }
  }

  /// The history of a speech, the first revision first.
  public func revisions(of identity: RevisionIdentity) throws -> [RevisionSummary] {
    try store.readByKey { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT r.number, r.at, r.cause, r.changed, s.sha256 FROM revision r JOIN source s ON s.key = r.source
            WHERE r.speech = ? ORDER BY r.number
            """), arguments: [identity.key]
      ).map { row in
        RevisionSummary(
          number: row[0], at: row[1], cause: row[2], changed: try NameList.names(row[3]), sourceDigest: row[4])
      }
    }
  }

  /// Finds a revision and gives what `body` makes of it. While `body` runs the statement stands at its row, so that all
  /// that is read meanwhile belongs to the same snapshot and takes no lock of its own.
  static func identity<Value>(
    of id: SpeechID, revision: Int?, _ db: Database, _ body: (RevisionIdentity) throws -> Value
  ) throws -> Lookup<Value> {
    let sql = """
      SELECT s.key, s.revision, s.created_at, s.deleted_at, r.number, r.digest, r.at, r.size
      FROM speech s LEFT JOIN revision r ON r.speech = s.key AND r.number = coalesce(?, s.revision)
      WHERE s.id = ?
      """
    return try db.firstRow(sql, [revision, id.text]) { row in
      if let time = row.optionalText(3) { return .deleted(at: time) }
      guard let number = row.optionalInteger(4) else { return .noSuchRevision(last: row.integer(1)) }
      return .found(
        try body(
          RevisionIdentity(
            id: id.text, revision: number, isCurrent: number == row.integer(1), digest: row.text(5),
            createdAt: row.text(2), updatedAt: row.text(6),
            size: row.integer(7), key: Int64(row.integer(0)))))
    } ?? .missing
  }

  static func content(of identity: RevisionIdentity, _ db: Database) throws -> StoredSpeech {
    let sql = "SELECT record, text FROM revision WHERE speech = ? AND number = ?"
    let content = try db.firstRow(sql, [identity.key, identity.revision]) { row in
      StoredSpeech(identity: identity, record: row.bytes(0), text: TextIndex(utf8: row.bytes(1)), nodes: [])
    }
    guard var content else { throw StorageError.corrupt("revision \(identity.id)/\(identity.revision) is missing") }
    content.nodes = try nodes(of: identity.key, revision: identity.revision, db)
    return content
  }

  static func nodes(of key: Int64, revision: Int, _ db: Database) throws -> [OutlineNode] {
    var nodes: [OutlineNode] = []
    try db.eachRow(nodeSQL + " ORDER BY position", [key, revision]) { nodes.append(try node($0)) }
    return nodes
  }

  /// The node at a position of the reading order, behind those that contain it, the outermost first; none where there is none.
  static func nodes(to position: Int, of key: Int64, revision: Int, _ db: Database) throws -> [OutlineNode] {
    let statement = try db.cachedStatement(sql: nodeSQL + " AND position <= ? ORDER BY position DESC")
    try statement.setArguments([key, revision, position])
    var nodes: [OutlineNode] = []
    // What contains a node stands before it.
    try db.eachRow(statement.sqliteStatement) { row in
      if let inner = nodes.last {
        if row.text(0) == inner.parent { nodes.append(try node(row)) }
      } else if row.integer(14) == position {
        nodes.append(try node(row))
      }
      return nodes.last?.parent != nil
    }
    return nodes.reversed()
  }

  private static let nodeSQL = """
    SELECT path, parent, level, ordinal, kind, label, number, heading, span_start, span_end, heading_start,
      heading_end, body_spans, characters, position
    FROM section WHERE speech = ? AND revision = ?
    """

  /// The node of a row of `nodeSQL`.
  private static func node(_ row: Columns) throws -> OutlineNode {
    guard let kind = Section.Kind(rawValue: row.text(4)) else {
      throw StorageError.corrupt("a section of unknown kind")
    }
    var headingSpan: Span?
    if let start = row.optionalInteger(10), let end = row.optionalInteger(11) { headingSpan = Span(start, end) }
    let section = Section(
      kind: kind, span: Span(row.integer(8), row.integer(9)), label: row.optionalText(5),
      number: row.optionalInteger(6), heading: row.optionalText(7), headingSpan: headingSpan,
      bodySpans: SpanList.spans(row.utf8(12)))
    return OutlineNode(
      section: section, path: row.text(0), level: row.integer(2), ordinal: row.integer(3),
      parent: row.optionalText(1), characters: row.integer(13))
  }
}
