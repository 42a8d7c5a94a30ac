import Corpus
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
      #expect(parameters.count == endpoint.parameters.count)
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
      #expect(reply["components", "schemas", String(reference.dropFirst("#/components/schemas/".count))] != nil)
    }
  }
}
