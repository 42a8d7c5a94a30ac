import Glibc
import HTTPTypes
import Synchronization
import Testing

@testable import HTTP

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

private func get(_ target: String, _ fields: String = "") -> String {
  "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
}

@Suite("Server")
struct ServerTests {
  @Test("answers one request after the other on one connection")
  func keepAlive() throws {
    try Site.serve { address, _, site in
      let client = try Client(address)
      for number in 1...3 {
        client.send(get("/\(number)"))
        let answer = try client.receive(until: ";")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
        #expect(answer.hasSuffix("\r\n\r\nGET /\(number) ;"))
      }
      #expect(eventually { site.completed.map(\.bytesSent) == [8, 8, 8] })
      #expect(
        site.completed.allSatisfy { $0.seconds >= 0 && $0.seconds < 5 && $0.request?.peer == "127.0.0.1" })
    }
  }

  @Test("answers pipelined requests in order, wherever each is worked on")
  func pipelining() throws {
    try Site.serve({ request in
      guard request.target.query.isEmpty else { return .now(Site.echoed(request)) }
      return .onWorkers {
        pause(milliseconds: 5)
        return Site.echoed(request)
      }
    }) { address, _, _ in
      let client = try Client(address)
      client.send(
        (1...20).map { get($0.isMultiple(of: 3) ? "/\($0)" : "/\($0)?now") }.joined() + get("/end?now"))
      let answers = try client.receive(until: "/end?now ;")
      let order = answers.matches(of: /GET \/(\w+)/).map { String($0.1) }
      #expect(order == (1...20).map(String.init) + ["end"])
    }
  }

  @Test(
    "ends a connection without a word over line ends behind a request",
    arguments: ["\n", "\r\n\r\n", "\r\n\n", "\r\r"])
  func lineEnds(_ ends: String) throws {
    try Site.serve { address, _, _ in
      let client = try Client(address)
      client.send(get("/1") + ends + get("/2"))
      let answers = try client.receiveAll()
      #expect(answers.hasSuffix("\r\n\r\nGET /1 ;") && answers.ranges(of: "HTTP/1.1 ").count == 1)
      let first = try Client(address)
      first.send(ends + get("/1"))
      #expect(try first.receiveAll().hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test("reads a chunked body, however it is cut")
  func chunked() throws {
    try Site.serve { address, _, _ in
      let client = try Client(address)
      for piece in [
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Enc", "oding: chunked\r\n\r\n3\r", "\nabc\r\n1\r\nd\r\n0\r\n",
      ] {
        client.send(piece)
        pause(milliseconds: 5)
      }
      client.send("\r\n")
      #expect(try client.receive(until: ";").hasSuffix("POST / abcd;"))
    }
  }

  @Test("says 100 Continue to who waits for it, and 413 to who would send too much")
  func expectation() throws {
    try Site.serve { address, _, _ in
      let client = try Client(address)
      let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
      client.send(head + "2\r\n\r\n")
      #expect(try client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      client.send("ab")
      #expect(try client.receive(until: ";").hasSuffix("POST / ab;"))
      client.send(head + "99999999\r\n\r\n")
      let refusal = try client.receiveAll()
      #expect(refusal.hasPrefix("HTTP/1.1 413 "))
      #expect(refusal.contains("Connection: close"))
    }
  }

  @Test("refuses by the head alone, before the body comes and whether or not it comes, and ends the connection")
  func screening() throws {
    try Site.serve { address, _, site in
      let head = "POST /kept HTTP/1.1\r\nHost: a\r\n"
      let bodies = [
        "Content-Length: 9\r\n\r\n", "Content-Length: 2\r\n\r\nab" + get, "Transfer-Encoding: chunked\r\n\r\n",
        "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
      ]
      for body in bodies {
        let client = try Client(address)
        client.send(get("/first") + head + body)
        let answer = try client.receiveAll()
        #expect(answer.contains("GET /first ;HTTP/1.1 401 ") && answer.hasSuffix("Connection: close\r\n\r\nno;"))
        #expect(!answer.contains("100 Continue"))
      }
      #expect(eventually { site.completed.count == 2 * bodies.count })
      #expect(site.completed.last?.request?.target.raw == "/kept")
      let client = try Client(address)
      client.send(get("/kept") + "POST /open HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
      #expect(try client.receive(until: "/open ab;").contains("GET /kept ;"))
    }
  }

  @Test("reads a body that nobody wants to its end, holds it to its limits, and keeps nothing of it")
  func dropping() throws {
    try Site.serve(limits: { ($0.body, $0.bodyMemory) = (1000, 100) }) { address, _, _ in
      let client = try Client(address)
      let head = "POST /deaf HTTP/1.1\r\nHost: a\r\n"
      let body = String(repeating: "a", count: 1000)
      client.send(head + "Content-Length: 1000\r\n\r\n" + body + get("/next"))
      #expect(try client.receive(until: "/next ;").contains("POST /deaf ;"))
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n1\r\n")
      #expect(try client.receiveAll().hasPrefix("HTTP/1.1 413 "))
      let other = try Client(address)
      other.send(head + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")
      #expect(try other.receiveAll().hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test("answers HEAD with the fields of GET and no body")
  func head() throws {
    try Site.serve({ _ in .now(Site.text("hello;")) }) { address, _, _ in
      let client = try Client(address)
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive(until: "\r\n\r\n").contains("Content-Length: 6\r\n"))
      client.send(get)
      #expect(try client.receive(until: ";").hasSuffix("\r\n\r\nhello;"))
    }
  }

  @Test("answers a request whose sender has ended its side")
  func halfClose() throws {
    for isSlow in [false, true] {
      try Site.serve({ request in
        guard isSlow else { return .now(Site.echoed(request)) }
        return .onWorkers {
          pause(milliseconds: 30)
          return Site.echoed(request)
        }
      }) { address, _, _ in
        let client = try Client(address)
        client.send(get)
        client.endSending()
        #expect(try client.receiveAll().hasSuffix("GET / ;"))
      }
    }
  }

  @Test("answers bytes that are no request once, and nothing behind them")
  func refusal() throws {
    try Site.serve { address, _, site in
      let client = try Client(address)
      client.send("GET / HTTP/1.1\r\nHost : a\r\n\r\n" + get + get)
      let answer = try client.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
      #expect(answer.hasSuffix("\r\n\r\nmalformed_request /;"))
      #expect(answer.matches(of: /HTTP\/1.1/).count == 1)
      #expect(eventually { site.completed.count == 1 })
      #expect(site.completed.first?.request?.target.raw == "/" && site.completed.first?.peer == "127.0.0.1")
      let bare = try Client(address)
      bare.send("HEAD / HTTP/1.1\r\nHost : a\r\n\r\n")
      #expect(try bare.receiveAll().hasSuffix("\r\n\r\n"))
      #expect(eventually { site.completed.count == 2 })
      let other = try Client(address)
      other.send("GET\r\n")
      #expect(try other.receiveAll().hasSuffix("malformed_request -;"))
      #expect(eventually { site.completed.count == 3 })
      #expect(site.completed.last?.request == nil && site.completed.last?.peer == "127.0.0.1")
    }
  }

  @Test("closes after the request that says so, and after the last one a connection may have")
  func lastRequest() throws {
    try Site.serve(limits: { $0.requestsPerConnection = 3 }) { address, _, _ in
      var client = try Client(address)
      client.send(get("/1") + get("/2", "Connection: close\r\n") + get("/3"))
      #expect(try client.receiveAll().matches(of: /GET/).count == 2)
      client = try Client(address)
      client.send(get("/1") + get("/2") + get("/3") + get("/4"))
      let answers = try client.receiveAll()
      #expect(answers.matches(of: /GET/).count == 3)
      #expect(answers.matches(of: /Connection: close/).count == 1)
      client = try Client(address)
      client.send("GET /old HTTP/1.0\r\n\r\n")
      #expect(try client.receiveAll().hasSuffix("GET /old ;"))
    }
  }

  @Test("lives through peers that reset the connection at any point")
  func resets() throws {
    try Site.serve({ request in
      request.target.raw == "/big" ? .now(Self.endless) : .onWorkers { Site.echoed(request) }
    }) { address, server, _ in
      for number in 0..<200 {
        let client = try Client(address)
        switch number % 5 {
        case 0: break
        case 1: client.send("GET / HT")
        case 2: client.send(get + get)
        case 3: client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
        default: client.send(get("/big"))
        }
        client.reset()
      }
      // Their requests are still made answers of, one after the other, and nobody takes them.
      let isDone = eventually {
        let statistics = server.statistics()
        return server.connectionCount == 0 && statistics.busyWorkers == 0 && statistics.streams == 0
      }
      #expect(isDone)
      let client = try Client(address)
      client.send(get)
      #expect(try client.receive(until: ";").hasSuffix("GET / ;"))
    }
  }

  private static let endless = Response(
    status: .ok,
    body: .stream { writer in
      let block = [UInt8](repeating: 0, count: 64 * 1024)
      while true { try writer.write(block) }
    })

  @Test("listens on IPv6 and on every address a name stands for")
  func addresses() throws {
    do {
      try Site.serve(host: "::1") { address, _, site in
        #expect(address.description == "[::1]:\(address.port)")
        let client = try Client(address)
        client.send(get)
        #expect(try client.receive(until: ";").hasSuffix("GET / ;"))
        #expect(eventually { site.completed.first?.request?.peer == "::1" })
      }
      try Site.serve(host: "::") { address, _, site in
        let client = try Client(ListeningAddress(host: "127.0.0.1", port: address.port))
        client.send(get)
        #expect(try client.receive(until: ";").hasSuffix("GET / ;"))
        #expect(eventually { site.completed.first?.request?.peer == "127.0.0.1" })
      }
    } catch let error as ListenError where [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.code) {
      // This machine has no IPv6.
    }
    try Site.serve(host: "localhost") { address, _, _ in
      let client = try Client(address)
      client.send(get)
      #expect(try client.receive(until: ";").hasSuffix("GET / ;"))
    }
  }

  @Test("says which address and port it cannot have")
  func portInUse() throws {
    try Site.serve { address, server, _ in
      let error = #expect(throws: ListenError.self) {
        try server.listen(host: "127.0.0.1", port: address.port)
      }
      #expect(error?.code == EADDRINUSE)
      #expect(error?.description.contains("127.0.0.1, port \(address.port): ") == true)
      #expect(throws: ListenError.self) { try server.listen(host: "127.0.0.1", port: 70000) }
      #expect(throws: ListenError.self) { try server.listen(host: "no such host", port: 0) }
    }
  }
}
