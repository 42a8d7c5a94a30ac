import Corpus
import HTTPTypes
import Service
import TestSupport
import Testing

@Suite("Related speeches over the API")
struct RelatedRoutesTests {
  @Test("come with a score and the words and fields that they share; a speech leads to them")
  func related() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let other = try test.keep("b", .make(title: "在春耕现场会上的讲话", delivered: "2021-04-01"))
    let reply = try test.send(.get, "/v1/speeches/\(id)/related?limit=5")
    #expect(reply.status == 200 && reply["total"] == .integer(1) && reply["next"] == .null)
    #expect(reply["items", "0", "speech", "id"] == .string(other))
    #expect(reply["items", "0", "same"] == .array(["speaker", "occasion", "genre"].map(JSONValue.string)))
    guard case .array(let terms)? = reply["items", "0", "shared_terms"], case .number? = reply["items", "0", "score"]
    else { return #expect(Bool(false)) }
    #expect(terms.contains { $0["term"] == .string("春耕") && $0["matches"] == .integer(2) })
    #expect(reply["query", "limit"] == .integer(5))
    let links = try test.send(.get, "/v1/speeches/\(id)")["links"]
    for name in ["related", "citation"] {
      #expect(links?[name] == .string("/v1/speeches/\(id)/\(name)"))
      #expect(try test.send(.get, "/v1/speeches/\(id)/\(name)").status == 200)
    }
  }

  @Test("of a speech that is gone or was never there are a problem, and so is a query that takes too long")
  func problems() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    #expect(try test.send(.get, "/v1/speeches/0123456789ab/related").status == 404)
    #expect(try test.send(.get, "/v1/speeches/\(id)/related?limit=0")["parameter"] == .string("limit"))
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 204)
    #expect(try test.send(.get, "/v1/speeches/\(id)/related").status == 410)
    let slow = try TestSite(deadline: 0)
    let late = try slow.keep("a")
    #expect(try slow.send(.get, "/v1/speeches/\(late)/related")["code"] == .string("deadline_exceeded"))
  }

  @Test("what was added last is a link of the corpus")
  func latest() throws {
    let test = try TestSite()
    for address in ["a", "b"] { try test.keep(address, .make(title: address, delivered: nil)) }
    let links = try test.send(.get, "/v1")["links"]
    guard case .string(let latest)? = links?["latest"] else { return #expect(Bool(false)) }
    #expect(try test.send(.get, latest)["items", "0", "title"] == .string("b"))
  }
}
