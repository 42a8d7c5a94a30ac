import ArgumentParser
import Foundation
import Service
import Storage

/// `rostrum token`: who may read, write and run the service.
struct Token: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes, lists and revokes the tokens that clients send as “Authorization: Bearer TOKEN”.",
    discussion: "Works beside a running server, which sees a new or revoked token at once.",
    subcommands: [Create.self, List.self, Revoke.self])

  /// The options of all of them.
  struct Options: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("operations-database"), help: "The file with the tokens, if not beside the database.")
    var operations: String?

    func store() throws -> OperationalStore { try Token.store(common.settings([(.operations, operations)])) }
  }

  /// The operational database of the settings.
  static func store(_ settings: Settings) throws -> OperationalStore {
    let path = settings.text(.operations)
    return try OperationalStore(
      path: path.isEmpty ? OperationalStore.path(beside: settings.text(.database)) : path)
  }

  /// `rostrum token create`.
  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a token and prints it, this once.",
      discussion: """
        read: may read where reading needs a token. write: may import, correct and delete, too. admin: everything.
        rostrum token create 编辑部 --scope write --expires 365d
        """)

    @OptionGroup var options: Options

    @Argument(help: "Whose it is, or what for; it stands in the logs. At most 64 characters.")
    var name: String

    @Option(
      help: "What it allows: read, write or admin.",
      transform: {
        guard let scope = TokenScope(rawValue: $0) else { throw ValidationError("expected read, write or admin.") }
        return scope
      })
    var scope: TokenScope

    @Option(
      help: "When it ends: after so many days or hours (90d, 12h), or at a time (2027-01-31, 2027-01-31T08:00:00Z).")
    var expires: String?

    func run() throws {
      let isFit =
        (1...64).contains(name.count) && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
      guard isFit, name != "setting" else {
        throw Failure(
          "A name has 1 to 64 characters without line breaks, and is not “setting”, the token of the settings.")
      }
      let now = Timestamp.seconds
      let end = try expires.map { try Self.time($0, after: now) }
      let token = TokenText()
      let isNew = try TokenRepository(options.store()).add(
        .init(
          name: name, prefix: token.prefix, digest: TokenText.digest(of: token.text), scope: scope, createdAt: now,
          expiresAt: end))
      guard isNew else { throw Failure("There is a token “\(name)” already; revoke it first, or take another name.") }
      // Only the token goes to standard output, so that a script can take it from there.
      print(token.text)
      FileHandle.standardError.write(Data("Keep it now: it is not stored and cannot be shown again.\n".utf8))
    }

    /// The time that a text names, in seconds since 1970.
    static func time(_ text: String, after now: Int) throws -> Int {
      let units: [Character: Int] = ["d": 86_400, "h": 3_600]
      if let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (1...100_000).contains(count) {
        return now + count * unit
      }
      let style = Date.ISO8601FormatStyle()
      let date = (try? style.parse(text)) ?? (try? style.year().month().day().parse(text))
      guard let date else {
        throw Failure("--expires: expected 90d, 12h, 2027-01-31 or 2027-01-31T08:00:00Z, found “\(text)”.")
      }
      let time = Int(date.timeIntervalSince1970)
      guard time > now else { throw Failure("--expires: \(text) is over.") }
      return time
    }
  }

  /// `rostrum token list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the tokens: name, scope, how it begins, state, made, last used (to the hour), end.")

    @OptionGroup var options: Options

    func run() throws {
      let now = Timestamp.seconds
      for token in try TokenRepository(options.store()).all().tokens {
        let state = token.isGood(at: now) ? "good" : token.revokedAt == nil ? "expired" : "revoked"
        let times = [token.createdAt, token.usedAt, token.expiresAt].map { $0.map(Self.text) ?? "-" }
        print(([token.name, token.scope.rawValue, token.prefix + "…", state] + times).joined(separator: "\t"))
      }
    }

    private static func text(_ time: Int) -> String { Date(timeIntervalSince1970: Double(time)).formatted(.iso8601) }
  }

  /// `rostrum token revoke`.
  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Revokes a token; a running server refuses it at once.")

    @OptionGroup var options: Options

    @Argument(help: "Its name, or how it begins.")
    var token: String

    func run() throws {
      let found = try TokenRepository(options.store()).revoke(token, at: Timestamp.seconds)
      guard let one = found.first else { throw Failure("There is no such token, or it is revoked already.") }
      guard found.count == 1 else {
        throw Failure("Several begin so: \(found.map { "\($0.name) (\($0.prefix)…)" }.joined(separator: ", ")).")
      }
      print("revoked \(one.name) (\(one.prefix)…)")
    }
  }
}
