import Corpus
import HTTP
import HTTPTypes
import Storage
import Testing

@testable import Service

@Suite("Limits on what one client may do")
struct RateLimitTests {
  private static let second: UInt64 = 1_000_000_000
  private static func client(_ name: String) -> RateLimit.Client { .network(ClientNetwork(client: name)) }

  @Test("a burst may come at once, then one for each interval, and all again after a rest")
  func bucket() {
    let limit = RateLimit(name: "reads", perMinute: 120, burst: 3, clients: 10)
    let one = Self.client("192.0.2.1")
    func take(_ milliseconds: UInt64) -> RateLimit.Budget {
      limit.budget(of: one, at: 100 * Self.second + milliseconds * 1_000_000, takes: true)
    }
    #expect((0..<4).map { _ in take(0).isGranted } == [true, true, true, false])
    #expect(take(499) == .init(isGranted: false, remaining: 0, reset: 2, wait: 1))
    #expect(take(500) == .init(isGranted: true, remaining: 0, reset: 2, wait: 0))
    #expect(!take(600).isGranted)
    #expect(take(60_000) == .init(isGranted: true, remaining: 2, reset: 1, wait: 0))
    // Looking takes nothing; others have budgets of their own.
    #expect(limit.budget(of: one, at: 160 * Self.second, takes: false).remaining == 2)
    #expect(limit.budget(of: Self.client("192.0.2.2"), at: 160 * Self.second, takes: false).remaining == 3)
  }

  @Test("an address of IPv4 is a client, of IPv6 the first 64 bits")
  func networks() {
    #expect(ClientNetwork(client: "2001:db8::1") == ClientNetwork(client: "2001:db8:0:0:ffff::2%eth0"))
    #expect(ClientNetwork(client: "2001:db8::1") != ClientNetwork(client: "2001:db8:0:1::1"))
    #expect(ClientNetwork(client: "192.0.2.1") != ClientNetwork(client: "192.0.2.2"))
    #expect(ClientNetwork(client: "::ffff:192.0.2.1") == ClientNetwork(client: "192.0.2.1"))
    #expect(ClientNetwork(client: "unix") != ClientNetwork(client: "_hidden"))
    let long = String(repeating: "a", count: 64)
    #expect(ClientNetwork(client: "_" + long + "b") == ClientNetwork(client: "_" + long + "c"))
  }

