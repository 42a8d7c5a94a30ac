import Corpus
import HTTPTypes
import Service
import Storage
import TestSupport
import Testing

@Suite("Search over the API")
struct SearchRoutesTests {
  private static func filled(_ count: Int = 12) throws -> TestSite {
    let test = try TestSite()
    for number in 0..<count {
      try test.keep(
        "\(number)",
        .make(
          title: "第\(number)篇", delivered: number % 4 == 0 ? nil : "2021-01-\(10 + number % 3)",
          genre: number % 2 == 0 ? "讲话" : "致辞", speaker: number % 3 == 0 ? "林望舒" : "顾青岚"))
    }
    return test
  }

  private static func names(_ reply: TestSite.Reply) -> [String] {
    guard case .array(let items) = reply["items"] else { return [] }
    return items.map { item in
      guard case .string(let id) = item["speech"]?["id"] ?? item["id"] else { return "" }
      if case .string(let path) = item["section"]?["path"] { return id + "/" + path }
      return id
    }
  }

  private static func members(_ value: JSONValue?) -> [String] {
    guard case .object(let members) = value else { return [] }
    return members.map(\.name)
  }

  private static func next(_ reply: TestSite.Reply) -> String? {
    if case .string(let cursor) = reply["next"] { cursor } else { nil }
  }

