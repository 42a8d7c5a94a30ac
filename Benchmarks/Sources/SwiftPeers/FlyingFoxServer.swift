import FlyingFox
import FlyingSocks
import Foundation

/// Serves speeches with FlyingFox until the process is ended.
func serveWithFlyingFox(_ speeches: SpeechStore, port: Int) async throws {
  let server = HTTPServer(
    address: try .inet(ip4: "127.0.0.1", port: UInt16(port)), timeout: 60, logger: .disabled)
  await server.appendRoute("GET /health") { _ in try json(Health(status: "ok")) }
  await server.appendRoute("GET /v1/speeches") { request in
    let limit = request.query["limit"].flatMap { Int($0) } ?? 20
    let position = request.query["cursor"].flatMap(CardPosition.init)
    return try json(CardList(try await speeches.page(after: position, limit: limit), limit: limit))
  }
  await server.appendRoute("GET /v1/speeches/:id") { request in
    guard let id = request.routeParameters["id"] else { return HTTPResponse(statusCode: .notFound, body: Data()) }
    if let known = request.headers[.ifNoneMatch], try await speeches.tag(id) == known {
      return HTTPResponse(statusCode: .notModified, headers: HTTPHeaders([.eTag: known]))
    }
    guard let stored = try await speeches.speech(id) else { return HTTPResponse(statusCode: .notFound, body: Data()) }
    return try json(SpeechAnswer(stored), tag: stored.speech.tag)
  }
  try await server.run()
}

private func json(_ answer: some Encodable, tag: String? = nil) throws -> HTTPResponse {
  var headers = HTTPHeaders([.contentType: "application/json; charset=utf-8"])
  headers[.eTag] = tag
  return HTTPResponse(statusCode: .ok, headers: headers, body: try JSONEncoder().encode(answer))
}
