import Corpus
import HTTP
import HTTPTypes
import Interchange
import Storage

/// `/v1/speeches/ID/citation`: a speech, a section or a passage as it is cited, with its permanent address.
struct CitationRoutes {
  let speeches: SpeechRepository
  /// What an address on paper begins with; nil where nobody knows.
  let publicAddress: String?

  private static let section: Parameter<String?> = .optional(
    "section", .text(maximum: 200), "Path of the node that is cited: 2, 2.1, opening; the whole speech unless given.",
    convert: { $0 }
  ).example("body")
  private static let accessed: Parameter<SpeechDate?> = .optional(
    "accessed", .date,
    "Day on which the reader saw the text, YYYY-MM-DD; the day on which the revision was imported unless given.",
    convert: { text in SpeechDate(text).flatMap { $0.precision == .day ? $0 : nil } }
  ).example("2026-01-02")

  private static let formats: [Format] = [.json, .plainText, .bibTeX, .citationJSON]

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches/{id}/citation", name: "getCitation",
        summary: "How a speech, a section or a passage is cited, with the address under which it will always be found: "
          + "GB/T 7714 (txt), BibTeX (bib), CSL-JSON (csl), or all of them (json).",
        parameters: [
          SpeechRoutes.id.specification, SpeechRoutes.revision.specification, Self.section.specification,
          TextRoutes.start.specification, TextRoutes.end.specification, Self.accessed.specification,
        ],
        formats: Self.formats,
        results: [.init(200, "The citation.", schema: "Citation")],
        problems: [
          SpeechRoutes.missing, SpeechRoutes.gone, SpeechRoutes.noRevision,
          .init(404, "section_not_found", "The speech has no such node."),
        ], handler: .quick(citation))
    ]
  }

  private func citation(_ call: Call) throws -> Endpoint.Reply {
    let (path, start, end) = (try call[Self.section], try call[TextRoutes.start], try call[TextRoutes.end])
    let isPassage = start != nil || end != nil
    if path != nil, isPassage {
      throw Self.section.problem("a section is cited or a passage from start to end, not both")
    }
    let accessed = try call[Self.accessed]
    return try speeches.answer(call, revision: call[SpeechRoutes.revision]) { reader in
      let stored = try reader.content()
      let identity = stored.identity
      var url = SpeechResource.url(identity.id) + "/revisions/\(identity.revision)"
      var part: Citation.Part?
      if let path {
        guard let node = stored.nodes.first(where: { $0.path == path })?.section else {
          throw Problem(
            .notFound, code: "section_not_found", detail: "The speech \(identity.id) has no node “\(path)”.",
            parameter: "section")
        }
        part = .section(path: path, label: node.label, heading: node.heading)
        url = SpeechResource.url(identity.id) + "/sections/\(path)?revision=\(identity.revision)"
      } else if isPassage {
        let span = try TextRoutes.span(start, end, of: stored)
        part = .passage(span)
        url = PassageResource.url(span, in: identity)
      }
      // The clock has no part in it: the text has been here since it was imported.
      guard let seen = accessed ?? SpeechDate(String(identity.updatedAt.prefix(10))) else {
        throw StorageError.corrupt("revision \(identity.id)/\(identity.revision) has no time")
      }
      let citation = Citation(
        of: try stored.speech(), id: identity.id, revision: identity.revision, part: part,
        address: publicAddress.map { $0 + url }, accessed: seen)
      return Response(
        status: .ok, headerFields: [.contentType: call.format.contentType],
        body: .bytes(Self.body(citation, call.format, identity, part, url, seen))
      ).tagged("\(identity.digest) \(url) \(seen.value) \(publicAddress ?? "")").dated(identity.updatedAt)
    }
  }

  private static func body(
    _ citation: Citation, _ format: Format, _ identity: RevisionIdentity, _ part: Citation.Part?, _ url: String,
    _ accessed: SpeechDate
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 4096)
    switch format {
    case .plainText: return Array((citation.gbt7714 + "\n").utf8)
    case .bibTeX: return Array(citation.bibtex.utf8)
    case .citationJSON: writer.array { $0.value(citation.csl) }
    default:
      var path: String?
      var span: Span?
      switch part {
      case .section(let found, _, _): path = found
      case .passage(let found): span = found
      case nil: break
      }
      writer.object { writer in
        writer.member("speech", identity.id)
        writer.member("revision", identity.revision)
        writer.member("section", path)
        writer.member("start", span?.start)
        writer.member("end", span?.end)
        writer.member("url", url)
        writer.member("accessed", accessed.value)
        writer.member("gbt7714", citation.gbt7714)
        writer.member("bibtex", citation.bibtex)
        writer.member("csl_json", citation.csl)
      }
    }
    return writer.bytes
  }
}
