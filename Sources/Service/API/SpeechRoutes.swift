import Corpus
import Foundation
import HTTP
import HTTPTypes
import Interchange
import Storage

/// `/v1/speeches/ID`: one speech, and what belongs to it.
struct SpeechRoutes {
  let cards: CardRepository
  let speeches: SpeechRepository
  let collections: CollectionRepository

  static let id: Parameter<String> = .path("id", "Id of the speech.").example("d35ntcd9an8f")
  private static let path: Parameter<String> = .path("path", "Path of the node: 2, 2.1, opening, closing.")
    .example("body")
  static let number: Parameter<String> = .path("number", as: .integer(1...1_000_000), "Number of the revision.")
  static let revision: Parameter<Int?> = .optional(
    "revision", .integer(1...1_000_000), "Number of the revision; the current one unless given.", convert: { Int($0) })
  private static let fields: Parameter<[String]> = .list(
    "fields", of: Selection.words(for: SpeechResource.cardMembers + SpeechResource.furtherMembers),
    "Members that the speech has in the answer; with a minus, members that it has not."
  ).example("-text,-sections")
  private static let shape: Parameter<String> = .once(
    "shape", .word(["flat", "tree"]), default: "flat", "All nodes in one list, or children inside their parents.",
    convert: { $0 })
  private static let kind: Parameter<[String]> = .repeatable(
    "kind", as: .word(Section.Kind.allCases.map(\.rawValue)), "Only nodes of this kind.")

  /// The forms that a speech comes in.
  static let formats: [Format] = [.json, .plainText, .markdown, .tei, .akomaNtoso]

