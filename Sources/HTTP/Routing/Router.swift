public import HTTPTypes

/// Finds the endpoint of a request, or the problem that says why there is none.
public struct Router: Sendable {
  private struct Route: Sendable {
    var segments: [Segment]
    var endpoints: [Endpoint]

    /// What the address offers; HEAD comes with GET.
    var methods: [HTTPRequest.Method] {
      endpoints.map(\.method).flatMap { $0 == .get ? [.get, .head] : [$0] } + [.options]
    }
  }

  private enum Segment: Sendable, Hashable {
    case literal(String)
    case value(String)
  }

  /// What a path leads to.
  public enum Match: Sendable {
    /// A call of an endpoint.
    case call(Call)
    /// A question which methods the address has.
    case options(allow: [HTTPRequest.Method])

    /// The endpoint that is called.
    public var endpoint: Endpoint? { if case .call(let call) = self { call.endpoint } else { nil } }
  }

  /// Every endpoint, in the order of their declaration.
  public let endpoints: [Endpoint]
  private let routes: [Int: [Route]]
  private let nearest: @Sendable (String, [String]) -> String?

  /// A router over declarations.
  /// - Parameter nearest: finds the word that someone may have meant.
  public init(_ endpoints: [Endpoint], nearest: @escaping @Sendable (String, [String]) -> String? = { _, _ in nil }) {
    self.endpoints = endpoints
    self.nearest = nearest
    var routes: [Int: [Route]] = [:]
    for endpoint in endpoints {
      let segments = endpoint.path.split(separator: "/").map { part in
        part.hasPrefix("{") ? Segment.value(String(part.dropFirst().dropLast())) : .literal(String(part))
      }
      if let known = routes[segments.count]?.firstIndex(where: { $0.segments == segments }) {
        routes[segments.count]?[known].endpoints.append(endpoint)
      } else {
        routes[segments.count, default: []].append(Route(segments: segments, endpoints: [endpoint]))
      }
    }
    self.routes = routes
  }

  /// The endpoint that a request calls.
  /// - Parameter admit: throws where the client may not call the endpoint, before it is told what is wrong with its
  ///   parameters.
  public func match(_ request: Request, admit: (Endpoint) throws -> Void = { _ in }) throws -> Match {
    let found = try find(request.target.segments)
    if request.method == .options { return .options(allow: found.route.methods) }
    let method = request.method == .head ? .get : request.method
    guard let endpoint = found.route.endpoints.first(where: { $0.method == method }) else {
      let allow = found.route.methods.map(\.rawValue).joined(separator: ", ")
      throw Problem(
        .methodNotAllowed, code: "method_not_allowed",
        detail: "\(request.method.rawValue) is not offered here; \(allow) are.", headerFields: [.allow: allow])
    }
    try admit(endpoint)
    let format = try found.suffix ?? negotiated(endpoint, request)
    let isAsked = found.suffix != nil || Self.names(format, request)
    guard request.target.isUTF8 else { throw Self.notUTF8(request.target) }
    let call = Call(
      request: request, endpoint: endpoint, pathValues: found.values, format: format, isFormatAsked: isAsked)
    try call.checkParameters(nearest: nearest)
    return .call(call)
  }

  /// The pattern of a path, whatever the method; nil where nothing is at the address.
  public func pattern(of target: Target) -> String? { (try? find(target.segments))?.route.endpoints.first?.path }

  /// The problem of an address with percent codes that are no UTF-8, with the parameter that has the first of them.
  private static func notUTF8(_ target: Target) -> Problem {
    let place = target.query.lazy.compactMap { item in
      Array(item.value.unicodeScalars).firstIndex(of: "\u{FFFD}").map { (item.name, $0) }
    }.first
    return Problem(
      .badRequest, code: "invalid_parameter", detail: "The address has percent codes that are not UTF-8.",
      parameter: place?.0, position: place?.1)
  }

  /// Whether an `Accept` field names the media type itself.
  private static func names(_ format: Format, _ request: Request) -> Bool {
    request.headerFields[.accept]?.lowercased().contains(format.mediaType) ?? false
  }

  private func negotiated(_ endpoint: Endpoint, _ request: Request) throws -> Format {
    guard let accept = request.headerFields[.accept], let usual = endpoint.formats.first else {
      return endpoint.formats.first ?? .json
    }
    if let format = Negotiation(accept: accept).best(of: endpoint.formats) { return format }
    // A browser asks for HTML first and for anything after; it shows JSON well.
    if Negotiation(accept: accept).quality(of: "text/html") > 0, usual == .json { return usual }
    throw Problem(
      .notAcceptable, code: "not_acceptable",
      detail: "This is offered as \(endpoint.formats.map(\.mediaType).joined(separator: ", ")) only.")
  }

  private func find(
    _ segments: [String]
  ) throws -> (route: Route, values: [String: String], suffix: Format?) {
    for route in routes[segments.count] ?? [] {
      if let values = Self.values(of: route.segments, in: segments) {
        // `ID.md`: the suffix is a form of the endpoint, and the part before it the value.
        if let last = segments.last, let dot = last.lastIndex(of: "."), dot != last.startIndex,
          let format = route.endpoints.first(where: { $0.method == .get })?.formats.first(where: {
            $0.name == last[last.index(after: dot)...]
          })
        {
          let bare = segments.dropLast() + [String(last[..<dot])]
          if let values = Self.values(of: route.segments, in: Array(bare)) { return (route, values, format) }
        }
        return (route, values, nil)
      }
    }
    if let last = segments.last, let dot = last.lastIndex(of: "."), dot != last.startIndex {
      // `/v1/speeches.json`: the suffix stands behind a literal.
      let bare = Array(segments.dropLast() + [String(last[..<dot])])
      for route in routes[segments.count] ?? [] {
        if let values = Self.values(of: route.segments, in: bare),
          let format = route.endpoints.first(where: { $0.method == .get })?.formats.first(where: {
            $0.name == last[last.index(after: dot)...]
          })
        {
          return (route, values, format)
        }
      }
    }
    throw Problem(.notFound, code: "not_found", detail: "There is nothing at this address.")
  }

  private static func values(of pattern: [Segment], in segments: [String]) -> [String: String]? {
    var values: [String: String] = [:]
    for (part, segment) in zip(pattern, segments) {
      switch part {
      case .literal(let text): if text != segment { return nil }
      case .value(let name):
        if segment.isEmpty { return nil }
        values[name] = segment
      }
    }
    return values
  }
}
