/// The passage of a node that shows best why it was found.
public struct Snippet: Hashable, Sendable {
  /// How long it is at most, in code points.
  public static let length = 120

  /// Where it stands in the canonical text.
  public var span: Span
  /// Where the terms of the query stand in it, in code points of the canonical text; they may overlap.
  public var highlights: [Span]

  /// The best passage of a node for the terms of a query: the one with the most different terms, then the most
  /// occurrences; the beginning of the node where none of them stands in it. It lies in one line.
  public init(of node: Section, in text: TextIndex, terms: [Term]) {
    var best: (span: Span, highlights: [Span], worth: Int)?
    var first: Span?
    for (piece, field) in node.bodySpans.map({ ($0, Query.Field.text) })
      + [node.headingSpan].compactMap(\.self).map({ ($0, Query.Field.heading) })
    {
      let folded = Folding.fold(utf8: text.slice(piece))
      for line in folded.lines where !line.isEmpty {
        let whole = Span(piece.start + line.startIndex, piece.start + line.endIndex)
        first = first ?? whole
        var found: [(span: Span, term: Int)] = []
        for (index, term) in terms.enumerated() where term.field == nil || term.field == field {
          found += term.occurrences(in: line).map { (Span($0.start + piece.start, $0.end + piece.start), index) }
        }
        if found.isEmpty { continue }
        found.sort { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
        let (window, worth) = Self.window(over: found, in: whole)
        // A place in the text says more than a heading, which stands beside the snippet anyhow.
        let value = worth * 2 + (field == .text ? 1 : 0)
        if value > best?.worth ?? 0 {
          var highlights: [Span] = []
          for (span, _) in found where window.contains(span) && highlights.last != span { highlights.append(span) }
          best = (window, highlights, value)
        }
      }
    }
    if let best {
      (span, highlights) = (best.span, best.highlights)
    } else {
      let whole = first ?? node.headingSpan ?? Span(node.span.start, node.span.start)
      (span, highlights) = (Span(whole.start, min(whole.end, whole.start + Self.length)), [])
    }
  }

  /// The window with the most different terms, then the most occurrences, and what it is worth.
  private static func window(over found: [(span: Span, term: Int)], in line: Span) -> (Span, Int) {
    var best = (first: 0, last: 0, worth: 0)
    var counts: [Int: Int] = [:]
    var last = 0
    for first in found.indices {
      while last < found.count,
        last == first || found[last].span.end - found[first].span.start <= length
      {
        counts[found[last].term, default: 0] += 1
        last += 1
      }
      let worth = counts.count * 1_000 + min(last - first, 999)
      if worth > best.worth { best = (first, last - 1, worth) }
      let term = found[first].term
      counts[term] = counts[term] == 1 ? nil : (counts[term] ?? 0) - 1
    }
    let (start, end) = (found[best.first].span.start, found[best.first...best.last].map(\.span.end).max() ?? line.end)
    // A third of the room left stands before, so that a reader sees what led there.
    let room = max(0, length - (end - start))
    let from = max(line.start, min(start - room / 3, line.end - max(length, end - start)))
    return (Span(from, min(line.end, max(end, from + length))), best.worth)
  }
}
