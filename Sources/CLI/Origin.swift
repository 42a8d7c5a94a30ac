import Corpus
import Foundation
import HTTP
import HTTPTypes
import Service
import Storage

/// A Rostrum server whose corpus is copied, asked over its API.
final class Origin {
  /// An answer that is not the one that was hoped for.
  struct Refusal: Error, CustomStringConvertible {
    let status: Int
    let description: String
  }

  /// A page of the change log.
  struct Changes {
    var items: [ChangeEntry]
    /// The revision of the corpus.
    var revision: Int
    var tag: String?
  }

  /// The collections, and the state they are of.
  struct Collections {
    var items: [(collection: SpeechCollection, speeches: Int)]
    var edits: Int
    var editedAt: String?
    /// The revision of the corpus.
    var revision: Int
  }

  /// Its address, without a slash at its end.
  let address: String
  let interruption: Interruption
  let agent: UserAgent
  /// The token that it is shown.
  private let token: String?
  /// The document that was asked for last: one may hold thousands of speeches.
  private var document: (key: [String?], value: SourceDocument)?

  /// - Parameter token: shown to this server and to no other, wherever it leads.
  init(_ text: String, token: String?, _ interruption: Interruption) throws {
    guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
      !host.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil
    else { throw Failure("expected the address of a server such as http://speeches.example.org, found “\(text)”.") }
    guard scheme == "http" else { throw Failure("\(text): \(Self.noTLS)") }
    parts.scheme = scheme
    parts.host = host.lowercased()
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    address = parts.string ?? text
    self.interruption = interruption
    self.token = token
    agent = UserAgent(fields: [.userAgent: "rostrum/\(Version.text)"]) { interruption.hasCome }
  }

  /// Whether a URL leads to the server of an address, and to no other.
  static func isSameServer(_ address: String, _ url: URL) -> Bool {
    guard let own = URL(string: address) else { return false }
    return own.host == url.host && (own.port ?? 80) == (url.port ?? 80)
  }

  /// What a request to an address is sent with.
  func fields(_ fields: HTTPFields, to url: URL) -> HTTPFields {
    guard let token, Self.isSameServer(address, url) else { return fields }
    var fields = fields
    fields[.authorization] = "Bearer \(token)"
    return fields
  }

  static let noTLS =
    "this program speaks http:// only; let a proxy on this machine speak TLS to the origin (docs/operations.md)."

  /// The changes after a revision, at most a hundred; nil where nothing was written since the answer with a tag.
  func changes(since revision: Int, unless tag: String?) throws -> Changes? {
    let path = "/v1/changes?since=\(revision)&limit=100"
    let (head, bytes) = try get(path, fields: tag.map { [.ifNoneMatch: $0] } ?? [:], alsoTaking: [304])
    if head.status == .notModified { return nil }
    return try reading(path, bytes) { json in
      Changes(
        items: try json["items"].elements().map { try ChangeEntry(reading: $0) },
        revision: try json["corpus_revision"].integer(), tag: head.headerFields[.eTag])
    }
  }

  func collections() throws -> Collections {
    let path = "/v1/collections"
    return try reading(path, try get(path).body) { json in
      Collections(
        items: try json["items"].elements().map {
          (try SpeechCollection(asShown: $0), try $0["speeches"].integer())
        }, edits: try json["edits"].integer(), editedAt: try json["edited_at"].optionalString(),
        revision: try json["corpus_revision"].integer())
    }
  }

  /// A change with all that belongs to it, its document compared with its digest; nil where the speech is not there any more.
  func step(_ entry: ChangeEntry) throws -> ChangeStep? {
    if entry.isEnd { return ChangeStep(end: entry) }
    guard let digest = entry.sourceDigest else { return nil }
    do {
      let path = "/v1/speeches/\(entry.id)/revisions/\(entry.revision)"
      let bytes = try get(path).body
      let (speech, createdAt, source) = try reading(path, bytes) { json in
        (try Speech().overlaid(with: json), try json["created_at"].string(), json["source"])
      }
      let history = try revision(entry)
      return ChangeStep(
        revision: entry, createdAt: createdAt, cause: history.cause, changed: history.changed,
        record: Self.record(bytes), speech: speech, document: try document(entry, digest, source),
        importedAt: try reading(path, bytes) { _ in try source["imported_at"].string() })
    } catch let refusal as Refusal where [404, 410].contains(refusal.status) { return nil }
  }

  /// Why a revision was made, and what differs in it.
  private func revision(_ entry: ChangeEntry) throws -> (cause: RevisionCause, changed: [String]) {
    let path = "/v1/speeches/\(entry.id)/revisions"
    return try reading(path, try get(path).body) { json in
      for item in try json["items"].elements() where try item["number"].integer() == entry.revision {
        guard let cause = RevisionCause(rawValue: try item["cause"].string()) else {
          throw item["cause"].error("is no cause that this program knows")
        }
        return (cause, try item["changed"].elements().map { try $0.string() })
      }
      throw json.error("has no revision \(entry.revision)")
    }
  }

  private func document(_ entry: ChangeEntry, _ digest: String, _ source: JSONCursor) throws -> SourceDocument {
    let facts = ["media_type", "encoding", "file_name", "imported_at"]
    let key = try [digest] + facts.map { try source[$0].optionalString() }
    if let document, document.key == key { return document.value }
    let path = "/v1/speeches/\(entry.id)/source?revision=\(entry.revision)"
    let (head, bytes) = try get(path)
    var sidecar: [UInt8]?
    if head.field("Link")?.contains("rel=\"describedby\"") == true {
      sidecar = try get("/v1/speeches/\(entry.id)/sidecar?revision=\(entry.revision)").body
    }
    let value = SourceDocument(
      bytes: bytes, mediaType: key[1] ?? "", encoding: key[2], fileName: key[3], sidecar: sidecar)
    guard value.sha256 == digest else {
      throw Refusal(status: 200, description: "\(address)\(path): the bytes are not those of the SHA-256 \(digest)")
    }
    document = (key, value)
    return value
  }

  /// The members that a revision fixes, as the origin keeps them.
  private static func record(_ object: [UInt8]) -> [UInt8] {
    let others: Set = [
      "id", "url", "revision", "text", "sections", "collections", "created_at", "updated_at", "links",
    ]
    // It has corrections only where there are any.
    let members = JSONMembers.scan(object).filter { !others.contains($0.name) }.map { object[$0.range] }
      .filter { !$0.elementsEqual(#""corrections":{}"#.utf8) }
    return Array("{".utf8) + Array(members.joined(separator: ",".utf8)) + Array("}".utf8)
  }
}

extension JSONCursor {
  /// A member of an object; null where there is none.
  fileprivate subscript(_ name: String) -> JSONCursor {
    JSONCursor(value[name] ?? .null, pointer: pointer + "/" + name)
  }
}

extension ChangeEntry {
  fileprivate init(reading json: JSONCursor) throws {
    self.init(
      corpusRevision: try json["corpus_revision"].integer(), kind: try json["kind"].string(),
      id: try json["id"].string(), revision: try json["revision"].integer(), at: try json["at"].string(),
      sourceDigest: try json["source_sha256"].optionalString(), state: try json["state"].string())
  }
}

extension SpeechCollection {
  /// A collection as the API shows it.
  fileprivate init(asShown json: JSONCursor) throws {
    let given = ["slug", "title", "description", "ids", "filter"].map { JSONValue.Member($0, json[$0].value) }
    try self.init(
      reading: JSONCursor(.object(given), pointer: json.pointer), slug: nil, at: try json["created_at"].string())
    updatedAt = try json["updated_at"].string()
  }
}
