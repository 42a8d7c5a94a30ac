import HTTPTypes
import Locking
import Synchronization
import Testing

@testable import HTTP

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

/// Lets work wait until it is opened.
private final class Gate: Sendable {
  private let isOpen = Locked(false)
  func open() { isOpen.withLock { $0 = true } }
  func wait() { _ = eventually { isOpen.withLock { $0 } } }
}

@Suite("What a server takes at a time, and how long it waits")
struct CapacityTests {
  @Test("refuses a connection too many, and takes the next one once there is room")
  func connections() throws {
    try Site.serve(limits: { $0.connections = 1 }) { address, server, _ in
      let first = try Client(address)
      #expect(eventually { server.connectionCount == 1 })
      let second = try Client(address)
      second.send(get)
      let refusal = try second.receiveAll()
      #expect(refusal.hasPrefix("HTTP/1.1 503 "))
      #expect(refusal.contains("Retry-After: 1\r\n"))
      first.close()
      second.close()
      #expect(eventually { server.connectionCount == 0 })
      let third = try Client(address)
      third.send(get)
      #expect(try third.receive(until: ";").hasSuffix("GET / ;"))
    }
  }

  @Test("refuses work when all workers are busy and the line is full, and keeps the connection")
  func workers() throws {
    let gate = Gate()
    let started = Atomic(0)
    try Site.serve(workers: 1, limits: { $0.waitingRequests = 1 }) { request in
      .onWorkers {
        started.add(1, ordering: .relaxed)
        gate.wait()
        return Site.echoed(request)
      }
    } _: { address, _, _ in
      let clients = try (0..<3).map { _ in try Client(address) }
      clients[0].send(get)
      #expect(eventually { started.load(ordering: .relaxed) == 1 })
      clients[1].send(get)
      pause(milliseconds: 50)
      clients[2].send(get)
      #expect(try clients[2].receive(until: "overloaded /;").contains("Retry-After: 1\r\n"))
      gate.open()
      for client in clients[0...1] { #expect(try client.receive(until: ";").hasSuffix("GET / ;")) }
      clients[2].send(get)
      #expect(try clients[2].receive(until: ";").hasSuffix("GET / ;"))
    }
  }

  @Test("refuses long answers when those that wait for slow clients fill their memory; one may always wait")
  func answerMemory() throws {
    // More than the buffers of two sockets take.
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 24 << 20)
    try Site.serve(limits: { $0.bodyMemory = 1 << 20 }) { request in
      .onWorkers { request.target.raw == "/" ? Response(status: .ok, body: .bytes(long)) : Site.echoed(request) }
    } _: { address, _, _ in
      let slow = try Client(address)
      slow.send(get)
      _ = try slow.receive()
      let other = try Client(address)
      other.send(get)
      #expect(try other.receive(until: "overloaded /;").contains("Retry-After: 1\r\n"))
      // What is short goes on, on the same connection too; and so does the next long one, once the slow client has gone.
      other.send(get.replacing("GET /", with: "GET /short"))
      #expect(try other.receive(until: ";").hasSuffix("GET /short ;"))
      slow.close()
      let isServed = eventually {
        guard let next = try? Client(address) else { return false }
        next.send(get)
        return (try? String(decoding: next.receive(), as: UTF8.self).hasPrefix("HTTP/1.1 200 ")) == true
      }
      #expect(isServed)
    }
  }

