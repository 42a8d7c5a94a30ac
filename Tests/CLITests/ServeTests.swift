import Foundation
import Glibc
import Testing

@Suite("rostrum serve")
struct ServeTests {
  /// Waits until the server says where it listens.
  static func port(_ folder: URL) throws -> String {
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

  @Test("does not spin where the process has no descriptors left, and serves again once it has")
  func descriptors() throws {
    try Program.inFolder { folder in
      let command = "ulimit -n 40; exec '\(Program.path)' serve --database a.sqlite --port 0"
      let server = try Program.start(
        ["-c", command], in: folder, environment: ["ROSTRUM_EVENT_LOOPS": "2"], by: "/bin/sh")
      defer { server.terminate() }
      let port = try Self.port(folder)
      let clients = (0..<150).map { _ in Self.connect(port) }
      // Those that came too many are answered and closed in the end, and others take their place meanwhile.
      usleep(200_000)
      let before = Self.processorTime(server)
      usleep(800_000)
      #expect(Self.processorTime(server) - before < 0.4)
      #expect(try Program.text("err", in: folder).contains("no connection accepted for 100 ms"))
      for client in clients { close(client) }
      let elsewhere = folder.appending(path: "other")
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      var status: Int32 = 1
      for _ in 0..<50 where status != 0 {
        usleep(100_000)
        status = try Program.run(["health", "--port", port], in: elsewhere).status
      }
      #expect(status == 0)
    }
  }

  static func connect(_ port: String) -> Int32 {
    let client = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = (in_port_t(port) ?? 0).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return client
  }

  /// Seconds of a processor that a process has used.
  private static func processorTime(_ process: Process) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.dropFirst(11).prefix(2).reduce(0) { $0 + (Double($1) ?? 0) } / Double(sysconf(Int32(_SC_CLK_TCK)))
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
