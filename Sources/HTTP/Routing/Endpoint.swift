public import HTTPTypes

/// A form that an answer can have: its name is the suffix of the address, its media type what `Accept` asks for.
public struct Format: Hashable, Sendable {
  /// The suffix, without its dot.
  public let name: String
  /// The media type, without parameters.
  public let mediaType: String

  /// A form of answer.
  public init(name: String, mediaType: String) {
    self.name = name
    self.mediaType = mediaType
  }

  /// The `Content-Type`, with the character set where the type has one.
  public var contentType: String {
    mediaType.hasPrefix("text/") ? mediaType + "; charset=utf-8" : mediaType
  }

  /// JSON.
  public static let json = Format(name: "json", mediaType: "application/json")
  /// Plain text.
  public static let plainText = Format(name: "txt", mediaType: "text/plain")
  /// HTML.
  public static let html = Format(name: "html", mediaType: "text/html")
  /// Markdown (RFC 7763).
  public static let markdown = Format(name: "md", mediaType: "text/markdown")
  /// BibTeX, by the name that is in use; none is registered.
  public static let bibTeX = Format(name: "bib", mediaType: "application/x-bibtex")
  /// CSL-JSON, items of the Citation Style Language.
  public static let citationJSON = Format(name: "csl", mediaType: "application/vnd.citationstyles.csl+json")
}

/// Whom an endpoint is for; each includes those before it.
public enum Access: String, CaseIterable, Comparable, Sendable {
  /// Whoever reaches the server, whatever its settings.
  case open
  /// Who may read.
  case read
  /// Who may change the corpus.
  case write
  /// Who runs the service.
  case admin

  /// Whether it is for more than another.
  public static func < (one: Self, other: Self) -> Bool {
    func rank(_ access: Self) -> Int { allCases.firstIndex(of: access) ?? 0 }
    return rank(one) < rank(other)
  }
}

/// One address and method of the API, declared once: it routes the request, bounds its parameters, documents itself and
/// says where it runs.
public struct Endpoint: Sendable {
  /// What answers a call, and where.
  public enum Handler: Sendable {
    /// On the connection's loop: a few rows by key, a small answer, or work that turned out to be long.
    case quick(@Sendable (Call) throws -> Reply)
    /// On a worker.
    case worker(@Sendable (Call) throws -> Response)
    /// Beside the workers, for what has to be answered however busy they are.
    case aside(@Sendable (Call) throws -> Response)
  }

  /// What a quick handler gives: the answer, or the work that makes it.
  public enum Reply: Sendable {
    /// The answer.
    case now(Response)
    /// Work for a worker, since there is more to do than a loop should.
    case onWorkers(@Sendable () throws -> Response)
  }

  /// What may come in the body of a request.
  public struct Body: Sendable {
    /// The media types that are read.
    public var mediaTypes: [String]
    /// What it holds.
    public var summary: String
    /// The name of the JSON shape that it may have.
    public var schema: String
    /// Throws the problem that the head of a request has with its body, before that is read.
    public var check: @Sendable (Request) throws -> Void

    /// A body in one of the given types.
    public init(
      mediaTypes: [String], summary: String, schema: String, check: @escaping @Sendable (Request) throws -> Void
    ) {
      self.mediaTypes = mediaTypes
      self.summary = summary
      self.schema = schema
      self.check = check
    }
  }

  /// What an answer looks like, for the documentation.
  public struct Result: Sendable, Hashable {
    /// The status.
    public var status: Int
    /// What it means.
    public var summary: String
    /// The names of the JSON shapes that it may have; none where it is no JSON of ours.
    public var schemas: [String]

    /// An answer of the given shape.
    public init(_ status: Int, _ summary: String, schema: String...) {
      self.status = status
      self.summary = summary
      schemas = schema
    }
  }

  /// The method; HEAD comes with GET, OPTIONS with everything.
  public var method: HTTPRequest.Method
  /// The path, `{name}` for a part of it: `/v1/speeches/{id}`.
  public var path: String
  /// A word for it in programs: `listSpeeches`.
  public var name: String
  /// One line for people.
  public var summary: String
  /// Every parameter.
  public var parameters: [ParameterSpecification]
  /// The forms that the answer can have, the usual one first.
  public var formats: [Format]
  /// What the request may carry.
  public var body: Body?
  /// Whom it is for.
  public var access: Access
  /// Names of parameters that only who runs the service may use.
  public var adminParameters: Set<String>
  /// Whether it passes over whatever query comes with it.
  public var acceptsAnyQuery: Bool
  /// The answers that it gives where nothing is wrong.
  public var results: [Result]
  /// Statuses and codes of the problems of its own, besides those that every endpoint has.
  public var problems: [ProblemSpecification]
  /// What answers.
  public var handler: Handler

  /// A declaration.
  public init(
    _ method: HTTPRequest.Method, _ path: String, name: String, summary: String,
    parameters: [ParameterSpecification] = [], formats: [Format] = [.json], body: Body? = nil, access: Access = .read,
    adminParameters: Set<String> = [], acceptsAnyQuery: Bool = false,
    results: [Result], problems: [ProblemSpecification] = [], handler: Handler
  ) {
    self.method = method
    self.path = path
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.formats = formats
    self.body = body
    self.access = access
    self.adminParameters = adminParameters
    self.acceptsAnyQuery = acceptsAnyQuery
    self.results = results
    self.problems = problems
    self.handler = handler
  }
}

/// A problem that an endpoint can answer with.
public struct ProblemSpecification: Hashable, Sendable {
  /// The status.
  public var status: Int
  /// The stable word.
  public var code: String
  /// When it comes.
  public var summary: String

  /// A documented problem.
  public init(_ status: Int, _ code: String, _ summary: String) {
    self.status = status
    self.code = code
    self.summary = summary
  }
}
