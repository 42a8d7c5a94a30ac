import Corpus
import HTTP
import HTTPTypes
import Interchange
import Storage

/// The one place where errors meet statuses.
enum ErrorAnswers {
  /// The problem that an error is to a client.
  static func problem(for error: any Error) -> Problem {
    switch error {
    case let problem as Problem: problem
    case let error as StorageError: storage(error)
    case let error as SchemaError:
      Problem(.unprocessableContent, code: "invalid_member", detail: error.description, pointer: error.pointer)
    default: internalError
    }
  }

  /// The problem that a refused request is to a client.
  static func problem(for error: WireError) -> Problem {
    var problem = Problem(error.status, code: error.code, detail: error.detail)
    if error.status == .serviceUnavailable { problem.headerFields[.retryAfter] = "1" }
    return problem
  }

  /// Why a single document was not taken.
  static func problem(for refusal: Refusal) -> Problem {
    let status: HTTPResponse.Status =
      switch refusal.code {
      case "malformed_json", "malformed_xml", "invalid_encoding": .badRequest
      case "too_large": .contentTooLarge
      case "unsupported_media_type": .unsupportedMediaType
      default: .unprocessableContent
      }
    return Problem(status, code: refusal.code, detail: refusal.reason, pointer: refusal.pointer)
  }

  private static let internalError = Problem(
    .internalServerError, code: "internal_error",
    detail: "Something went wrong in the server; its log says what, under this request's id.")

  private static func storage(_ error: StorageError) -> Problem {
    switch error {
    case .deadlineExceeded:
      Problem(
        .serviceUnavailable, code: "deadline_exceeded", detail: "The query took longer than it may; narrow it.",
        headerFields: [.retryAfter: "5"])
    case .resultsChanged:
      Problem(.gone, code: "cursor_expired", detail: error.description, parameter: "cursor")
    case .indexIncomplete:
      Problem(
        .serviceUnavailable, code: "index_incomplete", detail: error.description, headerFields: [.retryAfter: "60"])
    case .busy, .locked, .snapshotOvertaken, .snapshotOutlived:
      Problem(
        .serviceUnavailable, code: "busy", detail: "The database is busy; try again.", headerFields: [.retryAfter: "1"])
    case .full, .noRoom:
      Problem(
        .init(code: 507, reasonPhrase: "Insufficient Storage"), code: "storage_full",
        detail: "There is no room left on the server's disk; nothing of this was kept.")
    case .readOnly, .unwritable:
      Problem(
        .serviceUnavailable, code: "read_only", detail: "The database cannot be written at present.",
        headerFields: [.retryAfter: "60"])
    case .inputOutput:
      Problem(
        .serviceUnavailable, code: "storage_failed",
        detail: "The server's disk failed at this; try again. Its log says more, under this request's id.",
        headerFields: [.retryAfter: "5"])
    case .corrupt:
      Problem(
        .internalServerError, code: "corrupt",
        detail: "The database is damaged where this is kept; its log says more, under this request's id.")
    case .sharedDocument:
      Problem(.conflict, code: "document_shared", detail: error.description, parameter: "id")
    case .failed, .diverged, .incomplete, .newerSchema, .notACorpus, .cannotOpen, .exists, .unsound: internalError
    }
  }

  /// The answer that tells a problem: as problem+json, or as a page where a browser asked.
  static func response(_ problem: Problem, to request: Request?, requestID: String) -> Response {
    let title = problem.status.reasonPhrase
    var fields = problem.headerFields
    if let accept = request?.headerFields[.accept], prefersHTML(accept) {
      fields[.contentType] = "text/html; charset=utf-8"
      fields[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'"
      let page = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>\(problem.status.code) \(title)</title>
        <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}</style>
        <h1>\(problem.status.code) \(title)</h1><p>\(problem.detail.escapedForHTML)</p>
        <p><small>\(problem.code) · \(requestID)</small></p></html>
        """
      return Response(status: problem.status, headerFields: fields, body: .bytes(Array(page.utf8)))
    }
    var writer = JSONWriter(capacity: 512)
    writer.object {
      $0.member("type", "about:blank")
      $0.member("title", title)
      $0.member("status", problem.status.code)
      $0.member("detail", problem.detail)
      $0.member("code", problem.code)
      $0.member("instance", request.map { String($0.target.rawPath.prefix(1_000)) })
      $0.member("request_id", requestID)
      if let parameter = problem.parameter { $0.member("parameter", parameter) }
      if let position = problem.position { $0.member("position", position) }
      if let pointer = problem.pointer { $0.member("pointer", pointer) }
      if !problem.checks.isEmpty { $0.write(problem.checks) }
    }
    fields[.contentType] = "application/problem+json"
    return Response(status: problem.status, headerFields: fields, body: .bytes(writer.bytes))
  }

  private static func prefersHTML(_ accept: String) -> Bool {
    let negotiation = Negotiation(accept: accept)
    return negotiation.quality(of: "text/html") > negotiation.quality(of: "application/problem+json")
  }
}

extension String {
  fileprivate var escapedForHTML: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
