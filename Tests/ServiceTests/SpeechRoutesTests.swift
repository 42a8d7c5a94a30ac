import Corpus
import HTTPTypes
import Service
import Storage
import TestSupport
import Testing

@Suite("Speeches over the API")
struct SpeechRoutesTests {
  @Test("a speech has its text, its sections and its addresses")
  func one() throws {
    let test = try TestSite()
    let speech = Speech.make(metadata: ["k": .string("v")])
    let id = try test.keep("a", speech)
    let reply = try test.send(.get, "/v1/speeches/\(id)")
    #expect(reply.status == 200)
    #expect(reply["text"] == .string(speech.text))
    #expect(reply["revision"] == .integer(1))
    #expect(reply["date", "kind"] == .string("delivered"))
    #expect(reply["metadata", "k"] == .string("v"))
    #expect(reply["created_at"] == .string(TestSite.time))
    #expect(reply["source", "sha256"] != nil)
    guard case .array(let sections) = reply["sections"] else { return #expect(Bool(false)) }
    #expect(sections.map { $0["path"] } == ["salutation", "opening", "1", "2", "closing"].map(JSONValue.string))
    #expect(sections[2]["url"] == .string("/v1/speeches/\(id)/sections/1"))
    #expect(sections[2]["heading"] == .string("早谋划"))
  }

  @Test("comes as text and as Markdown by suffix and by Accept")
  func formats() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let markdown = try test.send(.get, "/v1/speeches/\(id).md")
    #expect(markdown.field("Content-Type") == "text/markdown; charset=utf-8")
    #expect(markdown.text.contains("早谋划"))
    let text = try test.send(.get, "/v1/speeches/\(id)", fields: ["Accept": "text/plain, application/json;q=0.5"])
    #expect(text.field("Content-Type") == "text/plain; charset=utf-8")
    #expect(text.field("Vary") == "Accept, Accept-Encoding")
    #expect(try test.send(.get, "/v1/speeches/\(id)", fields: ["Accept": "image/png"]).status == 406)
    #expect(try test.send(.get, "/v1/speeches/\(id).json", fields: ["Accept": "image/png"]).status == 200)
  }

  @Test("members are chosen by fields")
  func fields() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let some = try test.send(.get, "/v1/speeches/\(id)?fields=title,speaker")
    guard case .object(let members) = some.json else { return #expect(Bool(false)) }
    #expect(members.map(\.name) == ["id", "title", "speaker"])
    let without = try test.send(.get, "/v1/speeches/\(id)?fields=-text,-sections")
    #expect(without["text"] == nil && without["title"] != nil && without["links"] != nil)
    #expect(try test.send(.get, "/v1/speeches/\(id)?fields=titel").status == 400)
  }

