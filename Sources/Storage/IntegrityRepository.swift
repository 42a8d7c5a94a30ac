import Corpus
import Foundation
import GRDB

/// Something about the database that is not as it has to be.
public struct Finding: Hashable, Sendable {
  /// What it is about: `file`, `foreign_keys`, `speech ID`, …
  public var subject: String
  /// One sentence.
  public var detail: String
}

/// Holds a database against everything that must be true of it.
public struct IntegrityRepository: Sendable {
  let store: Store

  /// The repository of a store.
  public init(_ store: Store) { self.store = store }

  /// Checks the file, the references, the history, for every revision that its nodes tile its text and that what is
  /// derived of it is what would be derived now, and that search finds what stands there.
  /// - Parameters:
  ///   - sample: how many speeches are looked at, taken at random, and without a scan of all texts; nil for all.
  ///   - progress: called after each speech with the number done and in all; what it throws ends the check.
  public func check(sample: Int? = nil, progress: (Int, Int) throws -> Void = { _, _ in }) throws -> [Finding] {
    // Read before the snapshot is taken: a server may go on writing.
    let mark = AnsweredMark(databasePath: store.path)
    return try store.read { db in
      var findings = try Self.file(db)
      if let lost = try mark?.loss(db) { findings.append(Finding(subject: "file", detail: lost)) }
      let isSearchable = try SearchRebuild.isComplete(db)
      if !isSearchable {
        findings.append(
          Finding(subject: "search", detail: "the index has not been made, or is of another version; start the server"))
      }
      var search = try SearchCheck(db)
      findings += try Self.history(db) + purged(db)
      var speeches = try Row.fetchAll(
        db, sql: "SELECT key, id, revision, deleted_at IS NOT NULL FROM speech ORDER BY key")
      if let sample { speeches = Array(speeches.shuffled().prefix(sample)) }
      for (index, row) in speeches.enumerated() {
        findings += try speech(row, &search, db).map { Finding(subject: "speech \(row[1] as String)", detail: $0) }
        try progress(index + 1, speeches.count)
      }
      let stray = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM card WHERE speech NOT IN (SELECT key FROM speech WHERE deleted_at IS NULL)")
      if let stray, stray > 0 {
        findings.append(Finding(subject: "lists", detail: "\(stray) cards belong to no speech"))
      }
      if isSearchable, sample == nil {
        do { findings += try search.findings(SearchEvaluation(db, store, deadline: .max)) } catch StorageError.corrupt(
          let detail)
        {
          findings.append(Finding(subject: "search", detail: detail))
        }
        findings += try FamilyCheck.findings(db)
      }
      return findings
    }
  }

