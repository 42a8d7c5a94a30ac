import Corpus
import Glibc
import HTTP
import HTTPTypes
import Storage
import Testing

@testable import Service

@Suite("Who may come in")
struct GateTests {
  /// Whoever may stand before an endpoint.
  private enum Caller: String, CaseIterable {
    case nobody, unknown, misspelt, basic, revoked, expired, read, write, admin, setting

    var scope: TokenScope? {
      switch self {
      case .read: .read
      case .write: .write
      case .admin, .setting: .admin
      default: nil
      }
    }
  }

  private static func callers(_ test: TestSite) throws -> [Caller: [String: String]] {
    var tokens: [Caller: String] = [.setting: "secret", .unknown: TokenText().text]
    tokens[.revoked] = try test.makeToken("revoked", .admin)
    #expect(try TokenRepository(test.operations).revoke("revoked", at: test.clock.seconds).count == 1)
    tokens[.expired] = try test.makeToken("expired", .admin, expiresIn: 10)
    test.clock.advance(11)
    for scope in TokenScope.allCases {
      tokens[Caller(rawValue: scope.rawValue) ?? .nobody] = try test.makeToken(scope.rawValue, scope)
    }
    let good = tokens[.read] ?? ""
    tokens[.misspelt] = good.dropLast(5) + (good.suffix(5).first == "A" ? "B" : "A") + good.suffix(4)
    var fields = tokens.mapValues { ["Authorization": "Bearer \($0)"] }
    fields[.basic] = ["Authorization": "Basic c2VjcmV0"]
    fields[.nobody] = [:]
    return fields
  }

  /// The status and code that keep a caller out; nil where it is let in.
  private static func refusal(_ caller: Caller, _ access: Access, isReadingOpen: Bool) -> (Int, String)? {
    let needed: TokenScope? =
      switch access {
      case .open: nil
      case .read: isReadingOpen ? nil : .read
      case .write: .write
      case .admin: .admin
      }
    guard let needed else { return nil }
    guard let scope = caller.scope else { return (401, "unauthorized") }
    return scope >= needed ? nil : (403, "insufficient_scope")
  }

