import Dispatch
import HTTP
import HTTPTypes
import Storage

/// Limits on what one client may do; 0 for none.
public struct Rates: Sendable, Hashable {
  /// A rate, and how many requests may come at once: 0 for those of two seconds.
  public struct Rate: Sendable, Hashable {
    /// Requests in a second.
    public var perSecond: Int
    /// Requests at once.
    public var burst: Int

    /// A rate.
    public init(perSecond: Int = 0, burst: Int = 0) {
      self.perSecond = perSecond
      self.burst = burst
    }
  }

  /// Requests that are answered at once or from what is kept.
  public var reads = Rate()
  /// Requests that a worker answers: lists, searches, streams.
  public var heavy = Rate()
  /// Requests that change something.
  public var writes = Rate()
  /// Tokens that let nobody in, in a minute.
  public var failedLogins = 10
  /// How many clients each limit remembers.
  public var clients = 10_000

  /// The usual limits.
  public init() {}
}

/// Who may come in, and how often: holds each request against what its endpoint asks for.
struct Gate: Sendable {
  /// Who sent a request.
  struct Visitor: Sendable {
    var credentials: Authorization.Credentials
    var network: ClientNetwork

    /// Whose budget the request is taken from: a good token's own, else that of the network.
    fileprivate var client: RateLimit.Client {
      credentials.identity.map { .token($0.name) } ?? .network(network)
    }
  }

  /// What is left to a client, to be said in the answer.
  struct Charge: Sendable {
    fileprivate var limit: RateLimit
    fileprivate var budget: RateLimit.Budget

    func write(to fields: inout HTTPFields) { limit.write(budget, to: &fields) }
  }

  /// Whether anybody may read.
  let isReadingOpen: Bool
  private let authorization: Authorization
  private let proxies: TrustedProxies
  private let reads: RateLimit?
  private let heavy: RateLimit?
  private let writes: RateLimit?
  private let failedLogins: RateLimit?
  private let now: @Sendable () -> UInt64

