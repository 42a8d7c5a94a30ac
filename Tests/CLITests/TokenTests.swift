import Foundation
import Glibc
import Testing

@testable import CLI

@Suite("rostrum token")
struct TokenTests {
  /// What a server answers to one request.
  private static func ask(_ port: String, _ request: String, _ token: String? = nil, body: String = "") -> String {
    let client = ServeTests.connect(port)
    defer { close(client) }
    let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    let text =
      "\(request) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(authorization)"
      + (body.isEmpty ? "" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n") + "\r\n" + body
    let bytes = Array(text.utf8)
    guard send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return "" }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(client, &buffer, buffer.count, 0), count > 0 { all += buffer[..<count] }
    return String(decoding: all, as: UTF8.self)
  }

  /// Runs `rostrum token` beside the server of a folder.
  private static func token(_ arguments: [String], in folder: URL) throws -> Program.Outcome {
    let database = folder.appending(path: "a.sqlite").path
    return try Program.run(["token"] + arguments + ["--database", database], in: folder.appending(path: "commands"))
  }

  /// The files of a folder that hold some bytes.
  private static func files(in folder: URL, holding text: String) throws -> [String] {
    var found: [String] = []
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() {
      guard let data = try? Data(contentsOf: folder.appending(path: file)) else { continue }
      if data.range(of: Data(text.utf8)) != nil { found.append(file) }
    }
    return found
  }

  private static func status(_ answer: String) -> Int? { Int(answer.dropFirst(9).prefix(3)) }

  @Test("makes tokens that a running server takes at once, names them in its logs, and revokes them at once")
  func life() throws {
    try Program.inFolder { folder in
      let environment = ["ROSTRUM_ACCESS_LOG": "true", "ROSTRUM_READING": "token", "ROSTRUM_DATABASE": "a.sqlite"]
      let commands = folder.appending(path: "commands")
      try FileManager.default.createDirectory(at: commands, withIntermediateDirectories: true)
      let server = try Program.start(["serve", "--port", "0"], in: folder, environment: environment)
      defer { server.terminate() }
      let port = try ServeTests.port(folder)
      let post = "POST /v1/speeches"
      let speech = #"{"title":"第一课","text":"同学们：\n今天开学。"}"#
      #expect(Self.ask(port, post, body: speech).contains("\"code\":\"writing_disabled\""))
      let made = try Self.token(["create", "编辑部", "--scope", "write", "--expires", "1d"], in: folder)
      #expect(made.status == 0 && made.errors.contains("cannot be shown again"))
      let secret = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(secret.wholeMatch(of: /rostrum_[A-Za-z0-9_-]{47}/) != nil)
      #expect(Self.status(Self.ask(port, post, body: speech)) == 401)
      #expect(Self.status(Self.ask(port, post, secret, body: speech)) == 201)
      #expect(Self.status(Self.ask(port, "GET /v1")) == 401 && Self.status(Self.ask(port, "GET /v1", secret)) == 200)
      #expect(Self.status(Self.ask(port, "GET /health")) == 200)
      let list = try Self.token(["list"], in: folder).output
      #expect(list.hasPrefix("编辑部\twrite\t\(secret.prefix(16))…\tgood\t") && !list.contains(secret))
      let twice = try Self.token(["create", "编辑部", "--scope", "read"], in: folder)
      #expect(twice.status != 0 && twice.errors.contains("already") && twice.output.isEmpty)
      for wrong in [
        ["create", "a", "--scope", "all"], ["create", "setting", "--scope", "read"], ["revoke", "nobody"],
      ] {
        #expect(try Program.run(["token"] + wrong, in: commands, environment: environment).status != 0, "\(wrong)")
      }
      #expect(try Self.token(["revoke", String(secret.prefix(16))], in: folder).output.hasPrefix("revoked 编辑部"))
      #expect(Self.status(Self.ask(port, "GET /v1", secret)) == 401)
      #expect(try Self.token(["list"], in: folder).output.contains("\trevoked\t"))

      kill(server.processIdentifier, SIGTERM)
      server.waitUntilExit()
      #expect(server.terminationStatus == 0)
      let (log, access) = (try Program.text("err", in: folder), try Program.text("out", in: folder))
      #expect(log.contains("POST /v1/speeches") && log.contains("by=编辑部"))
      #expect(access.contains("\"token\":\"编辑部\"}\n") && access.contains("\"token\":null"))
      // The token is nowhere, and what is known of it only in its own file.
      #expect(try Self.files(in: folder, holding: secret).isEmpty)
      let known = try Self.files(in: folder, holding: String(secret.prefix(16))).filter { !$0.hasPrefix("commands/") }
      #expect(known == ["a.sqlite.operations"])
    }
  }

  @Test("a server with limits tells a client over its connection what is left, and when to come again")
  func limits() throws {
    try Program.inFolder { folder in
      let environment = [
        "ROSTRUM_DATABASE": "a.sqlite", "ROSTRUM_READS_PER_SECOND": "1", "ROSTRUM_READS_BURST": "2",
        "ROSTRUM_TOKEN": "secret", "ROSTRUM_FAILED_LOGINS_PER_MINUTE": "2",
      ]
      let server = try Program.start(["serve", "--port", "0"], in: folder, environment: environment)
      defer { server.terminate() }
      let port = try ServeTests.port(folder)
      let answers = (0..<4).map { _ in Self.ask(port, "GET /v1") }
      #expect(answers[0].contains("\r\nRateLimit: \"reads\";r=1;t=1\r\n"))
      #expect(answers[0].contains("\r\nRateLimit-Policy: \"reads\";q=2;w=2\r\n"))
      #expect(Self.status(answers[0]) == 200 && Self.status(answers[3]) == 429)
      #expect(answers[3].contains("\r\nRetry-After: 1\r\n") && answers[3].contains("\"code\":\"rate_limited\""))
      let deletion = "DELETE /v1/speeches/0123456789ab"
      let failures = (0..<3).map { Self.status(Self.ask(port, deletion, "guess\($0)")) }
      #expect(failures == [401, 401, 429] && Self.status(Self.ask(port, "GET /ready")) == 200)
    }
  }

  @Test("the token for an origin goes to that server, and to none that it leads to")
  func origins() throws {
    let origin = "http://speeches.example.org:8080/a"
    for (text, isSame) in [
      ("http://speeches.example.org:8080/v1", true), ("http://speeches.example.org/v1", false),
      ("http://example.org:8080/v1", false), ("http://speeches.example.org.evil:8080/", false),
    ] {
      #expect(try Origin.isSameServer(origin, #require(URL(string: text))) == isSame, "\(text)")
    }
  }

  @Test("takes an end as days, hours, a day or a time, and none that is over")
  func expiry() throws {
    let now = 1_767_323_045
    #expect(try CLI.Token.Create.time("90d", after: now) == now + 90 * 86_400)
    #expect(try CLI.Token.Create.time("12h", after: now) == now + 12 * 3_600)
    #expect(try CLI.Token.Create.time("2026-02-01", after: now) == 1_769_904_000)
    #expect(try CLI.Token.Create.time("2026-02-01T08:00:00Z", after: now) == 1_769_904_000 + 8 * 3_600)
    for wrong in ["", "d", "0d", "-1d", "soon", "2026-01-01", "2026-13-01"] {
      #expect(throws: Failure.self, "\(wrong)") { try CLI.Token.Create.time(wrong, after: now) }
    }
  }
}
