/// Chooses among media types by an `Accept` field (RFC 9110 §12.5.1).
public struct Negotiation: Sendable {
  private struct Range: Sendable {
    var type: Substring
    var subtype: Substring
    var quality: Double
    var specificity: Int
  }

  private var ranges: [Range] = []

  /// Reads an `Accept` field; parts that are no media range are left out, as are their parameters other than `q`.
  public init(accept: String) {
    for part in accept.split(separator: ",") {
      let pieces = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
      guard let range = pieces.first?.lowercased() else { continue }
      let names = range.split(separator: "/", maxSplits: 1)
      guard names.count == 2 else { continue }
      var quality = 1.0
      for piece in pieces.dropFirst() where piece.lowercased().hasPrefix("q=") {
        quality = min(1, max(0, Double(piece.dropFirst(2)) ?? 0))
      }
      let specificity = names[0] == "*" ? 0 : names[1] == "*" ? 1 : 2
      ranges.append(Range(type: names[0], subtype: names[1], quality: quality, specificity: specificity))
    }
  }

  /// The quality of a media type: that of the most specific range that names it; 0 where none does.
  public func quality(of mediaType: String) -> Double {
    let names = mediaType.split(separator: "/", maxSplits: 1)
    guard names.count == 2 else { return 0 }
    let fitting = ranges.filter {
      ($0.type == "*" || $0.type == names[0]) && ($0.subtype == "*" || $0.subtype == names[1])
    }
    return fitting.max { $0.specificity < $1.specificity }?.quality ?? 0
  }

  /// The form of the best quality, the first of equals; nil where none is wanted.
  public func best(of formats: [Format]) -> Format? {
    if ranges.isEmpty { return formats.first }
    var best: (format: Format, quality: Double)?
    for format in formats {
      let quality = quality(of: format.mediaType)
      if quality > 0, quality > best?.quality ?? 0 { best = (format, quality) }
    }
    return best?.format
  }
}
