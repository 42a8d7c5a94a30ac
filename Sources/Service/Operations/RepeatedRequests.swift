import Corpus
import HTTP
import HTTPTypes
import Locking
import Logging
import Storage

/// Answers a request that comes again under the same `Idempotency-Key` as it was answered first, and does nothing twice
/// (draft-ietf-httpapi-idempotency-key-header).
///
/// What is in work is known to this process only, and an answer is kept after what it tells was committed. A crash between
/// the two loses the answer and nothing else: the import that is then repeated changes nothing.
final class RepeatedRequests: Sendable {
  /// A key is good for one token.
  private struct Place: Hashable, Sendable {
    var token: String
    var key: String
  }

  private static let longestKey = 255

  private let kept: KeptAnswerRepository?
  private let inWork = Locked([Place: [UInt8]]())
  private let clock: @Sendable () -> Int
  private let logger: Logger

  /// - Parameter clock: seconds since 1970.
  init(operations: OperationalStore?, clock: @escaping @Sendable () -> Int, logger: Logger) {
    kept = operations.map { KeptAnswerRepository($0) }
    self.clock = clock
    self.logger = logger
  }

  /// What `make` answers, or what it answered before; throws the problem of a key that stands for another request, or for
  /// one that is being answered.
  func answer(_ request: Request, of identity: Authorization.Identity?, _ make: () -> Response) throws -> Response {
    guard let kept, let identity, !request.isSafe, let field = request.headerFields[.idempotencyKey] else {
      return make()
    }
    let place = Place(token: identity.digest.hexadecimal, key: try Self.key(field))
    let fingerprint = Self.fingerprint(of: request)
    try inWork.withLock { inWork in
      if let other = inWork[place] { throw other == fingerprint ? Self.inUse : Self.reused }
      inWork[place] = fingerprint
    }
    defer { inWork.withLock { $0[place] = nil } }
    if let before = try kept.answer(to: place.key, of: place.token, at: clock()) {
      guard before.request == fingerprint else { throw Self.reused }
      return Self.response(before)
    }
    let response = make()
    // A fault of the server may be over when the request comes again.
    guard response.status.kind != .serverError, case .bytes(let body) = response.body else { return response }
    let answer = KeptAnswer(
      request: fingerprint, status: response.status.code, reason: response.status.reasonPhrase,
      fields: response.headerFields.map { "\($0.name.rawName): \($0.value)" }.joined(separator: "\n"), body: body)
    do { try kept.keep(answer, for: place.key, of: place.token, at: clock()) } catch {
      logger.warning("the answer to a request with an Idempotency-Key was not kept: \(error)")
    }
    return response
  }

  /// The key of a field: a string of RFC 9651 or, as many send it, the key without quotes.
  private static func key(_ field: String) throws -> String {
    var text = Substring(field.trimmed)
    if text.utf8.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
    guard (1...longestKey).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
    else {
      throw Problem(
        .badRequest, code: "invalid_idempotency_key",
        detail: "Idempotency-Key has to be a string of 1 to \(longestKey) visible characters, such as a UUID.")
    }
    return String(text)
  }

  /// A digest of all that makes one request another.
  private static func fingerprint(of request: Request) -> [UInt8] {
    var hash = SHA256()
    let fields = [HTTPField.Name.contentType, .ifMatch, .ifUnmodifiedSince].map { request.headerFields[$0] ?? "" }
    for part in [request.method.rawValue, request.target.raw] + fields {
      hash.update(Array(part.utf8) + [0])
    }
    hash.update(request.body)
    return hash.digest
  }

  private static func response(_ kept: KeptAnswer) -> Response {
    var response = Response(status: .init(code: kept.status, reasonPhrase: kept.reason), body: .bytes(kept.body))
    for line in kept.fields.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) else { continue }
      response.headerFields.append(HTTPField(name: name, value: String(line[colon...].dropFirst(2))))
    }
    response.headerFields[.idempotentReplayed] = "true"
    return response
  }

  private static let inUse = Problem(
    .conflict, code: "idempotency_key_in_use", detail: "The first request with this Idempotency-Key is being answered.",
    headerFields: [.retryAfter: "1"])
  private static let reused = Problem(
    .unprocessableContent, code: "idempotency_key_reused",
    detail: "This Idempotency-Key was used for another request; give each request a key of its own.")
}
