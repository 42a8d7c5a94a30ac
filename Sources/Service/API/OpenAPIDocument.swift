import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/openapi.json`: OpenAPI 3.1, made from the declarations of the endpoints and the shapes of their answers.
struct OpenAPIDocument {
  static let path = "/openapi.json"

  let endpoints: [Endpoint]
  /// Whether reading needs no token.
  let isReadingOpen: Bool

  /// The endpoint that answers with the document.
  static func endpoint(_ document: @escaping @Sendable () -> [UInt8]) -> Endpoint {
    Endpoint(
      .get, Self.path, name: "getOpenAPI", summary: "This description, as OpenAPI 3.1.", access: .open,
      results: [.init(200, "The description.")],
      handler: .quick { _ in
        let document = document()
        return .now(Response.json(document).tagged(document.sha256))
      })
  }

  private static let description = """
    A corpus of speeches, their sections and metadata. Positions are half-open ranges of Unicode code points. `HEAD` works \
    where `GET` does, `OPTIONS` everywhere; other methods are answered 405 `method_not_allowed`, unknown addresses 404 \
    `not_found`. A suffix asks for a form as `Accept` does: `/v1/speeches/ID.md`. Browsers, which prefer `text/html`, get \
    problems as pages. `POST`, `PUT`, `PATCH` and `DELETE` take an `Idempotency-Key`: the same request again under the same \
    key within a day does nothing and is answered as the first time, with `Idempotent-Replayed: true`.
    """

  /// The document.
  var json: [UInt8] {
    var writer = JSONWriter(capacity: 262_144)
    writer.object { writer in
      writer.member("openapi", "3.1.0")
      writer.object("info") { writer in
        writer.member("title", "Rostrum")
        writer.member("version", Version.text)
        writer.member("description", Self.description)
        writer.object("license") {
          $0.member("name", "Apache-2.0")
          $0.member("identifier", "Apache-2.0")
        }
      }
      writer.array("servers") { $0.object { $0.member("url", "/") } }
      writer.array("tags") { writer in
        for group in EndpointGroup.allCases where endpoints.contains(where: { EndpointGroup(path: $0.path) == group }) {
          writer.object {
            $0.member("name", group.rawValue)
            $0.member("description", group.summary)
          }
        }
      }
      writer.object("paths") { writer in
        for path in paths {
          writer.name(path)
          writer.object { writer in
            for endpoint in endpoints where endpoint.path == path {
              writer.name(endpoint.method.rawValue.lowercased())
              writer.object { write(endpoint, to: &$0) }
            }
          }
        }
      }
      writer.object("components") { writer in
        writer.object("schemas") { writer in
          for (name, schema) in Schemas.all {
            writer.name(name)
            writer.value(SchemaNotes.explained(schema, at: [name]))
          }
        }
        writer.object("responses") { OpenAPIResponses.writeShared(to: &$0) }
        writer.object("headers") { OpenAPIResponses.writeHeaders(to: &$0) }
        writer.object("securitySchemes") {
          $0.object("token") {
            $0.member("type", "http")
            $0.member("scheme", "bearer")
            $0.member(
              "description",
              "A token made by `rostrum token create`, of scope read, write or admin, each of which includes those before; "
                + "or the one that the server was started with (`ROSTRUM_TOKEN`), which may do everything.")
          }
        }
      }
    }
    return writer.bytes
  }

  /// The paths in the order in which they were declared.
  private var paths: [String] {
    var seen: Set<String> = []
    return endpoints.map(\.path).filter { seen.insert($0).inserted }
  }

  private func write(_ endpoint: Endpoint, to writer: inout JSONWriter) {
    writer.member("operationId", endpoint.name)
    writer.member("summary", endpoint.summary)
    writer.array("tags") { $0.string(EndpointGroup(path: endpoint.path).rawValue) }
    writer.array("parameters") { writer in
      for parameter in endpoint.parameters { writer.object { OpenAPIParameters.write(parameter, to: &$0) } }
      for field in OpenAPIParameters.fields(of: endpoint) { writer.value(field) }
    }
    if let body = endpoint.body {
      writer.object("requestBody") { writer in
        writer.member("description", body.summary)
        writer.member("required", true)
        writer.object("content") { writer in
          for type in body.mediaTypes {
            writer.name(type)
            writer.object { write(body, type, to: &$0) }
          }
        }
      }
    }
    if let scope = endpoint.scope(isReadingOpen: isReadingOpen) {
      writer.array("security") { $0.object { $0.array("token") { $0.string(scope.rawValue) } } }
    }
    writer.object("responses") {
      OpenAPIResponses(endpoint: endpoint, isReadingOpen: isReadingOpen).write(to: &$0)
    }
  }

  private func write(_ body: Endpoint.Body, _ type: String, to writer: inout JSONWriter) {
    let isJSON = type.hasSuffix("json") && type != "application/x-ndjson"
    writer.name("schema")
    writer.value(isJSON ? Schemas.reference(body.schema) : Schemas.document)
    writer.name("example")
    writer.value(
      isJSON ? SchemaNotes.example(of: body.schema) : .string(SchemaNotes.documents[type] ?? SchemaNotes.plainDocument))
  }
}

/// What endpoints are grouped by: the first parts of their addresses.
enum EndpointGroup: String, CaseIterable {
  case corpus, speeches, speech, search, values, collections, families, changes, service

  /// The group of an address.
  init(path: String) {
    let parts = path.split(separator: "/")
    self =
      switch parts.first {
      case "v1" where parts.count == 1: .corpus
      case "v1" where parts.count > 2 && parts[1] == "speeches": .speech
      case "v1": Self(rawValue: String(parts[1])) ?? .corpus
      default: .service
      }
  }

  /// What its endpoints are about.
  var summary: String {
    switch self {
    case .corpus: "The corpus as a whole."
    case .speeches: "Lists of speeches by filters and queries; import."
    case .speech: "One speech: its text, sections, source and history."
    case .search: "The places in speeches where a query holds."
    case .values: "What values the fields of the corpus have."
    case .collections: "Named sets of speeches."
    case .families: "Speeches of which there are copies."
    case .changes: "What was written, in order."
    case .service: "The server itself and this description."
    }
  }
}
