import Corpus
import Dispatch
import Foundation
public import HTTP
import HTTPTypes
import Locking
public import Logging
public import Storage

/// The service: lets in who may come in, finds the endpoint of a request, turns errors into answers and gives every answer the
/// fields that all of them have.
public struct Site: Application {
  /// Every endpoint, as declared.
  public var endpoints: [Endpoint] { router.endpoints }

  /// Bodies up to this many bytes are read to their end even where they are of no use: a new connection would cost more.
  private static let shortBody = 16 << 10

  private let store: Store
  private let answers: AnswerCache?
  private let router: Router
  let gate: Gate
  /// The paths of endpoints that are open to all, and have no limits.
  private let openPaths: Set<String>
  private let repeated: RepeatedRequests
  private let options: Options
  private let logger: Logger
  private let metrics: Metrics
  private let slowLog: SlowLog
  private let leastFreeBytes: Locked<Int>
  private let server = ServerReference()

  /// The service over a store.
  /// - Parameters:
  ///   - now: the time, ISO 8601 in UTC; a test gives its own.
  ///   - clock: the time in seconds since 1970, for what expires.
  public init(
    store: Store, options: Options = Options(), logger: Logger = Logger(label: "rostrum.site"),
    now: @escaping @Sendable () -> String = { Timestamp.now },
    clock: @escaping @Sendable () -> Int = { Timestamp.seconds }
  ) {
    self.options = options
    self.logger = logger
    self.store = store
    let answers = Self.answerCache(beside: store, options, logger)
    self.answers = answers
    slowLog = SlowLog(threshold: options.slowSeconds, store: store, logger: logger)
    let leastFreeBytes = Locked(options.leastFreeBytes)
    self.leastFreeBytes = leastFreeBytes
    gate = Gate(
      authorization: Authorization(token: options.token, operations: options.operations, clock: clock),
      isReadingOpen: options.isReadingOpen, rates: options.rates, proxies: options.proxies)
    repeated = RepeatedRequests(operations: options.operations, clock: clock, logger: logger)
    let imports = ImportMetrics()
    let health = HealthRoutes(store: store, server: server) { leastFreeBytes.withLock { $0 } }
    var endpoints = Self.endpoints(over: store, options, health: health, imports: imports, now: now) {
      answers?.clear()
    }
    let metrics = Metrics(patterns: endpoints.map(\.path) + [MetricsRoutes.path, OpenAPIDocument.path])
    self.metrics = metrics
    endpoints +=
      MetricsRoutes(
        metrics: metrics, imports: imports, store: store,
        overview: OverviewRepository(store, deadline: options.queryDeadline), answers: answers,
        accessLog: options.accessLog, server: server, health: health, upkeep: options.upkeep
      ).endpoints
    let description = OpenAPIDocument(
      endpoints: endpoints + [OpenAPIDocument.endpoint { [] }], isReadingOpen: options.isReadingOpen)
    let document = description.json
    endpoints.append(OpenAPIDocument.endpoint { document })
    openPaths = Set(endpoints.filter { $0.access == .open }.map(\.path))
    router = Router(endpoints) { $0.nearest(in: $1) }
  }

  /// Answers a request, on its connection's loop or as work for the workers.
  public func answer(to request: Request) -> Answer {
    let id = RequestID(request)
    // Counted before anything is read, so that an answer is at least as new as it is kept for.
    let (commits, key) = (store.commits, answers == nil ? nil : AnswerCache.Key(request))
    let began = DispatchTime.now().uptimeNanoseconds
    var spent: Gate.Charge?
    do {
      let visitor = try gate.visitor(of: request)
      if let key, gate.mayRead(visitor), var response = answers?.answer(to: key, commits: commits) {
        if visitor != nil, !openPaths.contains(String(request.target.rawPath)) {
          try gate.charge(request, visitor, for: nil)?.write(to: &response.headerFields)
        }
        response.headerFields[.xRequestID] = id.text
        return .now(response)
      }
      let found = Result { try match(request, visitor) }
      let charge = try gate.charge(request, visitor, for: try? found.get().endpoint)
      spent = charge
      let call: Call
      switch try found.get() {
      case .options(let allow): return .now(noted(finish(Self.allowed(allow), request, id), request, since: began))
      case .call(let found): call = found
      }
      @Sendable func made(
        _ response: Response, since start: UInt64? = nil, _ trace: StatementTrace? = nil
      ) -> Response {
        var response = finish(response, request, id, call)
        response.note = Response.Note(
          kind: metrics.number(of: call.endpoint.path), waited: start.map { Double($0 - began) / 1e9 },
          worked: Double(DispatchTime.now().uptimeNanoseconds - (start ?? began)) / 1e9)
        // A strong tag says that the answer is made of the corpus and the request, and of nothing else.
        if let key, call.endpoint.access <= .read, response.headerFields[.eTag] != nil {
          answers?.keep(response, for: key, commits: commits)
        }
        if slowLog.record(request, id: id, route: call.endpoint.path, response, trace) { metrics.recordSlow() }
        // Behind that, since what is left is another thing to each client.
        charge?.write(to: &response.headerFields)
        return response
      }
      @Sendable func work(_ body: () throws -> Response) -> Response {
        let (start, trace) = (DispatchTime.now().uptimeNanoseconds, slowLog.trace())
        let response = trace?.following { answering(request, id, body) } ?? answering(request, id, body)
        return made(response, since: start, trace)
      }
      switch call.endpoint.handler {
      case .quick(let handler):
        switch try handler(call) {
        case .now(let response): return .now(made(response))
        case .onWorkers(let body): return .onWorkers { work(body) }
        }
      case .worker(let handler):
        return .onWorkers {
          work {
            try repeated.answer(request, of: visitor?.credentials.identity) {
              answering(request, id) { try handler(call) }
            }
          }
        }
      case .aside(let handler): return .aside { work { try handler(call) } }
      }
    } catch {
      gate.noteRefusal(ErrorAnswers.problem(for: error), of: request)
      var response = finish(problemResponse(error, request, id), request, id)
      spent?.write(to: &response.headerFields)
      return .now(noted(response, request, since: began))
    }
  }

