import Corpus
import Foundation
import Glibc
import HTTP
import HTTPTypes
import Testing

@testable import Service

@Suite("The access log")
struct AccessLogTests {
  /// What is written to the log of a service meanwhile, line by line.
  private func lines(of exchanges: [Exchange], proxies: String = "") throws -> [JSONValue] {
    let file = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    let descriptor = open(file.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    defer {
      close(descriptor)
      unlink(file.path)
    }
    let log = AccessLog(descriptor: descriptor)
    let test = try TestSite(accessLog: log, proxies: try TrustedProxies(proxies))
    for exchange in exchanges { test.site.completed(exchange) }
    log.flush()
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    return try text.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
  }

  private func exchange(_ target: String?, _ fields: HTTPFields = [:], peer: String = "192.0.2.1") -> Exchange {
    let request = target.flatMap { Target($0) }.map {
      Request(method: .get, target: $0, headerFields: fields, peer: peer)
    }
    return Exchange(
      request: request, peer: peer, response: Response(status: .ok, headerFields: [.xRequestID: "abc"]), bytesSent: 12,
      seconds: 0.0123456)
  }

  @Test("has a line for each request, and for what never became one")
  func members() throws {
    let lines = try lines(of: [exchange("/v1?limit=2", [.userAgent: "curl/8"]), exchange(nil)])
    #expect(lines.count == 2)
    let first = try #require(lines.first)
    for (name, value) in [
      ("client", .string("192.0.2.1")), ("method", .string("GET")), ("target", .string("/v1?limit=2")),
      ("status", .integer(200)), ("bytes", .integer(12)), ("id", .string("abc")), ("user_agent", .string("curl/8")),
    ] as [(String, JSONValue)] {
      #expect(first[name] == value)
    }
    guard case .string(let time) = first["time"] else { return #expect(Bool(false)) }
    #expect(try time.wholeMatch(of: Regex(#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#)) != nil)
    let next = try #require(lines.last)
    #expect(next["target"] == .null && next["client"] == .string("192.0.2.1"))
  }

  @Test("cannot be made to write a line that nobody caused")
  func injection() throws {
    var agent = HTTPFields()
    agent.append(HTTPField(name: .userAgent, value: Array("a\"\\ \u{85}\u{2028}".utf8) + [0xFF, 0x80]))
    let lines = try lines(of: [exchange("/%0A%22}?x=\"}", agent), exchange("/next")])
    #expect(lines.count == 2 && lines[0]["target"] == .string("/%0A%22}?x=\"}"))
    #expect(lines[1]["target"] == .string("/next"))
  }

  @Test("keeps no secrets and no more than so much of what a client sends")
  func secrets() throws {
    let long = String(repeating: "a", count: 9_000)
    let lines = try lines(of: [
      exchange("/v1?q=a&access_token=geheim&%54oken=geheim&API_KEY=geheim&password&x=1"),
      exchange("/" + long, [.userAgent: long, .authorization: "Bearer geheim"]),
    ])
    #expect(lines[0]["target"] == .string("/v1?q=a&access_token=…&%54oken=…&API_KEY=…&password&x=1"))
    guard case .string(let target) = lines[1]["target"], case .string(let agent) = lines[1]["user_agent"] else {
      return #expect(Bool(false))
    }
    #expect(target.utf8.count == 2_000 && agent.utf8.count == 300)
  }

  @Test("names the client that a trusted proxy names")
  func client() throws {
    let fields: HTTPFields = [.init("Forwarded") ?? .accept: "for=198.51.100.7"]
    #expect(try lines(of: [exchange("/", fields)])[0]["client"] == .string("192.0.2.1"))
    #expect(try lines(of: [exchange("/", fields)], proxies: "192.0.2.0/24")[0]["client"] == .string("198.51.100.7"))
  }

  @Test("does not keep a server from its end where nobody reads it")
  func stuck() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let log = AccessLog(descriptor: ends[1])
    for _ in 0..<300 { log.record(exchange("/" + String(repeating: "a", count: 1_900)), client: "192.0.2.1") }
    let begin = ContinuousClock.now
    log.flush(within: 0.2)
    #expect(ContinuousClock.now - begin < .seconds(10))
    close(ends[0])
  }

  @Test("leaves lines out, and says how many, where nobody reads them as fast as they come")
  func overflow() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let log = AccessLog(descriptor: ends[1])
    let one = exchange("/" + String(repeating: "a", count: 1_900))
    let count = 2 * AccessLog.capacity / AccessLog.line(one, client: "", token: nil).count
    for _ in 0..<count { log.record(one, client: "192.0.2.1") }
    let reader = Thread { [ends] in
      log.flush(within: 60)
      close(ends[1])
    }
    reader.start()
    let text = String(
      decoding: try FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readToEnd() ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let dropped = try lines.compactMap { line -> Int? in
      if case .integer(let number) = try JSONReader.read(Array(line.utf8))["dropped"] { number } else { nil }
    }
    #expect(dropped.reduce(0, +) > 0)
    #expect(lines.count - dropped.count + dropped.reduce(0, +) == count)
  }
}
