import Corpus
import HTTPTypes
import Storage
import TestSupport
import Testing

@Suite("PATCH /v1/speeches/ID")
struct CorrectionRoutesTests {
  private static func patch(
    _ test: TestSite, _ id: String, _ body: String, type: String = "application/merge-patch+json",
    fields: [String: String] = [:]
  ) throws -> TestSite.Reply {
    try test.send(
      .patch, "/v1/speeches/\(id)",
      fields: ["Authorization": "Bearer secret", "Content-Type": type].merging(fields) { $1 }, body: body)
  }

  @Test("corrects fields; lists, search, facets, collections and changes follow, and the speech shows what was read")
  func corrects() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    try test.keep("b")
    _ = try test.write(.put, "/v1/collections/zhen", body: #"{"title":"镇","filter":{"level":"township"}}"#)
    #expect(try test.send(.get, "/v1/speeches?level=township")["total"] == .integer(0))
    let reply = try Self.patch(
      test, id, #"{"title":"在荷花节上的讲话","speaker":{"level":"township","name":"陈望山"},"metadata":{"k":"v"}}"#)
    #expect(reply.status == 200 && reply["status"] == .string("revised") && reply["revision"] == .integer(2))
    #expect(reply["title"] == .string("在荷花节上的讲话") && reply["speaker", "name"] == .string("陈望山"))
    let speech = try test.send(.get, "/v1/speeches/\(id)")
    #expect(speech.field("ETag") == reply.field("ETag") && speech["collections", "0"] == .string("zhen"))
    #expect(speech["corrections", "speaker.level", "read"] == .string("county"))
    #expect(speech["corrections", "speaker.level", "at"] == .string(TestSite.time))
    #expect(try test.send(.get, "/v1/speeches?level=township&meta.k=v&facets=level")["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/search?q=title:荷花节")["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/speeches?collection=zhen")["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/changes?since=2")["items", "0", "kind"] == .string("revised"))
    let revisions = try test.send(.get, "/v1/speeches/\(id)/revisions")
    #expect(revisions["items", "1", "cause"] == .string("correction"))
    #expect(revisions["items", "1", "changed"] == .array(["metadata", "speaker", "title"].map(JSONValue.string)))
    // The others have none, and say so.
    #expect(try test.send(.get, "/v1/speeches/\(id)/revisions/1")["corrections"] == .object([]))
    #expect(try test.send(.get, "/v1/speeches/\(id)?fields=corrections")["corrections", "title"] != nil)
  }

  @Test("is unchanged where nothing differs, and takes corrections back")
  func back() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    #expect(try Self.patch(test, id, #"{"genre":"讲话"}"#)["status"] == .string("unchanged"))
    #expect(try Self.patch(test, id, "{}", type: "application/json; charset=utf-8")["revision"] == .integer(1))
    #expect(try Self.patch(test, id, #"{"genre":null}"#)["genre"] == .null)
    let back = try Self.patch(test, id, #"{"corrections":{"genre":null}}"#)
    #expect(back["genre"] == .string("讲话") && back["revision"] == .integer(3))
    #expect(try test.send(.get, "/v1/speeches/\(id)")["corrections"] == .object([]))
    #expect(try test.send(.get, "/v1/speeches/\(id)/revisions")["items", "2", "changed"] == .array([.string("genre")]))
  }

  @Test("whoever thinks it is about another state is told, so that nobody overwrites what he has not seen")
  func preconditions() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let seen = try #require(try test.send(.get, "/v1/speeches/\(id)").field("ETag"))
    let first = try Self.patch(test, id, #"{"title":"一"}"#, fields: ["If-Match": seen])
    #expect(first.status == 200)
    let second = try Self.patch(test, id, #"{"title":"二"}"#, fields: ["If-Match": seen])
    #expect(second.status == 412 && second["code"] == .string("precondition_failed"))
    let tag = try #require(first.field("ETag"))
    #expect(try Self.patch(test, id, #"{"title":"二"}"#, fields: ["If-Match": tag]).status == 200)
    #expect(try test.send(.get, "/v1/speeches/\(id)")["title"] == .string("二"))
  }

  @Test("who may not, what is not there and what is wrong is told as elsewhere")
  func problems() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    #expect(try test.send(.patch, "/v1/speeches/\(id)", fields: ["Content-Type": "application/json"]).status == 401)
    #expect(try Self.patch(test, "0123456789ab", "{}").status == 404)
    let type = try Self.patch(test, id, "x", type: "text/plain")
    #expect(type.status == 415 && type.field("Accept-Patch") == "application/merge-patch+json, application/json")
    #expect(try Self.patch(test, id, "{").status == 400)
    let wrong = try Self.patch(test, id, #"{"speaker":{"level":"king"}}"#)
    #expect(wrong.status == 422 && wrong["pointer"] == .string("/speaker/level"))
    #expect(try Self.patch(test, id, #"{"text":"另一篇"}"#)["pointer"] == .string("/text"))
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 204)
    #expect(try Self.patch(test, id, #"{"title":"一"}"#).status == 410)
    let options = try test.send(.options, "/v1/speeches/\(id)")
    #expect(options.field("Allow")?.contains("PATCH") == true && options.field("Accept-Patch") != nil)
  }

  @Test(
    "an export of a corrected speech is imported elsewhere as the corrected speech",
    arguments: ["json", "ndjson", "tei", "akn"])
  func export(form: String) throws {
    let test = try TestSite()
    let id = try test.keep("a")
    _ = try Self.patch(test, id, #"{"title":"改","delivered":null,"source":{"author":"林望舒"},"metadata":{"k":{"a":1}}}"#)
    let target = form == "ndjson" ? "/v1/speeches.ndjson" : "/v1/speeches/\(id).\(form)"
    let types = [
      "json": "application/json", "ndjson": "application/x-ndjson", "tei": "application/tei+xml",
      "akn": "application/akn+xml",
    ]
    let document = try test.send(.get, target).text
    let other = try TestSite()
    #expect(
      [200, 201].contains(try other.write(.post, "/v1/speeches", type: types[form] ?? "", body: document).status))
    let members = "title,speaker,delivered,metadata,corrections,text,sections"
    let (one, copy) = (
      try test.send(.get, "/v1/speeches/\(id)?fields=\(members)"),
      try other.send(.get, "/v1/speeches/\(id)?fields=\(members)")
    )
    #expect(one.json == copy.json, "\(copy.text)")
    let back = try Self.patch(other, id, #"{"corrections":null}"#)
    #expect(back["title"] == .string("在全县春耕备耕工作会议上的讲话") && back["date", "value"] == .string("2021-03-05"))
  }
}
