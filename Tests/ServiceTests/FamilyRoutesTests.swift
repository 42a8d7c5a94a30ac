import Corpus
import HTTPTypes
import TestSupport
import Testing

@Suite("Families over the API")
struct FamilyRoutesTests {
  @Test("are listed, led to by each speech, and told with what shows them")
  func families() throws {
    let test = try TestSite()
    let (first, second) = (try test.keep("a"), try test.keep("b", .make(title: "另一个标题")))
    let list = try test.send(.get, "/v1/families")
    #expect(list["total"] == .integer(1) && list["items", "0", "size"] == .integer(2))
    #expect(list["items", "0", "speech", "id"] == .string(first))
    guard case .string(let url)? = try test.send(.get, "/v1/speeches/\(second)")["links"]?["family"] else {
      return #expect(Bool(false))
    }
    let family = try test.send(.get, url)
    #expect(family["total"] == .integer(2) && family["next"] == .null)
    #expect(family["items", "0", "kind"] == .string("head") && family["items", "0", "share"] == .null)
    #expect(family["items", "1", "speech", "id"] == .string(second))
    #expect(family["items", "1", "kind"] == .string("retitled") && family["items", "1", "share"] == .integer(1))
    #expect(family["items", "1", "passage", "start"] != nil)
    let page = try test.send(.get, url + "?limit=1")
    guard case .string(let next)? = page["next"] else { return #expect(Bool(false)) }
    #expect(try test.send(.get, "\(url)?limit=1&cursor=\(next)")["items", "0", "speech", "id"] == .string(second))
    #expect(try test.send(.get, "\(url)?cursor=nonsense")["code"] == .string("invalid_cursor"))
  }

  @Test("count once with copies=collapsed, in lists, searches and exports")
  func collapsed() throws {
    let test = try TestSite()
    for address in ["a", "b", "c"] { try test.keep(address) }
    for (target, total) in [("/v1/speeches", 3), ("/v1/search?q=春耕", 3), ("/v1/speeches?q=春耕", 3)] {
      let separator = target.contains("?") ? "&" : "?"
      let (raw, collapsed) = (
        try test.send(.get, target), try test.send(.get, target + separator + "copies=collapsed&facets=genre")
      )
      #expect((raw["total_speeches"] ?? raw["total"]) == .integer(total), "\(target)")
      #expect((collapsed["total_speeches"] ?? collapsed["total"]) == .integer(1), "\(target)")
      #expect(collapsed["query", "copies"] == .string("collapsed") && raw["query", "copies"] == .string("raw"))
      let facet = collapsed["facets", "genre", "0"]
      #expect((facet?["speeches"] ?? facet?["count"]) == .integer(1), "\(target)")
    }
    let lines = try test.send(.get, "/v1/speeches.ndjson?copies=collapsed").text.split(separator: "\n")
    #expect(lines.count == 1)
    #expect(try test.send(.get, "/v1/speeches?copies=some")["parameter"] == .string("copies"))
  }

  @Test("are not told of a speech that is gone, nor while there is no time")
  func problems() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    #expect(try test.send(.get, "/v1/speeches/0123456789ab/family").status == 404)
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 204)
    #expect(try test.send(.get, "/v1/speeches/\(id)/family").status == 410)
  }
}
