import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/collections`: named sets of speeches, each a list of ids or a filter.
struct CollectionRoutes {
  let collections: CollectionRepository
  let now: @Sendable () -> String

  private static let slug: Parameter<String> = .path("slug", "Slug of the collection.").example("heci")
  private static let body = Endpoint.Body(
    mediaTypes: ["application/json"],
    summary: "The title, and either `ids` of speeches or a `filter` with parameters of a list of speeches.",
    schema: "CollectionInput", check: checkType)

  private static let missing = ProblemSpecification(404, "collection_not_found", "There is no collection of that slug.")
  private static let unknown = ProblemSpecification(422, "unknown_speech", "An id is that of no speech.")
  private static let changed = ProblemSpecification(
    412, "precondition_failed", "The collection is not the one that `If-Match` or `If-Unmodified-Since` names.")

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/collections", name: "listCollections",
        summary: "All collections in the order of their slugs, each with how many speeches it has now.",
        results: [.init(200, "All collections.", schema: "CollectionList")], handler: .worker(list)),
      Endpoint(
        .post, "/v1/collections", name: "createCollection", summary: "Makes a collection.", body: Self.body,
        access: .write, results: [.init(201, "The collection.", schema: "Collection")],
        problems: [Self.unknown, .init(409, "collection_exists", "There is a collection of that slug.")],
        handler: .worker(create)),
      Endpoint(
        .get, "/v1/collections/{slug}", name: "getCollection", summary: "A collection.",
        parameters: [Self.slug.specification], results: [.init(200, "The collection.", schema: "Collection")],
        problems: [Self.missing], handler: .worker(one)),
      Endpoint(
        .put, "/v1/collections/{slug}", name: "putCollection",
        summary: "Makes a collection, or puts another one in its place.", parameters: [Self.slug.specification],
        body: Self.body, access: .write,
        results: [
          .init(201, "The collection is new.", schema: "Collection"),
          .init(200, "It has taken the place of another.", schema: "Collection"),
        ], problems: [Self.unknown, Self.changed], handler: .worker(put)),
      Endpoint(
        .delete, "/v1/collections/{slug}", name: "deleteCollection",
        summary: "Takes a collection away; its speeches stay.", parameters: [Self.slug.specification], access: .write,
        results: [.init(204, "It is gone.")], problems: [Self.missing, Self.changed], handler: .worker(delete)),
    ]
  }

  // MARK: Reading

  private func list(_ call: Call) throws -> Response {
    let (found, editedAt, state) = try collections.all()
    return CollectionResource(call: call, total: found.count, next: nil, state: state).response { writer in
      for (collection, speeches) in found { collection.write(to: &writer, speeches: speeches) }
    } extra: { writer in
      writer.member("edits", state.edits)
      writer.member("edited_at", editedAt)
    }.tagged(state)
  }

  private func one(_ call: Call) throws -> Response {
    let slug = try call[Self.slug]
    guard let (collection, speeches) = try collections.find(slug) else { throw try missingProblem(slug) }
    return collection.response(speeches: speeches)
  }

  // MARK: Writing

  private func create(_ call: Call) throws -> Response {
    let collection = try collection(call, slug: nil)
    return try keep(collection, call) { before in
      if before != nil {
        throw Problem(
          .conflict, code: "collection_exists", detail: "There is a collection “\(collection.slug)” already.",
          pointer: "/slug")
      }
    }
  }

  private func put(_ call: Call) throws -> Response {
    try keep(try collection(call, slug: call[Self.slug]), call) { try Self.require(call, $0) }
  }

  private func delete(_ call: Call) throws -> Response {
    let slug = try call[Self.slug]
    guard try collections.remove(slug, at: now(), check: { try Self.require(call, $0) }) else {
      throw try missingProblem(slug)
    }
    return Response(status: .noContent)
  }

  private func keep(
    _ collection: SpeechCollection, _ call: Call, check: (CollectionRepository.Found?) throws -> Void
  ) throws -> Response {
    let (isNew, unknown) = try collections.put(collection, check: check)
    if let first = unknown.first, case .ids(let ids) = collection.rule {
      throw Problem(
        .unprocessableContent, code: "unknown_speech",
        detail: "There is no speech “\(first)”"
          + (unknown.count > 1 ? ", nor are there \(unknown.count - 1) others." : "."),
        pointer: ids.firstIndex(of: first).map { "/ids/\($0)" })
    }
    guard let (kept, speeches) = try collections.find(collection.slug) else {
      throw try missingProblem(collection.slug)
    }
    var response = kept.response(speeches: speeches)
    response.status = isNew ? .created : .ok
    response.headerFields[.location] = kept.url
    return response
  }

  /// Throws where the collection is not the one that the client thinks it is about.
  private static func require(_ call: Call, _ found: CollectionRepository.Found?) throws {
    let tags = found.map { [Response.tag($0.collection.digest(speeches: $0.speeches), form: Format.json.contentType)] }
    let modified = found.flatMap { HTTPDate(iso8601: $0.collection.updatedAt) }
    guard case .holds = call.request.precondition(tags: tags ?? [], modified: modified) else {
      throw Precondition.problem
    }
  }

  private func missingProblem(_ slug: String) throws -> Problem {
    let near = slug.nearest(in: try collections.all().collections.map(\.0.slug)).map { " Did you mean “\($0)”?" } ?? ""
    return Problem(
      .notFound, code: "collection_not_found", detail: "There is no collection “\(slug)”." + near, parameter: "slug")
  }

  // MARK: What comes in

  @Sendable private static func checkType(of request: Request) throws {
    let type = (request.headerFields[.contentType] ?? "").prefix { $0 != ";" }.trimmed.lowercased()
    guard type == "application/json" else {
      throw Problem(
        .unsupportedMediaType, code: "unsupported_media_type", detail: "Content-Type has to be application/json.",
        headerFields: [.accept: "application/json"])
    }
  }

  /// The collection that a body describes.
  /// - Parameter slug: from the address; nil where the body has to bring it.
  private func collection(_ call: Call, slug: String?) throws -> SpeechCollection {
    let value: JSONValue
    do { value = try JSONReader.read(call.request.body) } catch {
      throw Problem(
        .badRequest, code: "malformed_json", detail: "The body is not JSON: \(error.message) (byte \(error.offset)).")
    }
    return try SpeechCollection(reading: JSONCursor(value), slug: slug, at: now())
  }
}
