import Hummingbird

extension Health: ResponseEncodable {}
extension CardList: ResponseEncodable {}
extension SpeechAnswer: ResponseEncodable {}

/// Serves speeches with Hummingbird 2 until the process is told to end.
func serveWithHummingbird(_ speeches: SpeechStore, port: Int) async throws {
  let router = Router()
  router.get("/health") { _, _ in Health(status: "ok") }
  router.get("/v1/speeches") { request, _ in
    let limit = request.uri.queryParameters.get("limit", as: Int.self) ?? 20
    let position = request.uri.queryParameters.get("cursor").flatMap(CardPosition.init)
    return CardList(try await speeches.page(after: position, limit: limit), limit: limit)
  }
  router.get("/v1/speeches/{id}") { request, context -> Response in
    let id = try context.parameters.require("id")
    if let known = request.headers[.ifNoneMatch], try await speeches.tag(id) == known {
      return Response(status: .notModified, headers: [.eTag: known])
    }
    guard let stored = try await speeches.speech(id) else { throw HTTPError(.notFound) }
    var response = try SpeechAnswer(stored).response(from: request, context: context)
    response.headers[.eTag] = stored.speech.tag
    return response
  }
  let application = Application(
    router: router,
    configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "hummingbird-peer"))
  try await application.runService()
}
