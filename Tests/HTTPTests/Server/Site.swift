import HTTPTypes
import Locking
import Logging

@testable import HTTP

/// A server on a port of its own, which answers as it is told and keeps what it was told of exchanges.
final class Site: Application {
  private let answers: @Sendable (Request) -> Answer
  private let exchanges = Locked<[Exchange]>([])

  init(_ answers: @escaping @Sendable (Request) -> Answer) { self.answers = answers }

  /// Refuses every body for `/kept`, and wants none for `/deaf`.
  func screen(_ request: Request) -> Screening {
    switch request.target.raw {
    case "/kept": .refuse(Response(status: .unauthorized, body: .bytes(Array("no;".utf8))))
    case "/deaf": .drop
    default: .read
    }
  }

  func answer(to request: Request) -> Answer { answers(request) }

  func refusal(_ error: WireError, to request: Request?) -> Response {
    Response(status: error.status, body: .bytes(Array("\(error.code) \(request?.target.raw ?? "-");".utf8)))
  }

  func completed(_ exchange: Exchange) { exchanges.withLock { $0.append(exchange) } }

  /// What became of requests so far.
  var completed: [Exchange] { exchanges.withLock { $0 } }

  /// Answers with the method, the target and the body.
  static let echo: @Sendable (Request) -> Answer = { request in .now(echoed(request)) }

  static func echoed(_ request: Request) -> Response {
    let body = String(decoding: request.body, as: UTF8.self)
    return text("\(request.method) \(request.target.raw) \(body);")
  }

  static func text(_ text: String) -> Response { Response(status: .ok, body: .bytes(Array(text.utf8))) }

  /// Starts a server, lets the body talk to it, and ends it.
  static func serve(
    host: String = "127.0.0.1", workers: Int = 4, limits change: (inout Limits) -> Void = { _ in },
    _ answers: @escaping @Sendable (Request) -> Answer = echo,
    _ body: (ListeningAddress, Server, Site) throws -> Void
  ) throws {
    var limits = Limits()
    change(&limits)
    let site = Site(answers)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = Server(application: site, limits: limits, loops: 2, workers: workers, logger: logger)
    let addresses = try server.listen(host: host, port: 0)
    defer { server.drain(within: .zero) }
    try body(addresses[0], server, site)
  }
}

/// Waits until something holds, five seconds at most.
func eventually(_ condition: () -> Bool) -> Bool {
  let end = Uptime.now + 5_000_000_000
  while !condition() {
    if Uptime.now > end { return false }
    pause(milliseconds: 2)
  }
  return true
}