  /// An answer with the route of its request and the time it took to make, where no endpoint made it.
  private func noted(_ response: Response, _ request: Request?, since start: UInt64? = nil) -> Response {
    var response = response
    response.note.kind = metrics.number(of: request.flatMap { router.pattern(of: $0.target) })
    if let start { response.note.worked = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
    return response
  }

  /// Tells the service which server it is served by, for its figures and its end.
  public func attach(_ server: Server) { self.server.server = server }

  /// Changes what may change while the service runs.
  public func adjust(slowSeconds: Double, leastFreeBytes: Int) {
    slowLog.set(threshold: slowSeconds)
    self.leastFreeBytes.withLock { $0 = leastFreeBytes }
  }

  /// Where answers are kept. A folder that takes no file costs the cache, not the service.
  private static func answerCache(beside store: Store, _ options: Options, _ logger: Logger) -> AnswerCache? {
    guard options.answerCacheBytes > 0 else { return nil }
    let folder = URL(filePath: store.path).deletingLastPathComponent().path
    let cache = AnswerCache(folder: folder, capacity: options.answerCacheBytes)
    if cache == nil { logger.notice("answers are not kept: no file can be made in \(folder)") }
    return cache
  }

  /// Refuses a long body by the head of its request where the client may not write, or would send what is not read.
  ///
  /// A mistake in the address is told at once too to a client that waits for `100 Continue`. The body of any other is read to
  /// its end but kept nowhere, as is a short one and one that no address takes, so that the connection can go on and faults
  /// of its framing are told first.
  public func screen(_ request: Request) -> Screening {
    do {
      let visitor = try gate.visitor(of: request)
      guard case .call(let call) = try match(request, visitor) else { return .drop }
      _ = try gate.charge(request, visitor, for: call.endpoint, takes: false)
      return call.endpoint.body == nil ? .drop : .read
    } catch {
      let problem = ErrorAnswers.problem(for: error)
      let isOfBody = [.unauthorized, .forbidden, .unsupportedMediaType, .tooManyRequests].contains(problem.status)
      let length = request.headerFields[.contentLength].flatMap { Int($0) }
      guard isOfBody || request.headerFields[.expect] != nil, length ?? .max > Self.shortBody else { return .drop }
      gate.noteRefusal(problem, of: request)
      let id = RequestID(request)
      return .refuse(noted(finish(problemResponse(error, request, id), request, id), request))
    }
  }

  /// The endpoint that a request calls, if its head has the right to be there and a body of a kind that is read.
  private func match(_ request: Request, _ visitor: Gate.Visitor?) throws -> Router.Match {
    try router.match(request) { endpoint in
      try gate.admit(request, visitor, to: endpoint)
      try endpoint.body?.check(request)
    }
  }

  /// The problem that a request is answered with which the server does not take.
  public func refusal(_ error: WireError, to request: Request?) -> Response {
    let id = RequestID(request)
    metrics.recordRefusal(error.code)
    let response = ErrorAnswers.response(ErrorAnswers.problem(for: error), to: request, requestID: id.text)
    return noted(finish(response, request, id), request)
  }

  /// Counts a request, writes it to the access log, where there is one, and what changed something to the log of the service.
  public func completed(_ exchange: Exchange) {
    metrics.record(exchange)
    let hasWritten = exchange.request.map { !$0.isSafe && exchange.response.status.code < 400 } ?? false
    guard options.accessLog != nil || hasWritten else { return }
    let client = exchange.request.map(options.proxies.client) ?? exchange.peer
    let token = exchange.request.flatMap(gate.tokenName)
    options.accessLog?.record(
      exchange, client: client, route: metrics.routes[exchange.response.note.kind], token: token)
    guard hasWritten, let request = exchange.request else { return }
    logger.info(
      "\(request.method.rawValue) \(request.target.rawPath.prefix(1_000))",
      metadata: [
        "by": "\(token ?? "-")", "client": "\(client)", "status": "\(exchange.response.status.code)",
        "id": "\(exchange.response.headerFields[.xRequestID] ?? "-")",
      ])
  }

  /// What `body` gives, or the answer that tells what it threw.
  private func answering(_ request: Request, _ id: RequestID, _ body: () throws -> Response) -> Response {
    do { return try body() } catch { return problemResponse(error, request, id) }
  }

  func problemResponse(_ error: any Error, _ request: Request, _ id: RequestID) -> Response {
    let problem = ErrorAnswers.problem(for: error)
    metrics.recordProblem(problem.code)
    if problem.status.kind == .serverError {
      logger.error(
        "\(error is Problem ? problem.detail : "\(error)")",
        metadata: [
          "id": "\(id.text)", "code": "\(problem.code)", "status": .stringConvertible(problem.status.code),
          "method": "\(request.method.rawValue)", "target": "\(request.target.withoutSecrets.prefix(1_000))",
        ])
    }
    return ErrorAnswers.response(problem, to: request, requestID: id.text)
  }
}
