import Corpus
import HTTP
import HTTPTypes
import Storage

/// How the answers of an endpoint are described in OpenAPI 3.1: what it gives, and every problem by its code.
struct OpenAPIResponses {
  let endpoint: Endpoint
  let isReadingOpen: Bool

  func write(to writer: inout JSONWriter) {
    for result in endpoint.results {
      writer.name(String(result.status))
      writer.object { write(result, to: &$0) }
    }
    for (status, problems) in Dictionary(grouping: problems, by: \.status).sorted(by: { $0.key < $1.key }) {
      writer.name(String(status))
      writer.object { writer in
        if problems.count == 1, WireError.problems.contains(problems[0]) {
          writer.member("$ref", "#/components/responses/" + problems[0].code)
        } else {
          Self.write(problems, status: status, at: endpoint.path, to: &writer)
        }
      }
    }
  }

  private func write(_ result: Endpoint.Result, to writer: inout JSONWriter) {
    writer.member("description", result.summary)
    var headers = ["X-Request-Id"]
    if endpoint.method == .get, result.status < 300 { headers += ["ETag", "Last-Modified", "Cache-Control", "Vary"] }
    if endpoint.parameters.contains(where: { $0.name == "cursor" }) { headers.append("Link") }
    if [201, 302].contains(result.status) { headers.append("Location") }
    if result.status == 206 { headers.append("Content-Range") }
    if endpoint.access != .open { headers += Self.rateLimits }
    if endpoint.method != .get { headers.append("Idempotent-Replayed") }
    Self.write(headers: headers, to: &writer)
    guard result.status < 300, result.status != 204 else { return }
    writer.object("content") { writer in
      if endpoint.formats.isEmpty {
        writer.object("*/*") { $0.object("schema") { _ in } }
      }
      for format in endpoint.formats {
        writer.name(format.mediaType)
        writer.object { writer in
          writer.name("schema")
          if format == .json {
            writer.value(Schemas.any(of: result.schemas))
            if let name = result.schemas.first {
              writer.name("example")
              writer.value(SchemaNotes.example(of: name))
            }
          } else if format == .citationJSON {
            writer.value(Schemas.array(Schemas.object([:], open: true)))
          } else {
            writer.value(.object([.init("type", .string("string"))]))
            if let text = SchemaNotes.texts[format.mediaType] { writer.member("example", text) }
          }
        }
      }
    }
  }

  /// Writes the answer that tells one of several problems of the same status.
  private static func write(
    _ problems: [ProblemSpecification], status: Int, at path: String?, to writer: inout JSONWriter
  ) {
    writer.member("description", problems.map { "`\($0.code)`: \($0.summary)" }.joined(separator: " "))
    var headers = ["X-Request-Id"]
    switch status {
    case 304: headers += ["ETag", "Cache-Control", "Vary"]
    case 401: headers.append("WWW-Authenticate")
    case 429: headers += ["Retry-After"] + rateLimits
    case 405: headers.append("Allow")
    case 416: headers.append("Content-Range")
    case 503: headers.append("Retry-After")
    default: break
    }
    write(headers: headers, to: &writer)
    if status == 304 { return }
    writer.object("content") { writer in
      writer.object("application/problem+json") { writer in
        writer.name("schema")
        let codes = Schemas.object(["code": Schemas.enumeration(problems.map(\.code))], open: true)
        writer.value(.object([.init("allOf", .array([Schemas.reference("Problem"), codes]))]))
        writer.object("examples") { writer in
          for problem in problems {
            writer.name(problem.code)
            writer.object { writer in
              writer.member("summary", problem.summary)
              writer.object("value") { write(problem, at: path, to: &$0) }
            }
          }
        }
      }
      writer.object("text/html") { $0.object("schema") { $0.member("type", "string") } }
    }
  }

  private static func write(_ problem: ProblemSpecification, at path: String?, to writer: inout JSONWriter) {
    writer.member("type", "about:blank")
    writer.member(
      "title", problem.status == 507 ? "Insufficient Storage" : HTTPResponse.Status(code: problem.status).reasonPhrase)
    writer.member("status", problem.status)
    writer.member("detail", problem.summary)
    writer.member("code", problem.code)
    writer.member("instance", path)
    writer.member("request_id", SchemaNotes.requestID)
  }

  // MARK: Problems