  @Test("is the same table for every endpoint that is declared", arguments: [true, false])
  func table(isReadingOpen: Bool) throws {
    var rates = Rates()
    rates.failedLogins = 0
    let test = try TestSite(isReadingOpen: isReadingOpen, rates: rates)
    let id = try test.keep("a")
    let callers = try Self.callers(test)
    var seen: Set<Access> = []
    for endpoint in test.site.endpoints {
      seen.insert(endpoint.access)
      #expect(
        endpoint.method == .get || endpoint.access >= .write, "\(endpoint.name) changes something and is for readers")
      let target = [("{id}", id), ("{path}", "1"), ("{number}", "1"), ("{field}", "genre"), ("{slug}", "none")]
        .reduce(endpoint.path) { $0.replacing($1.0, with: $1.1) }
      // Those who are kept out come first, and last again, when there may be an answer that is kept.
      for caller in Caller.allCases + [.nobody, .unknown, .revoked] {
        var fields = callers[caller] ?? [:]
        // A body that is never read as a document, so that nothing changes.
        fields["Content-Type"] = "application/json"
        if endpoint.method == .delete { fields["If-Match"] = "\"another\"" }
        let reply = try test.send(endpoint.method, target, fields: fields, body: endpoint.method == .get ? "" : "{")
        let place =
          "\(endpoint.name) \(caller) reading open: \(isReadingOpen): \(reply.status) \(String(describing: reply["code"])) \(String(describing: reply["detail"]))"
        if let (status, code) = Self.refusal(caller, endpoint.access, isReadingOpen: isReadingOpen) {
          #expect(reply.status == status && reply["code"] == .string(code), "\(place)")
          #expect(reply.field("WWW-Authenticate")?.hasPrefix("Bearer realm=") == true, "\(place)")
          #expect(reply.field("ETag") == nil, "\(place)")
        } else {
          #expect(![401, 403, 429].contains(reply.status) && reply.status < 500, "\(place)")
        }
        if !isReadingOpen, endpoint.method == .get, endpoint.access != .open {
          #expect(reply.field("Vary")?.contains("Authorization") == true, "\(place)")
          #expect(["private, no-cache", "no-store"].contains(reply.field("Cache-Control")), "\(place)")
        }
      }
    }
    #expect(seen.isSuperset(of: [.open, .read, .write]))
    #expect(try test.send(.get, "/v1/speeches/\(id)", fields: callers[.read] ?? [:]).status == 200)
  }

  @Test("takes digests for the same only where every bit is")
  func equality() {
    for _ in 0..<200 {
      let one = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
      #expect(Authorization.areEqual(one, one))
      for bit in 0..<256 {
        var other = one
        other[bit / 8] ^= 1 << (bit % 8)
        #expect(!Authorization.areEqual(one, other))
      }
      #expect(!Authorization.areEqual(one, one.map { ~$0 }) && !Authorization.areEqual(one, Array(one.dropLast())))
      let another = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
      #expect(!Authorization.areEqual(one, another))
    }
  }

  @Test("an endpoint is for administrators by its word alone")
  func administrators() throws {
    let test = try TestSite()
    let gate = Gate(
      authorization: Authorization(token: nil, operations: test.operations, clock: { 0 }), isReadingOpen: true,
      rates: Rates(), proxies: TrustedProxies())
    let endpoint = Endpoint(
      .get, "/x", name: "x", summary: "", access: .admin, results: [],
      handler: .quick { _ in .now(Response(status: .ok)) })
    for (scope, code) in [(TokenScope.read, "insufficient_scope"), (.write, "insufficient_scope"), (.admin, "")] {
      let token = try test.makeToken(scope.rawValue, scope)
      let target = try #require(Target("/x"))
      let request = Request(target: target, headerFields: [.authorization: "bearer \(token)"])
      var found = ""
      do { try gate.admit(request, nil, to: endpoint) } catch let problem as Problem { found = problem.code }
      #expect(found == code)
    }
  }

  @Test("without any token nobody writes, and is told why; the first one opens")
  func noToken() throws {
    let test = try TestSite(token: nil)
    let unknown = ["Authorization": "Bearer \(TokenText().text)"]
    for fields in [[:], unknown] {
      let reply = try test.send(.delete, "/v1/speeches/0123456789ab", fields: fields)
      #expect(reply.status == 403 && reply["code"] == .string("writing_disabled"))
    }
    let token = try test.makeToken("编辑部", .write, expiresIn: 60)
    #expect(try test.send(.delete, "/v1/speeches/0123456789ab", fields: unknown).status == 401)
    let fields = ["Authorization": "Bearer \(token)"]
    #expect(try test.send(.delete, "/v1/speeches/0123456789ab", fields: fields).status == 404)
    test.clock.advance(61)
    #expect(try test.send(.delete, "/v1/speeches/0123456789ab", fields: fields)["code"] == .string("writing_disabled"))
  }

  @Test("a token is refused from the moment at which another process revokes it, and a typo is called one")
  func atOnce() throws {
    let test = try TestSite(isReadingOpen: false)
    let others = TokenRepository(try OperationalStore(path: test.operations.path))
    let token = try test.makeToken("读者", .read)
    let fields = ["Authorization": "Bearer \(token)"]
    for _ in 0..<3 { #expect(try test.send(.get, "/v1", fields: fields).status == 200) }
    #expect(try others.revoke(String(token.prefix(16)), at: test.clock.seconds).count == 1)
    let refused = try test.send(.get, "/v1", fields: fields)
    #expect(refused.status == 401 && refused.text.contains("revoked"))
    #expect(refused.field("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)
    let typo = try test.send(.get, "/v1", fields: ["Authorization": "Bearer \(token.dropLast())"])
    #expect(typo.status == 401 && typo.text.contains("typo"))
    let nobody = try test.send(.get, "/v1")
    #expect(nobody.field("WWW-Authenticate") == "Bearer realm=\"rostrum\"")
  }

  @Test("a token that is used is noted so, once in an hour")
  func use() throws {
    let test = try TestSite()
    let token = try test.makeToken("a", .write)
    let repository = TokenRepository(test.operations)
    func used() throws -> Int? { try repository.all().tokens.first?.usedAt }
    func use(at time: Int) throws {
      for _ in 0..<3 {
        _ = try test.send(.delete, "/v1/speeches/0123456789ab", fields: ["Authorization": "Bearer \(token)"])
      }
      for _ in 0..<500 where try used() != time { usleep(10_000) }
      #expect(try used() == time)
    }
    let begin = test.clock.seconds
    try use(at: begin)
    test.clock.advance(3_599)
    try use(at: begin)
    test.clock.advance(1)
    try use(at: begin + 3_600)
  }
}
