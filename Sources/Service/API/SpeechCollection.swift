public import Corpus
import HTTP
public import Storage

/// A collection as clients send it and are shown it.
extension SpeechCollection {
  /// What the filter of a collection means, as it is kept.
  @Sendable public static func filter(_ json: [UInt8]) throws -> SpeechFilter {
    do { return try FilterParameters.filter(JSONReader.read(json)) } catch {
      throw StorageError.corrupt("a collection whose filter cannot be read: \(error)")
    }
  }

  /// Most ids that a list may have.
  private static let longestList = 100_000

  /// Reads a collection; throws a `SchemaError` that names the place of a mistake.
  /// - Parameter slug: where it is known; else the members have it.
  public init(reading cursor: JSONCursor, slug known: String?, at time: String) throws {
    try cursor.requireNoNUL()
    var slug = known
    var (title, description, rule): (String?, String?, Rule?)
    for (name, member) in try cursor.members(known: ["slug", "title", "description", "ids", "filter"]) {
      if case .null = member.value, name != "title" { continue }
      switch name {
      case "slug":
        let text = try member.string()
        if let known, text != known { throw member.error("the address says “\(known)”") }
        slug = text
      case "title":
        title = try member.string().trimmed
        guard let title, (1...200).contains(title.unicodeScalars.count) else {
          throw member.error("expected 1 to 200 characters")
        }
      case "description":
        description = try member.string()
        guard description?.unicodeScalars.count ?? 0 <= 4_000 else {
          throw member.error("expected at most 4000 characters")
        }
      default:
        if rule != nil { throw member.error("a collection has “ids” or a “filter”, not both") }
        if name == "ids" {
          let ids = try member.elements()
          guard ids.count <= Self.longestList else { throw member.error("at most \(Self.longestList) ids are taken") }
          rule = .ids(try ids.map { try $0.string() })
        } else {
          _ = try FilterParameters.filter(member.value)
          var writer = JSONWriter()
          writer.value(member.value)
          rule = .filter(writer.bytes)
        }
      }
    }
    guard let title else { throw cursor.error("“title” is missing") }
    guard let rule else { throw cursor.error("“ids” or “filter” is missing") }
    guard let slug else { throw cursor.error("“slug” is missing") }
    guard Self.isSlug(slug) else {
      throw SchemaError(
        pointer: known == nil ? "/slug" : "",
        message:
          "a slug has 1 to 64 lower-case Latin letters, digits and hyphens, and begins with no hyphen; “\(slug)” is none"
      )
    }
    self.init(slug: slug, title: title, description: description, rule: rule, createdAt: time, updatedAt: time)
  }

  private static func isSlug(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }

  var url: String { "/v1/collections/" + slug }

  func digest(speeches: Int) -> String { json(speeches: speeches).sha256 }

  func response(speeches: Int) -> Response {
    Response.json(json(speeches: speeches)).tagged(digest(speeches: speeches))
  }

  private func json(speeches: Int) -> [UInt8] {
    var writer = JSONWriter()
    write(to: &writer, speeches: speeches)
    return writer.bytes
  }

  func write(to writer: inout JSONWriter, speeches: Int) {
    writer.object { writer in
      writer.member("slug", slug)
      writer.member("title", title)
      writer.member("description", description)
      switch rule {
      case .ids(let ids):
        writer.array("ids") { for id in ids { $0.string(id) } }
        writer.name("filter")
        writer.null()
      case .filter(let json):
        writer.name("ids")
        writer.null()
        writer.name("filter")
        writer.json(json)
      }
      writer.member("created_at", createdAt)
      writer.member("updated_at", updatedAt)
      writer.member("speeches", speeches)
      writer.member("url", url)
      writer.object("links") { $0.member("speeches", "/v1/speeches?collection=" + slug) }
    }
  }
}