  @Test("of many clients only so many are remembered, the latest ones")
  func memory() {
    let limit = RateLimit(name: "reads", perMinute: 1, burst: 1, clients: 100)
    func take(_ number: Int) -> Bool {
      limit.budget(of: Self.client("10.0.\(number / 256).\(number % 256)"), at: Self.second, takes: true).isGranted
    }
    for number in 0..<10_000 { #expect(take(number)) }
    #expect((9_960..<10_000).allSatisfy { !take($0) })
    #expect(take(0))
    #expect(limit.remembered <= 100)
  }

  @Test("a client that asks too often is told so and how long to wait; others and what is open are not held up")
  func overHTTP() throws {
    var rates = Rates()
    rates.reads = .init(perSecond: 1, burst: 2)
    let test = try TestSite(rates: rates)
    let id = try test.keep("a")
    let target = "/v1/speeches/\(id)"
    let first = try test.send(.get, target)
    #expect(first.status == 200 && first.field("RateLimit") == "\"reads\";r=1;t=1")
    #expect(first.field("RateLimit-Policy") == "\"reads\";q=2;w=2")
    // From what is kept, with what is left now.
    let second = try test.send(.get, target)
    #expect(second.bytes == first.bytes && second.field("RateLimit")?.hasPrefix("\"reads\";r=0;t=") == true)
    #expect(second.response.headerFields[values: .rateLimit].count == 1)
    for target in [target, "/nowhere", "/v1?x=1", "/v1/speeches"] {
      let refused = try test.send(.get, target)
      #expect(refused.status == 429 && refused["code"] == .string("rate_limited"), "\(target)")
      #expect(refused.field("Content-Type") == "application/problem+json" && refused.field("Retry-After") == "1")
      #expect(refused.field("RateLimit")?.hasPrefix("\"reads\";r=0;t=") == true)
    }
    #expect(try test.send(.get, target, from: "192.0.2.7").status == 200)
    for open in ["/health", "/ready", "/openapi.json", "/docs"] {
      for _ in 0..<3 { #expect(try test.send(.get, open).status == 200) }
    }
    // A token has a budget of its own, wherever it comes from; a token that is none has not.
    let token = try test.makeToken("a", .read)
    for peer in ["127.0.0.1", "192.0.2.8"] {
      #expect(try test.send(.get, target, fields: ["Authorization": "Bearer \(token)"], from: peer).status == 200)
    }
    #expect(try test.send(.get, target, fields: ["Authorization": "Bearer \(token)"], from: "192.0.2.9").status == 429)
    #expect(try test.send(.get, target, fields: ["Authorization": "Bearer x"]).status == 429)
  }

  @Test("what workers do and what writes have limits of their own, and a body over the limit is not read")
  func classes() throws {
    var rates = Rates()
    rates.heavy = .init(perSecond: 1, burst: 1)
    rates.writes = .init(perSecond: 1, burst: 1)
    let test = try TestSite(rates: rates)
    let id = try test.keep("a")
    #expect(try test.send(.get, "/v1/speeches?limit=1").field("RateLimit")?.hasPrefix("\"heavy\";r=0") == true)
    #expect(try test.send(.get, "/v1/speeches?limit=2").status == 429)
    let quick = try test.send(.get, "/v1/speeches/\(id)")
    #expect(quick.status == 200 && quick.field("RateLimit") == nil)
    #expect(
      try test.write(.post, "/v1/speeches", body: #"{"text":"同志们"}"#).field("RateLimit-Policy") == "\"writes\";q=1;w=1")
    #expect(try test.write(.post, "/v1/speeches", body: #"{"text":"同志们"}"#).status == 429)
    let fields = ["Authorization": "Bearer secret", "Content-Type": "application/json", "Content-Length": "100000"]
    #expect(try test.screen(.post, "/v1/speeches", fields: fields)?.status == 429)
  }

  @Test("tokens that are guessed are looked at ten times in a minute, and those of others go on")
  func guessing() throws {
    let test = try TestSite(isReadingOpen: false)
    func status(_ token: String, from peer: String = "192.0.2.1") throws -> Int {
      try test.send(.get, "/v1", fields: ["Authorization": "Bearer \(token)"], from: peer).status
    }
    #expect(try (0..<12).map { try status("guess\($0)") } == Array(repeating: 401, count: 10) + [429, 429])
    // The one that somebody chose is not told from the wrong ones now, nor by an answer that is kept.
    #expect(try status("secret", from: "192.0.2.2") == 200)
    #expect(try status("secret") == 429)
    let refused = try test.send(.get, "/v1", fields: ["Authorization": "Bearer secret"], from: "192.0.2.1")
    #expect(
      refused["code"] == .string("rate_limited")
        && (1...6).contains(refused.field("Retry-After").flatMap { Int($0) } ?? 0))
    #expect(try test.send(.get, "/v1", from: "192.0.2.1").status == 401)
    #expect(try test.send(.get, "/health", fields: ["Authorization": "Bearer x"], from: "192.0.2.1").status == 200)
    // What is no token is no guess.
    for _ in 0..<20 { #expect(try test.send(.get, "/v1", fields: ["Authorization": "Basic eA=="]).status == 401) }
    #expect(try status("secret", from: "127.0.0.1") == 200)
  }

  @Test(
    "a token made by rostrum token goes on where another client of the same address guesses; a revoked one does not")
  func sharedAddress() throws {
    let test = try TestSite(isReadingOpen: false)
    let (good, old) = (try test.makeToken("编辑部", .write), try test.makeToken("旧的", .write))
    #expect(try TokenRepository(test.operations).revoke("旧的", at: 1).count == 1)
    func ask(_ token: String, _ target: String = "/v1") throws -> Int {
      try test.send(.get, target, fields: ["Authorization": "Bearer \(token)"], from: "192.0.2.1").status
    }
    for _ in 0..<10 { #expect(try ask("wrong") == 401) }
    #expect(try [ask("wrong"), ask(old), ask("secret")] == [429, 429, 429])
    // Also what is kept, and what writes; and its scope holds as ever.
    #expect(try [ask(good), ask(good), ask(good, "/v1/speeches")] == [200, 200, 200])
    let fields = ["Authorization": "Bearer \(good)", "Content-Type": "application/json"]
    let body = #"{"text":"同志们：大家好。"}"#
    #expect(try test.send(.post, "/v1/speeches", fields: fields, body: body, from: "192.0.2.1").status == 201)
  }

  @Test("a login that fails before its body is read is counted once")
  func screened() throws {
    var rates = Rates()
    rates.failedLogins = 2
    let test = try TestSite(rates: rates)
    let fields = ["Authorization": "Bearer wrong", "Content-Type": "application/json", "Content-Length": "100000"]
    let statuses = try (0..<3).map { _ in try test.screen(.post, "/v1/speeches", fields: fields)?.status }
    #expect(statuses == [401, 401, 429])
    // A short body is read, and its request answered later: that is one refusal and not two.
    let other = try TestSite(rates: rates)
    let short = fields.merging(["Content-Length": "2"]) { $1 }
    for status in [401, 401, 429] {
      #expect(try other.screen(.post, "/v1/speeches", fields: short) == nil)
      #expect(try other.send(.post, "/v1/speeches", fields: short, body: "{}").status == status)
    }
  }
}