  @Test("refuses a body when the memory for bodies is taken, and takes one again later")
  func bodyMemory() throws {
    try Site.serve(limits: { $0.bodyMemory = 1000 }) { address, _, _ in
      let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 800\r\n\r\n"
      let half = String(repeating: "a", count: 400)
      let first = try Client(address)
      first.send(head + half + half.dropLast())
      pause(milliseconds: 50)
      let second = try Client(address)
      second.send(head + half)
      #expect(try second.receiveAll().hasPrefix("HTTP/1.1 503 "))
      first.send("a")
      #expect(try first.receive(until: ";").hasPrefix("HTTP/1.1 200 "))
      first.send(head + half + half)
      #expect(try first.receive(until: ";").hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test("gives up a head that does not come to its end, however steadily it comes")
  func slowHead() throws {
    try Site.serve(limits: { $0.headerTime = .milliseconds(150) }) { address, _, _ in
      let client = try Client(address)
      client.send("GET / HTTP/1.1\r\nX: ")
      for _ in 0..<20 {
        client.send("a")
        pause(milliseconds: 15)
      }
      #expect(try client.receiveAll().hasPrefix("HTTP/1.1 408 "))
      #expect(try Client(address).receiveAll() == "")
    }
  }

  @Test("gives up a body that comes too slowly")
  func slowBody() throws {
    try Site.serve(limits: { $0.bodyGrace = .milliseconds(100) }) { address, _, _ in
      let client = try Client(address)
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nab")
      #expect(try client.receiveAll().hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test("closes a connection that has nothing more to ask, without a word")
  func idle() throws {
    try Site.serve(limits: { $0.idleTime = .milliseconds(100) }) { address, _, _ in
      let client = try Client(address)
      client.send(get)
      #expect(try client.receiveAll().hasSuffix("\r\n\r\nGET / ;"))
    }
  }

  @Test("lets a drain answer the request in hand and closes the connections that have none")
  func drain() throws {
    let gate = Gate()
    let started = Atomic(0)
    try Site.serve({ request in
      .onWorkers {
        started.add(1, ordering: .relaxed)
        gate.wait()
        return Site.echoed(request)
      }
    }) { address, server, _ in
      let idle = try Client(address)
      let busy = try Client(address)
      busy.send(get)
      #expect(eventually { started.load(ordering: .relaxed) == 1 })
      let opener = Opener(gate.open)
      opener.start()
      #expect(server.drain(within: .seconds(5)))
      #expect(server.connectionCount == 0)
      let answer = try busy.receiveAll()
      #expect(answer.hasSuffix("GET / ;"))
      #expect(answer.contains("Connection: close\r\n"))
      #expect(try idle.receiveAll() == "")
      #expect(throws: Client.Failure.self) { try Client(address) }
    }
  }

  @Test("lets a drain answer what waited behind the request in hand, and what waited to be accepted")
  func drainWaiting() throws {
    let gate = Gate()
    let started = Atomic(0)
    try Site.serve({ request in
      .onWorkers {
        started.add(1, ordering: .relaxed)
        gate.wait()
        return Site.echoed(request)
      }
    }) { address, server, _ in
      let busy = try Client(address)
      busy.send(get)
      #expect(eventually { started.load(ordering: .relaxed) == 1 })
      busy.send(get + get)
      let late = try (0..<8).map { _ in try Client(address) }
      for client in late { client.send(get) }
      let opener = Opener(gate.open)
      opener.start()
      #expect(server.drain(within: .seconds(5)))
      let answers = try busy.receiveAll()
      #expect(answers.ranges(of: "GET / ;").count == 3 && answers.ranges(of: "Connection: close\r\n").count == 1)
      for client in late { #expect(try client.receiveAll().hasSuffix("GET / ;")) }
    }
  }

  @Test("cuts off what a drain cannot wait for")
  func drainCutOff() throws {
    let gate = Gate()
    try Site.serve({ request in
      .onWorkers {
        gate.wait()
        return Site.echoed(request)
      }
    }) { address, server, site in
      let client = try Client(address)
      client.send(get)
      pause(milliseconds: 30)
      #expect(!server.drain(within: .milliseconds(50)))
      #expect(server.connectionCount == 0)
      #expect(try client.receiveAll() == "")
      gate.open()
      #expect(eventually { site.completed.count == 1 })
      #expect(site.completed.first?.bytesSent == 0)
    }
  }
}
