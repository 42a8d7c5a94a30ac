import HTTPTypes
import Synchronization
import Testing

@testable import HTTP

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
private let block = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)

/// Counts what a producer has written and how it ended.
private final class Progress: Sendable {
  let blocks = Atomic(0)
  let hasThrown = Atomic(false)

  /// A stream of so many blocks.
  func stream(_ count: Int) -> Response {
    Response(
      status: .ok,
      body: .stream { [self] writer in
        do {
          for _ in 0..<count {
            try writer.write(block)
            blocks.add(1, ordering: .relaxed)
          }
        } catch {
          hasThrown.store(true, ordering: .relaxed)
          throw error
        }
      })
  }
}

@Suite("Streams")
struct StreamTests {
  private struct Broken: Error {}

  @Test("sends a stream in chunks and then answers the next request")
  func whole() throws {
    try Site.serve({ request in
      guard request.target.raw == "/" else { return .now(Site.echoed(request)) }
      return .onWorkers {
        Response(
          status: .ok,
          body: .stream { writer in
            try writer.write(Array("abc".utf8))
            try writer.write([])
            pause(milliseconds: 20)
            try writer.write(Array("def".utf8))
          })
      }
    }) { address, _, site in
      let client = try Client(address)
      client.send(get)
      let answer = try client.receive(until: "0\r\n\r\n")
      #expect(answer.contains("Transfer-Encoding: chunked\r\n"))
      #expect(answer.hasSuffix("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"))
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
      let next = try client.receive(until: ";")
      #expect(next.contains("Transfer-Encoding: chunked\r\n"))
      #expect(!next.contains("abc"))
      #expect(next.hasSuffix("GET /next ;"))
      #expect(eventually { site.completed.count == 3 })
    }
  }

