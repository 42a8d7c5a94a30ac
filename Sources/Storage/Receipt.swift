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
  /// The members whose difference makes no new revision: derived from others, or about the page and not the speech.
  static let incidentalMembers: Set<String> = [
    "excerpt", "section_count", "characters", "speaking_time_seconds", "date", "removed", "inferred",
    "related_links", "warnings",
  ]

  /// What of `source` is about the bytes and not the speech.
  private static let byteFacts: Set<String> = ["media_type", "encoding", "file_name", "sha256", "imported_at"]

  /// The record as the database keeps it.
  func record(facts: SourceFacts) -> String {
    var writer = JSONWriter(capacity: 4096)
    writer.object { writeRecord(to: &$0, facts: facts) }
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

  /// The names of the members in which two records differ so that it matters.
  static func differences(_ one: String, _ other: String) throws -> [String] {
    func members(_ record: String) throws -> [String: JSONValue] {
      guard case .object(let members) = try JSONReader.read(Array(record.utf8), maximumDepth: 128) else { return [:] }
      var result: [String: JSONValue] = [:]
      for member in members where !incidentalMembers.contains(member.name) {
        if member.name == "source", case .object(let facts) = member.value {
          result["source"] = .object(facts.filter { !byteFacts.contains($0.name) })
        } else {
          result[member.name] = member.value
        }
      }
      return result
    }
    let (one, other) = (try members(one), try members(other))
    return Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted()
  }
}
