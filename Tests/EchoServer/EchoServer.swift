import Dispatch
import Foundation
import HTTP
import HTTPTypes
import Logging

/// Answers every request with what the server understood of it, for conformance suites and load generators.
///
/// `EchoServer [port]`; some paths answer otherwise: `/big` streams, `/slow` takes a worker for a while.
@main
struct EchoServer: Application {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    var limits = Limits()
    if let seconds = arguments.dropFirst().first {
      (limits.headerTime, limits.bodyGrace) = (.seconds(seconds), .seconds(seconds))
      (limits.idleTime, limits.writeTime) = (.seconds(seconds), .seconds(seconds))
    }
    let server = Server(application: EchoServer(), limits: limits)
    for address in try server.listen(host: "127.0.0.1", port: arguments.first ?? 0) {
      print("listening on \(address)")
    }
    fflush(nil)
    let signals = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    signal(SIGTERM, SIG_IGN)
    signals.setEventHandler { @Sendable in exit(server.drain() ? 0 : 1) }
    signals.activate()
    withExtendedLifetime(signals) { dispatchMain() }
  }

  func answer(to request: Request) -> Answer {
    switch request.target.rawPath {
    case "/big": return .now(Response(status: .ok, body: .stream(Self.big)))
    case "/slow":
      return .onWorkers {
        Thread.sleep(forTimeInterval: 0.1)
        return Self.echo(request)
      }
    case "/worker": return .onWorkers { Self.echo(request) }
    case "/plain":
      return .now(
        Response(status: .ok, headerFields: [.contentType: "text/plain"], body: .bytes(Array("hello\n".utf8)))
      )
    default: return .now(Self.echo(request))
    }
  }

  func refusal(_ error: WireError, to request: Request?) -> Response {
    Response(
      status: error.status, headerFields: [.contentType: "application/problem+json"],
      body: .bytes(Array("{\"code\":\"\(error.code)\",\"detail\":\"\(error.detail)\"}\n".utf8)))
  }

  func completed(_ exchange: Exchange) {}

  /// Sixteen megabytes.
  @Sendable private static func big(_ writer: BodyWriter) throws {
    let block = [UInt8](repeating: UInt8(ascii: "x"), count: 16 * 1024)
    for _ in 0..<1024 { try writer.write(block) }
  }

  private struct Echo: Encodable {
    var method: String
    var target: String
    var headers: [[String]]
    var body: String
  }

  private static func echo(_ request: Request) -> Response {
    let echo = Echo(
      method: request.method.rawValue, target: request.absoluteTarget ?? request.target.raw,
      headers: request.headerFields.map { field in
        // Byte for byte, so that the suite sees what is not UTF-8 as it came.
        let value = field.withUnsafeBytesOfValue {
          String(String.UnicodeScalarView($0.map { Unicode.Scalar($0) }))
        }
        return [field.name.rawName, value]
      },
      body: Data(request.body).base64EncodedString())
    let bytes = (try? JSONEncoder().encode(echo)).map { Array($0) } ?? []
    return Response(
      status: .ok, headerFields: [.contentType: "application/json", Self.mark: "1"], body: .bytes(bytes))
  }

  private static let mark = HTTPField.Name("X-Echo") ?? .server
}
