/// What a request asks for: a path in decoded segments and the parameters of the query.
///
/// Percent codes are decoded once, after the path and the query were divided; what they stand for never divides again.
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

  /// Reads a target in origin form (RFC 9112 §3.2.1), or `*`; nil where a percent code is broken, stands for NUL or
  /// does not decode to UTF-8.
  public init?(_ raw: String) {
    self.raw = raw
    if raw == "*" {
      (segments, query) = ([], [])
      return
    }
    let bytes = Array(raw.utf8)
    guard bytes.first == UInt8(ascii: "/") else { return nil }
    let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
    var segments: [String] = []
    for part in bytes[1..<mark].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let segment = Self.decoded(part, plusIsSpace: false) else { return nil }
      segments.append(segment)
    }
    self.segments = segments == [""] ? [] : segments
    var query: [Parameter] = []
    if mark < bytes.count {
      for pair in bytes[(mark + 1)...].split(separator: UInt8(ascii: "&")) {
        let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
        guard let name = Self.decoded(pair[..<equals], plusIsSpace: true),
          let value = Self.decoded(pair[equals...].dropFirst(), plusIsSpace: true)
        else { return nil }
        query.append(Parameter(name: name, value: value))
      }
    }
    self.query = query
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    func digit(_ at: Int) -> UInt8? {
      guard at < bytes.endIndex else { return nil }
      switch bytes[at] {
      case 48...57: return bytes[at] - 48
      case 65...70: return bytes[at] - 55
      case 97...102: return bytes[at] - 87
      default: return nil
      }
    }
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "%"):
        guard let high = digit(index + 1), let low = digit(index + 2), high << 4 | low != 0 else { return nil }
        result.append(high << 4 | low)
        index += 3
      case UInt8(ascii: "+") where plusIsSpace:
        result.append(32)
        index += 1
      case let byte:
        result.append(byte)
        index += 1
      }
    }
    return String(validating: result, as: UTF8.self)
  }
}