  @Test("counts the time between requests from the end of a long answer")
  func idleAfterStream() throws {
    try Site.serve(limits: { $0.idleTime = .milliseconds(500) }) { request in
      guard request.target.raw == "/" else { return .now(Site.echoed(request)) }
      return .now(
        Response(
          status: .ok,
          body: .stream { writer in
            for _ in 0..<7 {
              try writer.write(block)
              pause(milliseconds: 100)
            }
          }))
    } _: { address, _, _ in
      let client = try Client(address, receiveBuffer: 4096)
      client.send(get)
      _ = try client.receive(until: "0\r\n\r\n")
      pause(milliseconds: 100)
      client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive(until: ";").hasSuffix("GET /next ;"))
    }
  }

  @Test("sends pieces under the length that was promised, a range of them too")
  func pieces() throws {
    let letters = Array("abcdefghij".utf8)
    let file = Response(
      status: .ok, headerFields: [.acceptRanges: "bytes"],
      body: .pieces(length: letters.count) { range, writer in
        for place in range { try writer.write([letters[place]]) }
      })
    try Site.serve({ request in .now((try? file.part(for: request)) ?? file) }) { address, _, _ in
      let client = try Client(address)
      client.send(get)
      let whole = try client.receive(until: "j")
      #expect(whole.contains("\r\nContent-Length: 10\r\n") && whole.hasSuffix("\r\n\r\nabcdefghij"))
      client.send("GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=3-5\r\n\r\n")
      let part = try client.receive(until: "f")
      #expect(part.contains("HTTP/1.1 206 ") && part.contains("\r\nContent-Range: bytes 3-5/10\r\n"))
      #expect(part.contains("\r\nContent-Length: 3\r\n") && part.hasSuffix("\r\n\r\ndef"))
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\nRange: bytes=3-5\r\n\r\n" + get)
      let both = try client.receive(until: "j")
      #expect(both.matches(of: /HTTP\/1.1 200 OK/).count == 2 && both.matches(of: /Content-Length: 10/).count == 2)
    }
  }

  @Test("lets the peer see that there were fewer pieces, or more, than were promised", arguments: [1, 3])
  func wrongLength(_ count: Int) throws {
    let file = Response(
      status: .ok, body: .pieces(length: 2) { _, writer in for _ in 0..<count { try writer.write([97]) } })
    try Site.serve({ _ in .now(file) }) { address, _, _ in
      let client = try Client(address)
      client.send(get + get)
      let answer = try client.receiveAll()
      #expect(answer.matches(of: /HTTP\/1.1/).count <= 1 && !answer.hasSuffix("aaa"))
    }
  }

  @Test("ends a stream to HTTP/1.0 by closing the connection")
  func untilClose() throws {
    try Site.serve({ _ in .now(Response(status: .ok, body: .stream { try $0.write([97, 98]) })) }) {
      address, _, _ in
      let client = try Client(address)
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      let answer = try client.receiveAll()
      #expect(answer.hasSuffix("Connection: close\r\n\r\nab"))
    }
  }

  @Test("lets a producer wait for a slow reader, and loses nothing")
  func backPressure() throws {
    let progress = Progress()
    try Site.serve(limits: { $0.writeBuffer = 256 * 1024 }) { _ in
      .now(progress.stream(512))
    } _: { address, _, _ in
      let client = try Client(address, receiveBuffer: 64 * 1024)
      client.send(get)
      _ = try client.receive(1)
      pause(milliseconds: 150)
      // Thirty-two megabytes are asked for; what fits the buffers of server and kernel is far less.
      #expect(progress.blocks.load(ordering: .relaxed) < 256)
      var count = 0
      var last: [UInt8] = []
      while !last.elementsEqual("0\r\n\r\n".utf8), case let bytes = try client.receive(), !bytes.isEmpty {
        count += bytes.count { $0 == UInt8(ascii: "x") }
        last = Array((last + bytes).suffix(5))
      }
      #expect(count == 512 * block.count)
    }
  }

  @Test("stops the producer of a stream that nobody reads")
  func writeTimeout() throws {
    let progress = Progress()
    try Site.serve(limits: { $0.writeTime = .milliseconds(150) }) { _ in
      .now(progress.stream(.max))
    } _: { address, server, site in
      let client = try Client(address, receiveBuffer: 4096)
      client.send(get)
      #expect(eventually { progress.hasThrown.load(ordering: .relaxed) })
      #expect(eventually { server.connectionCount == 0 && site.completed.count == 1 })
    }
  }

  @Test("stops the producer of a stream whose reader has gone")
  func peerGone() throws {
    let progress = Progress()
    try Site.serve({ _ in .now(progress.stream(.max)) }) { address, _, _ in
      let client = try Client(address)
      client.send(get)
      _ = try client.receive()
      client.reset()
      #expect(eventually { progress.hasThrown.load(ordering: .relaxed) })
    }
  }

  @Test("lets the peer see that a stream was cut off")
  func broken() throws {
    try Site.serve({ _ in
      .now(
        Response(
          status: .ok,
          body: .stream { writer in
            try writer.write([97])
            throw Broken()
          }))
    }) { address, _, _ in
      let client = try Client(address)
      client.send(get + get)
      let answer = try client.receiveAll()
      #expect(!answer.contains("0\r\n\r\n"))
      #expect(answer.matches(of: /HTTP\/1.1/).count <= 1)
    }
  }

  @Test("keeps half of the workers from streams")
  func streamLimit() throws {
    let progress = Progress()
    try Site.serve(workers: 2, limits: { _ in }) { request in
      request.target.raw == "/" ? .now(progress.stream(.max)) : .onWorkers { Site.echoed(request) }
    } _: { address, _, _ in
      let first = try Client(address)
      first.send(get)
      _ = try first.receive()
      let second = try Client(address)
      second.send(get)
      #expect(try second.receive(until: ";").hasPrefix("HTTP/1.1 503 "))
      second.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try second.receive(until: ";").hasSuffix("GET /quick ;"))
    }
  }
}
