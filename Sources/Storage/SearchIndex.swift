import Corpus
import Foundation
import GRDB

/// What a transaction changes in the index, written at its end as one segment.
struct IndexChanges {
  /// The speeches in the order in which they were last named, each with what is to be found of it, nil for nothing: the order
  /// in which transactions of their own would number them, so that equal scores come alike in a copy that takes many writes
  /// in one. Nil where a speech was named again.
  private var speeches: [(key: Int64, now: (revision: Int, text: SearchText)?)?] = []
  private var places: [Int64: Int] = [:]

  /// Puts a revision of a speech in the place of what the index has of it.
  mutating func put(_ text: SearchText, speech key: Int64, revision: Int) { set(key, (revision, text)) }

  /// Takes a speech out.
  mutating func remove(speech key: Int64) { set(key, nil) }

  private mutating func set(_ key: Int64, _ now: (revision: Int, text: SearchText)?) {
    if let place = places.updateValue(speeches.count, forKey: key) { speeches[place] = nil }
    speeches.append((key, now))
  }

  /// The speeches that it changes, and the text that each has now, folded; nil for one that is taken out.
  var texts: [(key: Int64, text: [Folding.Folded]?)] {
    speeches.compactMap { $0.map { ($0.key, $0.now?.text.folded) } }
  }

  /// So many tokens are turned around at once, which takes eight bytes each.
  private static let mostTokens = 3 << 20

  /// Writes all of it.
  private mutating func write(to db: Database, merging: Bool) throws {
    if speeches.isEmpty { return }
    var change = (nodes: 0, tokens: 0)
    func count(_ sizes: [Int], _ sign: Int) {
      change.nodes += sign * (sizes.count - 1) / 2
      change.tokens += sign * sizes.dropFirst().reduce(0, +)
    }
    var (inversion, blocks) = (Inversion(), 0)
    for index in speeches.indices {
      guard let (key, now) = speeches[index] else { continue }
      // Its tokens are in memory once.
      speeches[index] = nil
      let old = try db.firstRow("SELECT document, nodes FROM search_document WHERE speech = ?", [key]) {
        (Int64($0.integer(0)), Varints.numbers($0.blob(1)))
      }
      if let (document, sizes) = old {
        try db.bury(document: document)
        try db.cachedStatement(sql: "DELETE FROM search_document WHERE speech = ?").execute(arguments: [key])
        count(sizes, -1)
      }
      guard let (revision, text) = now else { continue }
      try db.run("INSERT INTO search_document (speech, revision, nodes) VALUES (?, ?, ?)") {
        $0.integer(key)
        $0.integer(revision)
        $0.blob(Varints.bytes(text.sizes))
      }
      count(text.sizes, 1)
      inversion.append(document: Int(db.lastInsertedRowID), text.tokens)
      if inversion.count >= Self.mostTokens {
        blocks += try db.writeSegment(inversion)
        inversion = Inversion()
      }
    }
    try db.cachedStatement(sql: "UPDATE search_state SET nodes = nodes + ?, tokens = tokens + ?")
      .execute(arguments: [change.nodes, change.tokens])
    blocks += try db.writeSegment(inversion)
    if merging { try db.mergeSegments(after: blocks) }
  }

  /// Writes the index, and which speeches are copies. What comes after it in the transaction begins anew.
  /// - Parameter whole: what they are a part of; nil where what is due of putting segments together is done now.
  mutating func finish(in db: Database, partOf whole: LargeImport? = nil) throws {
    try db.findCopies(of: texts, partOf: whole)
    try write(to: db, merging: whole == nil)
    self = IndexChanges()
  }
}

extension Store {
  /// Writes steps of the history in one transaction, and then the index and which speeches are copies.
  /// - Parameter whole: what they are a part of; segments of the index are put together behind it.
  func record<Value: Sendable>(
    partOf whole: LargeImport? = nil, _ body: (Database, inout IndexChanges) throws -> Value
  ) throws -> Value {
    do {
      return try write { db in
        whole?.begin(db)
        var changes = IndexChanges()
        let value = try body(db, &changes)
        try changes.finish(in: db, partOf: whole)
        whole?.end(db)
        return value
      }
    } catch {
      whole?.forget()
      throw error
    }
  }
}

extension Database {
  /// What is searched of a stored revision.
  func searchText(of key: Int64, revision: Int) throws -> SearchText {
    let nodes = try SpeechRepository.nodes(of: key, revision: revision, self)
    let text = try firstRow(
      "SELECT json_extract(record, '$.title'), text FROM revision WHERE speech = ? AND number = ?", [key, revision]
    ) { row in
      SearchText(title: row.optionalText(0), text: TextIndex(utf8: row.bytes(1)), nodes: nodes)
    }
    guard let text else { throw StorageError.corrupt("revision \(revision) of speech \(key) is missing") }
    return text
  }
}

