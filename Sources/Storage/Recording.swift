import Corpus
import Foundation
import GRDB

/// One step of the corpus's history: the only way in which anything is written, live or in a replay.
enum HistoryStep {
  /// A new revision, the first of its speech or a later one.
  case put(RevisionEntry)
  /// The end of a speech.
  case delete(id: String, at: String)
  /// The end of what is kept of a deleted speech.
  case purge(id: String, at: String)
  /// A revision that was purged since, of which another corpus tells no more than that it was there.
  case trace(ChangeEntry, createdAt: String)
}

/// A revision as it is written down.
struct RevisionEntry {
  var id: String
  var number: Int
  var createdAt: String
  var at: String
  var cause: String
  var changed: String
  var record: String
  var speech: Speech
  /// That of its text.
  var summary: TextSummary
  var sourceKey: Int64
}

extension Database {
  /// Takes one step: canonical rows, what is derived of them, and the entry of the change log, in the transaction at hand.
  /// - Parameter changes: what it changes in the index, written at the end of the transaction.
  func take(_ step: HistoryStep, _ changes: inout IndexChanges) throws {
    switch step {
    case .put(let entry): try put(entry, &changes)
    case .delete(let id, let at): try delete(id: id, at: at, &changes)
    case .purge(let id, let at): try purge(id: id, at: at)
    case .trace(let entry, let createdAt): try trace(entry, createdAt: createdAt)
    }
  }

