import Corpus
import Foundation
import HTTP
import HTTPTypes
import Interchange
import Service
import Storage
import TestSupport
import Testing

@Suite("Exports over the API")
struct SpeechExportTests {
  private func corpus(_ count: Int = 130) throws -> TestSite {
    let test = try TestSite()
    for number in 0..<count {
      let subject = number % 3 == 0 ? "春耕" : "防汛"
      let day = "2021-03-\(10 + number % 20)"
      try test.keep(
        "\(number)", .make(title: "第\(number)篇", opening: "今天说\(subject)。", delivered: number == 7 ? nil : day))
    }
    return test
  }

  private func lines(_ reply: TestSite.Reply) throws -> [JSONValue] {
    try reply.bytes.split(separator: 10).map { try JSONReader.read(Array($0)) }
  }

  @Test("NDJSON has every speech that is found, whole, by suffix and by Accept, in the order of the list")
  func ndjson() throws {
    let test = try corpus()
    let reply = try test.send(.get, "/v1/speeches.ndjson")
    #expect(reply.field("Content-Type") == "application/x-ndjson" && reply.field("ETag") != nil)
    let all = try lines(reply)
    #expect(all.count == 130 && all.allSatisfy { $0["text"] != nil && $0["sections"] != nil })
    #expect(all.last?["title"] == .string("第7篇"))
    let accepted = try test.send(.get, "/v1/speeches", fields: ["Accept": "application/x-ndjson"])
    #expect(accepted.bytes == reply.bytes && accepted.field("Vary") == "Accept, Accept-Encoding")
    var paged: [JSONValue?] = []
    var next = ""
    repeat {
      let page = try test.send(.get, "/v1/speeches?limit=100" + next)
      guard case .array(let items)? = page["items"] else { break }
      paged += items.map { $0["id"] }
      if case .string(let cursor)? = page["next"] { next = "&cursor=" + cursor } else { break }
    } while true
    #expect(all.map { $0["id"] } == paged)
    for sort in ["date", "title", "added", "-added"] {
      let list = try test.send(.get, "/v1/speeches?limit=100&sort=\(sort)")
      guard case .array(let items)? = list["items"] else { continue }
      let lines = try lines(test.send(.get, "/v1/speeches.ndjson?sort=\(sort)"))
      #expect(lines.prefix(100).map { $0["id"] } == items.map { $0["id"] }, "\(sort)")
    }
  }

  @Test("a query and filters narrow it, and results by relevance come in the order of the list")
  func query() throws {
    let test = try corpus()
    let found = try lines(test.send(.get, "/v1/speeches.ndjson?q=%E6%98%A5%E8%80%95"))
    let list = try test.send(.get, "/v1/speeches?q=%E6%98%A5%E8%80%95&limit=100")
    guard case .array(let items)? = list["items"] else { return #expect(Bool(false)) }
    #expect(list["total"] == .integer(found.count))
    #expect(found.prefix(100).map { $0["id"] } == items.map { $0["id"] })
    #expect(try lines(test.send(.get, "/v1/speeches.ndjson?from=2021-03-10&to=2021-03-10")).count == 7)
    #expect(try lines(test.send(.get, "/v1/speeches.ndjson?undated=only")).count == 1)
    #expect(try test.send(.get, "/v1/speeches.ndjson?speaker=nobody").bytes == [])
  }

  @Test("what an export says is what an import keeps")
  func again() throws {
    let test = try corpus(12)
    let other = try TestSite()
    let lines = try test.send(.get, "/v1/speeches.ndjson?sort=added").text
    let report = try other.write(.post, "/v1/speeches", type: "application/x-ndjson", body: lines)
    #expect(report["created"] == .integer(12))
    let known = try test.write(.post, "/v1/speeches", type: "application/x-ndjson", body: lines)
    #expect(known["unchanged"] == .integer(12))
    guard case .array(let items)? = try test.send(.get, "/v1/speeches")["items"] else { return #expect(Bool(false)) }
    for item in items {
      guard case .string(let id)? = item["id"] else { continue }
      for (suffix, type) in [("tei", "application/tei+xml"), ("akn", "application/akn+xml")] {
        let document = try test.send(.get, "/v1/speeches/\(id).\(suffix)")
        #expect(document.field("Content-Type") == type)
        #expect(
          try test.write(.post, "/v1/speeches", type: type, body: document.text)["status"] == .string("unchanged"))
      }
    }
  }

  @Test("CSV opens as a table: a mark for UTF-8, quotes, no formulas, and the columns asked for")
  func csv() throws {
    let test = try TestSite()
    try test.keep("a", .make(title: "=1+1,\"引\"", speaker: "+86", metadata: ["键": .string("值")]))
    let reply = try test.send(.get, "/v1/speeches.csv")
    #expect(reply.field("Content-Type") == "text/csv; charset=utf-8")
    #expect(reply.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
    let lines = reply.text.components(separatedBy: "\r\n")
    #expect(lines.count == 3 && lines[2].isEmpty)
    #expect(
      lines[0]
        == "\u{FEFF}id,url,title,clean_title,language,speaker_name,speaker_role,speaker_organisation,speaker_level,"
        + "occasion,genre,location,date,date_precision,date_earliest,date_latest,date_kind,site,section_count,"
        + "characters,excerpt,revision")
    #expect(lines[1].contains(",\"'=1+1,\"\"引\"\"\",") && lines[1].contains(",'+86,临溪县县长,"))
    #expect(lines[1].contains(",2021-03-05,day,2021-03-05,2021-03-05,delivered,"))
    let some = try test.send(.get, "/v1/speeches.csv?fields=title,date&include=text,metadata,source").text
    let head = try #require(some.components(separatedBy: "\r\n").first)
    #expect(head.hasPrefix("\u{FEFF}id,title,date,date_precision,date_earliest,date_latest,date_kind,source_name,"))
    #expect(head.hasSuffix(",text,metadata") && some.contains("同志们：\n今天") && some.contains("{\"\"键\"\":\"\"值\"\"}"))
  }

