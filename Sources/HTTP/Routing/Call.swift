import HTTPTypes

/// A request that found its endpoint: the parts of its path, its parameters and the form it asks for.
public struct Call: Sendable {
  /// The request.
  public let request: Request
  /// The endpoint.
  public let endpoint: Endpoint
  /// The parts of the path by name.
  let pathValues: [String: String]
  /// The form of the answer.
  public let format: Format
  /// Whether the client asked for that form, and did not just get the usual one.
  public let isFormatAsked: Bool

  package init(
    request: Request, endpoint: Endpoint, pathValues: [String: String] = [:], format: Format = .json,
    isFormatAsked: Bool = false
  ) {
    self.request = request
    self.endpoint = endpoint
    self.pathValues = pathValues
    self.format = format
    self.isFormatAsked = isFormatAsked
  }

  /// The value of a declared parameter.
  public subscript<Value>(_ parameter: Parameter<Value>) -> Value {
    get throws { try parameter.read(texts(for: parameter.specification)) }
  }

  /// The texts of a family of parameters, such as `meta.KEY`, by the free part of the name.
  public func family(_ parameter: Parameter<[String]>) throws -> [String: [String]] {
    var values: [String: [String]] = [:]
    for item in request.target.query where parameter.specification.matches(item.name) {
      var specification = parameter.specification
      specification.name = item.name
      try specification.check(item.value)
      values[String(item.name.dropFirst(parameter.specification.name.count)), default: []].append(item.value)
    }
    guard values.count <= 20 else {
      throw parameter.problem("at most 20 different names are taken in one request")
    }
    return values
  }

  /// The parameters of the query as they take effect, defaults included: name, texts, declaration.
  public var effectiveQuery: [(name: String, texts: [String], specification: ParameterSpecification)] {
    var result: [(name: String, texts: [String], specification: ParameterSpecification)] = []
    for specification in endpoint.parameters where specification.place == .query {
      if specification.isFamily {
        let names = Set(request.target.query.map(\.name).filter(specification.matches)).sorted()
        for name in names {
          result.append((name, request.target.query.filter { $0.name == name }.map(\.value), specification))
        }
      } else {
        var texts = texts(for: specification)
        if texts.isEmpty, let text = specification.defaultText { texts = [text] }
        result.append((specification.name, texts, specification))
      }
    }
    return result
  }

  private func texts(for specification: ParameterSpecification) -> [String] {
    switch specification.place {
    case .path: pathValues[specification.name].map { [$0] } ?? []
    case .query: request.target.query.filter { $0.name == specification.name }.map(\.value)
    }
  }

  /// Refuses parameters that the endpoint does not have, or has only once.
  package func checkParameters(nearest: (String, [String]) -> String?) throws {
    if endpoint.acceptsAnyQuery { return }
    let declared = endpoint.parameters.filter { $0.place == .query }
    var seen: Set<String> = []
    for item in request.target.query {
      guard let specification = declared.first(where: { $0.matches(item.name) }) else {
        let near =
          nearest(item.name, declared.map { $0.isFamily ? $0.name + "KEY" : $0.name }).map { " Did you mean “\($0)”?" }
          ?? ""
        throw Problem(
          .badRequest, code: "unknown_parameter", detail: "There is no parameter “\(item.name)” here." + near,
          parameter: item.name)
      }
      guard seen.insert(item.name).inserted || specification.multiplicity == .repeatable else {
        throw Problem(
          .badRequest, code: "repeated_parameter", detail: "The parameter “\(item.name)” can be given only once.",
          parameter: item.name)
      }
    }
  }
}
