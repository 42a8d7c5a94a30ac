import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/families` and `/v1/speeches/ID/family`: which speeches are copies of each other, and what shows it.
struct FamilyRoutes {
  let families: FamilyRepository

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/families", name: "listFamilies",
        summary: "Speeches of which the corpus has copies, the last imported first, with how many there are of each.",
        parameters: [SpeechListRoutes.limit.specification, SpeechListRoutes.cursor.specification],
        results: [.init(200, "A page of families.", schema: "FamilyList")], problems: Self.problems,
        handler: .worker(list)),
      Endpoint(
        .get, "/v1/speeches/{id}/family", name: "getFamily",
        summary:
          "The copies of a speech, itself among them: reposts, copies under another title, near-copies, excerpts.",
        parameters: [
          SpeechRoutes.id.specification, SpeechListRoutes.limit.specification, SpeechListRoutes.cursor.specification,
        ],
        results: [.init(200, "A page of its family, the head first.", schema: "FamilyMemberList")],
        problems: [SpeechRoutes.missing, SpeechRoutes.gone] + Self.problems, handler: .worker(family)),
    ]
  }

  private static let problems: [ProblemSpecification] = [
    .init(400, "invalid_cursor", "The cursor belongs to another query."),
    .init(503, "index_incomplete", "The index is being made."),
    .init(503, "deadline_exceeded", "The query took longer than it may."),
  ]

  private func list(_ call: Call) throws -> Response {
    let page = try families.families(before: Self.position(call), limit: call[SpeechListRoutes.limit])
    return CollectionResource(call: call, total: page.total, next: Self.cursor(page.next, call), state: page.state)
      .response { writer in
        for family in page.items {
          writer.object { writer in
            writer.name("speech")
            SpeechResource.write(family.head, to: &writer)
            writer.member("size", family.size)
            writer.member("url", SpeechResource.url(family.head.id) + "/family")
          }
        }
      }.tagged(page.state)
  }

  private func family(_ call: Call) throws -> Response {
    let (position, limit) = (try Self.position(call), try call[SpeechListRoutes.limit])
    let page = try call.found { try families.family(of: $0, after: position, limit: limit) }
    return CollectionResource(call: call, total: page.total, next: Self.cursor(page.next, call), state: page.state)
      .response { writer in
        for member in page.items { writer.object { Self.write(member, to: &$0) } }
      }.tagged(page.state)
  }

  private static func write(_ member: FamilyMember, to writer: inout JSONWriter) {
    writer.name("speech")
    SpeechResource.write(member.card, to: &writer)
    let evidence = member.evidence
    writer.member("kind", evidence?.kind.rawValue ?? "head")
    for (name, part) in [("share", evidence?.share), ("coverage", evidence?.coverage)] {
      writer.name(name)
      if let part { writer.number((part * 10_000).rounded() / 10_000) } else { writer.null() }
    }
    writer.name("passage")
    guard let passage = evidence?.passage else { return writer.null() }
    writer.object {
      $0.member("start", passage.own.start)
      $0.member("end", passage.own.end)
      $0.member("head_start", passage.head.start)
      $0.member("head_end", passage.head.end)
    }
  }

  private static func position(_ call: Call) throws -> Int64? {
    try call[SpeechListRoutes.cursor].flatMap { try Cursor.parts($0, for: call, count: 1)[0].flatMap { Int64($0) } }
  }

  private static func cursor(_ position: Int64?, _ call: Call) -> String? {
    position.map { Cursor.text([String($0)], for: call) }
  }
}