  /// Every problem that the endpoint can answer with: its own, and those that come with what it declares.
  private var problems: [ProblemSpecification] {
    var problems = WireError.problems
    problems.append(.init(400, "invalid_parameter", "A parameter is out of its bounds, or the address is not UTF-8."))
    problems.append(.init(500, "internal_error", "A fault of the server; its log has the request id."))
    problems.append(.init(500, "corrupt", "The database is damaged where this is kept."))
    problems.append(.init(503, "storage_failed", "The server's disk failed at this; try again."))
    if !endpoint.acceptsAnyQuery {
      problems.append(.init(400, "unknown_parameter", "There is no such parameter here."))
      problems.append(.init(400, "repeated_parameter", "A parameter is given twice that may be given once."))
    }
    if endpoint.parameters.contains(where: { $0.place == .path }) { problems.append(Self.notFound) }
    if endpoint.method == .get {
      problems.append(.init(304, "not_modified", "The client has it already."))
      problems.append(.init(412, "precondition_failed", "It is not what `If-Match` or `If-Unmodified-Since` names."))
      if !endpoint.formats.isEmpty {
        problems.append(.init(406, "not_acceptable", "`Accept` names no form that is offered."))
      }
    } else if !endpoint.formats.isEmpty {
      problems.append(.init(406, "not_acceptable", "`Accept` names no form that is offered."))
    }
    if endpoint.access != .open {
      problems.append(.init(429, "rate_limited", "The client asks too often; `Retry-After` says how long to wait."))
    }
    if let scope = endpoint.scope(isReadingOpen: isReadingOpen) {
      problems.append(.init(401, "unauthorized", "The token is missing, unknown, revoked or expired."))
      if scope > .read {
        problems.append(.init(403, "insufficient_scope", "The token is not of scope \(scope.rawValue)."))
        problems.append(.init(403, "writing_disabled", "The server is read-only: there is no token."))
      }
    }
    if endpoint.method != .get {
      problems += [
        .init(
          400, "invalid_idempotency_key", "`Idempotency-Key` is empty, too long or has other than visible characters."),
        .init(409, "idempotency_key_in_use", "The first request with this `Idempotency-Key` is being answered."),
        .init(422, "idempotency_key_reused", "This `Idempotency-Key` was used for another request."),
        .init(503, "read_only", "The database cannot be written at present."),
        .init(507, "storage_full", "There is no room left; nothing was kept."),
      ]
    }
    if endpoint.body != nil {
      problems += [
        .init(400, "malformed_json", "The body is not JSON."),
        .init(415, "unsupported_media_type", "The body is of a kind that is not read."),
        .init(422, "invalid_member", "A member is unknown or has a wrong type; `pointer` names it."),
      ]
    }
    if case .worker = endpoint.handler {
      problems.append(.init(503, "deadline_exceeded", "The query took longer than it may."))
    }
    problems.append(.init(503, "busy", "The database is busy."))
    // What an endpoint says of a code itself stands before what is said of it in general.
    var seen: Set<String> = []
    return (endpoint.problems + problems).filter { seen.insert("\($0.status) \($0.code)").inserted }
  }

  private static let notFound = ProblemSpecification(404, "not_found", "There is nothing at this address.")

  // MARK: What many answers share

  /// Writes the answers that any request may get, and those of addresses and methods that there are not.
  static func writeShared(to writer: inout JSONWriter) {
    let general = [
      notFound, .init(405, "method_not_allowed", "The address has no such method; `Allow` names those it has."),
    ]
    for problem in general + WireError.problems {
      writer.name(problem.code)
      writer.object { write([problem], status: problem.status, at: nil, to: &$0) }
    }
  }

  private static let rateLimits = ["RateLimit", "RateLimit-Policy"]

  private static let headers: KeyValuePairs<String, String> = [
    "X-Request-Id": "The name of the request: the client's own, or one that was made for it.",
    "ETag": "The strong entity tag, for `If-None-Match` and `If-Match`.",
    "Last-Modified": "When the revision was made, of what belongs to one revision.",
    "Cache-Control": "`no-cache` for what has a tag, `private` too where reading needs a token, else `no-store`.",
    "Vary": "The fields of the request that the answer depends on.",
    "Link": "The first and the next page (`rel=\"first\"`, `rel=\"next\"`).",
    "Location": "The address of what was made, or where to go.",
    "Content-Range": "The bytes that the answer has, and how many there are.",
    "RateLimit":
      "Where there is a limit: how many requests are left at once (`r`), and in how many seconds all are (`t`).",
    "RateLimit-Policy":
      "Where there is a limit: how many requests may come at once (`q`), or in how many seconds (`w`).",
    "Idempotent-Replayed": "`true` where this is the answer that the same request was given before.",
    "Retry-After": "After how many seconds it is worth asking again.",
    "WWW-Authenticate": "How to say who is asking.",
    "Allow": "The methods that the address has.",
  ]

  static func writeHeaders(to writer: inout JSONWriter) {
    for (name, summary) in headers {
      writer.name(name)
      writer.object { writer in
        writer.member("description", summary)
        writer.object("schema") { $0.member("type", "string") }
      }
    }
  }

  private static func write(headers names: [String], to writer: inout JSONWriter) {
    writer.object("headers") { writer in
      for name in names {
        writer.name(name)
        writer.object { $0.member("$ref", "#/components/headers/" + name) }
      }
    }
  }
}
