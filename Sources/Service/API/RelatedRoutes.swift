import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/speeches/ID/related`: what to read next.
struct RelatedRoutes {
  let related: RelatedRepository

  private static let limit: Parameter<Int> = .once(
    "limit", .integer(1...100), default: "20", "How many speeches are named at most.", convert: { Int($0) })

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches/{id}/related", name: "listRelated",
        summary: "The speeches most like a speech, with a score and the words and fields that they share.",
        parameters: [SpeechRoutes.id.specification, Self.limit.specification],
        results: [.init(200, "The speeches, the most alike first.", schema: "RelatedList")],
        problems: [
          SpeechRoutes.missing, SpeechRoutes.gone, .init(503, "index_incomplete", "The index is being made."),
          .init(503, "deadline_exceeded", "The query took longer than it may."),
        ],
        handler: .worker(list))
    ]
  }

  private func list(_ call: Call) throws -> Response {
    let limit = try call[Self.limit]
    let found = try call.found { try related.related(to: $0, limit: limit) }
    return CollectionResource(call: call, total: found.items.count, next: nil, state: found.state).response { writer in
      for item in found.items {
        writer.object { writer in
          writer.name("speech")
          SpeechResource.write(item.card, to: &writer)
          writer.name("score")
          writer.number((Double(item.score) * 10_000).rounded() / 10_000)
          writer.array("shared_terms") { writer in
            for term in item.terms {
              writer.object {
                $0.member("term", term.text)
                $0.member("matches", term.matches)
              }
            }
          }
          writer.array("same") { for field in item.same { $0.string(field.rawValue) } }
        }
      }
    } extra: { writer in
      writer.array("terms") { for term in found.terms { $0.string(term) } }
    }.tagged(found.state)
  }
}
