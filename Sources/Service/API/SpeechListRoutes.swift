import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/speeches`: the speeches that pass the filters, page by page.
struct SpeechListRoutes {
  let cards: CardRepository
  let searches: SearchRepository
  let collections: CollectionRepository
  let exports: ExportRepository

  static let limit: Parameter<Int> = .once(
    "limit", .integer(1...100), default: "20", "How many items a page has.", convert: { Int($0) })
  static let cursor: Parameter<String?> = .optional(
    "cursor", .text(maximum: 2_000), "Where the page begins: `next` of the page before.", convert: { $0 })
  private static let facets: Parameter<[String]> = .list(
    "facets", of: FacetField.allCases.map(\.rawValue), "Fields whose values are counted over the whole result."
  ).example("genre,year")
  private static let cardFields: Parameter<[String]> = .list(
    "fields", of: Selection.words(for: SpeechResource.cardMembers),
    "Members that a card has in the answer; with a minus, members that it has not."
  ).example("title,speaker,date")
  private static let include: Parameter<[String]> = .list(
    "include", of: SpeechResource.furtherMembers, "Members of the whole speech that the cards have besides their own.")

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches", name: "listSpeeches",
        summary: "Speeches that pass the filters and for which the query holds, as cards.",
        parameters: [QueryParameter.optional.specification] + FilterParameters.all + [
          QueryParameter.mode.specification, QueryParameter.listSort.specification, Self.facets.specification,
          Self.cardFields.specification,
          Self.include.specification, Self.limit.specification, Self.cursor.specification,
        ],
        formats: [.json, .ndjson, .csv],
        results: [
          .init(
            200,
            "A page of cards; as NDJSON all whole speeches, as CSV all cards as a table, streamed from one snapshot.",
            schema: "SpeechList")
        ],
        problems: [
          .init(400, "invalid_cursor", "The cursor belongs to another query."),
          .init(410, "cursor_expired", "The corpus has changed since the page before."),
          .init(503, "index_incomplete", "The index is being made."),
          .init(503, "deadline_exceeded", "The query took longer than it may."),
        ],
        handler: .worker(list))
    ]
  }

  private func list(_ call: Call) throws -> Response {
    let query = try call[QueryParameter.optional].map(QueryParameter.query)
    let sort = try call[QueryParameter.listSort] ?? (query == nil ? .field(.dateDescending) : .relevance)
    let filter = try FilterParameters.filter(call, collections)
    let mode = try call[QueryParameter.mode]
    if call.isExport { return try export(call, query, filter, sort, mode) }
    let limit = try call[Self.limit]
    let selection = try Selection(call, Self.cardFields)
    let including = Set(try call[Self.include])
    let facets = try call[Self.facets].compactMap(FacetField.init)
    let position = try call[Self.cursor].map { try QueryParameter.position($0, sort: sort, for: call) }
    let (page, counts, notes): (Page<Card, ResultPosition>, [[ValueCount]], SearchNotes?)
    switch (query, sort) {
    case (let query?, _):
      (page, counts, notes) = try searches.speeches(
        SearchRequest(
          query, filter: filter, sort: sort, position: position, limit: limit, facets: facets,
          mode: mode),
        withContent: !including.isEmpty)
    case (nil, .field(let sort)):
      var after: ListPosition?
      if case .field(let place, _)? = position { after = place }
      let list = try cards.list(
        filter, sort: sort, after: after, limit: limit, facets: facets, withContent: !including.isEmpty)
      page = Page(
        items: list.page.items, total: list.page.total, next: list.page.next.map { .field($0, node: 0) },
        state: list.page.state)
      (counts, notes) = (list.facets, nil)
    case (nil, .relevance): throw QueryParameter.listSort.problem("“-relevance” goes with a query in “q”")
    }
    let memberships =
      including.contains("collections") ? try collections.memberships(of: page.items.map(\.id)).slugs : [:]
    return CollectionResource(
      call: call, total: page.total, next: page.next.map { QueryParameter.cursor($0, for: call) }, state: page.state,
      effective: [
        "undated": filter.effectiveUndated.rawValue, "sort": query == nil ? "-date" : "-relevance",
      ]
    ).response { writer in
      for card in page.items {
        SpeechResource.write(
          card, to: &writer, selection, including: including, collections: memberships[card.id] ?? [])
      }
    } extra: { writer in
      if let notes { SearchResource.write(notes, to: &writer) }
      guard !facets.isEmpty else { return }
      writer.object("facets") { writer in
        for (facet, values) in zip(facets, counts) {
          writer.name(facet.rawValue)
          writer.array { for value in values { value.write(to: &$0) } }
        }
      }
    }.tagged(page.state)
  }

  /// All speeches as a stream.
  private func export(
    _ call: Call, _ query: Query?, _ filter: SpeechFilter, _ sort: ResultSort, _ mode: SearchMode
  ) throws -> Response {
    try call.refusePaging()
    try call.refuse(["facets"], "it has no place for counts; ask for them as JSON.")
    if query == nil, sort == .relevance {
      throw QueryParameter.listSort.problem("“-relevance” goes with a query in “q”")
    }
    if call.format == .ndjson { try call.refuse(["fields", "include"], "its lines are whole speeches.") }
    let selection = try Selection(call, Self.cardFields)
    let including = Set(try call[Self.include])
    let export = try exports.speeches(query, filter, sort: sort, mode: mode)
    if call.format == .ndjson { return call.stream(export) { SpeechExport.json($0) + [10] } }
    let table = SpeechTable(
      members: SpeechResource.cardMembers.filter(selection.contains)
        + SpeechResource.furtherMembers.filter(including.contains))
    return call.stream(export, head: table.head, table.row)
  }
}
