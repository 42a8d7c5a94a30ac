public import Corpus
import Foundation
public import HTTP
import HTTPTypes
import Interchange
public import Logging
public import Storage

/// The service: finds the endpoint of a request, guards what writes, turns errors into answers and gives every answer the
/// fields that all of them have.
public struct Site: Application {
  /// What the service is told from outside.
  public struct Options: Sendable {
    /// The bearer token that may write; nil for a service that is read-only.
    public var token: String?
    /// The largest document that is read, in bytes.
    public var maximumDocumentBytes: Int
    /// How long a query may take until the first byte of its answer, in seconds.
    public var queryDeadline: Double
    /// Whether each request is written to the log.
    public var accessLog: Bool
    /// What is known of Chinese words and readings.
    public var language: LanguageData

    /// The usual options.
    public init(
      token: String? = nil, maximumDocumentBytes: Int = 16 << 20, queryDeadline: Double = 5, accessLog: Bool = true,
      language: LanguageData = LanguageData()
    ) {
      self.token = token
      self.maximumDocumentBytes = maximumDocumentBytes
      self.queryDeadline = queryDeadline
      self.accessLog = accessLog
      self.language = language
    }
  }

  /// Every endpoint, as declared.
  public var endpoints: [Endpoint] { router.endpoints }

  private let router: Router
  private let authorization: Authorization
  private let options: Options
  private let logger: Logger

  /// The service over a store.
  /// - Parameter now: the time, ISO 8601 in UTC; a test gives its own.
  public init(
    store: Store, options: Options = Options(), logger: Logger = Logger(label: "rostrum.site"),
    now: @escaping @Sendable () -> String = { Timestamp.now }
  ) {
    self.options = options
    self.logger = logger
    authorization = Authorization(token: options.token)
    let cards = CardRepository(store, deadline: options.queryDeadline, pinyin: options.language.pinyin)
    let speeches = SpeechRepository(store)
    var endpoints = HealthRoutes(store: store).endpoints
    endpoints +=
      CorpusRoutes(
        overview: OverviewRepository(store, deadline: options.queryDeadline), cards: cards,
        changes: ChangeRepository(store, deadline: options.queryDeadline)
      ).endpoints
    let searches = SearchRepository(store, deadline: options.queryDeadline, language: options.language)
    endpoints += SpeechListRoutes(cards: cards, searches: searches).endpoints
    endpoints += SearchRoutes(searches: searches).endpoints
    endpoints += SpeechRoutes(cards: cards, speeches: speeches).endpoints
    endpoints +=
      ImportRoutes(
        imports: ImportRepository(store), cards: cards, speeches: speeches,
        reader: DocumentReader(maximumBytes: options.maximumDocumentBytes, maximumRecords: 10_000), now: now
      ).endpoints
    let description = OpenAPIDocument(endpoints: endpoints + [OpenAPIDocument.endpoint { [] }])
    let document = description.json
    endpoints.append(OpenAPIDocument.endpoint { document })
    router = Router(endpoints) { $0.nearest(in: $1) }
  }

  /// Answers a request, on its connection's loop or as work for the workers.
  public func answer(to request: Request) -> Answer {
    let id = RequestID(request)
    do {
      switch try router.match(request, admit: { if $0.writes { try authorization.check(request) } }) {
      case .options(let allow):
        return .now(finish(Self.allowed(allow), request, id))
      case .call(let call):
        switch call.endpoint.handler {
        case .quick(let handler):
          switch try handler(call) {
          case .now(let response): return .now(finish(response, request, id, call))
          case .onWorkers(let work):
            return .onWorkers { finish(answering(request, id, work), request, id, call) }
          }
        case .worker(let handler):
          return .onWorkers { finish(answering(request, id) { try handler(call) }, request, id, call) }
        }
      }
    } catch {
      return .now(finish(problemResponse(error, request, id), request, id))
    }
  }

  /// The problem that a request is answered with which the server does not take.
  public func refusal(_ error: WireError) -> Response {
    let id = RequestID(nil)
    return finish(
      ErrorAnswers.response(ErrorAnswers.problem(for: error), to: nil, requestID: id.text), nil, id)
  }

  /// Writes a request to the log, where that is wanted.
  public func completed(_ exchange: Exchange) {
    guard options.accessLog else { return }
    logger.info(
      "request",
      metadata: [
        "method": "\(exchange.request?.method.rawValue ?? "-")",
        "target": "\(exchange.request?.target.raw.prefix(1_000) ?? "-")",
        "status": "\(exchange.response.status.code)", "bytes": "\(exchange.bytesSent)",
        "ms": "\(Int((exchange.seconds * 1000).rounded()))", "peer": "\(exchange.request?.peer ?? "-")",
        "id": "\(exchange.response.headerFields[.xRequestID] ?? "-")",
      ])
  }

  /// What `body` gives, or the answer that tells what it threw.
  private func answering(_ request: Request, _ id: RequestID, _ body: () throws -> Response) -> Response {
    do { return try body() } catch { return problemResponse(error, request, id) }
  }

  private func problemResponse(_ error: any Error, _ request: Request, _ id: RequestID) -> Response {
    let problem = ErrorAnswers.problem(for: error)
    if problem.status.kind == .serverError {
      logger.error("\(error)", metadata: ["id": "\(id.text)", "target": "\(request.target.raw.prefix(1_000))"])
    }
    return ErrorAnswers.response(problem, to: request, requestID: id.text)
  }

  private static func allowed(_ methods: [HTTPRequest.Method]) -> Response {
    let list = methods.map(\.rawValue).joined(separator: ", ")
    return Response(
      status: .noContent,
      headerFields: [
        .allow: list, .accessControlAllowMethods: "GET, HEAD, OPTIONS",
        .accessControlAllowHeaders: "Accept, If-None-Match, X-Request-Id", .accessControlMaxAge: "86400",
      ])
  }

  /// Gives an answer the fields that all have, leaves out what the client has already, and compresses it where that pays.
  private func finish(_ response: Response, _ request: Request?, _ id: RequestID, _ call: Call? = nil) -> Response {
    var response = response
    response.headerFields[.xRequestID] = id.text
    response.headerFields[.xContentTypeOptions] = "nosniff"
    response.headerFields[.referrerPolicy] = "no-referrer"
    if response.headerFields[.contentSecurityPolicy] == nil {
      response.headerFields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    }
    let reads = request.map { [.get, .head, .options].contains($0.method) } ?? false
    if reads {
      response.headerFields[.accessControlAllowOrigin] = "*"
      response.headerFields[.accessControlExposeHeaders] = "Link, ETag, X-Request-Id, RateLimit"
    }
    guard reads, let request else { return response }
    if response.headerFields[.eTag] != nil { response.headerFields[.cacheControl] = "no-cache" }
    response.headerFields[.vary] =
      (call?.endpoint.formats.count ?? 0) > 1 || call == nil
      ? "Accept, Accept-Encoding" : "Accept-Encoding"
    if response.status == .ok, let tag = response.headerFields[.eTag],
      request.headerFields[.ifNoneMatch]?.namesTag(tag) == true
    {
      response.status = .notModified
      response.body = .bytes([])
      response.headerFields[.contentType] = nil
    }
    return Compression.compressed(response, for: request)
  }
}
