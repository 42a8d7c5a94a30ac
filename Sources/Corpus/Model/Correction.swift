/// A person's decision about a member of a speech: it stands whatever a parser reads, until somebody withdraws it.
///
/// What was decided is the member's own value; here is what it took the place of.
public struct Correction: Hashable, Sendable {
  /// The value that was read from the source; null where nothing was.
  public var read: JSONValue
  /// When it was decided, ISO 8601 in UTC.
  public var at: String

  /// A decision and what was read.
  public init(read: JSONValue, at: String) {
    self.read = read
    self.at = at
  }

  /// The members that can be corrected and have no parts.
  static let plainMembers: Set<String> = [
    "title", "clean_title", "subtitle", "language", "occasion", "genre", "location", "delivered", "published",
    "announced_sections",
  ]

  /// The members that are corrected part by part; of `metadata` every key is a part.
  static let parts: [String: Set<String>] = [
    "speaker": ["name", "role", "organisation", "level"],
    "source": ["name", "site", "url", "author", "editor", "disclaimer"],
    "metadata": [],
  ]

  /// Whether that is the name of something that can be corrected: `title`, `speaker.name`, `metadata.KEY`.
  static func isName(_ name: String) -> Bool {
    let (member, part) = HeadMembers.path(name)
    guard let part else { return plainMembers.contains(member) }
    return member == "metadata" || parts[member]?.contains(part) ?? false
  }
}
