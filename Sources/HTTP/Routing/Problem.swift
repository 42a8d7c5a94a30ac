public import HTTPTypes

/// Something that was looked at.
public struct Check: Hashable, Sendable {
  /// A word for it.
  public var name: String
  /// What is wrong with it, in a sentence; nil where nothing is.
  public var reason: String?

  /// A check with its outcome.
  public init(_ name: String, _ reason: String?) {
    self.name = name
    self.reason = reason
  }
}

/// An answer of RFC 9457: what went wrong, for a program and for a person.
public struct Problem: Error, Hashable, Sendable {
  /// The status.
  public var status: HTTPResponse.Status
  /// A stable word for programs.
  public var code: String
  /// One sentence for people.
  public var detail: String
  /// The parameter at fault.
  public var parameter: String?
  /// Where in the parameter, in code points.
  public var position: Int?
  /// JSON pointer to the value at fault.
  public var pointer: String?
  /// What was looked at, each with what is wrong with it, nil where nothing is.
  public var checks: [Check] = []
  /// Fields that belong to the answer, such as `Allow` or `Retry-After`.
  public var headerFields: HTTPFields

  /// A problem with what is known of its place.
  public init(
    _ status: HTTPResponse.Status, code: String, detail: String, parameter: String? = nil, position: Int? = nil,
    pointer: String? = nil, headerFields: HTTPFields = [:]
  ) {
    self.status = status
    self.code = code
    self.detail = detail
    self.parameter = parameter
    self.position = position
    self.pointer = pointer
    self.headerFields = headerFields
  }
}