  /// What SQLite finds of the file itself, and of its references; whatever its schema.
  static func file(_ db: Database) throws -> [Finding] {
    var findings: [Finding] = []
    for line in try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
    where try line != "ok" && !isMistaken(line, db) {
      findings.append(Finding(subject: "file", detail: line))
    }
    for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
      findings.append(Finding(subject: "foreign_keys", detail: "a row of \(row[0] as String) refers to nothing"))
    }
    return findings
  }

  /// The imported bytes are those that were imported; whatever the schema.
  static func sources(_ db: Database) throws -> [Finding] {
    var wrong = 0
    let rows = try Row.fetchCursor(db, sql: "SELECT bytes, sha256 FROM source")
    while let row = try rows.next() { if Array(row[0] as Data).sha256 != row[1] as String { wrong += 1 } }
    return wrong == 0 ? [] : [Finding(subject: "sources", detail: "\(wrong) are not the bytes that were imported")]
  }

  /// Nothing is there of what was taken out for good.
  private func purged(_ db: Database) throws -> [Finding] {
    try String.fetchAll(
      db, sql: "SELECT DISTINCT s.id FROM speech s JOIN revision r ON r.speech = s.key WHERE r.number <= s.purged"
    ).map { Finding(subject: "speech \($0)", detail: "it was taken out for good, and revisions of it are there") }
  }

  /// SQLite 3.40 looks for NULL in the wrong column of a table WITHOUT ROWID whose key is not made of its first columns.
  static func isMistaken(_ line: String, _ db: Database) throws -> Bool {
    guard let match = line.wholeMatch(of: /NULL value in ([a-z_]+)\.([a-z_]+)/) else { return false }
    return try Int.fetchOne(db, sql: "SELECT 1 FROM \(match.1) WHERE \(match.2) IS NULL LIMIT 1") == nil
  }

  /// The change log runs from 1 without a gap and ends where the speeches are; whatever the schema.
  static func history(_ db: Database) throws -> [Finding] {
    var findings: [Finding] = []
    let row = try Row.fetchOne(db, sql: "SELECT count(*), coalesce(max(corpus_revision), 0) FROM change")
    if let row, row[0] as Int != row[1] as Int {
      findings.append(
        Finding(subject: "change log", detail: "it has gaps: \(row[0] as Int) entries up to \(row[1] as Int)"))
    }
    let disagreeing = try String.fetchAll(
      db,
      sql: """
        SELECT s.id FROM speech s LEFT JOIN change c ON c.corpus_revision =
          (SELECT max(corpus_revision) FROM change WHERE speech = s.key)
        WHERE c.revision IS NOT s.revision OR (c.kind IN ('deleted', 'purged')) IS NOT (s.deleted_at IS NOT NULL)
        """)
    for id in disagreeing {
      findings.append(
        Finding(subject: "change log", detail: "its last entry for \(id) is not the state of that speech"))
    }
    return findings
  }

  private func speech(_ row: Row, _ search: inout SearchCheck, _ db: Database) throws -> [String] {
    let key: Int64 = row[0]
    let current: Int = row[2]
    var faults: [String] = []
    let numbers = try Int.fetchAll(
      db, sql: "SELECT number FROM revision WHERE speech = ? ORDER BY number", arguments: [key])
    // A snapshot has no revisions of a speech that was deleted; one that came back since has those from then on.
    let isGone = numbers.isEmpty && row[3] as Bool
    if !isGone, numbers.last != current || numbers != Array((current - numbers.count + 1)...current) {
      faults.append("its revisions are \(numbers), the current one is \(current)")
    }
    var before = Speech()
    for number in numbers {
      guard
        let stored = try Row.fetchOne(
          db,
          sql: """
            SELECT r.record, r.text, o.bytes, o.sha256, r.cause FROM revision r JOIN source o ON o.key = r.source
            WHERE r.speech = ? AND r.number = ?
            """, arguments: [key, number])
      else { continue }
      let nodes = try SpeechRepository.nodes(of: key, revision: number, db)
      guard let speech = try? Speech(record: stored[0], text: stored[1], nodes: nodes) else {
        faults.append("revision \(number) cannot be read, or its nodes do not tile its text")
        continue
      }
      if speech.sections.outline(of: TextIndex(speech.text)) != Self.withChildren(nodes) {
        faults.append("revision \(number): its sections are not the outline of its text")
      }
      if Array(stored[2] as Data).sha256 != stored[3] as String {
        faults.append("revision \(number): the imported bytes are not those that were imported")
      }
      if stored[4] as String != RevisionCause.correction.rawValue {
        for name in speech.lostCorrections(of: before) {
          faults.append("revision \(number): the correction of \(name) is not kept")
        }
      }
      before = speech
      guard number == current, row[3] as Bool == false else { continue }
      var json = JSONWriter()
      json.object { speech.writeCard(to: &$0, summary: TextSummary(of: speech)) }
      let members = String(decoding: json.bytes.dropFirst().dropLast(), as: UTF8.self)
      let card = try Row.fetchOne(
        db, sql: "SELECT revision, json FROM card WHERE speech = ?", arguments: [key])
      if card == nil || card?[0] as Int? != current || card?[1] as String? != members {
        faults.append("what lists show of it is not what it says")
      }
      faults += search.look(at: speech, nodes: nodes, key: key, revision: number)
    }
    return faults
  }

  /// The nodes as the outline of their tree would give them, children included.
  private static func withChildren(_ nodes: [OutlineNode]) -> [OutlineNode] {
    var result: [OutlineNode] = []
    var rest = nodes[...]
    func visit(_ sections: [Section]) {
      for section in sections {
        guard var node = rest.popFirst() else { return }
        node.section = section
        result.append(node)
        visit(section.children)
      }
    }
    visit(nodes.tree)
    return result
  }
}