/// Makes the index again, and with it the families, where it is of other tokens than this program's, or was never made.
struct SearchRebuild {
  /// What the index of this program is of: its folding, how it divides texts, and what it takes for copies.
  static let version = "5-" + Folding.version
  /// So many speeches are put in at once: about half a second, for which other writes wait.
  private static let batch = 200

  let store: Store

  /// Whether search can be answered from the database.
  static func isComplete(_ db: Database) throws -> Bool {
    try db.firstRow("SELECT version = ? AND rebuilt IS NULL FROM search_state", [version]) { $0.integer(0) == 1 }
      ?? false
  }

  /// Whether there is no speech yet.
  static func isOfNothing(_ db: Database) throws -> Bool { try Row.fetchOne(db, sql: "SELECT 1 FROM speech") == nil }

  /// Why search cannot be answered from the database; nil where it can.
  static func trouble(_ db: Database) throws -> String? {
    guard let row = try Row.fetchOne(db, sql: "SELECT version, rebuilt FROM search_state") else {
      return "it was never made"
    }
    let (found, rebuilt): (String?, Int64?) = (row[0], row[1])
    guard found == version else { return "it is of version \(found ?? "none"), this program's is \(version)" }
    return rebuilt == nil ? nil : "it is being made"
  }

  /// Goes on where it was interrupted.
  func run(isStopped: () -> Bool, progress: (Int, Int) -> Void) throws {
    if try store.read(Self.isComplete) { return }
    let total = try store.write { db in
      let known = try String.fetchOne(db, sql: "SELECT version FROM search_state")
      if known != Self.version {
        try db.execute(
          sql: """
            DELETE FROM search_segment;
            DELETE FROM search_block;
            DELETE FROM search_term;
            DELETE FROM search_dead;
            DELETE FROM search_document;
            DELETE FROM copy;
            DELETE FROM fingerprint;
            UPDATE card SET family = NULL WHERE family IS NOT NULL;
            UPDATE search_state SET version = '\(Self.version)', rebuilt = 0, nodes = 0, tokens = 0;
            """)
      }
      return try Int.fetchOne(db, sql: "SELECT count(*) FROM speech WHERE deleted_at IS NULL") ?? 0
    }
    var isDone = false
    while !isDone, !isStopped() {
      let done = try store.record { db, changes in
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT key, revision FROM speech WHERE deleted_at IS NULL AND key > (SELECT rebuilt FROM search_state)
            ORDER BY key LIMIT ?
            """, arguments: [Self.batch])
        for row in rows {
          changes.put(try db.searchText(of: row[0], revision: row[1]), speech: row[0], revision: row[1])
        }
        isDone = rows.count < Self.batch
        try db.execute(
          sql: "UPDATE search_state SET rebuilt = ?", arguments: [isDone ? nil : rows.last?[0] as Int64?])
        return try (Int.fetchOne(db, sql: "SELECT count(*) FROM search_document") ?? 0) + rows.count
      }
      progress(done, total)
    }
  }
}

extension Store {
  /// Makes the index of search, and with it the families, again where it is of another version than this program's; what is
  /// read besides is answered meanwhile, and what is written takes its turn. Then makes up for a purge that was interrupted.
  /// - Parameters:
  ///   - isStopped: asked between two steps; the work is then gone on with the next time.
  ///   - progress: called with the number of speeches done and in all.
  public func rebuildSearch(isStopped: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }) throws {
    if objection != nil { return }
    try SearchRebuild(store: self).run(isStopped: isStopped, progress: progress)
    if try read(SearchRebuild.isComplete) { try scrub() }
  }

  /// Puts the segments that the index has together into one without anything that is dead, some hundred blocks in a
  /// transaction.
  /// - Parameters:
  ///   - added: how many speeches came to it. Where they are a small part of it, only what is due is put together.
  ///   - progress: called with the number of blocks written and how many there are about in all.
  public func compactSearch(after added: Int = .max, progress: (Int, Int) -> Void) throws {
    // What is written meanwhile is put together in its own time: this comes to an end whoever writes.
    let (last, blocks, documents) = try read { db in
      try db.firstRow("SELECT max(id), sum(blocks), sum(documents) FROM search_segment", []) {
        (Int64($0.integer(0)), $0.integer(1), $0.integer(2))
      } ?? (0, 0, 0)
    }
    let whole = added >= documents / Self.smallPart ? last : nil
    var done = 0
    while true {
      let more = try write { try $0.mergeSegments(blocks: Self.blocksAtOnce, whole: whole) }
      if more == 0 { return }
      done = min(done + more, blocks)
      progress(done, blocks)
    }
  }

  private static let blocksAtOnce = 2_000
  private static let smallPart = 8
}
