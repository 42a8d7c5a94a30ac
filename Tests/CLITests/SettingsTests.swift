import Foundation
import HTTP
import Testing

@testable import CLI

@Suite("Settings")
struct SettingsTests {
  private func file(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID()).yaml").path
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test("a flag wins over a variable, a variable over the file, the file over the default")
  func order() throws {
    let file = try file("port: 1\nhost: a\ndatabase: f\n")
    defer { try? FileManager.default.removeItem(atPath: file) }
    let settings = try Settings(
      flags: [(.port, "3"), (.host, nil)], file: file, environment: ["ROSTRUM_PORT": "2", "ROSTRUM_HOST": "b"])
    #expect(settings.integer(.port) == 3)
    #expect(settings.text(.host) == "b")
    #expect(settings.text(.database) == "f")
    #expect(settings.integer(.workers) == 4)
  }

  @Test(
    "a mistake names the key and where it came from",
    arguments: [
      ([:], "prot: 1\n", ["prot", "line 1", "“port”"]), ([:], "port: eighty\n", ["port", "eighty", "line 1"]),
      ([:], "port: [1]\n", ["port", "line 1"]), ([:], "- a\n", ["key: value"]), ([:], "a: [", ["YAML"]),
      (["ROSTRUM_PORT": "70000"], "", ["port", "70000", "ROSTRUM_PORT"]),
      (["ROSTRUM_ACCESS_LOG": "yes"], "", ["access_log", "true or false"]),
      (["ROSTRUM_LOG_LEVEL": "loud"], "", ["log_level", "info"]),
      (["ROSTRUM_SOCKET_MODE": "0999"], "", ["socket_mode", "0660"]), ([:], "socket_mode: 7777", ["socket_mode"]),
    ] as [([String: String], String, [String])])
  func mistakes(environment: [String: String], text: String, words: [String]) throws {
    let file = try file(text)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let error = #expect(throws: Failure.self) { try Settings(file: file, environment: environment) }
    for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
  }

  @Test("config/rostrum.yaml lists every setting with its default and its line of explanation")
  func example() throws {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = project.appending(path: "config/rostrum.yaml").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for setting in Setting.all {
      let line = setting.defaultText.isEmpty ? "\(setting.key):" : "\(setting.key): \(setting.defaultText)"
      #expect(text.contains("\n\n# \(setting.summary)\n\(line)\n"), "\(setting.key)")
    }
    let keys = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != ":" } }
    #expect(keys.map(String.init) == Setting.all.map(\.key))
    let settings = try Settings(file: path, environment: [:])
    for setting in Setting.all { #expect(settings.text(setting) == setting.defaultText) }
  }

  @Test("the defaults of settings are the limits that the server promises, and each setting reaches its limit")
  func limits() throws {
    #expect(Serve.limits(try Settings(environment: [:])) == Limits())
    let settings = [
      "MAX_REQUEST_LINE_BYTES", "MAX_HEADER_BYTES", "MAX_HEADER_FIELDS", "MAX_DOCUMENT_BYTES", "MAX_BODY_MEMORY_BYTES",
      "MAX_WRITE_BUFFER_BYTES", "MAX_REQUESTS_PER_CONNECTION", "MAX_CONNECTIONS", "WAITING_REQUESTS",
      "HEADER_TIMEOUT_MS", "BODY_GRACE_MS", "MIN_BODY_RATE", "IDLE_TIMEOUT_MS", "WRITE_TIMEOUT_MS", "DRAIN_TIMEOUT_MS",
    ]
    for name in settings {
      let value = name == "MAX_BODY_MEMORY_BYTES" ? "99999999" : "9876"
      #expect(Serve.limits(try Settings(environment: ["ROSTRUM_" + name: value])) != Limits(), "\(name)")
    }
  }

  @Test("docs/operations.md lists every setting")
  func documented() throws {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: project.appending(path: "docs/operations.md"), encoding: .utf8)
    for setting in Setting.all {
      let value = setting.defaultText.isEmpty ? "–" : "`\(setting.defaultText)`"
      #expect(text.contains("| `\(setting.key)` | \(value) | \(setting.summary) |"), "\(setting.key)")
    }
  }

  @Test("a variable that is none of ours is noticed")
  func unknown() {
    let found = Settings.unknownVariables(in: ["ROSTRUM_PROT": "1", "ROSTRUM_PORT": "1", "PATH": "/"])
    #expect(found.map(\.name) == ["ROSTRUM_PROT"] && found.first?.nearest == "ROSTRUM_PORT")
  }
}
