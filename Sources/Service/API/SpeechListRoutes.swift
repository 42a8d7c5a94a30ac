import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/speeches`: the speeches that pass the filters, page by page.
struct SpeechListRoutes {
  let cards: CardRepository

  static let limit: Parameter<Int> = .once(
    "limit", .integer(1...100), default: "20", "How many items a page has.", convert: { Int($0) })
  static let cursor: Parameter<String?> = .optional(
    "cursor", .text(maximum: 2_000), "Where the page begins: `next` of the page before.", convert: { $0 })
  private static let sort: Parameter<SpeechSort> = .once(
    "sort", .word(SpeechSort.allCases.map(\.rawValue)), default: "-date",
    "Order of the list; a minus reverses it, undated speeches come last, ties are broken by id.",
    convert: SpeechSort.init)
  private static let facets: Parameter<[String]> = .list(
    "facets", of: FacetField.allCases.map(\.rawValue), "Fields whose values are counted over the whole result.")
  private static let cardFields: Parameter<[String]> = .list(
    "fields", of: Selection.words(for: SpeechResource.cardMembers),
    "Members that a card has in the answer; with a minus, members that it has not.")
  private static let include: Parameter<[String]> = .list(
    "include", of: SpeechResource.furtherMembers, "Members of the whole speech that the cards have besides their own.")

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches", name: "listSpeeches", summary: "Speeches that pass the filters, as cards.",
        parameters: FilterParameters.all + [
          Self.sort.specification, Self.facets.specification, Self.cardFields.specification,
          Self.include.specification, Self.limit.specification, Self.cursor.specification,
        ],
        results: [.init(200, "A page of cards.", schema: "SpeechList")],
        problems: [.init(400, "invalid_cursor", "The cursor belongs to another query.")],
        handler: .worker(list))
    ]
  }

  private func list(_ call: Call) throws -> Response {
    let sort = try call[Self.sort]
    let filter = try FilterParameters.filter(call)
    let limit = try call[Self.limit]
    let selection = try Selection(call, Self.cardFields)
    let including = Set(try call[Self.include])
    let facets = try call[Self.facets].compactMap(FacetField.init)
    var position: ListPosition?
    if let cursor = try call[Self.cursor] {
      let parts = try Cursor.parts(cursor, for: call, count: 2)
      position = ListPosition(key: parts[0], id: parts[1] ?? "")
    }
    let (page, counts) = try cards.list(
      filter, sort: sort, after: position, limit: limit, facets: facets, withContent: !including.isEmpty)
    let next = page.next.map { Cursor.text([$0.key, $0.id], for: call) }
    return CollectionResource(
      call: call, total: page.total, next: next, state: page.state,
      effective: ["undated": filter.effectiveUndated.rawValue]
    ).response { writer in
      for card in page.items { SpeechResource.write(card, to: &writer, selection, including: including) }
    } extra: { writer in
      guard !facets.isEmpty else { return }
      writer.object("facets") { writer in
        for (facet, values) in zip(facets, counts) {
          writer.name(facet.rawValue)
          writer.array { for value in values { value.write(to: &$0) } }
        }
      }
    }.tagged(page.state)
  }
}
