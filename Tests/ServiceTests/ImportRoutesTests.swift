import Corpus
import Foundation
import HTTPTypes
import Storage
import TestSupport
import Testing

@Suite("Importing over the API")
struct ImportRoutesTests {
  private static let speech = #"{"title":"开学第一课","text":"同学们：\n今天开学。","source":{"url":"https://example.org/s"}}"#

  @Test("without a token configured nobody writes; with one, only who has it")
  func authorization() throws {
    let closed = try TestSite(token: nil)
    #expect(try closed.write(.post, "/v1/speeches", body: Self.speech)["code"] == .string("writing_disabled"))
    let test = try TestSite()
    for fields in [
      [:], ["Authorization": "Basic c2VjcmV0"], ["Authorization": "Bearer secreT"], ["Authorization": "Bearer"],
    ] {
      let reply = try test.send(.post, "/v1/speeches", fields: fields, body: Self.speech)
      #expect(reply.status == 401 && reply.field("WWW-Authenticate")?.hasPrefix("Bearer") == true)
    }
    #expect(try test.send(.delete, "/v1/speeches/0123456789ab").status == 401)
    // Not even what is wrong with the address is told to who may not write; a token in the address is none.
    #expect(try test.send(.post, "/v1/speeches?access_token=secret", body: Self.speech).status == 401)
  }

  @Test("what the head has against a body is told before the body is read")
  func screening() throws {
    let test = try TestSite()
    func screened(
      _ fields: [String: String], _ method: HTTPRequest.Method = .post, _ target: String = "/v1/speeches"
    ) throws -> Int? { try test.screen(method, target, fields: fields)?.status }
    func authorized(_ fields: [String: String]) -> [String: String] {
      fields.merging(["Authorization": "Bearer secret"]) { $1 }
    }
    #expect(try screened(["Content-Type": "text/plain"]) == 401)
    #expect(try screened([:], .delete, "/v1/speeches/0123456789ab") == 401)
    #expect(try screened(authorized(["Content-Type": "image/png"])) == 415)
    #expect(try screened(authorized(["Content-Type": "text/plain", "Content-Encoding": "gzip"])) == 415)
    #expect(try screened(authorized(["Content-Type": "text/plain"])) == nil)
    let closed = try TestSite(token: nil)
    let refusal = try #require(try closed.screen(.post, "/v1/speeches", fields: authorized([:])))
    #expect(refusal.status == 403 && refusal["code"] == .string("writing_disabled"))
    // A short body is read all the same, so that the connection can go on.
    #expect(try screened(["Content-Type": "text/plain", "Content-Length": "16384"]) == nil)
    #expect(try screened(["Content-Type": "text/plain", "Content-Length": "16385"]) == 401)
    // A mistake in the address waits for the body, unless the client waits too.
    for (method, target, status) in [(.post, "/nowhere", 404), (.put, "/v1", 405)]
      as [(HTTPRequest.Method, String, Int)]
    {
      #expect(try screened(["Content-Length": "20000"], method, target) == nil)
      #expect(try screened(["Content-Length": "20000", "Expect": "100-continue"], method, target) == status)
    }
  }

  @Test("a single document is created, known, and revised")
  func single() throws {
    let test = try TestSite()
    let created = try test.write(.post, "/v1/speeches", body: Self.speech)
    #expect(created.status == 201 && created["status"] == .string("created"))
    let url = try #require(created.field("Location"))
    #expect(try test.send(.get, url)["title"] == .string("开学第一课"))
    let again = try test.write(.post, "/v1/speeches", body: Self.speech)
    #expect(again.status == 200 && again["status"] == .string("unchanged"))
    let revised = try test.write(.post, "/v1/speeches", body: Self.speech.replacing("今天开学", with: "明天开学"))
    #expect(revised.status == 200 && revised["status"] == .string("revised") && revised["revision"] == .integer(2))
  }

