import HTTPTypes

/// What a `Range` field asks for of content whose length is known (RFC 9110 §14).
enum ByteRange: Hashable {
  /// All of it. A field is passed over that is malformed, of another unit than bytes, or asks for several ranges:
  /// together those may be no shorter than the whole, and no client of ours needs them.
  case whole
  case part(Range<Int>)
  /// It begins behind the end.
  case unsatisfiable

  init(_ field: String, length: Int) {
    self = .whole
    let unit = "bytes="
    guard field.prefix(unit.count).lowercased() == unit else { return }
    let range = field.dropFirst(unit.count).drop { $0 == " " || $0 == "\t" }
    let ends = range.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return }
    switch (Self.number(ends[0]), Self.number(ends[1])) {
    case (let first?, let last?):
      guard first <= last else { return }
      self = first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
    case (let first?, nil) where ends[1].isEmpty:
      self = first < length ? .part(first..<length) : .unsatisfiable
    case (nil, let suffix?) where ends[0].isEmpty:
      if suffix == 0 {
        self = .unsatisfiable
      } else if length > 0 {
        // There is no way to say which part of nothing it would be.
        self = .part(max(0, length - suffix)..<length)
      }
    default: break
    }
  }

  /// Digits and nothing else; what no Int holds is behind every end.
  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy(Octet.isDigit) else { return nil }
    return Int(text) ?? .max
  }
}

extension Response {
  /// The part of this answer that a request asks for: 206 with `Content-Range`, or the whole where it asks for none.
  ///
  /// Holds for a GET and an answer that says `Accept-Ranges: bytes` (RFC 9110 §14.2), and where there is an `If-Range`
  /// only if that is the very tag of the answer: dates are not precise enough (§13.1.5). To be asked after all other
  /// preconditions, and never of content that was compressed for this request. Throws a `Problem` with 416 where the
  /// range begins behind the end.
  public func part(for request: Request) throws -> Response {
    guard request.method == .get, status == .ok, headerFields[.acceptRanges] == "bytes", let length = body.length,
      let field = request.headerFields[.range]
    else { return self }
    if let validator = request.headerFields[.ifRange] {
      guard let tag = headerFields[.eTag], tag == validator, !tag.hasPrefix("W/") else { return self }
    }
    switch ByteRange(field, length: length) {
    case .whole: return self
    case .part(let range):
      var part = Response(status: .partialContent, headerFields: headerFields, body: body.part(range))
      part.headerFields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
      return part
    case .unsatisfiable:
      throw Problem(
        .rangeNotSatisfiable, code: "range_not_satisfiable",
        detail: "There are \(length) bytes; the range begins behind.",
        headerFields: [.contentRange: "bytes */\(length)", .acceptRanges: "bytes"])
    }
  }
}

extension Response.Body {
  /// How many bytes there are; nil where nobody knows before they are made.
  var length: Int? {
    switch self {
    case .bytes(let bytes): bytes.count
    case .pieces(let length, _): length
    case .stream: nil
    }
  }

  /// A part of a body whose length is known.
  fileprivate func part(_ range: Range<Int>) -> Response.Body {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes[range]))
    case .pieces(_, let produce):
      .pieces(length: range.count) { inner, writer in
        try produce(range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound, writer)
      }
    case .stream: self
    }
  }
}
