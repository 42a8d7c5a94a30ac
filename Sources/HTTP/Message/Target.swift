/// What a request asks for: a path in decoded segments and the parameters of the query.
///
/// Percent codes are decoded once, after the path and the query were divided; what they stand for never divides
/// again.
public struct Target: Hashable, Sendable {
  /// A parameter of the query, decoded; `+` stands for a space as in HTML forms.
  public struct Parameter: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value; empty where there is no `=`.
    public var value: String
  }

  /// The target as sent, in origin form: path and query.
  public let raw: String
  /// The segments of the path; `/` has none, and a slash at the end adds an empty one.
  public let segments: [String]
  /// The parameters of the query, in order.
  public let query: [Parameter]

  /// The path as sent, without the query.
  public var rawPath: Substring { raw.prefix { $0 != "?" } }

  /// Whether every percent code was part of UTF-8. Where not, U+FFFD stands for what was none, so that a path is
  /// not found and a parameter can be refused.
  public let isUTF8: Bool

  /// Reads a target in origin form (RFC 9112 §3.2.1), or `*`; nil where a percent code is broken, or in the path
  /// stands for NUL.
  public init?(_ raw: String) {
    self.raw = raw
    let bytes = raw.utf8.span
    var decoder = PercentDecoder()
    var segments: [String] = []
    var query: [Parameter] = []
    if raw == "*" {
      (self.segments, self.query, isUTF8) = ([], [], true)
      return
    }
    guard bytes.count > 0, bytes[0] == Octet.slash else { return nil }

    func end(of part: Int, at separator: UInt8, or other: UInt8? = nil) -> Int {
      var index = part
      while index < bytes.count, bytes[index] != separator, bytes[index] != other { index += 1 }
      return index
    }
    var index = 0
    while index < bytes.count, bytes[index] == Octet.slash {
      let next = end(of: index + 1, at: Octet.slash, or: Octet.question)
      guard let segment = decoder.text(bytes.extracting((index + 1)..<next), inQuery: false) else {
        return nil
      }
      segments.append(segment)
      index = next
    }
    if segments == [""] { segments = [] }
    while index < bytes.count {
      let first = index + 1
      index = end(of: first, at: UInt8(ascii: "&"))
      guard index > first else { continue }
      let equals = end(of: first, at: Octet.equals, or: UInt8(ascii: "&"))
      guard let name = decoder.text(bytes.extracting(first..<equals), inQuery: true),
        let value = decoder.text(bytes.extracting(min(equals + 1, index)..<index), inQuery: true)
      else { return nil }
      query.append(Parameter(name: name, value: value))
    }
    (self.segments, self.query, isUTF8) = (segments, query, decoder.isUTF8)
  }
}
