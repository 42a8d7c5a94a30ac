import Corpus
import HTTP
import HTTPTypes

/// `/openapi.json`: OpenAPI 3.1, made from the declarations of the endpoints and the shapes of their answers.
struct OpenAPIDocument {
  let endpoints: [Endpoint]

  /// The endpoint that answers with the document.
  static func endpoint(_ document: @escaping @Sendable () -> [UInt8]) -> Endpoint {
    Endpoint(
      .get, "/openapi.json", name: "getOpenAPI", summary: "This description, as OpenAPI 3.1.",
      results: [.init(200, "The description.")],
      handler: .quick { _ in
        let document = document()
        return .now(Response.json(document).tagged(document.sha256))
      })
  }

  /// The document.
  var json: [UInt8] {
    var writer = JSONWriter(capacity: 65_536)
    writer.object { writer in
      writer.member("openapi", "3.1.0")
      writer.object("info") { writer in
        writer.member("title", "Rostrum")
        writer.member("version", Version.text)
        writer.member(
          "description",
          "A corpus of speeches, their sections and metadata. Positions are half-open ranges of Unicode code points.")
        writer.object("license") {
          $0.member("name", "Apache-2.0")
          $0.member("identifier", "Apache-2.0")
        }
      }
      writer.array("servers") { $0.object { $0.member("url", "/") } }
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
            writer.value(schema)
          }
        }
        writer.object("securitySchemes") {
          $0.object("token") {
            $0.member("type", "http")
            $0.member("scheme", "bearer")
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
    writer.array("parameters") { writer in
      for parameter in endpoint.parameters { writer.object { write(parameter, to: &$0) } }
    }
    if let body = endpoint.body {
      writer.object("requestBody") { writer in
        writer.member("description", body.summary)
        writer.member("required", true)
        writer.object("content") { writer in
          for type in body.mediaTypes {
            writer.name(type)
            writer.object { writer in
              writer.name("schema")
              writer.value(
                type == "application/json"
                  ? Schemas.reference(body.schema) : .object([.init("type", .string("string"))]))
            }
          }
        }
      }
    }
    if endpoint.writes { writer.array("security") { $0.object { $0.array("token") { _ in } } } }
    writer.object("responses") { writer in
      for result in endpoint.results {
        writer.name(String(result.status))
        writer.object { write(result, of: endpoint, to: &$0) }
      }
      for (status, problems) in Dictionary(grouping: problems(of: endpoint), by: \.status).sorted(by: {
        $0.key < $1.key
      }) {
        writer.name(String(status))
        writer.object { writer in
          writer.member("description", problems.map { "`\($0.code)`: \($0.summary)" }.joined(separator: " "))
          if status == 304 { return }
          writer.object("content") { writer in
            writer.object("application/problem+json") {
              $0.name("schema")
              $0.value(Schemas.reference("Problem"))
            }
          }
        }
      }
    }
  }

  private func write(_ result: Endpoint.Result, of endpoint: Endpoint, to writer: inout JSONWriter) {
    writer.member("description", result.summary)
    guard result.status < 300, result.status != 204 else { return }
    writer.object("content") { writer in
      if endpoint.formats.isEmpty {
        writer.object("*/*") { $0.object("schema") { _ in } }
      }
      for format in endpoint.formats {
        writer.name(format.mediaType)
        writer.object { writer in
          writer.name("schema")
          if format == .json {
            writer.value(Schemas.any(of: result.schemas))
          } else {
            writer.value(.object([.init("type", .string("string"))]))
          }
        }
      }
    }
  }

  private func write(_ parameter: ParameterSpecification, to writer: inout JSONWriter) {
    writer.member("name", parameter.isFamily ? parameter.name + "KEY" : parameter.name)
    writer.member("in", parameter.place.rawValue)
    writer.member("description", parameter.summary)
    if parameter.place == .path || parameter.isRequired { writer.member("required", true) }
    switch parameter.multiplicity {
    case .once: break
    case .repeatable:
      writer.member("style", "form")
      writer.member("explode", true)
    case .commaSeparated:
      writer.member("style", "form")
      writer.member("explode", false)
    }
    writer.object("schema") { writer in
      if parameter.multiplicity == .once {
        writeKind(of: parameter, to: &writer)
        if let text = parameter.defaultText {
          writer.name("default")
          switch parameter.kind {
          case .integer: writer.integer(Int(text) ?? 0)
          case .boolean: writer.value(.bool(text == "true"))
          case .text, .word, .date: writer.string(text)
          }
        }
      } else {
        writer.member("type", "array")
        writer.object("items") { writeKind(of: parameter, to: &$0) }
      }
    }
  }

  private func writeKind(of parameter: ParameterSpecification, to writer: inout JSONWriter) {
    switch parameter.kind {
    case .text(let maximum):
      writer.member("type", "string")
      writer.member("minLength", 1)
      writer.member("maxLength", maximum)
    case .integer(let range):
      writer.member("type", "integer")
      writer.member("minimum", range.lowerBound)
      if range.upperBound < Int.max { writer.member("maximum", range.upperBound) }
    case .word(let words):
      writer.member("type", "string")
      writer.array("enum") { for word in words { $0.string(word) } }
    case .boolean: writer.member("type", "boolean")
    case .date:
      writer.member("type", "string")
      writer.member("pattern", "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")
    }
  }

  /// Every problem that an endpoint can answer with: its own, and those that come with what it declares.
  private func problems(of endpoint: Endpoint) -> [ProblemSpecification] {
    var problems: [ProblemSpecification] = [
      .init(400, "malformed_request", "The request is not HTTP as RFC 9112 has it."),
      .init(400, "unknown_parameter", "There is no such parameter here."),
      .init(503, "overloaded", "The server has more work than it can take at present."),
      .init(500, "internal_error", "A fault of the server; its log has the request id."),
    ]
    if endpoint.method == .get {
      problems.append(.init(304, "not_modified", "The client has it already."))
      problems.append(.init(412, "precondition_failed", "It is not what `If-Match` or `If-Unmodified-Since` names."))
      if !endpoint.formats.isEmpty {
        problems.append(.init(406, "not_acceptable", "`Accept` names no form that is offered."))
      }
    }
    if !endpoint.parameters.isEmpty {
      problems.append(.init(400, "invalid_parameter", "A parameter is out of its bounds."))
      problems.append(.init(400, "repeated_parameter", "A parameter is given twice that may be given once."))
    }
    if endpoint.writes {
      problems.append(.init(401, "unauthorized", "The token is missing or wrong."))
      problems.append(.init(403, "writing_disabled", "The server is read-only: no token is configured."))
    }
    if endpoint.body != nil {
      problems.append(.init(400, "malformed_json", "The body is not JSON."))
      problems.append(.init(413, "too_large", "The body is larger than the limit."))
      problems.append(.init(422, "invalid_member", "A member is unknown or has a wrong type; `pointer` names it."))
    }
    if case .worker = endpoint.handler {
      problems.append(.init(503, "deadline_exceeded", "The query took longer than it may."))
      problems.append(.init(503, "busy", "The database is busy."))
    }
    return problems + endpoint.problems
  }
}
