import Foundation
import Glibc
import Testing

@testable import CLI

@Suite("A server in operation")
struct ReloadingTests {
  /// A server with a settings file that the body may change.
  private func serving(
    _ settings: String, environment: [String: String] = [:], _ body: (URL, String, Process) throws -> Void
  ) throws {
    try Program.inFolder { folder in
      let file = folder.appending(path: "rostrum.yaml")
      try Data(settings.utf8).write(to: file)
      let server = try Program.start(
        ["serve", "--database", "a.sqlite", "--port", "0", "--config", file.path], in: folder, environment: environment)
      defer {
        server.terminate()
        server.waitUntilExit()
      }
      try body(folder, try ServeTests.port(folder), server)
    }
  }

  /// What the server answers to the bytes of a request.
  @discardableResult
  private func ask(_ port: String, _ request: String) -> String {
    let client = ServeTests.connect(port)
    defer { close(client) }
    _ = request.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(client, &buffer, buffer.count, 0), count > 0 { answer += buffer[..<count] }
    return String(decoding: answer, as: UTF8.self)
  }

  private func get(_ target: String, _ fields: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)Connection: close\r\n\r\n"
  }

  private func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<100 {
      if try condition() { return true }
      usleep(50_000)
    }
    return false
  }

  private func change(_ folder: URL, _ settings: String, _ server: Process) throws {
    try Data(settings.utf8).write(to: folder.appending(path: "rostrum.yaml"))
    kill(server.processIdentifier, SIGHUP)
  }

  @Test("takes the settings of the list anew on SIGHUP, says which wait, and keeps all where the file is wrong")
  func settings() throws {
    let before = "log_level: notice\nslow_query_ms: 0\nworkers: 2\n"
    try serving(before) { folder, port, server in
      func log() throws -> String { try Program.text("err", in: folder) }
      #expect(ask(port, get("/ready")).hasPrefix("HTTP/1.1 200"))
      try change(
        folder,
        "log_level: info\nlog_format: json\nslow_query_ms: 1\nworkers: 3\nmin_free_disk_bytes: 1125899906842624\n",
        server)
      #expect(try eventually { try log().contains("wait for the next start: workers") })
      #expect(try log().contains("\"message\":\"settings read again on SIGHUP\""))
      #expect(ask(port, get("/ready")).hasPrefix("HTTP/1.1 503"))
      try change(folder, "log_level: loud\n", server)
      #expect(try eventually { try log().contains("the settings stay as they were: log_level") })
      #expect(ask(port, get("/ready")).hasPrefix("HTTP/1.1 503"))
      try change(folder, before, server)
      #expect(eventually { ask(port, get("/ready")).hasPrefix("HTTP/1.1 200") })
    }
  }

  @Test("docs/operations.md lists what SIGHUP takes anew")
  func documented() throws {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: project.appending(path: "docs/operations.md"), encoding: .utf8)
    let list = Setting.reread.map { "`\($0.key)`" }.joined(separator: ", ")
    #expect(text.contains("On SIGHUP a server takes \(list) anew"))
  }

  @Test("goes on in a new access log after the old one was moved away, and loses no line")
  func rotation() throws {
    try serving("access_log_file: access.log\n") { folder, port, server in
      let count = 300
      for number in 0..<count {
        #expect(ask(port, get("/health?n=\(number)")).contains("unknown_parameter"))
        if number % 100 == 50 {
          try FileManager.default.moveItem(
            at: folder.appending(path: "access.log"), to: folder.appending(path: "access.\(number)"))
          kill(server.processIdentifier, SIGHUP)
          #expect(eventually { FileManager.default.fileExists(atPath: folder.appending(path: "access.log").path) })
        }
      }
      kill(server.processIdentifier, SIGTERM)
      server.waitUntilExit()
      var numbers: [Int] = []
      for file in ["access.50", "access.150", "access.250", "access.log"] {
        let text = try Program.text(file, in: folder)
        #expect(!text.isEmpty && text.hasSuffix("\n"))
        numbers += text.matches(of: /n=(\d+)"/).compactMap { Int($0.output.1) }
      }
      #expect(numbers.sorted() == Array(0..<count))
      #expect(try !Program.text("out", in: folder).contains("\"client\""))
    }
  }

  @Test("says why it cannot start with an access log that cannot be written, and stays with the old one on SIGHUP")
  func unwritable() throws {
    try Program.inFolder { folder in
      let wrong = try Program.run(
        ["serve", "--port", "0"], in: folder, environment: ["ROSTRUM_ACCESS_LOG_FILE": "nowhere/access.log"])
      #expect(wrong.status != 0 && wrong.errors.contains("nowhere/access.log"))
    }
    try serving("access_log_file: logs/access.log\n".replacing("logs/", with: "")) { folder, port, server in
      let path = folder.appending(path: "access.log")
      try FileManager.default.removeItem(at: path)
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
      kill(server.processIdentifier, SIGHUP)
      #expect(try eventually { try Program.text("err", in: folder).contains("the access log stays where it is") })
      #expect(ask(port, get("/health")).hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("writes no secret anywhere, whatever it logs", arguments: ["text", "json"])
  func secrets(form: String) throws {
    let secret = "geheim-7f3a"
    let settings =
      "token: \(secret)\nlog_level: trace\nlog_format: \(form)\nslow_query_ms: 1\naccess_log: true\nmin_free_disk_bytes: 0\n"
    try serving(settings) { folder, port, server in
      let body = "{\"text\": \"各位来宾，大家好。\", \"note\": \"\(secret)\"}"
      for fields in [
        "Authorization: Bearer \(secret)\r\n", "Authorization: Bearer \(secret)x\r\n",
        "Proxy-Authorization: Basic \(secret)\r\nCookie: a=\(secret)\r\n", "X-Request-Id: a b \(secret)\r\n",
      ] {
        for target in [
          "/v1?token=\(secret)", "/v1/speeches?q=a&access_token=\(secret)", "/v1/search?%74oken=\(secret)&limit=2",
          "/ready", "/metrics?api_key=\(secret)",
        ] { ask(port, get(target, fields)) }
        ask(
          port,
          "POST /v1/speeches?token=\(secret) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        ask(
          port,
          "POST /v1/speeches HTTP/1.1\r\nHost: a\r\n\(fields)Content-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        ask(port, "GET /?token=\(secret) HTTP/1.1\r\nHost: a\r\n\(fields) folded\r\n\r\n")
        ask(port, "GET /?token=\(secret) HTTP/7.1\r\n\(fields)\r\n")
      }
      #expect(
        ask(
          port,
          "POST /v1/speeches HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(secret)\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 12\r\nConnection: close\r\n\r\n大家好。"
        ).hasPrefix("HTTP/1.1 201"))
      try change(folder, settings + "workers: 3\n", server)
      #expect(try eventually { try Program.text("err", in: folder).contains("wait for the next start") })
      kill(server.processIdentifier, SIGTERM)
      server.waitUntilExit()
      for name in ["out", "err"] {
        let text = try Program.text(name, in: folder)
        #expect(!text.isEmpty && !text.contains("geheim"), "\(name)")
      }
      #expect(try Program.text("err", in: folder).contains("slow request"))
    }
  }

  @Test("is not ready while it drains")
  func draining() throws {
    try serving("min_free_disk_bytes: 0\n") { folder, port, server in
      let client = ServeTests.connect(port)
      defer { close(client) }
      let begin = "GET /ready HTTP/1.1\r\nHost: a\r\n"
      _ = begin.withCString { send(client, $0, strlen($0), 0) }
      usleep(200_000)
      kill(server.processIdentifier, SIGTERM)
      let isDraining = try eventually { try Program.text("err", in: folder).contains("draining") }
      #expect(isDraining)
      usleep(100_000)
      _ = "\r\n".withCString { send(client, $0, strlen($0), 0) }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(client, &buffer, buffer.count, 0)
      let answer = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
      #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("\"serving\":\"the server is about to end\""))
      server.waitUntilExit()
      #expect(server.terminationStatus == 0)
    }
  }
}
