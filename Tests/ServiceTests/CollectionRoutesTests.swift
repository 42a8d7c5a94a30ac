import Corpus
import HTTPTypes
import TestSupport
import Testing

@Suite("Collections")
struct CollectionRoutesTests {
  private static let path = "/v1/collections"

  /// A site with two speeches of different genres, and their ids.
  private static func site() throws -> (TestSite, first: String, second: String) {
    let test = try TestSite()
    return (
      test, try test.keep("a", .make(title: "新年贺词", genre: "贺词")), try test.keep("b", .make(title: "讲话", genre: "讲话"))
    )
  }

  @Test("a list of ids is made, shown, changed and taken away")
  func list() throws {
    let (test, first, second) = try Self.site()
    let none = try test.send(.get, Self.path)
    #expect(none["total"] == .integer(0) && none["edits"] == .integer(0) && none["edited_at"] == .null)
    let body = #"{"slug": "shouxuan", "title": "首选", "ids": ["\#(second)", "\#(first)", "\#(second)"]}"#
    let made = try test.write(.post, Self.path, body: body)
    #expect(made.status == 201 && made.field("Location") == "/v1/collections/shouxuan", "\(made.text)")
    #expect(made["ids"] == .array([.string(second), .string(first)]) && made["speeches"] == .integer(2))
    let again = try test.write(.post, Self.path, body: body)
    #expect(again.status == 409 && again["code"] == .string("collection_exists"))
    let put = try test.write(.put, Self.path + "/shouxuan", body: #"{"title": "一篇", "ids": ["\#(first)"]}"#)
    #expect(put.status == 200 && put["title"] == .string("一篇"))
    #expect(try test.send(.get, "/v1/speeches?collection=shouxuan")["items", "0", "id"] == .string(first))
    #expect(try test.send(.get, "/v1/speeches/\(first)")["collections"] == .array([.string("shouxuan")]))
    #expect(try test.send(.get, "/v1/speeches/\(second)")["collections"] == .array([]))
    #expect(
      try test.send(.get, "/v1/speeches?include=collections&sort=title")["items", "0", "collections"]
        == .array([.string("shouxuan")]))
    #expect(try test.write(.delete, Self.path + "/shouxuan").status == 204)
    let edited = try test.send(.get, Self.path)
    #expect(edited["edits"] == .integer(3) && edited["edited_at"] == .string(TestSite.time))
    #expect(try test.send(.get, Self.path + "/shouxuan").status == 404)
    #expect(try test.send(.get, "/v1/speeches/\(first)")["collections"] == .array([]))
  }

  @Test("a filter takes in what comes later, and is one filter among others")
  func filter() throws {
    let (test, first, _) = try Self.site()
    let put = try test.write(
      .put, Self.path + "/heci", body: #"{"title": "贺词", "filter": {"genre": ["贺词", "致辞"], "min_characters": 1}}"#)
    #expect(put.status == 201 && put["speeches"] == .integer(1))
    let third = try test.keep("c", .make(title: "致辞", genre: "致辞"))
    #expect(try test.send(.get, Self.path + "/heci")["speeches"] == .integer(2))
    #expect(try test.send(.get, "/v1/speeches?collection=heci&genre=致辞")["items", "0", "id"] == .string(third))
    #expect(try test.send(.get, "/v1/search?q=新年&collection=heci")["total_speeches"] == .integer(1))
    #expect(try test.send(.get, "/v1/search?q=讲话&collection=heci")["total_speeches"] == .integer(0))
    // Any of several, each speech once.
    try #expect(
      test.write(.put, Self.path + "/liang", body: #"{"title": "两", "ids": ["\#(first)"]}"#).status == 201)
    #expect(try test.send(.get, "/v1/speeches?collection=heci&collection=liang")["total"] == .integer(2))
    let nowhere = try test.send(.get, "/v1/speeches?collection=nowhere")
    #expect(nowhere.status == 400 && nowhere["parameter"] == .string("collection"))
  }

  @Test("a speech's tag changes with its collections, and so does that of a list; the tag of a collection guards it")
  func tags() throws {
    let (test, first, _) = try Self.site()
    let speech = try #require(try test.send(.get, "/v1/speeches/\(first)").field("ETag"))
    let text = try test.send(.get, "/v1/speeches/\(first).txt").field("ETag")
    let list = try test.send(.get, "/v1/speeches").field("ETag")
    try #expect(
      test.write(.put, Self.path + "/a", body: #"{"title": "甲", "filter": {"genre": "贺词"}}"#).status == 201)
    let now = try #require(try test.send(.get, "/v1/speeches/\(first)").field("ETag"))
    #expect(now != speech)
    #expect(try test.send(.get, "/v1/speeches/\(first).txt").field("ETag") == text)
    #expect(try test.send(.get, "/v1/speeches").field("ETag") != list)
    let tag = try #require(try test.send(.get, Self.path + "/a").field("ETag"))
    func guarded(_ tag: String) throws -> Int {
      try test.send(.delete, Self.path + "/a", fields: ["Authorization": "Bearer secret", "If-Match": tag]).status
    }
    #expect(try guarded("\"x\"") == 412)
    // The tag that the JSON of the speech came with still lets it be deleted.
    let fields = ["Authorization": "Bearer secret", "If-Match": now]
    #expect(try guarded(tag) == 204)
    #expect(try test.send(.delete, "/v1/speeches/\(first)", fields: fields).status == 412)
  }

  @Test(
    "a mistake is told with its place",
    arguments: [
      (#"{"title": "甲"}"#, 422, ""), (#"{"ids": []}"#, 422, ""), (#"{"title": " ", "ids": []}"#, 422, "/title"),
      (#"{"title": "甲", "ids": ["0123456789ab"]}"#, 422, "/ids/0"), (#"{"title": "甲", "ids": [7]}"#, 422, "/ids/0"),
      (#"{"title": "甲", "ids": [], "filter": {}}"#, 422, "/filter"),
      (#"{"title": "甲", "filter": {"gnre": "讲话"}}"#, 422, "/filter/gnre"),
      (#"{"title": "甲", "filter": {"collection": "a"}}"#, 422, "/filter/collection"),
      (#"{"title": "甲", "filter": {"from": "昨天"}}"#, 422, "/filter/from"),
      (#"{"title": "甲", "filter": {"genre": {}}}"#, 422, "/filter/genre"), (#"{"titel": "甲"}"#, 422, "/titel"),
      (#"{"title": "甲", "slug": "b", "ids": []}"#, 422, "/slug"), (#"["#, 400, nil),
    ])
  func mistakes(body: String, status: Int, pointer: String?) throws {
    let test = try TestSite()
    let reply = try test.write(.put, Self.path + "/a", body: body)
    #expect(reply.status == status && reply["pointer"] == pointer.map(JSONValue.string))
    #expect(try test.send(.get, Self.path)["total"] == .integer(0))
  }

  @Test("a slug is fit for an address; who may not write makes no collection")
  func slugs() throws {
    let test = try TestSite()
    for slug in ["A", "-a", "a_b", "%E6%96%B0", String(repeating: "a", count: 65)] {
      #expect(
        try test.write(.put, Self.path + "/" + slug, body: #"{"title": "甲", "ids": []}"#).status == 422, "\(slug)")
    }
    #expect(try test.send(.put, Self.path + "/a", body: #"{"title": "甲", "ids": []}"#).status == 401)
    #expect(try test.write(.put, Self.path + "/a", type: "text/plain", body: "甲").status == 415)
  }
}
