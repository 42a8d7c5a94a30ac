import Foundation
import Testing

@Suite("rostrum serve")
struct ServeTests {
  /// Waits until the server says where it listens.
  private static func port(_ folder: URL) throws -> String {
    for _ in 0..<200 {
      if let line = try Program.text("out", in: folder).split(separator: "\n").first(where: { $0.contains("http://") }),
        let colon = line.lastIndex(of: ":")
      {
        return String(line[line.index(after: colon)...].dropLast())
      }
      usleep(50_000)
    }
    throw CocoaError(.fileReadUnknown)
  }

  @Test(
    "answers, is asked by health, refuses a second server, and ends with status 0 on SIGTERM and SIGINT",
    arguments: [SIGTERM, SIGINT])
  func life(signal: Int32) throws {
    try Program.inFolder { folder in
      let server = try Program.start(["serve", "--database", "a.sqlite", "--port", "0"], in: folder)
      let port = try Self.port(folder)
      let elsewhere = folder.appending(path: "other")
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      let health = try Program.run(["health", "--port", port], in: elsewhere)
      #expect(health.status == 0 && health.output.hasPrefix("HTTP/1.1 200"))
      let database = folder.appending(path: "a.sqlite").path
      let second = try Program.run(["serve", "--database", database, "--port", "0"], in: elsewhere)
      #expect(second.status != 0 && second.errors.contains("held by another Rostrum process"))
      let taken = try Program.run(["serve", "--database", "b.sqlite", "--port", port], in: elsewhere)
      #expect(taken.status != 0 && taken.errors.contains(port), "\(taken.errors)")
      kill(server.processIdentifier, signal)
      server.waitUntilExit()
      #expect(server.terminationReason == .exit && server.terminationStatus == 0)
      #expect(try Program.run(["health", "--port", port], in: elsewhere).status != 0)
      #expect(try Program.run(["check", "--database", database], in: elsewhere).status == 0)
    }
  }

  @Test("serves a Unix-domain socket, is asked by health there, logs requests as JSON, and takes its socket away")
  func socket() throws {
    try Program.inFolder { folder in
      let environment = ["ROSTRUM_ACCESS_LOG": "true", "ROSTRUM_SOCKET_MODE": "0600"]
      let server = try Program.start(
        ["serve", "--database", "a.sqlite", "--socket", "s"], in: folder, environment: environment)
      let path = folder.appending(path: "s").path
      for _ in 0..<200 where try !Program.text("out", in: folder).contains("unix:s\n") { usleep(50_000) }
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      let elsewhere = folder.appending(path: "other")
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      let health = try Program.run(["health"], in: elsewhere, environment: ["ROSTRUM_SOCKET": path])
      #expect(health.status == 0 && health.output.hasPrefix("HTTP/1.1 200"))
      kill(server.processIdentifier, SIGTERM)
      server.waitUntilExit()
      #expect(server.terminationStatus == 0 && !FileManager.default.fileExists(atPath: path))
      let line = try Program.text("out", in: folder).split(separator: "\n").last ?? ""
      #expect(
        line.hasPrefix("{\"time\":") && line.contains("\"client\":\"unix\",\"method\":\"GET\",\"target\":\"/ready\""))
      #expect(try Program.run(["health", "--socket", path], in: elsewhere).status != 0)
      let wrong = try Program.run(
        ["serve"], in: elsewhere, environment: ["ROSTRUM_TRUSTED_PROXIES": "10.0.0.0/8, proxy"])
      #expect(wrong.status != 0 && wrong.errors.contains("trusted_proxies: “proxy”"))
    }
  }
}
