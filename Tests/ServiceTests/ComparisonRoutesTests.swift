import Corpus
import HTTPTypes
import TestSupport
import Testing

@Suite("GET /v1/speeches/ID/revisions/NUMBER/changes")
struct ComparisonRoutesTests {
  @Test("tells fields and nodes that differ from the revision before, with the steps in between")
  func compares() throws {
    let test = try TestSite()
    let id = try test.keep("a", .make(headings: ["早谋划", "抓落实"], opening: "今天的会议安排春耕。"))
    try test.keep("a", .make(title: "改题", headings: ["早谋划"], opening: "今天的会议安排秋收。"))
    let url = "/v1/speeches/\(id)/revisions/2/changes"
    let reply = try test.send(.get, url)
    #expect(reply["from"] == .integer(1) && reply["to"] == .integer(2) && reply["coarse"] == .bool(false))
    #expect(reply["fields", "1", "name"] == .string("title") && reply["fields", "1", "after"] == .string("改题"))
    #expect(reply["sections", "1", "status"] == .string("changed"))
    let (before, after) = (
      try test.send(.get, "/v1/speeches/\(id)/text?revision=1").text,
      try test.send(.get, "/v1/speeches/\(id)/text").text
    )
    func cut(_ text: String, _ span: JSONValue?) -> String {
      guard case .array(let ends) = span, case .integer(let start) = ends[0], case .integer(let end) = ends[1] else {
        return ""
      }
      return String(String.UnicodeScalarView(Array(text.unicodeScalars)[start..<end]))
    }
    guard case .array(let edits) = reply["sections", "1", "edits"] else { return #expect(Bool(false)) }
    #expect(edits.map { $0["op"] } == ["equal", "delete", "insert", "equal"].map { .string($0) })
    #expect(cut(before, edits[1]["before"]) == "春耕" && edits[1]["text"] == .string("春耕"))
    #expect(cut(after, edits[2]["after"]) == "秋收" && edits[2]["text"] == .string("秋收"))
    #expect(reply["sections", "3", "status"] == .string("removed") && reply["sections", "3", "path_after"] == .null)
    // It belongs to two revisions that never change, whatever else is written.
    let tag = try #require(reply.field("ETag"))
    try test.keep("b")
    #expect(try test.send(.get, url, fields: ["If-None-Match": tag]).status == 304)
  }

  @Test("compares with any revision, also a later one, and the first with nothing")
  func others() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    try test.keep("a", .make(title: "二"))
    try test.keep("a", .make(title: "三"))
    let changes = "/v1/speeches/\(id)/revisions"
    #expect(try test.send(.get, changes + "/3/changes?from=1")["from_url"] == .string(changes + "/1"))
    let back = try test.send(.get, changes + "/1/changes?from=3")
    #expect(back["fields", "0", "before"] == .string("三"))
    #expect(try test.send(.get, changes + "/2/changes?from=2")["fields"] == .array([]))
    let first = try test.send(.get, changes + "/1/changes")
    #expect(first["from"] == .null && first["sections", "0", "status"] == .string("added"))
    #expect(try test.send(.get, changes + "/4/changes").status == 404)
    #expect(try test.send(.get, changes + "/3/changes?from=9").status == 404)
    #expect(try test.send(.get, changes + "/3/changes?from=0").status == 400)
    #expect(try test.send(.get, "/v1/speeches/0123456789ab/revisions/1/changes").status == 404)
    _ = try test.write(.delete, "/v1/speeches/\(id)")
    #expect(try test.send(.get, changes + "/2/changes").status == 410)
  }
}