  @Test(
    "what an export has no use for is refused with the reason",
    arguments: [
      ("/v1/speeches.ndjson?limit=5", "limit"), ("/v1/speeches.csv?cursor=x", "cursor"),
      ("/v1/speeches.csv?facets=genre", "facets"), ("/v1/speeches.ndjson?fields=title", "fields"),
      ("/v1/speeches.ndjson?include=text", "include"), ("/v1/speeches.csv?sort=-relevance", "sort"),
      ("/v1/changes.ndjson?limit=5", "limit"), ("/v1/changes.csv?cursor=x", "cursor"),
    ])
  func refused(target: String, parameter: String) throws {
    let reply = try corpus(1).send(.get, target)
    #expect(reply.status == 400 && reply["parameter"] == .string(parameter), "\(reply.text)")
    #expect(reply["code"] == .string("invalid_parameter"))
  }

  @Test("has a tag, is not sent to who has it, and stays what it was while the corpus grows")
  func snapshot() throws {
    let test = try corpus(5)
    let export = try ExportRepository(test.store).speeches(sort: .field(.added))
    let tag = try #require(try test.send(.get, "/v1/speeches.ndjson").field("ETag"))
    #expect(try test.send(.get, "/v1/speeches.ndjson", fields: ["If-None-Match": tag]).status == 304)
    #expect(try test.send(.get, "/v1/speeches.csv").field("ETag") != tag)
    try test.keep("new")
    var seen = 0
    try export.each { _ in seen += 1 }
    #expect(seen == 5 && export.total == 5)
    #expect(try test.send(.get, "/v1/speeches.ndjson", fields: ["If-None-Match": tag]).status == 200)
    #expect(try ExportRepository(test.store).speeches(sort: .field(.added)).total == 6)
  }

  @Test("changes come whole as lines and as a table")
  func changes() throws {
    let test = try corpus(3)
    let all = try lines(test.send(.get, "/v1/changes.ndjson?since=1"))
    #expect(all.map { $0["corpus_revision"] } == [.integer(2), .integer(3)])
    let table = try test.send(.get, "/v1/changes.csv").text.components(separatedBy: "\r\n")
    #expect(table[0] == "\u{FEFF}corpus_revision,kind,id,revision,at,source_sha256,state,url" && table.count == 5)
  }

  @Test("a speech is given as TEI and Akoma Ntoso, its older revisions too")
  func xml() throws {
    let test = try corpus(1)
    guard case .array(let items)? = try test.send(.get, "/v1/speeches")["items"], case .string(let id)? = items[0]["id"]
    else { return #expect(Bool(false)) }
    let tei = try test.send(.get, "/v1/speeches/\(id)", fields: ["Accept": "application/tei+xml"])
    #expect(
      tei.field("Content-Type") == "application/tei+xml" && tei.text.hasPrefix("<?xml") && tei.field("ETag") != nil)
    #expect(try test.send(.get, "/v1/speeches/\(id)/revisions/1.akn").text.contains("<akomaNtoso"))
    let document = try test.send(.get, "/openapi.json").text
    for type in ["application/tei+xml", "application/akn+xml", "application/x-ndjson", "text/csv"] {
      #expect(document.contains("\"\(type)\":{\"schema\""), "\(type)")
    }
  }
}
