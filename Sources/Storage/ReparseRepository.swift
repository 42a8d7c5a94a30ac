public import Corpus
import Foundation
import GRDB

/// A document of the corpus, and the speeches whose current revisions were read from it.
public struct KeptDocument: Sendable {
  /// The document. Its encoding is nil where it was guessed.
  public var document: SourceDocument
  /// The speeches that are asked about.
  public var speeches: [SpeechID]
  let key: Int64
  /// Whether no other speech was read from it.
  let isAlone: Bool
  /// Whether all its speeches are asked about.
  let isWhole: Bool
}

/// What became of a speech whose document was read again.
public struct Reparsed: Sendable {
  /// What was done.
  public enum Status: String, CaseIterable, Sendable {
    case unchanged, revised
    /// The document no longer gives it. It stays as it is.
    case notRead = "not_read"
    /// The document gives it, and the corpus never had it. It is not added: an import of the document would.
    case new
  }

  /// The speech.
  public var id: SpeechID
  /// What was done.
  public var status: Status
  /// Its revision, after what was done; nil for one that is not in the corpus.
  public var revision: Int?
  /// The members that differ from the revision before.
  public var changed: [String] = []
  /// What became of its sections; nil where nothing differs.
  public var comparison: SpeechComparison?
}

/// Reads the documents of the corpus again.
public struct ReparseRepository: Sendable {
  let store: Store

  /// The repository of a store.
  public init(_ store: Store) { self.store = store }

  /// The documents from which current revisions were read, by keys in the order of their import.
  /// - Parameter ids: the speeches that are asked about; nil for all.
  /// - Returns: the documents, and the ids under which there is no speech.
  public func documents(of ids: [SpeechID]?) throws -> (keys: [Int64], missing: [SpeechID]) {
    try store.read { db in
      let sql = """
        SELECT DISTINCT r.source FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
        WHERE s.deleted_at IS NULL
        """
      guard let ids else { return (try Int64.fetchAll(db, sql: sql + " ORDER BY r.source"), []) }
      var (keys, missing) = (Set<Int64>(), [SpeechID]())
      for id in ids {
        if let key = try Int64.fetchOne(db, sql: sql + " AND s.id = ?", arguments: [id.text]) {
          keys.insert(key)
        } else {
          missing.append(id)
        }
      }
      return (keys.sorted(), missing)
    }
  }

  /// A document and its speeches.
  /// - Parameter ids: the speeches that are asked about; nil for all.
  public func document(_ key: Int64, of ids: Set<SpeechID>?) throws -> KeptDocument {
    try store.read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT bytes, media_type, encoding, file_name, sidecar FROM source WHERE key = ?", arguments: [key])
      guard let row else { throw StorageError.corrupt("document \(key) is missing") }
      let speeches = try Row.fetchAll(
        db,
        sql: """
          SELECT s.id, EXISTS (SELECT 1 FROM json_each(r.record, '$.warnings') WHERE value = 'encoding_guessed')
          FROM revision r JOIN speech s ON s.key = r.speech AND s.revision = r.number
          WHERE r.source = ? AND s.deleted_at IS NULL ORDER BY s.key
          """, arguments: [key])
      let known = speeches.compactMap { SpeechID($0[0] as String) }
      return KeptDocument(
        document: SourceDocument(
          bytes: Array(row[0] as Data), mediaType: row[1], encoding: speeches.contains { $0[1] } ? nil : row[2],
          fileName: row[3], sidecar: (row[4] as Data?).map { Array($0) }),
        speeches: known.filter { ids?.contains($0) ?? true }, key: key, isAlone: known.count == 1, isWhole: ids == nil)
    }
  }

  /// Makes a revision of each speech that is read otherwise now, with its corrections as they were; all in one transaction.
  /// - Parameters:
  ///   - readings: what each document was read as.
  ///   - isDry: says what would be done, without doing it and without the right to.
  public func keep(
    _ readings: [(document: KeptDocument, readings: [Reading])], at time: String, isDry: Bool = false
  ) throws -> [Reparsed] {
    func all(_ db: Database, _ put: (RevisionEntry) throws -> Void) throws -> [Reparsed] {
      try readings.flatMap { try Self.judge($0.document, $0.readings, at: time, db, put) }
    }
    if isDry { return try store.read { db in try all(db) { _ in } } }
    return try store.record { db, changes in try all(db) { try db.take(.put($0), &changes) } }
  }

  private static func judge(
    _ document: KeptDocument, _ readings: [Reading], at time: String, _ db: Database,
    _ put: (RevisionEntry) throws -> Void
  ) throws -> [Reparsed] {
    var others = Dictionary(readings.map { ($0.id, $0) }) { one, _ in one }
    // An address that is read otherwise makes another id; the only speech of a document is the same for all that.
    if document.isAlone, readings.count == 1, let id = document.speeches.first { others = [id: readings[0]] }
    var results: [Reparsed] = []
    for id in document.speeches {
      guard let known = try KnownSpeech(id, db), known.source == document.key, !known.isDeleted else { continue }
      guard let reading = others.removeValue(forKey: id) else {
        results.append(Reparsed(id: id, status: .notRead, revision: known.revision))
        continue
      }
      let speech = try known.keepingCorrections(reading.speech, db)
      guard let entry = try known.next(speech, cause: .reparse, at: time, db) else {
        results.append(Reparsed(id: id, status: .unchanged, revision: known.revision))
        continue
      }
      let comparison = SpeechComparison(before: known.compared, after: ComparedSpeech(speech))
      try put(entry)
      results.append(
        Reparsed(
          id: id, status: .revised, revision: entry.number, changed: try NameList.names(entry.changed),
          comparison: comparison))
    }
    for reading in readings where document.isWhole && others[reading.id] != nil {
      let isKnown = try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM speech WHERE id = ?)"), arguments: [reading.id.text])
      if isKnown == false { results.append(Reparsed(id: reading.id, status: .new)) }
    }
    return results
  }
}