  /// - Parameter now: nanoseconds of a clock that only goes forward.
  init(
    authorization: Authorization, isReadingOpen: Bool, rates: Rates, proxies: TrustedProxies,
    now: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }
  ) {
    func limit(_ name: String, _ rate: Rates.Rate) -> RateLimit? {
      guard rate.perSecond > 0 else { return nil }
      return RateLimit(
        name: name, perMinute: rate.perSecond * 60, burst: rate.burst > 0 ? rate.burst : rate.perSecond * 2,
        clients: rates.clients)
    }
    self.authorization = authorization
    self.isReadingOpen = isReadingOpen
    self.proxies = proxies
    self.now = now
    reads = limit("reads", rates.reads)
    heavy = limit("heavy", rates.heavy)
    writes = limit("writes", rates.writes)
    failedLogins =
      rates.failedLogins > 0
      ? RateLimit(
        name: "failed-logins", perMinute: rates.failedLogins, burst: rates.failedLogins, clients: rates.clients)
      : nil
  }

  // MARK: Who

  /// Who sent a request; nil, which costs nothing, where everybody who reads is treated alike.
  func visitor(of request: Request) throws -> Visitor? {
    if isReadingOpen, reads == nil, heavy == nil, request.isSafe { return nil }
    return try recognize(request)
  }

  /// The name of the token of a request, if it is good.
  func tokenName(of request: Request) -> String? {
    guard request.headerFields[.authorization] != nil else { return nil }
    return try? authorization.credentials(of: request).identity?.name
  }

  private func recognize(_ request: Request) throws -> Visitor {
    Visitor(
      credentials: try authorization.credentials(of: request),
      network: ClientNetwork(client: proxies.client(of: request)))
  }

  // MARK: Whether

  /// Whether a visitor may read what anybody who reads may read.
  func mayRead(_ visitor: Visitor?) -> Bool {
    if isReadingOpen { return true }
    guard let visitor, let identity = visitor.credentials.identity else { return false }
    return !identity.isChosen || (try? refuseGuessing(visitor)) != nil
  }

  /// Lets a request in to an endpoint, or throws the problem that keeps it out.
  func admit(_ request: Request, _ visitor: Visitor?, to endpoint: Endpoint) throws {
    guard var scope = endpoint.scope(isReadingOpen: isReadingOpen) else { return }
    if !endpoint.adminParameters.isEmpty,
      request.target.query.contains(where: { endpoint.adminParameters.contains($0.name) })
    {
      scope = .admin
    }
    let visitor = try visitor ?? recognize(request)
    switch visitor.credentials {
    case .none, .malformed:
      if scope > .read, try !authorization.hasTokens { throw Self.writingDisabled }
      throw Self.unauthorized("This needs “Authorization: Bearer TOKEN” with a token of scope \(scope.rawValue).")
    case .invalid(let reason):
      if scope > .read, try !authorization.hasTokens { throw Self.writingDisabled }
      try refuseGuessing(visitor)
      throw Self.unauthorized(reason, error: "invalid_token")
    case .valid(let identity):
      if identity.isChosen { try refuseGuessing(visitor) }
      guard identity.scope >= scope else {
        let challenge = "Bearer realm=\"rostrum\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""
        throw Problem(
          .forbidden, code: "insufficient_scope",
          detail: "This needs a token of scope \(scope.rawValue); “\(identity.name)” has \(identity.scope.rawValue).",
          headerFields: [.wwwAuthenticate: challenge])
      }
    }
  }

  /// Counts a token that let nobody in, once its request is refused.
  func noteRefusal(_ problem: Problem, of request: Request) {
    guard problem.status == .unauthorized, let failedLogins, let visitor = try? recognize(request),
      case .invalid = visitor.credentials
    else { return }
    _ = failedLogins.budget(of: .network(visitor.network), at: now(), takes: true)
  }

  /// Throws where a client has shown too many tokens that let nobody in: a wrong one is not told from the one of the setting
  /// now, which somebody chose. Those of `rostrum token` have 256 random bits, so that nobody finds one by trying; they stay
  /// good, since a stranger behind the same address shall not shut an editor out.
  private func refuseGuessing(_ visitor: Visitor) throws {
    guard let failedLogins else { return }
    let budget = failedLogins.budget(of: .network(visitor.network), at: now(), takes: false)
    guard budget.isGranted else {
      throw failedLogins.problem(budget, "Too many tokens that are not valid came from this address; wait.")
    }
  }

  private static let writingDisabled = Problem(
    .forbidden, code: "writing_disabled",
    detail:
      "This server is read-only: there is no token. Make one with “rostrum token create”, or start it with ROSTRUM_TOKEN."
  )

  private static func unauthorized(_ detail: String, error: String? = nil) -> Problem {
    let challenge = "Bearer realm=\"rostrum\"" + (error.map { ", error=\"\($0)\"" } ?? "")
    return Problem(.unauthorized, code: "unauthorized", detail: detail, headerFields: [.wwwAuthenticate: challenge])
  }

  // MARK: How often

  /// Takes a request from the budget of its client, or throws where that is used up; nil where there is no limit.
  /// - Parameters:
  ///   - endpoint: what it calls; nil where that is nothing, or the answer was there already.
  ///   - takes: false to look only.
  func charge(_ request: Request, _ visitor: Visitor?, for endpoint: Endpoint?, takes: Bool = true) throws -> Charge? {
    guard let visitor, endpoint?.access != .open, let limit = limit(request, endpoint) else { return nil }
    let budget = limit.budget(of: visitor.client, at: now(), takes: takes)
    guard budget.isGranted else {
      throw limit.problem(budget, "Too many requests came from this client; wait \(budget.wait) s.")
    }
    return Charge(limit: limit, budget: budget)
  }

  private func limit(_ request: Request, _ endpoint: Endpoint?) -> RateLimit? {
    if !request.isSafe { return writes }
    if case .worker = endpoint?.handler { return heavy ?? reads }
    return reads
  }
}

extension Endpoint {
  /// The scope of the token that it asks for; nil where it asks for none.
  func scope(isReadingOpen: Bool) -> TokenScope? {
    switch access {
    case .open: nil
    case .read: isReadingOpen ? nil : .read
    case .write: .write
    case .admin: .admin
    }
  }
}
