import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/speeches/ID/revisions/NUMBER/changes`: what makes one revision of a speech differ from another.
struct ComparisonRoutes {
  let speeches: SpeechRepository

  private static let from: Parameter<Int?> = .optional(
    "from", .integer(1...1_000_000),
    "Number of the revision that it is compared with; the one before unless given.", convert: { Int($0) }
  ).example("1")

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches/{id}/revisions/{number}/changes", name: "compareRevisions",
        summary: "What differs between two revisions of a speech: fields, and the nodes one by one.",
        parameters: [
          SpeechRoutes.id.specification, SpeechRoutes.number.specification, Self.from.specification,
        ],
        results: [.init(200, "What differs.", schema: "RevisionChanges")],
        problems: [SpeechRoutes.missing, SpeechRoutes.gone, SpeechRoutes.noRevision], handler: .worker(changes))
    ]
  }

  private func changes(_ call: Call) throws -> Response {
    let after = try speeches.identity(call, revision: Int(call[SpeechRoutes.number]))
    // Before the first revision there is nothing.
    let from = try call[Self.from] ?? after.revision - 1
    let before = try from == 0 ? nil : speeches.identity(call, revision: from)
    let digest = "changes \(before?.digest ?? "") \(from) \(after.digest) \(after.revision)"
    if call.alreadyHas(digest) { return call.notModified(digest) }
    let resource = try ComparisonResource(
      before: before.map { try speeches.content(of: $0) }, after: speeches.content(of: after))
    return try Response.json(resource.json).tagged(digest).dated(max(after.updatedAt, before?.updatedAt ?? ""))
  }
}

/// What differs between two revisions, as the API shows it.
struct ComparisonResource {
  /// Nil before the first revision.
  let before: StoredSpeech?
  let after: StoredSpeech

  var json: [UInt8] {
    get throws {
      let comparison = SpeechComparison(before: Self.compared(before), after: Self.compared(after))
      var diff = TextDiff()
      let edits = comparison.edits(&diff)
      let changes = try after.changes(since: before)
      let texts = (before?.text ?? TextIndex(""), after.text)
      var writer = JSONWriter(capacity: 16_384)
      let url = SpeechResource.url(after.identity.id)
      writer.object { writer in
        writer.member("speech", after.identity.id)
        writer.member("from", before?.identity.revision)
        writer.member("to", after.identity.revision)
        writer.member("from_url", before.map { url + "/revisions/\($0.identity.revision)" })
        writer.member("to_url", url + "/revisions/\(after.identity.revision)")
        writer.array("fields") { writer in
          for change in changes {
            writer.object {
              $0.member("name", change.name)
              $0.name("before")
              $0.value(change.before)
              $0.name("after")
              $0.value(change.after)
            }
          }
        }
        writer.array("sections") { writer in
          for (match, edits) in zip(comparison.matches, edits) {
            writer.object { Self.write(match, edits, of: comparison, texts, to: &$0) }
          }
        }
        writer.member("coarse", diff.isCoarse)
      }
      return writer.bytes
    }
  }

  private static func compared(_ stored: StoredSpeech?) -> ComparedSpeech {
    stored.map { ComparedSpeech(text: String(decoding: $0.text.bytes, as: UTF8.self), nodes: $0.nodes) }
      ?? ComparedSpeech(Speech())
  }

  private static func write(
    _ match: SpeechComparison.Match, _ edits: [TextEdit], of comparison: SpeechComparison,
    _ texts: (before: TextIndex, after: TextIndex), to writer: inout JSONWriter
  ) {
    let one = match.before.map { comparison.before.nodes[$0] }
    let other = match.after.map { comparison.after.nodes[$0] }
    let section = (other ?? one)?.section
    writer.member("status", match.status.rawValue)
    writer.member("path_before", one?.path)
    writer.member("path_after", other?.path)
    writer.member("kind", section?.kind.rawValue)
    writer.member("label", section?.label)
    writer.member("heading", section?.heading)
    writer.array("edits") { writer in
      for edit in edits {
        writer.object { writer in
          writer.member("op", edit.operation.rawValue)
          writer.name("before")
          edit.before.write(to: &writer)
          writer.name("after")
          edit.after.write(to: &writer)
          writer.name("text")
          switch edit.operation {
          case .equal: writer.null()
          case .delete: writer.string(utf8: texts.before.slice(edit.before))
          case .insert: writer.string(utf8: texts.after.slice(edit.after))
          }
        }
      }
    }
  }
}