  @Test("many documents are answered with a report, whatever became of them")
  func many() throws {
    let test = try TestSite()
    let reply = try test.write(.post, "/v1/speeches", body: "[\(Self.speech),{\"text\":7},{\"txt\":\"x\"}]")
    #expect(reply.status == 200)
    #expect(reply["created"] == .integer(1))
    #expect(reply["refused", "0", "index"] == .integer(1))
    #expect(
      reply["refused", "0", "pointer"] == .string("/1/text") || reply["refused", "0", "pointer"] == .string("/text"))
    #expect(reply["items", "2", "status"] == .string("refused"))
    let lines = try test.write(
      .post, "/v1/speeches", type: "application/x-ndjson", body: Self.speech + "\n{\n" + Self.speech)
    #expect(lines["unchanged"] == .integer(2) && lines["refused", "0", "line"] == .integer(2))
  }

  @Test("a TEI document of several utterances has a report, and its speeches share one source")
  func tei() throws {
    let test = try TestSite()
    let body = """
      <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="eo"><text><body><u who="#Ana.Silva"><seg>Bonan tagon.</seg></u>\
      <u who="#Juan.Torres"><seg>Dankon.</seg></u></body></text></TEI>
      """
    let reply = try test.write(.post, "/v1/speeches", type: "application/tei+xml", body: body)
    #expect(reply.status == 200 && reply["created"] == .integer(2))
    #expect(reply["items", "0", "warnings", "0"] == .string("speaker_unresolved"))
    #expect(try test.write(.post, "/v1/speeches", type: "application/xml", body: body)["unchanged"] == .integer(2))
    #expect(try test.write(.post, "/v1/speeches", type: "text/xml", body: "<TEI>").status == 400)
    let other = try test.write(.post, "/v1/speeches", type: "application/tei+xml", body: "<rss/>")
    #expect(other.status == 415 && other.text.contains("<rss>"))
  }

  @Test("what cannot be a speech is refused with its place")
  func refused() throws {
    let test = try TestSite()
    #expect(try test.write(.post, "/v1/speeches", body: "{").status == 400)
    let wrong = try test.write(.post, "/v1/speeches", body: #"{"text":"x","speaker":{"name":1}}"#)
    #expect(wrong.status == 422 && wrong["pointer"] == .string("/speaker/name"))
    #expect(try test.write(.post, "/v1/speeches", body: #"{"title":"x"}"#).status == 422)
    #expect(try test.write(.post, "/v1/speeches", type: "image/png", body: "x").status == 415)
    #expect(try test.write(.post, "/v1/speeches", type: "text/plain", body: "").status == 422)
  }

  @Test(
    "hostile and mistaken bodies are refused, each with its status",
    arguments: [
      ("application/json", #"{"text":"ab","sections":[{"kind":"body","start":0,"end":9223372036854775807}]}"#, 422),
      (
        "application/json", #"{"text":"ab","notes":[{"text":"x","source_start":1,"source_end":-9223372036854775808}]}"#,
        422
      ),
      ("application/json", #"{"text":"同志们\u0000"}"#, 422),
      ("application/json", #"{"text":"a","metadata":{"a":["\u0000"]}}"#, 422),
      ("application/json", #"{"text":"a\r\nb","sections":[{"kind":"body","start":0,"end":4}]}"#, 422),
      ("application/json", #"[{"text":"甲"},"#, 400), ("application/json", String(repeating: "[", count: 100_000), 400),
      ("application/json", "[]", 422), ("application/json", "", 400), ("application/json", "12\u{0}3", 400),
      ("application/json; charset=gbk", #"{"text":"a"}"#, 415),
      ("text/plain; charset=klingon", "同志们：\n今天开会。", 415), ("text/plain", "\u{FEFF}同志们：\n今\u{0}天", 422),
      ("application/json", #"{"text":"a","language":"klingon!!"}"#, 422),
      ("application/json", #"{"text":"a","announced_sections":-5}"#, 422),
      ("application/json", #"{"text":"a","delivered":{"value":"2021","precision":"day"}}"#, 422),
      ("application/json", #"{"text":"a","metadata":{"a":1,"a":2}}"#, 422),
    ])
  func hostile(type: String, body: String, status: Int) throws {
    let reply = try TestSite().write(.post, "/v1/speeches", type: type, body: body)
    #expect(reply.status == status, "\(reply.text)")
    #expect(reply.field("Content-Type") == "application/problem+json")
  }

  @Test("null is absent, and a short text is a text")
  func lenient() throws {
    let body = #"{"text":"丁","language":null,"sections":null,"metadata":null,"warnings":null,"title":null}"#
    let reply = try TestSite().write(.post, "/v1/speeches", body: body)
    #expect(reply.status == 201, "\(reply.text)")
    let escaped = try TestSite().write(.post, "/v1/speeches", body: #"{"text":"一个反斜杠：\\u0000"}"#)
    #expect(escaped.status == 201, "\(escaped.text)")
  }

  @Test("a body that is compressed is not taken, and one list has a bound")
  func bounds() throws {
    let test = try TestSite()
    let fields = ["Authorization": "Bearer secret", "Content-Type": "text/plain", "Content-Encoding": "gzip"]
    #expect(try test.send(.post, "/v1/speeches", fields: fields, body: "x").status == 415)
    let many = "[" + Array(repeating: "0", count: 10_001).joined(separator: ",") + "]"
    #expect(try test.write(.post, "/v1/speeches", body: many).status == 413)
  }

  @Test("what somebody sends again after a change is a wish to go back")
  func revert() throws {
    let test = try TestSite()
    let other = Self.speech.replacing("今天开学", with: "明天开学")
    for (body, revision) in [(Self.speech, 1), (other, 2), (Self.speech, 3)] {
      #expect(try test.write(.post, "/v1/speeches", body: body)["revision"] == .integer(revision))
    }
  }

  @Test("a purge takes a speech out for good, one that was deleted before too, and answers that were kept with it")
  func purge() throws {
    let test = try TestSite()
    let (one, two) = (try test.keep("a", .make(opening: "蝾螈与薜荔。")), try test.keep("b", .make(opening: "鸱鸮。")))
    let old = try test.send(.get, "/v1/speeches/\(one)").field("etag") ?? ""
    #expect(try test.write(.delete, "/v1/speeches/\(two)").status == 204)
    #expect(try test.write(.delete, "/v1/speeches/\(two)?purge=true").status == 204)
    let refused = try test.send(
      .delete, "/v1/speeches/\(one)?purge=true",
      fields: ["Authorization": "Bearer secret", "If-Match": "\"another\""])
    #expect(refused.status == 412)
    let purged = try test.send(
      .delete, "/v1/speeches/\(one)?purge=true", fields: ["Authorization": "Bearer secret", "If-Match": old])
    #expect(purged.status == 204)
    #expect(try test.write(.delete, "/v1/speeches/\(one)?purge=true").status == 410)
    #expect(try test.send(.get, "/v1/speeches/\(one)").status == 410)
    #expect(try test.write(.delete, "/v1/speeches/0123456789ab?purge=true").status == 404)
    #expect(try test.write(.delete, "/v1/speeches/\(one)?purge=yes")["parameter"] == .string("purge"))
    #expect(try test.send(.delete, "/v1/speeches/\(one)?purge=true").status == 401)
    let changes = try test.send(.get, "/v1/changes?since=2")
    #expect(
      (0...4).map { changes["items", "\($0)", "kind"] } == ["deleted", "purged", "deleted", "purged"].map {
        .string($0)
      } + [nil])
    let bytes = try Data(contentsOf: URL(filePath: test.store.path))
    for word in ["蝾螈", "鸱鸮"] { #expect(bytes.firstRange(of: Data(word.utf8)) == nil) }
  }

  @Test("a speech whose document others were read from is not purged without them")
  func sharedDocument() throws {
    let test = try TestSite()
    let document = SourceDocument.make("一页两篇")
    let readings = ["a", "b"].map { name in
      Reading(
        id: SpeechID(address: "https://example.org/\(name)", decodedSource: ""), speech: .make(), document: document)
    }
    _ = try ImportRepository(test.store).keep(readings, at: TestSite.time)
    let reply = try test.write(.delete, "/v1/speeches/\(readings[0].id.text)?purge=true")
    #expect(reply.status == 409 && reply["code"] == .string("document_shared"))
    #expect(reply.text.contains(readings[1].id.text))
    #expect(try test.send(.get, "/v1/speeches/\(readings[0].id.text)").status == 200)
  }

  @Test("a speech that has changed since is not deleted by who does not know")
  func deleteUnchanged() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let target = "/v1/speeches/\(id)"
    let old = try #require(try test.send(.get, target).field("ETag"))
    try test.keep("a", .make(title: "改"))
    let new = try #require(try test.send(.get, target + ".md", fields: ["Accept-Encoding": "gzip"]).field("ETag"))
    func delete(_ name: String, _ value: String) throws -> TestSite.Reply {
      try test.send(.delete, target, fields: ["Authorization": "Bearer secret", name: value])
    }
    #expect(try delete("If-Match", old)["code"] == .string("precondition_failed"))
    #expect(try delete("If-Match", old).status == 412 && delete("If-Match", "W/\(new)").status == 412)
    #expect(try delete("If-Unmodified-Since", "Fri, 02 Jan 2026 03:04:04 GMT").status == 412)
    #expect(try delete("If-None-Match", "*").status == 412)
    #expect(try test.send(.get, target).status == 200)
    #expect(try delete("If-Match", "\(old), \(new)").status == 204)
    #expect(try delete("If-Match", new).status == 410)
  }

  @Test("a deleted speech is gone, and says so")
  func delete() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 204)
    for address in ["", "/sections", "/text", "/source", "/revisions", "/sections/1"] {
      #expect(try test.send(.get, "/v1/speeches/\(id)\(address)").status == 410)
    }
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 410)
    #expect(try test.write(.delete, "/v1/speeches/0123456789ab").status == 404)
    let changes = try test.send(.get, "/v1/changes?since=1")
    #expect(changes["items", "0", "kind"] == .string("deleted") && changes["total"] == .integer(1))
  }
}
