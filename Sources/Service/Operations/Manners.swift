import HTTP
import HTTPTypes

/// The fields that all answers have.
extension Site {
  /// What a page of another origin may see of an answer besides what it may see of every one.
  private static let exposedFields =
    "Link, ETag, Location, Content-Range, Retry-After, X-Request-Id, RateLimit, RateLimit-Policy"

  static func allowed(_ methods: [HTTPRequest.Method]) -> Response {
    let list = methods.map(\.rawValue).joined(separator: ", ")
    var response = Response(
      status: .noContent,
      headerFields: [
        .allow: list, .accessControlAllowMethods: "GET, HEAD, OPTIONS",
        .accessControlAllowHeaders:
          "Accept, Authorization, If-Modified-Since, If-None-Match, If-Range, Range, X-Request-Id",
        .accessControlMaxAge: "86400",
      ])
    if methods.contains(.patch) {
      response.headerFields[.acceptPatch] = CorrectionRoutes.mediaTypes.joined(separator: ", ")
    }
    return response
  }

  /// Gives an answer the fields that all have, leaves out what the client has already, and compresses it where that pays.
  func finish(_ response: Response, _ request: Request?, _ id: RequestID, _ call: Call? = nil) -> Response {
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
      response.headerFields[.accessControlExposeHeaders] = Self.exposedFields
    }
    guard reads, let request else { return response }
    let isPrivate = !gate.isReadingOpen && call?.endpoint.access != .open
    response.headerFields[.cacheControl] =
      response.headerFields[.eTag] == nil ? "no-store" : isPrivate ? "private, no-cache" : "no-cache"
    response.headerFields[.vary] =
      (call?.endpoint.formats.count ?? 0) > 1 || call == nil || response.headerFields[.vary] != nil
      ? "Accept, Accept-Encoding" : "Accept-Encoding"
    if isPrivate { response.headerFields[.vary]? += ", Authorization" }
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