  /// Keeps the bytes of a document, once.
  /// - Returns: the key of the source.
  func keepSource(_ document: SourceDocument, importedAt: String) throws -> Int64 {
    let digest = document.sha256
    let known = try Int64.fetchOne(
      cachedStatement(
        sql: """
          SELECT key FROM source WHERE sha256 = ? AND media_type = ? AND file_name IS ? AND sidecar IS ? \
          AND imported_at = ?
          """),
      arguments: [
        digest, document.mediaType, document.fileName, document.sidecar.map { Data($0) }, importedAt,
      ])
    if let known { return known }
    try run(
      """
      INSERT INTO source (sha256, media_type, encoding, file_name, imported_at, sidecar, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    ) {
      $0.text(digest)
      $0.text(document.mediaType)
      $0.text(document.encoding)
      $0.text(document.fileName)
      $0.text(importedAt)
      $0.blob(document.sidecar)
      $0.blob(document.bytes)
    }
    return lastInsertedRowID
  }

  private func put(_ entry: RevisionEntry, _ changes: inout IndexChanges) throws {
    let isFirst = entry.number == 1
    let key = try keepSpeech(entry.id, revision: entry.number, createdAt: entry.createdAt)

    let text = TextIndex(entry.speech.text)
    let nodes = entry.speech.sections.outline(of: text)
    let digest = Self.digest(of: entry, nodes: nodes)
    try run(
      """
      INSERT INTO revision (speech, number, source, at, cause, changed, digest, size, record, text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ) {
      $0.integer(key)
      $0.integer(entry.number)
      $0.integer(entry.sourceKey)
      $0.text(entry.at)
      $0.text(entry.cause)
      $0.text(entry.changed)
      $0.text(digest)
      $0.integer(entry.record.utf8.count + entry.speech.text.utf8.count)
      $0.text(entry.record)
      $0.text(entry.speech.text)
    }
    try insert(nodes, speech: key, revision: entry.number)
    try derive(entry, key: key)
    changes.put(
      SearchText(title: entry.speech.title, text: text, nodes: nodes), speech: key, revision: entry.number)
    try log(isFirst ? "added" : "revised", key: key, revision: entry.number, at: entry.at, digest: digest)
  }

  /// Notes the number of a speech's current revision, and the speech where it is the first.
  /// - Returns: the key of the speech.
  func keepSpeech(_ id: String, revision: Int, createdAt: String) throws -> Int64 {
    if revision == 1 {
      try run("INSERT INTO speech (id, revision, created_at) VALUES (?, 1, ?)") {
        $0.text(id)
        $0.text(createdAt)
      }
      return lastInsertedRowID
    }
    try run("UPDATE speech SET revision = ?, deleted_at = NULL WHERE id = ?") {
      $0.integer(revision)
      $0.text(id)
    }
    guard let key = try Int64.fetchOne(cachedStatement(sql: "SELECT key FROM speech WHERE id = ?"), arguments: [id])
    else { throw StorageError.corrupt("speech \(id) is missing") }
    return key
  }

  private func delete(id: String, at: String, _ changes: inout IndexChanges) throws {
    guard
      let row = try Row.fetchOne(
        cachedStatement(sql: "SELECT key, revision FROM speech WHERE id = ? AND deleted_at IS NULL"), arguments: [id])
    else { throw StorageError.corrupt("speech \(id) is missing") }
    let key: Int64 = row[0]
    try run("UPDATE speech SET deleted_at = ? WHERE key = ?") {
      $0.text(at)
      $0.integer(key)
    }
    try run("DELETE FROM card WHERE speech = ?") { $0.integer(key) }
    changes.remove(speech: key)
    try log("deleted", key: key, revision: row[1], at: at, digest: "")
  }

  private func insert(_ nodes: [OutlineNode], speech key: Int64, revision: Int) throws {
    try run(
      """
      INSERT INTO section (speech, revision, position, path, parent, level, ordinal, kind, label, number, heading,
        span_start, span_end, heading_start, heading_end, body_spans, characters)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, for: nodes.enumerated()
    ) { element, values in
      let (position, node) = element
      let section = node.section
      values.integer(key)
      values.integer(revision)
      values.integer(position)
      values.text(node.path)
      values.text(node.parent)
      values.integer(node.level)
      values.integer(node.ordinal)
      values.text(section.kind.rawValue)
      values.text(section.label)
      values.integer(section.number)
      values.text(section.heading)
      values.integer(section.span.start)
      values.integer(section.span.end)
      values.integer(section.headingSpan?.start)
      values.integer(section.headingSpan?.end)
      SpanList.json(section.bodySpans).withUnsafeBufferPointer { values.text($0) }
      values.integer(node.characters)
    }
  }

  /// Digest over everything that a reader of the revision is given.
  private static func digest(of entry: RevisionEntry, nodes: [OutlineNode]) -> String {
    var writer = JSONWriter(capacity: entry.record.utf8.count + 1024)
    writer.array { writer in
      writer.string(entry.id)
      writer.integer(entry.number)
      writer.string(entry.createdAt)
      writer.string(entry.at)
      writer.json(Array(entry.record.utf8))
      writer.string(Array(entry.speech.text.utf8).sha256)
      let index = TextIndex("")
      for node in nodes { writer.object { node.writeMembers(to: &$0, index: index, text: false) } }
    }
    return String(writer.bytes.sha256.prefix(32))
  }

  /// Adds an entry to the change log; its state is a digest over all that happened so far.
  /// - Parameter told: the state as another corpus tells of it, where it cannot be computed any more.
  func log(_ kind: String, key: Int64, revision: Int, at: String, digest: String, told: String? = nil) throws {
    let last = try firstRow("SELECT corpus_revision, state FROM change ORDER BY corpus_revision DESC LIMIT 1") {
      (revision: $0.integer(0), state: $0.text(1))
    }
    let number = (last?.revision ?? 0) + 1
    let before = last?.state ?? ""
    let state = Array("\(before) \(number) \(kind) \(key) \(revision) \(at) \(digest)".utf8).sha256.prefix(32)
    try run("INSERT INTO change (corpus_revision, kind, speech, revision, at, state) VALUES (?, ?, ?, ?, ?, ?)") {
      $0.integer(number)
      $0.text(kind)
      $0.integer(key)
      $0.integer(revision)
      $0.text(at)
      $0.text(told ?? String(state))
    }
  }
}

/// Spans as the database keeps them: `[[0,12],[20,30]]`.
enum SpanList {
  static func json(_ spans: [Span]) -> [UInt8] {
    var writer = JSONWriter(capacity: 32 * (spans.count + 1))
    writer.array { for span in spans { span.write(to: &$0) } }
    return writer.bytes
  }

  /// Reads what `json` wrote.
  static func spans(_ text: some Sequence<UInt8>) -> [Span] {
    var spans: [Span] = []
    var start: Int?
    var current: Int?
    for byte in text {
      if (48...57).contains(byte) {
        current = (current ?? 0) * 10 + Int(byte - 48)
      } else if let number = current {
        if let first = start { spans.append(Span(first, number)) }
        start = start == nil ? number : nil
        current = nil
      }
    }
    return spans
  }
}

/// Names of members as the database keeps them: `["text","title"]`.
enum NameList {
  static func text(_ names: some Sequence<String>) -> String {
    var writer = JSONWriter()
    writer.array { for name in names { $0.string(name) } }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Reads what `text` wrote.
  static func names(_ text: String) throws -> [String] {
    guard case .array(let names) = try JSONReader.read(Array(text.utf8)) else {
      throw StorageError.corrupt("a revision without its changes")
    }
    return names.compactMap { if case .string(let name) = $0 { name } else { nil } }
  }
}