  @Test("a node that is found has its speech, its place, its score and what was found in it")
  func hit() throws {
    let test = try TestSite()
    let speech = Speech.make()
    let id = try test.keep("a", speech)
    let reply = try test.send(.get, "/v1/search?q=%F0%A0%AE%B7村 早谋划".replacing(" ", with: "%20"))
    #expect(reply.status == 200, "\(reply.text)")
    #expect(
      Self.members(reply.json) == [
        "items", "total", "next", "query", "total_speeches", "total_matches", "word_search", "did_you_mean",
        "masked_forms",
        "corpus_revision",
      ])
    #expect(reply["total"] == .integer(1) && reply["total_speeches"] == .integer(1))
    #expect(reply["total_matches"] == .integer(3) && reply["items", "0", "matches"] == .integer(3))
    #expect(
      Self.members(reply["items", "0"]) == ["speech", "section", "score", "matches", "snippet", "title_highlights"])
    #expect(reply["items", "0", "speech", "id"] == .string(id))
    #expect(reply["items", "0", "speech", "url"] == .string("/v1/speeches/\(id)"))
    #expect(reply["items", "0", "section", "path"] == .string("1"))
    #expect(reply["items", "0", "section", "kind"] == .string("section"))
    #expect(reply["items", "0", "section", "label"] == .string("一是"))
    #expect(reply["items", "0", "section", "heading"] == .string("早谋划"))
    #expect(reply["items", "0", "section", "breadcrumb"] == .array([]))
    #expect(reply["items", "0", "section", "url"] == .string("/v1/speeches/\(id)/sections/1"))
    #expect(reply["word_search"] == .null && reply["did_you_mean"] == .array([]))
    #expect(reply["query", "q"] == .string("𠮷村 早谋划") && reply["query", "sort"] == .string("-relevance"))
    #expect(reply["query", "mode"] == .string("auto") && reply["query", "limit"] == .integer(20))
    #expect(reply["query", "undated"] == .string("include") && reply["query", "explain"] == .bool(false))
    // What is highlighted is what the text has at those positions.
    guard case .array(let spans) = reply["items", "0", "snippet", "highlights"],
      case .integer(let start) = reply["items", "0", "snippet", "start"],
      case .string(let passage) = reply["items", "0", "snippet", "text"]
    else { return #expect(Bool(false)) }
    let cut = try spans.map { span -> String in
      guard case .array(let ends) = span, case .integer(let from) = ends[0], case .integer(let to) = ends[1] else {
        return ""
      }
      return try test.send(.get, "/v1/speeches/\(id)/text.txt?start=\(from)&end=\(to)").text
    }
    #expect(cut == ["早谋划", "𠮷村"])
    let end = start + passage.unicodeScalars.count
    #expect(try test.send(.get, "/v1/speeches/\(id)/text.txt?start=\(start)&end=\(end)").text == passage)
    let first = try test.send(.get, "/v1/search?q=title:县")
    #expect(first["items", "0", "section", "path"] == .string("salutation"))
    #expect(first["items", "0", "title_highlights"] == .array([.array([.integer(2), .integer(3)])]))
  }

  @Test(
    "every order is walked by next and by Link without a gap or a repeat, and each page costs no other total",
    arguments: ["-relevance", "date", "-date", "added", "-added", "title"], ["/v1/search", "/v1/speeches"])
  func walk(sort: String, address: String) throws {
    let test = try Self.filled()
    let base = "\(address)?q=例外&sort=\(sort)"
    let whole = try test.send(.get, base + "&limit=100")
    let total = address == "/v1/search" ? 24 : 12
    #expect(whole["total"] == .integer(total) && Self.names(whole).count == total && whole["next"] == .null)
    #expect(whole["query", "sort"] == .string(sort))
    var seen: [String] = []
    var target: String? = base + "&limit=5"
    while let here = target {
      let page = try test.send(.get, here)
      #expect(page.status == 200 && page["total"] == .integer(total))
      seen += Self.names(page)
      let cursor = Self.next(page)
      target = cursor.map { base + "&limit=5&cursor=" + $0 }
      #expect(page.field("Link")?.contains("rel=\"next\"") == (cursor != nil))
      if let cursor { #expect(page.field("Link")?.contains("cursor=\(cursor)>; rel=\"next\"") == true) }
    }
    #expect(seen == Self.names(whole) && Set(seen).count == total)
  }

  @Test(
    "by relevance a cursor is gone once the corpus has changed; by a field it goes on",
    arguments: ["search", "speeches"])
  func cursors(name: String) throws {
    let test = try Self.filled()
    let base = "/v1/\(name)?q=例外&limit=5"
    let relevant = try #require(Self.next(try test.send(.get, base)))
    let dated = try test.send(.get, base + "&sort=-date")
    let cursor = try #require(Self.next(dated))
    #expect(try test.send(.get, base + "&cursor=" + relevant).status == 200)
    try test.keep("late", .make(delivered: "2030-01-01"))
    let expired = try test.send(.get, base + "&cursor=" + relevant)
    #expect(expired.status == 410 && expired["code"] == .string("cursor_expired"))
    #expect(expired["parameter"] == .string("cursor"))
    #expect(expired.field("Content-Type") == "application/problem+json")
    let second = try test.send(.get, base + "&sort=-date&cursor=" + cursor)
    #expect(second.status == 200 && Set(Self.names(second)).isDisjoint(with: Self.names(dated)))
    // A cursor of another query, another order, another address, or of none.
    let other = name == "search" ? "speeches" : "search"
    for target in [
      "/v1/\(name)?q=春光&limit=5&cursor=\(relevant)", base + "&sort=date&cursor=\(cursor)", base + "&cursor=\(cursor)",
      base + "&mode=exact&cursor=\(relevant)", base + "&genre=讲话&cursor=\(relevant)", base + "&cursor=AAAA",
      "/v1/\(other)?q=例外&limit=5&sort=-date&cursor=\(cursor)",
    ] {
      let refused = try test.send(.get, target)
      #expect(refused.status == 400 && refused["code"] == .string("invalid_cursor"), "\(target)")
    }
  }

  @Test("filters hold together with the query, and facets count nodes and speeches")
  func filters() throws {
    let test = try Self.filled()
    let reply = try test.send(
      .get, "/v1/search?q=例外&genre=讲话&speaker=林望舒&speaker=无&from=2021&facets=genre,year,speaker&limit=1")
    // 0, 6: and of them 0 has no date.
    #expect(
      reply["total"] == .integer(2) && reply["total_speeches"] == .integer(1) && reply["total_matches"] == .integer(2))
    #expect(Self.members(reply["facets"]) == ["genre", "year", "speaker"])
    #expect(
      reply["facets", "genre", "0"]
        == .object([.init("value", .string("讲话")), .init("count", .integer(2)), .init("speeches", .integer(1))]))
    #expect(reply["query", "undated"] == .string("exclude"))
    let speeches = try test.send(.get, "/v1/speeches?q=例外&facets=genre&limit=1")
    #expect(speeches["total"] == .integer(12))
    #expect(
      speeches["facets", "genre", "0"] == .object([.init("value", .string("致辞")), .init("count", .integer(6))]))
    let parts = try test.send(.get, "/v1/speeches?q=第3篇&title=篇&include=text&fields=title")
    #expect(parts["total"] == .integer(1) && Self.members(parts["items", "0"]) == ["id", "title", "text"])
    #expect(try test.send(.get, "/v1/speeches?q=第3篇 早谋划 抓落实".replacing(" ", with: "+"))["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/search?q=第3篇 早谋划".replacing(" ", with: "+"))["total"] == .integer(0))
  }

  @Test("the list is sorted by relevance where there is a query, and cannot be without one")
  func listSort() throws {
    let test = try Self.filled()
    #expect(try test.send(.get, "/v1/speeches?q=例外")["query", "sort"] == .string("-relevance"))
    #expect(try test.send(.get, "/v1/speeches?q=例外&sort=title")["query", "sort"] == .string("title"))
    #expect(try test.send(.get, "/v1/speeches")["query", "sort"] == .string("-date"))
    let refused = try test.send(.get, "/v1/speeches?sort=-relevance")
    #expect(refused.status == 400 && refused["parameter"] == .string("sort"))
    #expect(try test.send(.get, "/v1/search?q=例外&sort=relevance")["parameter"] == .string("sort"))
    let plain = try test.send(.get, "/v1/speeches")
    #expect(plain["word_search"] == nil && plain["did_you_mean"] == nil)
  }

  @Test("fields choose the members of the card, and explain shows the query as it was read")
  func shape() throws {
    let test = try Self.filled(1)
    let some = try test.send(.get, "/v1/search?q=例外&fields=title,speaker")
    #expect(Self.members(some["items", "0", "speech"]) == ["id", "title", "speaker"])
    let without = try test.send(.get, "/v1/search?q=例外&fields=-excerpt")
    #expect(without["items", "0", "speech", "excerpt"] == nil && without["items", "0", "speech", "title"] != nil)
    #expect(try test.send(.get, "/v1/search?q=例外&fields=text")["parameter"] == .string("fields"))
    #expect(try test.send(.get, "/v1/search?q=例外")["explanation"] == nil)
    let explained = try test.send(
      .get, "/v1/search?q=title:黨* (a OR NEAR/3(b c)) -d&explain=true".replacing(" ", with: "+"))
    func term(_ text: String, _ folded: String? = nil, prefix: Bool = false, field: JSONValue = .null) -> JSONValue {
      .object([
        .init("term", .string(text)), .init("folded", .string(folded ?? text)), .init("prefix", .bool(prefix)),
        .init("field", field),
      ])
    }
    let near = JSONValue.object([.init("distance", .integer(3)), .init("near", .array([term("b"), term("c")]))])
    #expect(
      explained["explanation"]
        == .object([
          .init(
            "and",
            .array([
              term("黨", "党", prefix: true, field: .string("title")), .object([.init("or", .array([term("a"), near]))]),
              .object([.init("not", term("d"))]),
            ]))
        ]))
  }

  @Test(
    "a mistake in the query is told with its parameter and its place",
    arguments: [
      ("", 0), ("%20", 0), ("(%E6%98%A5", 0), ("%F0%A0%AE%B7+(%E6%98%A5", 2), ("a%00b", 1), ("%E6%98%A5%00", 1),
      ("speaker:a", 0),
      ("meta.k:a", nil), ("a+NOT", 5), ("NEAR/x(a+b)", 5), (String(repeating: "a", count: 1_001), 1_000),
      (String(repeating: "%F0%A0%AE%B7", count: 1_001), 1_000), ("title:", 6),
    ] as [(String, Int?)], ["/v1/search", "/v1/speeches"])
  func mistakes(query: (text: String, position: Int?), address: String) throws {
    let reply = try TestSite().send(.get, "\(address)?q=\(query.text)")
    if let position = query.position {
      #expect(reply.status == 400 && reply["parameter"] == .string("q"), "\(reply.text)")
      #expect(reply["position"] == .integer(position), "\(reply.text)")
      #expect(reply["code"] == .string("invalid_parameter"))
      #expect(reply.field("Content-Type") == "application/problem+json")
    } else {
      #expect(reply.status == 200)
    }
  }

  @Test(
    "bytes that are no UTF-8 are refused by the name of the parameter",
    arguments: ["%FF", "a%C3", "%ED%A0%80", "%C0%80"])
  func brokenUTF8(text: String) throws {
    for address in ["/v1/search", "/v1/speeches"] {
      let reply = try TestSite().send(.get, "\(address)?q=\(text)")
      #expect(reply.status == 400 && reply["parameter"] == .string("q"), "\(reply.text)")
    }
  }

  @Test("whatever is missing, unknown or given twice is named")
  func parameters() throws {
    let test = try TestSite()
    for (target, parameter) in [
      ("/v1/search", "q"), ("/v1/search?q=a&q=b", "q"), ("/v1/search?q=a&mode=fuzzy", "mode"),
      ("/v1/speeches?mode=fuzzy", "mode"),
      ("/v1/search?q=a&explain=1", "explain"), ("/v1/search?q=a&include=text", "include"),
      ("/v1/search?q=a&query=b", "query"), ("/v1/search?q=a&facets=text", "facets"),
      ("/v1/search?q=a&limit=0", "limit"),
      ("/v1/search?q=a&from=2022&to=2021", "from"),
    ] {
      let reply = try test.send(.get, target)
      #expect(reply.status == 400 && reply["parameter"] == .string(parameter), "\(target): \(reply.text)")
    }
  }

  @Test("a query that takes too long is 503 with a time to come again")
  func deadline() throws {
    let test = try TestSite(deadline: 0)
    try test.keep("a")
    for target in ["/v1/search?q=例外", "/v1/speeches?q=例外", "/v1/search?q=NOT+a", "/v1/search?q=“，例”"] {
      let reply = try test.send(.get, target)
      #expect(reply.status == 503 && reply["code"] == .string("deadline_exceeded"), "\(target)")
      #expect(reply.field("Retry-After") != nil)
    }
  }

  @Test("an answer has a tag that holds until the corpus changes")
  func tags() throws {
    let test = try Self.filled(2)
    let reply = try test.send(.get, "/v1/search?q=例外")
    let tag = try #require(reply.field("ETag"))
    #expect(try test.send(.get, "/v1/search?q=例外", fields: ["If-None-Match": tag]).status == 304)
    try test.keep("late")
    let later = try test.send(.get, "/v1/search?q=例外", fields: ["If-None-Match": tag])
    #expect(later.status == 200 && later["total"] == .integer(6))
    #expect(try test.send(.head, "/v1/search?q=例外").status == 200)
  }

  @Test("what was deleted is found no longer, what was revised is found as it is now")
  func changes() throws {
    let test = try TestSite()
    let id = try test.keep("a", .make(opening: "鸿雁。"))
    #expect(try test.send(.get, "/v1/search?q=鸿雁")["total"] == .integer(1))
    try test.keep("a", .make(opening: "燕子。"))
    #expect(try test.send(.get, "/v1/search?q=鸿雁")["total"] == .integer(0))
    #expect(try test.send(.get, "/v1/search?q=燕子")["total"] == .integer(1))
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status < 300)
    #expect(try test.send(.get, "/v1/search?q=燕子")["total"] == .integer(0))
    #expect(try test.send(.get, "/v1/search?q=NOT+燕子")["total"] == .integer(0))
    #expect(try test.write(.post, "/v1/speeches", body: #"{"text":"鸿雁又来。"}"#).status == 201)
    #expect(try test.send(.get, "/v1/speeches?q=鸿雁")["total"] == .integer(1))
  }

  private static let language = LanguageData(
    lexicon: Lexicon(Array("例外 90\n实施 300\n战略 400\n".utf8)),
    pinyin: Pinyin("geng 耕更\ngu 顾\nqing 青\nlan 岚\n"))

  @Test("a sentence is searched by its words in mode auto, a word that stands nowhere has its neighbours named")
  func language() throws {
    let test = try TestSite(language: Self.language)
    for number in 0..<10 { try test.keep("\(number)", .make(opening: number == 4 ? "实施战略。" : "春耕。")) }
    let reply = try test.send(.get, "/v1/search?q=如何实施这个战略")
    #expect(reply["total"] == .integer(1) && reply["total_matches"] == .integer(2))
    #expect(reply["word_search", "words"] == .array([.string("实施"), .string("战略")]))
    #expect(reply["word_search", "missing"] == .array([]) && reply["word_search", "common"] == .array([]))
    let list = try test.send(.get, "/v1/speeches?q=如何实施这个战略")
    #expect(list["total"] == .integer(1) && list["word_search", "words"] == reply["word_search", "words"])
    let exact = try test.send(.get, "/v1/search?q=如何实施这个战略&mode=exact")
    #expect(exact["total"] == .integer(0) && exact["word_search"] == .null)
    let words = try test.send(.get, "/v1/search?q=这实施&mode=words")
    #expect(words["total"] == .integer(1) && words["word_search", "words"] == .array([.string("实施")]))
    #expect(try test.send(.get, "/v1/search?q=春更")["did_you_mean"] == .array([.string("春耕")]))
    #expect(try test.send(.get, "/v1/speeches?q=春更")["did_you_mean"] == .array([.string("春耕")]))
  }

  @Test("mode=masked finds names behind masks too, and says in which forms")
  func masked() throws {
    let test = try TestSite()
    for (number, text) in ["成都市的事。", "要守好×市大门。", "XX市开会，某某市也来。", "春耕。"].enumerated() {
      try test.keep("\(number)", .make(opening: text))
    }
    let exact = try test.send(.get, "/v1/search?q=成都市")
    #expect(exact["total"] == .integer(1) && exact["masked_forms"] == .array([]))
    let reply = try test.send(.get, "/v1/search?q=成都市&mode=masked")
    #expect(reply["total"] == .integer(3) && reply["total_matches"] == .integer(4))
    #expect(reply["masked_forms"] == .array([.string("×市"), .string("xx市"), .string("某市")]))
    let other = try test.send(.get, "/v1/search?q=×市&mode=masked")
    #expect(other["total"] == .integer(2))
    #expect(try test.send(.get, "/v1/speeches?q=鸿雁+成都市&mode=masked")["total"] == .integer(0))
    #expect(try test.send(.get, "/v1/speeches?q=-成都市&mode=masked")["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/speeches.ndjson?q=成都市&mode=masked").text.split(separator: "\n").count == 3)
  }

  @Test("collections are values too, found by slug, title and pinyin")
  func collectionValues() throws {
    let test = try TestSite(language: Self.language)
    for slug in ["spring", "gu"] {
      let body = #"{"slug":"\#(slug)","title":"\#(slug == "gu" ? "顾青岚讲话集" : "春耕")","ids":[]}"#
      #expect(try test.write(.post, "/v1/collections", body: body).status == 201)
    }
    #expect(try test.send(.get, "/v1/values/collection")["total"] == .integer(2))
    let found = try test.send(.get, "/v1/values/collection?prefix=gql")
    #expect(found["total"] == .integer(1) && found["items", "0", "value"] == .string("gu"))
    #expect(found["items", "0", "title"] == .string("顾青岚讲话集") && found["items", "0", "count"] == .integer(0))
    #expect(try test.send(.get, "/v1/values/collection?prefix=spr")["items", "0", "value"] == .string("spring"))
    let first = try test.send(.get, "/v1/values/collection?limit=1")
    let rest = try test.send(.get, "/v1/values/collection?limit=1&cursor=\(try #require(Self.next(first)))")
    #expect(rest["items", "0", "value"] != first["items", "0", "value"] && rest["next"] == .null)
  }

  @Test("values of a field are completed from pinyin, page by page")
  func values() throws {
    let test = try TestSite(language: Self.language)
    for (number, name) in ["顾青岚", "顾青", "林望舒", "Gu"].enumerated() { try test.keep("\(number)", .make(speaker: name)) }
    try test.keep("again", .make(speaker: "顾青岚"))
    let reply = try test.send(.get, "/v1/values/speaker?prefix=gu&limit=2")
    #expect(reply["total"] == .integer(3))
    #expect(reply["items", "0"] == .object([.init("value", .string("顾青岚")), .init("count", .integer(2))]))
    let cursor = try #require(Self.next(reply))
    let rest = try test.send(.get, "/v1/values/speaker?prefix=gu&limit=2&cursor=\(cursor)")
    #expect(rest["total"] == .integer(3) && rest["items", "0", "value"] == .string("顾青") && rest["next"] == .null)
    #expect(try test.send(.get, "/v1/values/speaker?prefix=gql")["total"] == .integer(1))
    #expect(try test.send(.get, "/v1/values/speaker?prefix=顧")["total"] == .integer(2))
    #expect(try test.send(.get, "/v1/values/speaker?prefix=xx")["total"] == .integer(0))
  }
}
