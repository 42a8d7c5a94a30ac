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
    /// Where each request is written; nil for nowhere.
    public var accessLog: AccessLog?
    /// The proxies that are believed when they say who the client is.
    public var proxies: TrustedProxies
    /// What is known of Chinese words and readings.
    public var language: LanguageData
    /// How many bytes of answers are kept, in a file beside the database; 0 for none.
    public var answerCacheBytes: Int
    /// The address under which the world knows the service, `https://speeches.example.org`: what citations begin with; nil
    /// where it is not known.
    public var publicAddress: String?

    /// The usual options.
    public init(
      token: String? = nil, maximumDocumentBytes: Int = 16 << 20, queryDeadline: Double = 5,
      accessLog: AccessLog? = nil,
      proxies: TrustedProxies = TrustedProxies(),
      language: LanguageData = LanguageData(), answerCacheBytes: Int = 0, publicAddress: String? = nil
    ) {
      self.token = token
      self.maximumDocumentBytes = maximumDocumentBytes
      self.queryDeadline = queryDeadline
      self.accessLog = accessLog
      self.proxies = proxies
      self.language = language
      self.answerCacheBytes = answerCacheBytes
      self.publicAddress = publicAddress
    }
  }

  /// Every endpoint, as declared.
  public var endpoints: [Endpoint] { router.endpoints }

  /// Bodies up to this many bytes are read to their end even where they are of no use: a new connection would cost more.
  private static let shortBody = 16 << 10

  private let store: Store
  private let answers: AnswerCache?
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
    self.store = store
    answers = Self.answerCache(beside: store, options, logger)
    authorization = Authorization(token: options.token)
    let cards = CardRepository(store, deadline: options.queryDeadline, pinyin: options.language.pinyin)
    let speeches = SpeechRepository(store)
    let exports = ExportRepository(store, deadline: options.queryDeadline, language: options.language)
    let collections = CollectionRepository(store, deadline: options.queryDeadline, read: SpeechCollection.filter)
    var endpoints = DocumentationRoutes.endpoints + HealthRoutes(store: store).endpoints
    endpoints +=
      CorpusRoutes(
        overview: OverviewRepository(store, deadline: options.queryDeadline), cards: cards,
        changes: ChangeRepository(store, deadline: options.queryDeadline), snapshots: SnapshotRepository(store),
        exports: exports, collections: collections, pinyin: options.language.pinyin
      ).endpoints
    let searches = SearchRepository(store, deadline: options.queryDeadline, language: options.language)
    endpoints +=
      SpeechListRoutes(cards: cards, searches: searches, collections: collections, exports: exports).endpoints
    endpoints += SearchRoutes(searches: searches, collections: collections).endpoints
    endpoints += SpeechRoutes(cards: cards, speeches: speeches, collections: collections).endpoints
    endpoints += ComparisonRoutes(speeches: speeches).endpoints
    endpoints += TextRoutes(speeches: speeches).endpoints
    endpoints += CitationRoutes(speeches: speeches, publicAddress: options.publicAddress).endpoints
    endpoints +=
      RelatedRoutes(
        related: RelatedRepository(store, deadline: options.queryDeadline, lexicon: options.language.lexicon)
      ).endpoints
    endpoints += FamilyRoutes(families: FamilyRepository(store, deadline: options.queryDeadline)).endpoints
    endpoints += CollectionRoutes(collections: collections, now: now).endpoints
    endpoints +=
      ImportRoutes(
        imports: ImportRepository(store), cards: cards, speeches: speeches, collections: collections,
        reader: DocumentReader(maximumBytes: options.maximumDocumentBytes, maximumRecords: 10_000), now: now
      ).endpoints
    endpoints +=
      CorrectionRoutes(
        imports: ImportRepository(store), cards: cards, speeches: speeches, collections: collections, now: now
      ).endpoints
    let description = OpenAPIDocument(endpoints: endpoints + [OpenAPIDocument.endpoint { [] }])
    let document = description.json
    endpoints.append(OpenAPIDocument.endpoint { document })
    router = Router(endpoints) { $0.nearest(in: $1) }
  }

  /// Answers a request, on its connection's loop or as work for the workers.
  public func answer(to request: Request) -> Answer {
    let id = RequestID(request)
    // Counted before anything is read, so that an answer is at least as new as it is kept for.
    let (commits, key) = (store.commits, answers == nil ? nil : AnswerCache.Key(request))
    if let key, var response = answers?.answer(to: key, commits: commits) {
      response.headerFields[.xRequestID] = id.text
      return .now(response)
    }
    do {
      let call: Call
      switch try match(request) {
      case .options(let allow): return .now(finish(Self.allowed(allow), request, id))
      case .call(let found): call = found
      }
      @Sendable func made(_ response: Response) -> Response {
        let response = finish(response, request, id, call)
        // A strong tag says that the answer is made of the corpus and the request, and of nothing else.
        if let key, response.headerFields[.eTag] != nil { answers?.keep(response, for: key, commits: commits) }
        return response
      }
      switch call.endpoint.handler {
      case .quick(let handler):
        switch try handler(call) {
        case .now(let response): return .now(made(response))
        case .onWorkers(let work): return .onWorkers { made(answering(request, id, work)) }
        }
      case .worker(let handler): return .onWorkers { made(answering(request, id) { try handler(call) }) }
      }
    } catch {
      return .now(finish(problemResponse(error, request, id), request, id))
    }
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
      guard case .call(let call) = try match(request) else { return .drop }
      return call.endpoint.body == nil ? .drop : .read
    } catch {
      let isOfBody = [.unauthorized, .forbidden, .unsupportedMediaType].contains(
        ErrorAnswers.problem(for: error).status)
      let length = request.headerFields[.contentLength].flatMap { Int($0) }
      guard isOfBody || request.headerFields[.expect] != nil, length ?? .max > Self.shortBody else { return .drop }
      let id = RequestID(request)
      return .refuse(finish(problemResponse(error, request, id), request, id))
    }
  }

  /// The endpoint that a request calls, if its head has the right to write there and a body of a kind that is read.
  private func match(_ request: Request) throws -> Router.Match {
    try router.match(request) { endpoint in
      if endpoint.writes { try authorization.check(request) }
      try endpoint.body?.check(request)
    }
  }

  /// The problem that a request is answered with which the server does not take.
  public func refusal(_ error: WireError, to request: Request?) -> Response {
    let id = RequestID(request)
    return finish(
      ErrorAnswers.response(ErrorAnswers.problem(for: error), to: request, requestID: id.text), request, id)
  }

  /// Writes a request to the access log, where there is one.
  public func completed(_ exchange: Exchange) {
    guard let log = options.accessLog else { return }
    log.record(exchange, client: exchange.request.map(options.proxies.client) ?? exchange.peer)
  }

  /// What `body` gives, or the answer that tells what it threw.
  private func answering(_ request: Request, _ id: RequestID, _ body: () throws -> Response) -> Response {
    do { return try body() } catch { return problemResponse(error, request, id) }
  }

  private func problemResponse(_ error: any Error, _ request: Request, _ id: RequestID) -> Response {
    let problem = ErrorAnswers.problem(for: error)
    if problem.status.kind == .serverError {
      logger.error(
        "\(error)", metadata: ["id": "\(id.text)", "target": "\(request.target.withoutSecrets.prefix(1_000))"])
    }
    return ErrorAnswers.response(problem, to: request, requestID: id.text)
  }

  private static func allowed(_ methods: [HTTPRequest.Method]) -> Response {
    let list = methods.map(\.rawValue).joined(separator: ", ")
    var response = Response(
      status: .noContent,
      headerFields: [
        .allow: list, .accessControlAllowMethods: "GET, HEAD, OPTIONS",
        .accessControlAllowHeaders: "Accept, If-Modified-Since, If-None-Match, If-Range, Range, X-Request-Id",
        .accessControlMaxAge: "86400",
      ])
    if methods.contains(.patch) {
      response.headerFields[.acceptPatch] = CorrectionRoutes.mediaTypes.joined(separator: ", ")
    }
    return response
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
    response.headerFields[.cacheControl] = response.headerFields[.eTag] == nil ? "no-store" : "no-cache"
    response.headerFields[.vary] =
      (call?.endpoint.formats.count ?? 0) > 1 || call == nil || response.headerFields[.vary] != nil
      ? "Accept, Accept-Encoding" : "Accept-Encoding"
    do { response = try conditional(response, request) } catch {
      return finish(problemResponse(error, request, id), request, id)
    }
    return Compression.compressed(response, for: request)
  }

  /// What a GET gets of an answer: nothing where it has it already, or the range it asks for; throws where it asks for
  /// what is not there.
  private func conditional(_ response: Response, _ request: Request) throws -> Response {
    guard response.status == .ok, let tag = response.headerFields[.eTag] else { return response }
    switch request.precondition(tags: [tag], modified: response.headerFields[.lastModified].flatMap { HTTPDate($0) }) {
    case .holds: return try response.part(for: request)
    case .failed: throw Precondition.problem
    case .notModified:
      var response = Response(status: .notModified, headerFields: response.headerFields)
      response.headerFields[.contentType] = nil
      return response
    }
  }
}