  static let gone = ProblemSpecification(410, "speech_deleted", "The speech was taken out of the corpus.")
  static let missing = ProblemSpecification(404, "speech_not_found", "There is no speech with this id.")
  static let changed = ProblemSpecification(
    412, "precondition_failed", "The speech is not the one that `If-Match` or `If-Unmodified-Since` names.")
  static let noRevision = ProblemSpecification(404, "revision_not_found", "The speech has no such revision.")

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches/{id}", name: "getSpeech", summary: "A speech with its text and sections.",
        parameters: [Self.id.specification, Self.revision.specification, Self.fields.specification],
        formats: Self.formats,
        results: [.init(200, "The speech.", schema: "Speech")],
        problems: [Self.missing, Self.gone, Self.noRevision], handler: .quick(one)),
      Endpoint(
        .get, "/v1/speeches/{id}/sections", name: "listSections", summary: "The nodes of a speech in reading order.",
        parameters: [
          Self.id.specification, Self.revision.specification, Self.shape.specification, Self.kind.specification,
        ],
        results: [.init(200, "All nodes.", schema: "SectionList")],
        problems: [Self.missing, Self.gone, Self.noRevision], handler: .quick(sections)),
      Endpoint(
        .get, "/v1/speeches/{id}/sections/{path}", name: "getSection",
        summary: "A node with what is above, beside and below it.",
        parameters: [Self.id.specification, Self.path.specification, Self.revision.specification],
        results: [.init(200, "The node.", schema: "SectionInContext")],
        problems: [
          Self.missing, Self.gone, Self.noRevision,
          .init(404, "section_not_found", "The speech has no such node."),
        ], handler: .quick(section)),
      Endpoint(
        .get, "/v1/speeches/{id}/source", name: "getSource", summary: "The imported bytes, as they came.",
        parameters: [Self.id.specification, Self.revision.specification], formats: [],
        results: [
          .init(200, "The bytes with their media type."), .init(206, "The range of them that `Range` asks for."),
        ],
        problems: [
          Self.missing, Self.gone, Self.noRevision,
          .init(
            416, "range_not_satisfiable",
            "`Range` begins behind the last byte; `Content-Range` says how many there are."),
        ], handler: .worker(source)),
      Endpoint(
        .get, "/v1/speeches/{id}/sidecar", name: "getSidecar",
        summary: "What was said of the source when it was imported: the bytes of the `.meta.json` beside it.",
        parameters: [Self.id.specification, Self.revision.specification], formats: [],
        results: [.init(200, "The bytes, `application/json`.")],
        problems: [
          Self.missing, Self.gone, Self.noRevision,
          .init(404, "sidecar_not_found", "There was nothing beside the source."),
        ], handler: .worker(sidecar)),
      Endpoint(
        .get, "/v1/speeches/{id}/revisions", name: "listRevisions", summary: "The history of a speech.",
        parameters: [Self.id.specification], results: [.init(200, "All revisions.", schema: "RevisionList")],
        problems: [Self.missing, Self.gone], handler: .quick(revisions)),
      Endpoint(
        .get, "/v1/speeches/{id}/revisions/{number}", name: "getRevision", summary: "A speech as it was.",
        parameters: [Self.id.specification, Self.number.specification, Self.fields.specification],
        formats: Self.formats, results: [.init(200, "The speech.", schema: "Speech")],
        problems: [Self.missing, Self.gone, Self.noRevision], handler: .quick(oneRevision)),
    ]
  }

  // MARK: What belongs to a speech

  private func sections(_ call: Call) throws -> Endpoint.Reply {
    let shape = try call[Self.shape]
    let kinds = Set(try call[Self.kind])
    return try speeches.answer(call, revision: call[Self.revision]) { reader in
      let identity = reader.identity
      let state = try reader.state()
      let stored = try reader.content()
      func isWanted(_ node: OutlineNode) -> Bool { kinds.isEmpty || kinds.contains(node.section.kind.rawValue) }
      // A tree has the top-level nodes as its items, each of them whole.
      let isTree = shape == "tree"
      let items = stored.nodes.filter { isWanted($0) && (!isTree || $0.level == 1) }
      return CollectionResource(
        call: call, total: items.count, next: nil, state: state, effective: ["revision": String(identity.revision)]
      ).response { writer in
        for node in items {
          if isTree {
            SectionResource.writeTree(node, of: stored, to: &writer)
          } else {
            SectionResource.write(node, of: stored, to: &writer)
          }
        }
      }.tagged(identity.digest + state.digest)
    }
  }

  private func revisions(_ call: Call) throws -> Endpoint.Reply {
    let identity = try speeches.identity(call, revision: nil)
    let state = try cards.state()
    let revisions = try speeches.revisions(of: identity)
    return .now(
      CollectionResource(call: call, total: revisions.count, next: nil, state: state).response { writer in
        for revision in revisions {
          writer.object { writer in
            writer.member("number", revision.number)
            writer.member("at", revision.at)
            writer.member("cause", revision.cause)
            writer.array("changed") { for name in revision.changed { $0.string(name) } }
            writer.member("source_sha256", revision.sourceDigest)
            writer.member("url", SpeechResource.url(identity.id) + "/revisions/\(revision.number)")
          }
        }
      }.tagged(identity.digest + state.digest))
  }

  // MARK: One speech

  private func one(_ call: Call) throws -> Endpoint.Reply { try one(call, revision: call[Self.revision]) }

  private func oneRevision(_ call: Call) throws -> Endpoint.Reply { try one(call, revision: Int(call[Self.number])) }

  private func one(_ call: Call, revision: Int?) throws -> Endpoint.Reply {
    let selection = try Selection(call, Self.fields)
    // Only the JSON shows collections, and changes with them.
    let (found, editedAt) = call.format == .json ? try collections.memberships(of: [call[Self.id]]) : ([:], nil)
    let slugs = found.values.first ?? []
    return try speeches.answer(call, revision: revision, tag: { Self.digest($0, slugs) }) { reader in
      let stored = try reader.content()
      let body: [UInt8] =
        switch call.format {
        case .plainText: Array(try stored.speech().plainText.utf8)
        case .markdown: Array(try stored.speech().markdown.utf8)
        case .tei: try stored.speech().tei(id: stored.id)
        case .akomaNtoso: try stored.speech().akomaNtoso(id: stored.id)
        default: SpeechResource(stored: stored, collections: slugs).json(selection)
        }
      return Response(status: .ok, headerFields: [.contentType: call.format.contentType], body: .bytes(body))
        .tagged(Self.digest(stored.identity, slugs)).dated(max(stored.identity.updatedAt, editedAt ?? ""))
    }
  }

  /// What the JSON of a speech depends on.
  /// - Parameter slugs: the collections that it belongs to.
  static func digest(_ identity: RevisionIdentity, _ slugs: [String]) -> String {
    slugs.isEmpty ? identity.digest : identity.digest + " " + slugs.joined(separator: " ")
  }

  /// Throws where the speech is not the one that the client thinks it is about.
  /// - Parameter slugs: the collections that it belongs to.
  static func require(_ call: Call, _ identity: RevisionIdentity, _ slugs: [String]) throws {
    // A client may have got the speech in any of its forms.
    let tags = formats.map { format in
      Response.tag(digest(identity, format == .json ? slugs : []), form: format.contentType)
    }
    guard case .holds = call.request.precondition(tags: tags, modified: HTTPDate(iso8601: identity.updatedAt)) else {
      throw Precondition.problem
    }
  }

  private func section(_ call: Call) throws -> Endpoint.Reply {
    let path = try call[Self.path]
    return try speeches.answer(call, revision: call[Self.revision]) { reader in
      let stored = try reader.content()
      guard let json = SectionResource.json(path, of: stored) else {
        throw Problem(
          .notFound, code: "section_not_found", detail: "The speech \(stored.identity.id) has no node “\(path)”.",
          parameter: "path")
      }
      return Response.json(json).tagged(stored.identity.digest + path).dated(stored.identity.updatedAt)
    }
  }

  private func source(_ call: Call) throws -> Response {
    let identity = try speeches.identity(call, revision: call[Self.revision])
    let document = try speeches.source(of: identity)
    var fields: HTTPFields = [
      .contentType: document.mediaType + (document.encoding.map { "; charset=\($0.lowercased())" } ?? ""),
      // A saved page may hold scripts: it is handed out, never run as a page of this site.
      .contentSecurityPolicy: "sandbox; default-src 'none'",
      .acceptRanges: "bytes",
    ]
    if let name = document.fileName {
      fields[.contentDisposition] = "attachment; filename*=UTF-8''\(name.percentEncoded)"
    }
    if document.sidecar != nil {
      fields[.link] = "<\(SpeechResource.url(identity.id))/sidecar?revision=\(identity.revision)>; rel=\"describedby\""
    }
    return Response(status: .ok, headerFields: fields, body: .bytes(document.bytes)).tagged(identity.digest)
      .dated(identity.updatedAt)
  }

  private func sidecar(_ call: Call) throws -> Response {
    let identity = try speeches.identity(call, revision: call[Self.revision])
    guard let sidecar = try speeches.source(of: identity).sidecar else {
      throw Problem(
        .notFound, code: "sidecar_not_found", detail: "The source of \(identity.id) came without a sidecar.",
        parameter: "id")
    }
    return Response.json(sidecar).tagged(identity.digest + " sidecar").dated(identity.updatedAt)
  }

  static func missingProblem(_ id: String) -> Problem {
    Problem(.notFound, code: "speech_not_found", detail: "There is no speech “\(id)”.", parameter: "id")
  }

  static func goneProblem(_ id: String, at time: String) -> Problem {
    Problem(
      .gone, code: "speech_deleted", detail: "The speech \(id) was taken out of the corpus at \(time).",
      parameter: "id")
  }
}