  @Test("sections come flat and as a tree, of a kind, and one with its surroundings")
  func sections() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let flat = try test.send(.get, "/v1/speeches/\(id)/sections")
    #expect(flat["total"] == .integer(5) && flat["next"] == .null)
    #expect(flat["query", "shape"] == .string("flat"))
    #expect(flat["corpus_revision"] == .integer(1))
    #expect(try test.send(.get, "/v1/speeches/\(id)/sections?shape=tree")["items", "0", "children"] == .array([]))
    #expect(try test.send(.get, "/v1/speeches/\(id)/sections?kind=section&kind=closing")["total"] == .integer(3))
    let section = try test.send(.get, "/v1/speeches/\(id)/sections/2")
    #expect(section["heading"] == .string("抓落实"))
    #expect(section["previous", "path"] == .string("1"))
    #expect(section["next", "path"] == .string("closing"))
    #expect(section["breadcrumb"] == .array([]))
    let missing = try test.send(.get, "/v1/speeches/\(id)/sections/9")
    #expect(missing.status == 404 && missing["code"] == .string("section_not_found"))
  }

  @Test("a passage is cut in code points and has a permanent address")
  func passage() throws {
    let test = try TestSite()
    let speech = Speech.make()
    let id = try test.keep("a", speech)
    #expect(try test.send(.get, "/v1/speeches/\(id)/text").text == speech.text)
    let place = try #require(speech.text.unicodeScalars.firstIndex(of: "𠮷"))
    let start = speech.text.unicodeScalars.distance(from: speech.text.unicodeScalars.startIndex, to: place)
    let passage = try test.send(.get, "/v1/speeches/\(id)/text?start=\(start)&end=\(start + 2)")
    #expect(passage["text"] == .string("𠮷村"))
    #expect(passage["section", "path"] == .string("1"))
    #expect(passage["sha256"] == .string(Array("𠮷村".utf8).sha256))
    guard case .string(let url) = passage["url"] else { return #expect(Bool(false)) }
    #expect(try test.send(.get, url).bytes == passage.bytes)
    for query in ["start=5&end=5", "start=0&end=100000", "start=-1", "start=9&end=3"] {
      let refused = try test.send(.get, "/v1/speeches/\(id)/text?\(query)")
      #expect(refused.status == 400 && refused["parameter"] != nil)
    }
  }

  @Test("older revisions stay readable")
  func revisions() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    try test.keep("a", .make(title: "改过的题目"))
    #expect(try test.send(.get, "/v1/speeches/\(id)")["title"] == .string("改过的题目"))
    let old = try test.send(.get, "/v1/speeches/\(id)/revisions/1")
    #expect(old["title"] == .string(Speech.make().title ?? ""))
    #expect(try test.send(.get, "/v1/speeches/\(id)?revision=1").bytes == old.bytes)
    let list = try test.send(.get, "/v1/speeches/\(id)/revisions")
    #expect(list["total"] == .integer(2))
    #expect(list["items", "1", "changed"] == .array([.string("clean_title"), .string("title")]))
    #expect(try test.send(.get, "/v1/speeches/\(id)?revision=3")["code"] == .string("revision_not_found"))
  }

  @Test("sections are those of the revision that is asked for")
  func sectionsOfRevision() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let first = try test.send(.get, "/v1/speeches/\(id)/sections")
    try test.keep("a", .make(opening: "今天换一个开头。"))
    #expect(try test.send(.get, "/v1/speeches/\(id)/sections")["items"] != first["items"])
    let old = try test.send(.get, "/v1/speeches/\(id)/sections?revision=1")
    #expect(old["items", "1", "text"] == first["items", "1", "text"])
    #expect(old["items", "1", "url"] == .string("/v1/speeches/\(id)/sections/opening?revision=1"))
    #expect(first["query", "revision"] == .integer(1))
    #expect(try test.send(.get, "/v1/speeches/\(id)/sections?revision=3")["code"] == .string("revision_not_found"))
  }

  @Test("the imported bytes come as they came, never as a page of this site")
  func source() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let reply = try test.send(.get, "/v1/speeches/\(id)/source")
    #expect(reply.text.hasPrefix("a在全县"))
    #expect(reply.field("Content-Type") == "text/plain; charset=utf-8")
    #expect(reply.field("Content-Security-Policy")?.contains("sandbox") == true)
    #expect(reply.field("Content-Disposition") == "attachment; filename*=UTF-8''%E9%A1%B5%E9%9D%A2.txt")
  }

  @Test("what came beside the document is named by the document, and given")
  func sidecar() throws {
    let test = try TestSite()
    let plain = try test.keep("a")
    #expect(try test.send(.get, "/v1/speeches/\(plain)/source").field("Link") == nil)
    #expect(try test.send(.get, "/v1/speeches/\(plain)/sidecar")["code"] == .string("sidecar_not_found"))
    var document = SourceDocument.make("同志们：")
    document.sidecar = Array(#"{"genre": "讲话"}"#.utf8)
    let reading = Reading(
      id: SpeechID(address: "https://example.org/b", decodedSource: ""), speech: .make(), document: document)
    _ = try ImportRepository(test.store).keep([reading], at: TestSite.time)
    let link = try #require(try test.send(.get, "/v1/speeches/\(reading.id.text)/source").field("Link"))
    let address = "/v1/speeches/\(reading.id.text)/sidecar?revision=1"
    #expect(link == "<\(address)>; rel=\"describedby\"")
    let sidecar = try test.send(.get, address)
    #expect(sidecar["genre"] == .string("讲话") && sidecar.field("ETag") != nil)
  }

  @Test("a range of the imported bytes comes as it is, never compressed; one behind the end is refused with the length")
  func ranges() throws {
    let test = try TestSite()
    let id = try test.keep("a", .make(opening: String(repeating: "长", count: 2_000)))
    let target = "/v1/speeches/\(id)/source"
    let whole = try test.send(.get, target)
    let tag = try #require(whole.field("ETag"))
    #expect(whole.field("Accept-Ranges") == "bytes")
    func ranged(_ range: String, _ fields: [String: String] = [:]) throws -> TestSite.Reply {
      try test.send(.get, target, fields: fields.merging(["Range": range, "Accept-Encoding": "gzip"]) { $1 })
    }
    let part = try ranged("bytes=2-2000")
    #expect(part.status == 206 && part.bytes == Array(whole.bytes[2...2000]))
    #expect(part.field("Content-Range") == "bytes 2-2000/\(whole.bytes.count)" && part.field("ETag") == tag)
    #expect(part.field("Content-Encoding") == nil && part.field("Content-Type") == whole.field("Content-Type"))
    #expect(try ranged("bytes=-5").bytes == whole.bytes.suffix(5))
    let behind = try ranged("bytes=\(whole.bytes.count)-")
    #expect(behind.status == 416 && behind.field("Content-Range") == "bytes */\(whole.bytes.count)")
    #expect(behind["code"] == .string("range_not_satisfiable"))
    for several in ["bytes=0-1,3-4", "lines=1-2", "bytes=4-2"] { #expect(try ranged(several).status == 200) }
    #expect(try ranged("bytes=0-1", ["If-Range": tag]).status == 206)
    for other in ["W/\(tag)", "\"x\"", "Fri, 02 Jan 2026 03:04:05 GMT", tag.dropLast() + "-gzip\""] {
      #expect(try ranged("bytes=0-1", ["If-Range": other]).status == 200, "\(other)")
    }
    #expect(try ranged("bytes=0-1", ["If-None-Match": tag]).status == 304)
    let head = try test.send(.head, target, fields: ["Range": "bytes=0-1"])
    #expect(head.status == 200 && head.field("Accept-Ranges") == "bytes")
    #expect(try test.send(.get, "/v1/speeches/\(id)", fields: ["Range": "bytes=0-1"]).status == 200)
  }

  @Test("lists are walked by cursor and Link, and echo the query that took effect")
  func lists() throws {
    let test = try TestSite()
    for number in 0..<25 {
      try test.keep("\(number)", .make(title: "第\(number)篇", delivered: "2021-01-\(10 + number % 9)"))
    }
    let first = try test.send(.get, "/v1/speeches?limit=10&genre=讲话&facets=year,genre")
    #expect(first["total"] == .integer(25))
    #expect(first["query", "limit"] == .integer(10))
    #expect(first["query", "sort"] == .string("-date"))
    #expect(first["query", "genre"] == .array([.string("讲话")]))
    #expect(first["facets", "year", "0"] == .object([.init("value", .string("2021")), .init("count", .integer(25))]))
    guard case .string(let cursor) = first["next"] else { return #expect(Bool(false)) }
    #expect(first.field("Link")?.contains("cursor=\(cursor)>; rel=\"next\"") == true)
    let second = try test.send(.get, "/v1/speeches?limit=10&genre=讲话&facets=year,genre&cursor=\(cursor)")
    #expect(second.status == 200 && second["items", "9"] != nil)
    #expect(try test.send(.get, "/v1/speeches?limit=10&cursor=\(cursor)")["code"] == .string("invalid_cursor"))
    #expect(try test.send(.get, "/v1/speeches?cursor=zzz")["code"] == .string("invalid_cursor"))
    let included = try test.send(.get, "/v1/speeches?limit=1&fields=title&include=text")
    guard case .object(let members) = included["items", "0"] else { return #expect(Bool(false)) }
    #expect(members.map(\.name) == ["id", "title", "text"])
  }

  @Test(
    "mistakes in parameters are refused by name",
    arguments: [
      ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=1&limit=2", "limit"),
      ("lmit=1", "lmit"), ("sort=-relevance", "sort"), ("from=2021-13", "from"), ("from=2022&to=2021", "from"),
      ("undated=maybe", "undated"), ("level=king", "level"), ("facets=text", "facets"),
      ("has_sections=1", "has_sections"),
      ("speaker=", "speaker"), ("meta.=x", "meta."), ("q=", "q"), ("min_characters=-1", "min_characters"),
    ])
  func mistakes(query: String, parameter: String) throws {
    let reply = try TestSite().send(.get, "/v1/speeches?\(query)")
    #expect(reply.status == 400)
    #expect(reply["parameter"] == .string(parameter))
    #expect(reply.field("Content-Type") == "application/problem+json")
  }

  @Test("many values make no large query, and too many are refused by name")
  func manyValues() throws {
    let test = try TestSite()
    try test.keep("a")
    func query(_ name: String, _ count: Int) -> String { (0..<count).map { "\(name)=a\($0)" }.joined(separator: "&") }
    #expect(try test.send(.get, "/v1/speeches?" + query("title", 100)).status == 200)
    let refused = try test.send(.get, "/v1/speeches?" + query("title", 101))
    #expect(refused.status == 400 && refused["parameter"] == .string("title"))
    let keys = (0..<21).map { "meta.k\($0)=1" }.joined(separator: "&")
    #expect(try test.send(.get, "/v1/speeches?" + keys).status == 400)
    #expect(try test.send(.get, "/v1/speeches?meta.year=")["parameter"] == .string("meta.year"))
    #expect(try test.send(.get, "/v1/speeches?fields=title,-speaker")["parameter"] == .string("fields"))
    #expect(try test.send(.get, "/v1/speeches?from=2020")["query", "undated"] == .string("exclude"))
    #expect(try test.send(.get, "/v1/speeches")["query", "undated"] == .string("include"))
  }

  @Test("a tag of one address is no tag of another")
  func tagsOfAddresses() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let tag = try #require(try test.send(.get, "/v1/speeches/\(id)").field("ETag"))
    for known in [tag, "*"] {
      #expect(try test.send(.get, "/v1/speeches/\(id)/sections/99", fields: ["If-None-Match": known]).status == 404)
      let beyond = try test.send(.get, "/v1/speeches/\(id)/text?start=9999", fields: ["If-None-Match": known])
      #expect(beyond.status == 400)
    }
    #expect(try test.send(.get, "/v1/speeches/\(id)/text.txt?start=0&end=2").text == "同志")
  }

  @Test("values are listed for metadata too, and an unknown field is told with the known ones")
  func values() throws {
    let test = try TestSite()
    try test.keep("a", .make(metadata: ["年度": .integer(2021)]))
    let reply = try test.send(.get, "/v1/values/meta.%E5%B9%B4%E5%BA%A6")
    #expect(reply["items", "0", "value"] == .string("2021"))
    #expect(try test.send(.get, "/v1/values/title")["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/values/titel")["code"] == .string("field_not_found"))
  }

  @Test("an unknown parameter is answered with the nearest real one")
  func nearest() throws {
    guard case .string(let detail) = try TestSite().send(.get, "/v1/speeches?lmit=1")["detail"] else {
      return #expect(Bool(false))
    }
    #expect(detail.contains("“limit”"))
  }
}
