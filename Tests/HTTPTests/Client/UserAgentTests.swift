import Foundation
import HTTPTypes
import Testing

@testable import HTTP

@Suite("Asking a server")
struct UserAgentTests {
  /// Answers with the target and the name of the client, or as the target says.
  private static let answers: @Sendable (Request) -> Answer = { request in
    func stream(_ produce: @escaping @Sendable (BodyWriter) throws -> Void) -> Answer {
      .onWorkers { Response(status: .ok, body: .stream(produce)) }
    }
    switch request.target.raw {
    case "/long":
      return stream { body in for _ in 0..<64 { try body.write([UInt8](repeating: 46, count: 1 << 16)) } }
    case "/broken":
      return stream { body in
        try body.write([46])
        throw CocoaError(.fileReadUnknown)
      }
    default: return .now(Site.text(request.target.raw + " " + (request.headerFields[.userAgent] ?? "")))
    }
  }

  private static func get(_ agent: UserAgent, _ address: String) throws -> String {
    var body: [UInt8] = []
    let url = try #require(URL(string: address))
    let head = try agent.get(url) { _ in { piece in body += piece } }
    #expect(head.status == .ok)
    return String(decoding: body, as: UTF8.self)
  }

  @Test("goes on on one connection, and takes another where that was closed while nobody asked")
  func connections() throws {
    try Site.serve(limits: { $0.idleTime = .milliseconds(200) }, Self.answers) { address, server, _ in
      let agent = UserAgent(fields: [.userAgent: "test/1"])
      for _ in 0..<3 {
        let answer = try Self.get(agent, "http://\(address)/a%20b?c=%E6%98%A5")
        #expect(answer == "/a%20b?c=%E6%98%A5 test/1")
      }
      #expect(server.connectionCount == 1)
      #expect(eventually { server.connectionCount == 0 })
      let again = try Self.get(agent, "http://\(address)")
      #expect(again == "/ test/1")
    }
  }

  @Test("hands on a long body in pieces, and tells one that broke off from one that is whole")
  func bodies() throws {
    try Site.serve(Self.answers) { address, _, _ in
      let agent = UserAgent()
      var (count, longest) = (0, 0)
      let url = try #require(URL(string: "http://\(address)/long"))
      _ = try agent.get(url) { _ in { (count, longest) = (count + $0.count, max(longest, $0.count)) } }
      #expect(count == 64 << 16 && longest <= 64 << 10)
      #expect(throws: UserAgentError.self) { try Self.get(agent, "http://\(address)/broken") }
      #expect(try Self.get(agent, "http://\(address)/next").hasPrefix("/next"))
    }
  }

  @Test("gives up where nobody answers, where nothing comes, where the address is none, and when it is told to")
  func failures() throws {
    var place = ""
    try Site.serve { address, _, _ in place = "http://\(address)" }
    #expect(throws: UserAgentError.self) { try Self.get(UserAgent(), place) }
    #expect(throws: UserAgentError.self) { try Self.get(UserAgent(), "https://127.0.0.1/") }
    let waits: @Sendable (Request) -> Answer = { _ in
      .onWorkers {
        pause(milliseconds: 600)
        return Site.text("")
      }
    }
    try Site.serve(waits) { address, _, _ in
      let url = try #require(URL(string: "http://\(address)"))
      #expect(throws: UserAgentError.self) {
        try UserAgent().get(url, patience: .milliseconds(100)) { _ in { _ in } }
      }
      #expect(throws: UserAgentError.stopped) { try Self.get(UserAgent(isStopped: { true }), "http://\(address)") }
    }
  }
}
