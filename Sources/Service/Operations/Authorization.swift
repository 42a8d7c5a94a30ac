import Crypto
import HTTP
import HTTPTypes

/// Lets a request write only with the bearer token (RFC 6750) that the service was given; without one nobody writes.
struct Authorization: Sendable {
  private let digest: SHA256Digest?

  /// Keeps the digest of the token, not the token.
  init(token: String?) { digest = token.map { SHA256.hash(data: Array($0.utf8)) } }

  /// Throws the problem that keeps a request from writing.
  func check(_ request: Request) throws {
    guard let digest else {
      throw Problem(
        .forbidden, code: "writing_disabled",
        detail:
          "This server is read-only: no token is configured. Start it with ROSTRUM_TOKEN set to let clients write.")
    }
    let scheme = "bearer "
    guard let field = request.headerFields[.authorization], field.lowercased().hasPrefix(scheme) else {
      throw Self.refused("Writing needs “Authorization: Bearer TOKEN”.", challenge: "Bearer realm=\"rostrum\"")
    }
    // Digests are compared in constant time (SHA256Digest's ==), so an answer's time tells nothing of the token.
    guard SHA256.hash(data: Array(field.utf8.dropFirst(scheme.utf8.count))) == digest else {
      throw Self.refused(
        "This token is not valid here.", challenge: "Bearer realm=\"rostrum\", error=\"invalid_token\"")
    }
  }

  private static func refused(_ detail: String, challenge: String) -> Problem {
    Problem(.unauthorized, code: "unauthorized", detail: detail, headerFields: [.wwwAuthenticate: challenge])
  }
}
