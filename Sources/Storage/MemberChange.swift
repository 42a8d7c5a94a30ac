public import Corpus

/// A member of a speech that has another value in one revision than in another.
public struct MemberChange: Hashable, Sendable {
  /// Its name; parts of `speaker`, `source` and `metadata` are named with it: `speaker.name`.
  public var name: String
  /// The value before; null where there was none.
  public var before: JSONValue
  /// The value after; null where there is none.
  public var after: JSONValue
}

extension StoredSpeech {
  /// The members besides text and sections in which this revision differs from another so that it matters, by their names.
  /// - Parameter before: the other one; nil for nothing at all, before the first revision.
  public func changes(since before: StoredSpeech?) throws -> [MemberChange] {
    try Speech.changes(
      before.map { String(decoding: $0.record, as: UTF8.self) } ?? "{}", String(decoding: record, as: UTF8.self))
  }
}

extension Speech {
  /// The members whose difference makes no new revision: derived from others, or about the page and not the speech.
  private static let incidentalMembers: Set<String> = [
    "excerpt", "section_count", "characters", "speaking_time_seconds", "masked_characters", "date", "site", "removed",
    "inferred",
    "related_links", "warnings",
  ]

  /// What of `source` is about the bytes and not the speech.
  private static let byteFacts: Set<String> = ["media_type", "encoding", "file_name", "sha256", "imported_at"]

  /// What differs between two records so that it matters, by name.
  static func changes(_ one: String, _ other: String) throws -> [MemberChange] {
    func members(_ record: String) throws -> [String: JSONValue] {
      guard case .object(let members) = try JSONReader.read(Array(record.utf8), maximumDepth: 128) else { return [:] }
      var result: [String: JSONValue] = [:]
      for member in members where !incidentalMembers.contains(member.name) {
        guard ["speaker", "source", "metadata"].contains(member.name), case .object(let parts) = member.value else {
          result[member.name] = member.value
          continue
        }
        for part in parts where member.name != "source" || !byteFacts.contains(part.name) {
          result[member.name + "." + part.name] = part.value
        }
      }
      return result
    }
    let (one, other) = (try members(one), try members(other))
    return Set(one.keys).union(other.keys).sorted().compactMap { name in
      let change = MemberChange(name: name, before: one[name] ?? .null, after: other[name] ?? .null)
      return change.before == change.after ? nil : change
    }
  }

  /// The names of the members in which two records differ so that it matters.
  static func differences(_ one: String, _ other: String) throws -> [String] {
    // No member but those with parts has a dot in its name.
    Set(try changes(one, other).map { String($0.name.prefix { $0 != "." }) }).sorted()
  }
}
