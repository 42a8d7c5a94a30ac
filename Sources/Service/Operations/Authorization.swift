import Corpus
import Dispatch
import HTTP
import HTTPTypes
import Locking
import Storage

/// Knows who sends a request by its bearer token (RFC 6750).
///
/// Tokens are those of the operational database and the one of the setting, which the operator has and which may do
/// everything. Only digests are held, and a token is compared with all of them in constant time.
final class Authorization: Sendable {
  /// Who has a token.
  struct Identity: Hashable, Sendable {
    /// The name of the token; `setting` for the one of the setting.
    var name: String
    /// What it allows.
    var scope: TokenScope
    /// The digest of the token.
    var digest: [UInt8]
    /// Whether a person chose the token, as the one of the setting: it may be short enough to be guessed.
    var isChosen = false
  }

  /// What a request shows.
  enum Credentials: Sendable {
    /// No `Authorization`.
    case none
    /// Something that is no bearer token.
    case malformed
    /// A token that lets nobody in, and why.
    case invalid(String)
    /// A token that is good.
    case valid(Identity)

    /// Whose token it is, where it is good.
    var identity: Identity? { if case .valid(let identity) = self { identity } else { nil } }
  }

  private struct Known: Sendable {
    var tokens: [Token] = []
    var generation: UInt32?
    /// When the use of a token was last noted.
    var uses: [[UInt8]: Int] = [:]
  }

  /// Seconds between two notes that a token is in use.
  private static let useInterval = 3600

  private let setting: Identity?
  private let repository: TokenRepository?
  private let operations: OperationalStore?
  private let known = Locked(Known())
  private let notes = DispatchQueue(label: "rostrum.token-use")
  private let clock: @Sendable () -> Int

  /// Who is known.
  /// - Parameters:
  ///   - token: the token of the setting.
  ///   - clock: seconds since 1970.
  init(token: String?, operations: OperationalStore?, clock: @escaping @Sendable () -> Int) {
    setting = token.map { Identity(name: "setting", scope: .admin, digest: TokenText.digest(of: $0), isChosen: true) }
    repository = operations.map { TokenRepository($0) }
    self.operations = operations
    self.clock = clock
  }

  /// Whether there is any token that is good.
  var hasTokens: Bool {
    get throws {
      if setting != nil { return true }
      let time = clock()
      return try tokens().contains { $0.isGood(at: time) }
    }
  }

  /// What a request shows of who sent it.
  func credentials(of request: Request) throws -> Credentials {
    guard let field = request.headerFields[.authorization] else { return .none }
    let scheme = "bearer "
    guard field.prefix(scheme.count).lowercased() == scheme else { return .malformed }
    let text = String(field.dropFirst(scheme.count)).trimmed
    guard !text.isEmpty, text.utf8.allSatisfy(Self.isTokenByte) else { return .malformed }
    let digest = TokenText.digest(of: text)
    var found: Credentials = .invalid(
      TokenText.isMisspelt(text) ? "This token has a typo: its checksum is wrong." : "This token is not known here.")
    // All are compared, so that an answer's time tells nothing of any.
    if let setting, Self.areEqual(setting.digest, digest) { found = .valid(setting) }
    let time = clock()
    for token in try tokens() where Self.areEqual(token.digest, digest) {
      if token.isGood(at: time) {
        found = .valid(Identity(name: token.name, scope: token.scope, digest: token.digest))
        noteUse(of: token, at: time)
      } else {
        found = .invalid(token.revokedAt == nil ? "This token has expired." : "This token was revoked.")
      }
    }
    return found
  }

  /// The characters of RFC 6750 §2.1, and whatever else of ASCII an operator may have put into the setting.
  private static func isTokenByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

  /// Whether two digests are the same, in a time that tells nothing of where they differ. (`|` and `^` bind alike in Swift.)
  static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// The tokens as they are now, whoever changed them.
  private func tokens() throws -> [Token] {
    guard let operations, let repository else { return [] }
    let generation = operations.tokenGeneration
    let held = known.withLock { $0.generation == generation ? $0.tokens : nil }
    if let held { return held }
    let found = try repository.all()
    known.withLock { ($0.tokens, $0.generation) = (found.tokens, found.generation) }
    return found.tokens
  }

  private func noteUse(of token: Token, at time: Int) {
    let isDue = known.withLock { known in
      guard time - (known.uses[token.digest] ?? token.usedAt ?? 0) >= Self.useInterval else { return false }
      known.uses[token.digest] = time
      return true
    }
    guard isDue, let repository else { return }
    // Nobody waits for it, and nothing is lost with it.
    notes.async { try? repository.noteUse(of: token.digest, at: time) }
  }
}
