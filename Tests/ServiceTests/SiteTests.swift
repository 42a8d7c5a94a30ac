import Corpus
import HTTP
import HTTPTypes
import Service
import Storage
import TestSupport
import Testing

@Suite("Manners of every answer")
struct SiteTests {
  @Test("a client that has the content already is told so")
  func conditional() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    for target in [
      "/v1", "/v1/speeches", "/v1/speeches/\(id)", "/v1/speeches/\(id)/sections", "/v1/speeches/\(id)/text",
      "/v1/values/genre", "/v1/changes", "/openapi.json", "/v1/speeches/\(id)/source", "/v1/speeches/\(id).md",
    ] {
      let tag = try #require(try test.send(.get, target).field("ETag"))
      #expect(tag.hasPrefix("\""))
      for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
        let reply = try test.send(.get, target, fields: ["If-None-Match": known])
        #expect(reply.status == 304 && reply.bytes.isEmpty && reply.field("ETag") == tag, "\(target)")
      }
      #expect(try test.send(.get, target, fields: ["If-None-Match": "\"x\""]).status == 200)
    }
  }

  @Test("a date counts where it is true, and where there is no tag; a client that asks for the old is told of the new")
  func dates() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let before = "Fri, 02 Jan 2026 03:04:04 GMT"
    let time = "Fri, 02 Jan 2026 03:04:05 GMT"
    for target in ["", ".txt", "/text", "/text?start=0&end=2", "/source", "/sections/1", "/revisions/1"] {
      let target = "/v1/speeches/\(id)\(target)"
      let tag = try #require(try test.send(.get, target).field("ETag"))
      #expect(try test.send(.get, target).field("Last-Modified") == time, "\(target)")
      for (fields, status) in [
        (["If-Modified-Since": time], 304), (["If-Modified-Since": before], 200),
        (["If-Modified-Since": "yesterday"], 200), (["If-Modified-Since": "Friday, 02-Jan-26 03:04:05 GMT"], 304),
        (["If-Modified-Since": time, "If-None-Match": "\"x\""], 200),
        (["If-Modified-Since": before, "If-None-Match": tag], 304),
        (["If-Match": tag], 200), (["If-Match": "W/\(tag)"], 412), (["If-Match": "\"x\""], 412),
        (["If-Match": "*"], 200), (["If-Match": "\"x\"", "If-None-Match": tag], 412),
        (["If-Match": tag, "If-None-Match": tag], 304),
        (["If-Unmodified-Since": before], 412), (["If-Unmodified-Since": time], 200),
        (["If-Unmodified-Since": before, "If-Match": tag], 200),
      ] as [([String: String], Int)] {
        #expect(try test.send(.get, target, fields: fields).status == status, "\(target) \(fields)")
      }
    }
    // A list depends on more than any date says.
    for target in ["/v1/speeches", "/v1", "/v1/changes", "/v1/speeches/\(id)/sections"] {
      #expect(try test.send(.get, target).field("Last-Modified") == nil)
      #expect(try test.send(.get, target, fields: ["If-Modified-Since": time]).status == 200)
    }
  }

  @Test("a tag changes with the content, and with its form")
  func tags() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let before = try test.send(.get, "/v1/speeches/\(id)").field("ETag")
    #expect(try test.send(.get, "/v1/speeches/\(id)", fields: ["Accept": "text/plain"]).field("ETag") != before)
    try test.keep("b")
    #expect(try test.send(.get, "/v1/speeches/\(id)").field("ETag") == before)
    try test.keep("a", .make(title: "改"))
    #expect(try test.send(.get, "/v1/speeches/\(id)").field("ETag") != before)
  }

  @Test("long answers are compressed for who accepts it, under a tag of their own")
  func compression() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    let plain = try test.send(.get, "/v1/speeches/\(id)")
    let compressed = try test.send(.get, "/v1/speeches/\(id)", fields: ["Accept-Encoding": "br, gzip"])
    #expect(compressed.field("Content-Encoding") == "gzip" && compressed.bytes.starts(with: [0x1F, 0x8B]))
    #expect(compressed.bytes.count < plain.bytes.count)
    let tag = try #require(compressed.field("ETag"))
    #expect(tag != plain.field("ETag"))
    let known = try test.send(
      .get, "/v1/speeches/\(id)", fields: ["Accept-Encoding": "gzip", "If-None-Match": tag])
    #expect(known.status == 304 && known.field("ETag") == tag)
    for field in ["gzip;q=0", "identity", "br"] {
      let reply = try test.send(.get, "/v1/speeches/\(id)", fields: ["Accept-Encoding": field])
      #expect(reply.field("Content-Encoding") == nil)
    }
    #expect(plain.field("Vary")?.contains("Accept-Encoding") == true)
  }

  @Test("request ids are taken where fit and made where not")
  func requestIDs() throws {
    let test = try TestSite()
    #expect(try test.send(.get, "/health", fields: ["X-Request-Id": "abc-1.2_Z"]).field("X-Request-Id") == "abc-1.2_Z")
    for unfit in ["", "a b", "é", String(repeating: "x", count: 65)] {
      let made = try test.send(.get, "/health", fields: ["X-Request-Id": unfit]).field("X-Request-Id")
      #expect(made?.count == 13)
    }
  }

  @Test("reading is open to every origin, writing to none")
  func cors() throws {
    let test = try TestSite()
    let reply = try test.send(.get, "/v1", fields: ["Origin": "https://example.org"])
    #expect(reply.field("Access-Control-Allow-Origin") == "*")
    #expect(
      reply.field("Access-Control-Expose-Headers")
        == "Link, ETag, Location, Content-Range, Retry-After, X-Request-Id, RateLimit, RateLimit-Policy")
    let options = try test.send(.options, "/v1/speeches")
    #expect(options.status == 204 && options.field("Allow") == "GET, HEAD, POST, OPTIONS")
    #expect(options.field("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS")
    #expect(try test.write(.post, "/v1/speeches", body: "{}").field("Access-Control-Allow-Origin") == nil)
  }

  @Test("unknown addresses and methods are problems, as JSON or as a page")
  func problems() throws {
    let test = try TestSite()
    for target in [
      "/v2", "/v1/speeches/", "/v1/speeches/0123456789ab/x", "/../etc/passwd", "/v1/speeches/..%2f..", "/v1.xml",
    ] {
      #expect(try test.send(.get, target).status == 404, "\(target)")
    }
    #expect(try test.send(.get, "/v1/speeches?title=%ff").status == 400)
    let method = try test.send(.put, "/v1/speeches")
    #expect(method.status == 405 && method.field("Allow") == "GET, HEAD, POST, OPTIONS")
    let page = try test.send(.get, "/v1/speeches?x=<b>", fields: ["Accept": "text/html,*/*;q=0.8"])
    #expect(page.field("Content-Type") == "text/html; charset=utf-8")
    let missing = try test.send(.get, "/v1/speeches/%3Cb%3E", fields: ["Accept": "text/html"])
    #expect(missing.text.contains("&lt;b&gt;") && !missing.text.contains("<b>"))
    let browser = try #require(Target("/v1").map { Request(target: $0, headerFields: [.accept: "text/html"]) })
    #expect(test.site.refusal(.headerTimeout, to: browser).headerFields[.contentType] == "text/html; charset=utf-8")
    #expect(test.site.refusal(.headerTimeout, to: nil).headerFields[.contentType] == "application/problem+json")
    let problem = try test.send(.get, "/v1/speeches/0123456789ab")
    #expect(problem["status"] == .integer(404) && problem["instance"] == .string("/v1/speeches/0123456789ab"))
  }

  @Test("the id of a request is the same in the field and in the problem, wherever it was made")
  func requestIDOfLongSpeeches() throws {
    let test = try TestSite()
    let id = try test.keep("a", .make(opening: String(repeating: "长", count: 200_000)))
    let reply = try test.send(.get, "/v1/speeches/\(id)/sections/99")
    #expect(reply.status == 404)
    #expect(reply["request_id"] == reply.field("X-Request-Id").map(JSONValue.string))
    #expect(try test.send(.get, "/?canary").status == 302)
  }

  @Test("every address says what it offers, answers HEAD as GET, and names its methods to who uses another")
  func methods() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    for endpoint in test.site.endpoints {
      let target = [("{id}", id), ("{path}", "1"), ("{number}", "1"), ("{field}", "genre")]
        .reduce(endpoint.path) { $0.replacing($1.0, with: $1.1) }
      let options = try test.send(.options, target)
      let allowed = options.field("Allow")?.split(separator: ", ").map(String.init) ?? []
      #expect(options.status == 204 && allowed.contains(endpoint.method.rawValue) && allowed.last == "OPTIONS")
      let trace = try test.send(.trace, target)
      #expect(trace.status == 405 && trace.field("Allow") == options.field("Allow"))
      guard endpoint.method == .get else { continue }
      let (get, head) = (try test.send(.get, target), try test.send(.head, target))
      #expect(head.status == get.status && head.field("ETag") == get.field("ETag"), "\(target)")
      #expect(head.field("Content-Type") == get.field("Content-Type") && allowed.contains("HEAD"))
      #expect(get.field("Vary")?.contains("Accept-Encoding") == true)
      let none = try test.send(.get, target, fields: ["Accept": "image/png, application/json;q=0"])
      #expect(endpoint.formats.isEmpty || none.status == 406, "\(target)")
    }
  }

  @Test("a replayed change log answers every question alike, byte for byte")
  func replay() throws {
    let test = try TestSite()
    var ids: [String] = []
    for number in 0..<12 { ids.append(try test.keep("\(number)", .make(title: "第\(number)篇"))) }
    try test.keep("3", .make(title: "改"))
    _ = try test.write(.delete, "/v1/speeches/\(ids[4])")
    let copy = try TestSite()
    try ChangeRepository(test.store).replay(into: copy.store)
    var targets = [
      "/v1", "/v1/speeches?facets=genre,level,year&limit=5", "/v1/changes", "/v1/values/genre", "/openapi.json",
    ]
    for id in ids {
      targets += ["", "/sections", "/sections/1", "/text", "/source", "/revisions", "/revisions/1"]
        .map { "/v1/speeches/\(id)\($0)" }
    }
    for target in targets {
      let (one, other) = (try test.send(.get, target), try copy.send(.get, target))
      #expect(one.bytes == other.bytes || one.status == 410, "\(target)")
      #expect(one.status == other.status && one.field("ETag") == other.field("ETag"), "\(target)")
    }
  }

  @Test("a snapshot is given whole and in parts, under a tag that holds until a write")
  func snapshot() throws {
    let test = try TestSite()
    try test.keep("a")
    let whole = try test.send(.get, "/v1/snapshot")
    #expect(whole.status == 200 && whole.field("Content-Type") == "application/vnd.sqlite3")
    #expect(whole.field("Content-Disposition") == "attachment; filename=\"rostrum-1.sqlite\"")
    let tag = try #require(whole.field("ETag"))
    let part = try test.send(.get, "/v1/snapshot", fields: ["Range": "bytes=0-15", "If-Range": tag])
    #expect(part.status == 206 && part.field("Content-Range")?.hasPrefix("bytes 0-15/") == true)
    // Of the whole, also beside a part of it (RFC 9530 §3).
    let digest = try #require(whole.field("Repr-Digest"))
    #expect(digest.wholeMatch(of: /sha-256=:[A-Za-z0-9+\/]{43}=:/) != nil && part.field("Repr-Digest") == digest)
    #expect(try test.send(.get, "/v1/snapshot", fields: ["If-None-Match": tag]).status == 304)
    try test.keep("b", .make(title: "后来"))
    #expect(try test.send(.get, "/v1/snapshot", fields: ["Range": "bytes=0-15", "If-Range": tag]).status == 200)
  }
}
