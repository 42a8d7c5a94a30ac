import Corpus
import Foundation
import HTTP
import HTTPTypes
import Service
import TestSupport
import Testing

@Suite("The OpenAPI description")
struct OpenAPIDocumentTests {
  @Test("has every endpoint with every parameter, and every shape that it names")
  func complete() throws {
    let test = try TestSite()
    let reply = try test.send(.get, "/openapi.json")
    #expect(reply["openapi"] == .string("3.1.0"))
    for endpoint in test.site.endpoints {
      let operation = try #require(reply["paths", endpoint.path, endpoint.method.rawValue.lowercased()])
      #expect(operation["operationId"] == .string(endpoint.name))
      guard case .array(let parameters) = operation["parameters"] else { return #expect(Bool(false)) }
      #expect(parameters.count { $0["in"] != .string("header") } == endpoint.parameters.count)
    }
    var references: Set<String> = []
    func visit(_ value: JSONValue) {
      switch value {
      case .object(let members):
        for member in members {
          if member.name == "$ref", case .string(let reference) = member.value { references.insert(reference) }
          visit(member.value)
        }
      case .array(let values): values.forEach(visit)
      default: break
      }
    }
    visit(reply.json)
    for reference in references {
      let parts = reference.split(separator: "/").dropFirst().map(String.init)
      #expect(parts.reduce(reply.json as JSONValue?) { $0?[$1] } != nil, "\(reference)")
    }
  }

  @Test("explains every parameter, and has an example of each but of cursors, which only the server makes")
  func parameters() throws {
    let reply = try TestSite().send(.get, "/openapi.json")
    for operation in operations(reply.json) {
      for parameter in elements(operation["parameters"]) {
        guard case .string(let name) = parameter["name"] else { return #expect(Bool(false)) }
        #expect(parameter["description"] != nil && parameter["schema"] != nil, "\(name)")
        #expect((parameter["example"] == nil) == (name == "cursor"), "\(name)")
      }
    }
  }

  @Test(
    "names the fields that requests take which change something: a key to repeat them under, a condition where one counts"
  )
  func fields() throws {
    let reply = try TestSite().send(.get, "/openapi.json")
    func fields(_ method: String, _ path: String) -> [String] {
      elements(reply["paths", path, method]?["parameters"]).filter { $0["in"] == .string("header") }.compactMap {
        if case .string(let name) = $0["name"] { name } else { nil }
      }
    }
    #expect(fields("post", "/v1/speeches") == ["Idempotency-Key"])
    for (method, path) in [
      ("patch", "/v1/speeches/{id}"), ("delete", "/v1/speeches/{id}"), ("put", "/v1/collections/{slug}"),
      ("delete", "/v1/collections/{slug}"),
    ] { #expect(fields(method, path) == ["Idempotency-Key", "If-Match"], "\(method) \(path)") }
    for path in members(reply["paths"]) { #expect(fields("get", path.name).isEmpty) }
  }

  @Test("has an example of every shape of an answer and of every body")
  func examples() throws {
    let reply = try TestSite().send(.get, "/openapi.json")
    for operation in operations(reply.json) {
      for response in members(operation["responses"]) {
        let json = response.value["content"]?["application/json"]
        guard json?["schema"]?["$ref"] != nil else { continue }
        #expect(json?["example"] != nil, "\(response.name) of \(String(describing: operation["operationId"]))")
      }
      for media in members(operation["requestBody"]?["content"]) {
        #expect(media.value["example"] != nil, "\(media.name) of \(String(describing: operation["operationId"]))")
      }
    }
  }

  @Test("has every code that the server's sources know, each with its status")
  func codes() throws {
    let reply = try TestSite().send(.get, "/openapi.json")
    var described: Set<String> = []
    let responses = operations(reply.json).flatMap { members($0["responses"]) }
    for response in responses + members(reply["components", "responses"]) {
      for example in members(response.value["content"]?["application/problem+json"]?["examples"]) {
        described.insert(example.name)
        if Int(response.name) != nil {
          #expect(example.value["value"]?["status"] == Int(response.name).map(JSONValue.integer), "\(example.name)")
        }
      }
    }
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    for module in ["HTTP", "Interchange", "Service"] {
      let folder = sources.appending(path: module)
      for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
        let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        for match in source.matches(of: /code: "([a-z_]+)"/) {
          #expect(described.contains(String(match.output.1)), "\(match.output.1) in \(file)")
        }
      }
    }
    #expect(described.isSuperset(of: ["not_found", "method_not_allowed", "request_timeout", "not_implemented"]))
  }

  private func members(_ value: JSONValue?) -> [JSONValue.Member] {
    if case .object(let members) = value { members } else { [] }
  }

  private func elements(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let elements) = value { elements } else { [] }
  }

  private func operations(_ document: JSONValue) -> [JSONValue] {
    members(document["paths"]).flatMap { members($0.value).map(\.value) }
  }
}
