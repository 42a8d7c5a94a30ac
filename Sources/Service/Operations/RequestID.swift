import HTTP
import HTTPTypes

/// The name of one request in answers and logs: the client's own, where it is fit for both.
struct RequestID: Sendable {
  let text: String

  /// Takes the client's id, at most 64 of `A-Za-z0-9._-`, or makes one.
  init(_ request: Request?) {
    if let given = request?.headerFields[.xRequestID], (1...64).contains(given.utf8.count),
      given.utf8.allSatisfy({ byte in
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
      })
    {
      text = given
    } else {
      let random = String(UInt64.random(in: .min ... .max), radix: 36)
      text = String(repeating: "0", count: 13 - random.utf8.count) + random
    }
  }
}

extension HTTPField.Name {
  /// `X-Request-Id`.
  static let xRequestID = known("X-Request-Id")
  /// The digest of the whole of what an answer may be a part of (RFC 9530 §3).
  static let reprDigest = known("Repr-Digest")
  /// What `PATCH` takes (RFC 5789 §3.1).
  static let acceptPatch = known("Accept-Patch")
  /// What an address tells the next site of this one.
  static let referrerPolicy = known("Referrer-Policy")
  /// `Link` (RFC 8288).
  static let link = known("Link")
  /// What a client has left of its budget (draft-ietf-httpapi-ratelimit-headers).
  static let rateLimit = known("RateLimit")
  /// What the budget of a client is.
  static let rateLimitPolicy = known("RateLimit-Policy")
  /// The name of a request that may be sent again (draft-ietf-httpapi-idempotency-key-header).
  static let idempotencyKey = known("Idempotency-Key")
  /// Says that an answer was given before.
  static let idempotentReplayed = known("Idempotent-Replayed")
  /// How long a browser may remember what CORS allows.
  static let accessControlMaxAge = known("Access-Control-Max-Age")

  /// A name that is known to be one.
  private static func known(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
    return name
  }
}
