import Corpus
import Foundation
import HTTP
import HTTPTypes

/// How an origin is asked: after redirections, again where it is busy, and with what is wrong in a sentence.
extension Origin {
  private static let mostBytes = 1 << 28
  private static let mostAttempts = 5
  private static let mostRedirections = 5

  /// GETs what is at a path into memory; throws a `Refusal` for any status but 200 and those named.
  func get(
    _ path: String, fields: HTTPFields = [:], alsoTaking statuses: [Int] = []
  ) throws -> (head: HTTPResponse, body: [UInt8]) {
    var body: [UInt8] = []
    let head = try send(path, fields: fields) { head in
      body = []
      return { piece in
        body += piece
        guard body.count <= Self.mostBytes else {
          throw Refusal(status: head.status.code, description: "\(self.address)\(path): the answer has no end")
        }
      }
    }
    guard head.status == .ok || statuses.contains(head.status.code) else { throw refusal(path, head, body) }
    return (head, body)
  }

  /// GETs what is at a path, after redirections, and again where the origin is busy or cannot be reached for a moment.
  /// - Parameters:
  ///   - restarts: whether an answer that broke off is asked for again from its beginning.
  ///   - receive: called with the head of every answer that is neither; its last call counts.
  func send(
    _ path: String, fields: HTTPFields = [:], patience: Duration = .seconds(60), restarts: Bool = true,
    receive: (HTTPResponse) throws -> (ArraySlice<UInt8>) throws -> Void
  ) throws -> HTTPResponse {
    guard var url = URL(string: address + path) else { throw Failure("\(address)\(path) is no address.") }
    var (attempt, redirections) = (1, 0)
    while true {
      var begun = false
      do {
        let head = try agent.get(url, fields: self.fields(fields, to: url), patience: patience) { head in
          if Self.isBusy(head) || Self.isRedirection(head) { return { _ in } }
          begun = true
          return try receive(head)
        }
        if Self.isRedirection(head) {
          redirections += 1
          guard redirections <= Self.mostRedirections, let place = head.headerFields[.location],
            let next = URL(string: place, relativeTo: url)?.absoluteURL
          else { throw refusal(path, head, []) }
          guard next.scheme == "http" else { throw Failure("\(url.absoluteString) leads to \(place): \(Self.noTLS)") }
          url = next
        } else if Self.isBusy(head) {
          guard attempt < Self.mostAttempts else { throw refusal(path, head, []) }
          let seconds = head.headerFields[.retryAfter].flatMap { Double($0) } ?? Double(1 << attempt)
          try pause(min(max(seconds, 1), 300), "\(address) is busy (status \(head.status.code))")
          attempt += 1
        } else {
          return head
        }
      } catch let error as UserAgentError {
        guard case .unreachable = error, restarts || !begun, attempt < Self.mostAttempts else { throw error }
        try pause(Double(1 << attempt) / 2, error.description)
        attempt += 1
      }
    }
  }

  /// Says why, and waits.
  func pause(_ seconds: Double, _ reason: String) throws {
    say("\(reason); asking again in \(seconds.formatted()) s")
    if interruption.wait(seconds: seconds) { throw UserAgentError.stopped }
  }

  /// What an answer comes to that is not the one that was hoped for.
  func refusal(_ path: String, _ head: HTTPResponse, _ body: [UInt8]) -> Refusal {
    var text = "\(address)\(path) is answered \(head.status.code)"
    if case .string(let detail) = (try? JSONReader.read(body))?["detail"] { text += ": \(detail)" }
    return Refusal(status: head.status.code, description: text)
  }

  private static func isBusy(_ head: HTTPResponse) -> Bool { [429, 503].contains(head.status.code) }

  private static func isRedirection(_ head: HTTPResponse) -> Bool {
    [301, 302, 303, 307, 308].contains(head.status.code)
  }

  /// Reads an answer; where it is another than this program knows, says so.
  func reading<Value>(_ path: String, _ bytes: [UInt8], _ body: (JSONCursor) throws -> Value) throws -> Value {
    func strange(_ reason: String) -> Refusal {
      Refusal(
        status: 200,
        description: "\(address)\(path): \(reason). Is it a Rostrum server, and of the version of this program?")
    }
    do { return try body(JSONCursor(JSONReader.read(bytes, maximumDepth: 128))) } catch let error as SchemaError {
      throw strange("\(error.pointer) \(error.message)")
    } catch let error as JSONReader.SyntaxError { throw strange("it is no JSON (byte \(error.offset))") }
  }
}

extension HTTPResponse {
  /// The value of a header field that has no name of its own in HTTPTypes.
  func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headerFields[$0] } }
}

/// Tells on standard error what goes on.
func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
