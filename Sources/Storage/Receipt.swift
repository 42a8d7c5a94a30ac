public import Corpus

/// What became of a reading that was to be kept.
public struct Receipt: Hashable, Sendable {
  /// What was done.
  public enum Status: String, CaseIterable, Sendable {
    case created, revised, unchanged
  }

  /// What was done.
  public var status: Status
  /// The speech.
  public var id: SpeechID
  /// Its revision, after what was done.
  public var revision: Int
  /// Codes for what the parser guessed or lost.
  public var warnings: [String]
}

/// Why a revision was made.
public enum RevisionCause: String, Sendable {
  case `import`, correction, reparse
}

extension Speech {
  /// The record as the database keeps it.
  func record(facts: SourceFacts, summary: TextSummary) -> String {
    var writer = JSONWriter(capacity: 4096)
    writer.object { writeRecord(to: &$0, facts: facts, summary: summary) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The speech that a database row and its sections hold.
  init(record: String, text: String, nodes: [OutlineNode]) throws {
    guard case .object(let members) = try JSONReader.read(Array(record.utf8), maximumDepth: 128) else {
      throw StorageError.corrupt("a record is no object")
    }
    var speech = Speech()
    speech.text = text
    speech.sections = nodes.tree
    self = try speech.overlaid(with: JSONCursor(.object(members)))
  }
}
