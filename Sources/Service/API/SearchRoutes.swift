import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/search`: the nodes of speeches in which a query holds.
struct SearchRoutes {
  let searches: SearchRepository
  let collections: CollectionRepository

  private static let facets: Parameter<[String]> = .list(
    "facets", of: FacetField.allCases.map(\.rawValue),
    "Fields whose values are counted over the whole result: nodes, and the speeches they are of."
  ).example("genre,year")
  private static let cardFields: Parameter<[String]> = .list(
    "fields", of: Selection.words(for: SpeechResource.cardMembers),
    "Members that the cards have in the answer; with a minus, members that they have not."
  ).example("title,speaker,date")
  private static let explain: Parameter<Bool> = .once(
    "explain", .boolean, default: "false", "Whether the answer shows the query as it was read.",
    convert: { $0 == "true" })

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/search", name: "search",
        summary: "Sections, openings, closings and the other nodes of speeches in which a query holds.",
        parameters: [QueryParameter.required.specification] + FilterParameters.all + [
          QueryParameter.mode.specification, QueryParameter.sort.specification, Self.facets.specification,
          Self.cardFields.specification,
          Self.explain.specification, SpeechListRoutes.limit.specification, SpeechListRoutes.cursor.specification,
        ],
        results: [.init(200, "A page of nodes, the most relevant first.", schema: "SearchResult")],
        problems: [
          .init(400, "invalid_cursor", "The cursor belongs to another query."),
          .init(410, "cursor_expired", "The corpus has changed since the page before."),
          .init(503, "index_incomplete", "The index is being made."),
          .init(503, "deadline_exceeded", "The query took longer than it may."),
        ],
        handler: .worker(search))
    ]
  }

  private func search(_ call: Call) throws -> Response {
    let query = try QueryParameter.query(call[QueryParameter.required])
    let filter = try FilterParameters.filter(call, collections)
    let sort = try call[QueryParameter.sort]
    let selection = try Selection(call, Self.cardFields)
    let facets = try call[Self.facets].compactMap(FacetField.init)
    let explains = try call[Self.explain]
    let position = try call[SpeechListRoutes.cursor].map {
      try QueryParameter.position($0, sort: sort, for: call)
    }
    let result = try searches.search(
      SearchRequest(
        query, filter: filter, sort: sort, position: position, limit: call[SpeechListRoutes.limit], facets: facets,
        mode: call[QueryParameter.mode]))
    return CollectionResource(
      call: call, total: result.page.total,
      next: result.page.next.map { QueryParameter.cursor($0, for: call) }, state: result.page.state,
      effective: ["undated": filter.effectiveUndated.rawValue]
    ).response { writer in
      for hit in result.page.items { SearchResource.write(hit, selection, to: &writer) }
    } extra: { writer in
      writer.member("total_speeches", result.totalSpeeches)
      writer.member("total_matches", result.totalMatches)
      SearchResource.write(result.notes, to: &writer)
      if !facets.isEmpty {
        writer.object("facets") { writer in
          for (facet, counts) in zip(facets, result.facets) {
            writer.name(facet.rawValue)
            writer.array { for count in counts { SearchResource.write(count, to: &$0) } }
          }
        }
      }
      if explains {
        writer.name("explanation")
        SearchResource.write(query, to: &writer)
      }
    }.tagged(result.page.state)
  }
}
