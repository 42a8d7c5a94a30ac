import Corpus
import Storage

/// A speech as the API shows it: what the database kept of it as JSON, with the text, the sections and its addresses.
struct SpeechResource {
  let stored: StoredSpeech
  /// The slugs of the collections that it belongs to.
  var collections: [String] = []

  /// The members that a list shows.
  static let cardMembers = [
    "id", "url", "title", "clean_title", "language", "speaker", "occasion", "genre", "location", "date", "site",
    "section_count", "characters", "excerpt", "revision",
  ]

  /// The members of a whole speech besides those of its card.
  static let furtherMembers = [
    "subtitle", "delivered", "published", "source", "text", "sections", "announced_sections", "annotations", "notes",
    "appendices", "related_links", "removed", "inferred", "warnings", "speaking_time_seconds",
    "masked_characters", "metadata",
    "corrections", "collections", "created_at", "updated_at", "links",
  ]

  /// The address of a speech.
  static func url(_ id: String) -> String { "/v1/speeches/" + id }

  /// A whole speech as JSON.
  func json(_ selection: Selection) -> [UInt8] {
    var writer = JSONWriter(capacity: stored.record.count + stored.text.bytes.count * 2 + 4096)
    writer.object { write(to: &$0, selection) }
    return writer.bytes
  }

  /// Writes the wanted members.
  func write(to writer: inout JSONWriter, _ selection: Selection) {
    let identity = stored.identity
    let url = Self.url(identity.id)
    writer.member("id", identity.id)
    if selection.contains("url") { writer.member("url", url) }
    if selection.contains("revision") { writer.member("revision", identity.revision) }
    if selection.isEverything {
      writer.json(stored.record[1..<(stored.record.count - 1)])
    } else {
      for member in JSONMembers.scan(stored.record) where selection.contains(member.name) {
        writer.json(stored.record[member.range])
      }
    }
    // A record has them as its first member, where there are any.
    if selection.contains("corrections"), !stored.record.starts(with: #"{"corrections":"#.utf8) {
      writer.object("corrections") { _ in }
    }
    if selection.contains("text") {
      writer.name("text")
      writer.string(utf8: stored.text.bytes[...])
    }
    if selection.contains("sections") {
      writer.array("sections") { writer in
        stored.nodes.writeTree(to: &writer, index: stored.text) { node, writer in
          SectionResource.writeURL(of: node.path, in: identity, to: &writer)
        }
      }
    }
    if selection.contains("collections") { writer.array("collections") { for slug in collections { $0.string(slug) } } }
    if selection.contains("created_at") { writer.member("created_at", identity.createdAt) }
    if selection.contains("updated_at") { writer.member("updated_at", identity.updatedAt) }
    if selection.contains("links") {
      writer.object("links") {
        $0.member("self", url)
        $0.member("sections", url + "/sections")
        $0.member("text", url + "/text")
        $0.member("source", url + "/source")
        $0.member("revisions", url + "/revisions")
        $0.member("related", url + "/related")
        $0.member("family", url + "/family")
        $0.member("citation", url + "/citation")
      }
    }
  }

  /// Writes a card among others.
  static func write(
    _ card: Card, to writer: inout JSONWriter, _ selection: Selection = .everything, including: Set<String> = [],
    collections: [String] = []
  ) {
    writer.object { writer in
      writer.member("id", card.id)
      if selection.contains("url") { writer.member("url", url(card.id)) }
      if selection.contains("revision") { writer.member("revision", card.revision) }
      if selection.isEverything {
        writer.json(card.members.utf8)
      } else {
        let object = Array("{\(card.members)}".utf8)
        for member in JSONMembers.scan(object) where selection.contains(member.name) {
          writer.json(object[member.range])
        }
      }
      if let content = card.content, !including.isEmpty {
        // The id stands there already; of the rest, what was asked for.
        var further = JSONWriter()
        further.object {
          SpeechResource(stored: content, collections: collections).write(
            to: &$0, Selection(fields: including.sorted()))
        }
        for member in JSONMembers.scan(further.bytes) where including.contains(member.name) {
          writer.json(further.bytes[member.range])
        }
      }
    }
  }
}
