import Corpus
import HTTPTypes
import Service
import TestSupport
import Testing

@Suite("Citations over the API")
struct CitationRoutesTests {
  private static let origin = "https://speeches.example.org"

  @Test("a speech is cited in every form, by suffix and by Accept")
  func forms() throws {
    let test = try TestSite(publicAddress: Self.origin)
    let id = try test.keep("a")
    let target = "/v1/speeches/\(id)/citation"
    let all = try test.send(.get, target)
    #expect(all.status == 200 && all["url"] == .string("/v1/speeches/\(id)/revisions/1"))
    #expect(all["accessed"] == .string("2026-01-02"))
    #expect(all["csl_json", "URL"] == .string("\(Self.origin)/v1/speeches/\(id)/revisions/1"))
    for (suffix, type, member) in [
      ("txt", "text/plain; charset=utf-8", "gbt7714"), ("bib", "application/x-bibtex", "bibtex"),
    ] {
      let one = try test.send(.get, "\(target).\(suffix)")
      #expect(one.field("Content-Type") == type && one.field("Vary")?.contains("Accept") == true)
      #expect(all[member] == .string(suffix == "txt" ? String(one.text.dropLast()) : one.text))
      #expect(try test.send(.get, target, fields: ["Accept": type]).bytes == one.bytes)
    }
    let csl = try test.send(.get, target + ".csl")
    #expect(csl["0"] == all["csl_json"] && csl["1"] == nil)
    let asked = try test.send(.get, target, fields: ["Accept": "application/vnd.citationstyles.csl+json"])
    #expect(asked.bytes == csl.bytes)
  }

  @Test("a section and a passage have an address of their own, under which they are found")
  func parts() throws {
    let test = try TestSite(publicAddress: Self.origin)
    let id = try test.keep("a")
    try test.keep("a", .make(opening: "今天换一个开头。"))
    let target = "/v1/speeches/\(id)/citation"
    for (query, expected) in [
      ("section=2&revision=1", "/v1/speeches/\(id)/sections/2?revision=1"),
      ("section=2", "/v1/speeches/\(id)/sections/2?revision=2"),
      ("start=0&end=4", "/v1/speeches/\(id)/text?revision=2&start=0&end=4"),
      ("revision=1", "/v1/speeches/\(id)/revisions/1"),
    ] {
      let reply = try test.send(.get, target + "?" + query)
      #expect(reply["url"] == .string(expected))
      #expect(reply["csl_json", "URL"] == .string(Self.origin + expected))
      #expect(try test.send(.get, expected).status == 200)
    }
    #expect(try test.send(.get, target + "?section=2")["csl_json", "section"] == .string("二是抓落实"))
  }

  @Test("the day of access is the reader's or that of the import, never that of the answer")
  func accessed() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let target = "/v1/speeches/\(id)/citation"
    let reply = try test.send(.get, target + "?accessed=2026-05-06")
    #expect(reply["accessed"] == .string("2026-05-06"))
    let tag = try test.send(.get, target).field("ETag")
    #expect(reply.field("ETag") != nil && reply.field("ETag") != tag)
  }

  @Test(
    "mistakes are refused by name",
    arguments: [
      ("section=9", 404, "section"), ("section=2&start=0", 400, "section"), ("start=0&end=9999", 400, "end"),
      ("accessed=2026-05", 400, "accessed"), ("accessed=2026-02-30", 400, "accessed"), ("revision=7", 404, "revision"),
      ("style=apa", 400, "style"),
    ])
  func refused(query: String, status: Int, parameter: String) throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let reply = try test.send(.get, "/v1/speeches/\(id)/citation?\(query)")
    #expect(reply.status == status && reply["parameter"] == .string(parameter))
  }
}
