package import Foundation
package import HTTPTypes

/// Why there is no answer, in a sentence that names the server.
package enum UserAgentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address is none that can be asked.
  case address(String)
  /// Nobody answers, the connection broke, or nothing came for too long: it may pass.
  case unreachable(String)
  /// What came is no answer of HTTP/1.1.
  case malformed(String)
  /// Whoever asked wants no answer any more.
  case stopped

  package var description: String {
    switch self {
    case .address(let sentence), .unreachable(let sentence), .malformed(let sentence): sentence
    case .stopped: "stopped"
    }
  }
}

/// Asks servers for what they have, one request at a time, on the thread that calls; the connection is kept for the next
/// request. It speaks HTTP/1.1 without TLS, as the server does, and follows no redirections by itself.
package final class UserAgent {
  private let fields: HTTPFields
  private let isStopped: () -> Bool
  private var connection: ClientSocket?

  /// - Parameters:
  ///   - fields: sent with every request.
  ///   - isStopped: asked some times a second; once it says true the request at hand ends with `UserAgentError.stopped`.
  package init(fields: HTTPFields = [:], isStopped: @escaping () -> Bool = { false }) {
    (self.fields, self.isStopped) = (fields, isStopped)
  }

  /// GETs what is at an address.
  /// - Parameters:
  ///   - patience: how long nothing may come.
  ///   - receive: called with the head of the answer; what it gives takes the pieces of the body as they come, so that no
  ///     more than one is in memory.
  /// - Returns: the head, once the body is whole.
  package func get(
    _ url: URL, fields: HTTPFields = [:], patience: Duration = .seconds(60),
    receive: (HTTPResponse) throws -> (ArraySlice<UInt8>) throws -> Void
  ) throws -> HTTPResponse {
    guard url.scheme == "http", let host = url.host(percentEncoded: false), !host.isEmpty else {
      throw UserAgentError.address("\(url.absoluteString) is no address that begins with http://")
    }
    let place = ListeningAddress(host: host, port: url.port ?? 80)
    let request = Self.head(of: url, place, self.fields, fields)
    if let kept = connection, kept.place == place {
      connection = nil
      do { return try exchange(request, on: kept, patience, receive) } catch is ClientSocket.ClosedEarly {
        // The server gave it up while nobody asked anything; a GET may be sent again (RFC 9112 §9.3.1).
      }
    }
    connection = nil
    let fresh = try ClientSocket(to: place, patience: .seconds(10), isStopped: isStopped)
    do { return try exchange(request, on: fresh, patience, receive) } catch is ClientSocket.ClosedEarly {
      throw UserAgentError.unreachable("\(place) gave no answer")
    }
  }

  private func exchange(
    _ request: [UInt8], on socket: ClientSocket, _ patience: Duration,
    _ receive: (HTTPResponse) throws -> (ArraySlice<UInt8>) throws -> Void
  ) throws -> HTTPResponse {
    try socket.send(request, patience: patience)
    var parser = ResponseParser()
    var head: HTTPResponse?
    var take: (ArraySlice<UInt8>) throws -> Void = { _ in }
    var hasCome = false
    while true {
      let event: ResponseParser.Event?
      do { event = try parser.next() } catch { throw UserAgentError.malformed("\(socket.place): \(error.detail)") }
      switch event {
      case .head(let response):
        head = response
        take = try receive(response)
      case .body(let piece): try take(piece)
      case .end:
        if parser.keepsAlive { connection = socket }
        if let head { return head }
      case nil:
        guard try socket.receive(patience: patience, { parser.append($0) }) else {
          if let head, parser.endsWithConnection() { return head }
          if !hasCome { throw ClientSocket.ClosedEarly() }
          throw UserAgentError.unreachable("\(socket.place) ended the connection before the answer was whole")
        }
        hasCome = true
      }
    }
  }

  private static func head(of url: URL, _ place: ListeningAddress, _ fields: HTTPFields...) -> [UInt8] {
    var target = url.path(percentEncoded: true)
    if target.isEmpty { target = "/" }
    if let query = url.query(percentEncoded: true) { target += "?" + query }
    let host = place.port == 80 ? String(place.description.dropLast(3)) : place.description
    // Bytes as they are, so that lengths and digests are of what is stored.
    var head = "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nAccept-Encoding: identity\r\n"
    for field in fields.joined() { head += "\(field.name.rawName): \(field.value)\r\n" }
    return Array((head + "\r\n").utf8)
  }
}
