import Synchronization
import Testing

@testable import HTTP

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite("What a server tells of itself")
struct ServerStatisticsTests {
  @Test("counts connections by what they are doing, and those that were refused")
  func connections() throws {
    let isOpen = Atomic(false)
    try Site.serve(limits: { $0.connections = 3 }) { request in
      .onWorkers {
        _ = eventually { isOpen.load(ordering: .relaxed) }
        return Site.echoed(request)
      }
    } _: { address, server, _ in
      let clients = try (0..<3).map { _ in try Client(address) }
      clients[1].send("GET / HTTP/1.1\r\n")
      clients[2].send(get)
      #expect(eventually { server.statistics().connections == [.idle: 1, .reading: 1, .working: 1] })
      #expect(server.statistics().refusedConnections == 0)
      let fourth = try Client(address)
      #expect(try fourth.receiveAll().hasPrefix("HTTP/1.1 503 "))
      let statistics = server.statistics()
      #expect(statistics.acceptedConnections == 4 && statistics.refusedConnections == 1)
      #expect(statistics.workers == 4 && statistics.busyWorkers == 1)
      isOpen.store(true, ordering: .relaxed)
      #expect(try clients[2].receive(until: ";").hasSuffix("GET / ;"))
      #expect(eventually { server.statistics().busyWorkers == 0 })
    }
  }

  @Test("counts who waits for a worker and who is refused, and answers what goes aside meanwhile")
  func queue() throws {
    let isOpen = Atomic(false)
    try Site.serve(workers: 1, limits: { $0.waitingRequests = 1 }) { request in
      if request.target.raw == "/aside" { return .aside { Site.text("aside;") } }
      return .onWorkers {
        _ = eventually { isOpen.load(ordering: .relaxed) }
        return Site.echoed(request)
      }
    } _: { address, server, _ in
      let clients = try (0..<3).map { _ in try Client(address) }
      clients[0].send(get)
      #expect(eventually { server.statistics().busyWorkers == 1 })
      clients[1].send(get)
      #expect(eventually { server.statistics().waitingRequests == 1 })
      clients[2].send(get)
      #expect(try clients[2].receive(until: ";").contains("overloaded"))
      #expect(server.statistics().refusedRequests == 1)
      let watcher = try Client(address)
      watcher.send("GET /aside HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try watcher.receive(until: ";").hasSuffix("aside;"))
      #expect(server.statistics().busyWorkers == 1)
      isOpen.store(true, ordering: .relaxed)
      for client in clients[0...1] { #expect(try client.receive(until: ";").hasSuffix("GET / ;")) }
    }
  }

  @Test("what an application notes of an answer comes back with its exchange, and is not sent")
  func notes() throws {
    try Site.serve(limits: { _ in }) { request in
      var response = Site.echoed(request)
      response.note = Response.Note(kind: 7, waited: 0.5, worked: 0.25)
      return .now(response)
    } _: { address, server, site in
      let client = try Client(address)
      client.send(get)
      #expect(try client.receive(until: ";").hasSuffix("GET / ;"))
      #expect(eventually { site.completed.count == 1 })
      #expect(site.completed.first?.response.note == Response.Note(kind: 7, waited: 0.5, worked: 0.25))
      #expect(!server.isDraining)
      server.drain(within: .zero)
      #expect(server.isDraining)
    }
  }
}
