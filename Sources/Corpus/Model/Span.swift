/// A half-open range of Unicode code points, the unit in which every position of an answer is given.
public struct Span: Hashable, Sendable {
  /// Position of the first code point.
  public var start: Int
  /// Position after the last code point.
  public var end: Int

  /// The code points from `start` up to, not including, `end`.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// Number of code points.
  public var count: Int { end - start }

  /// Whether there is nothing between start and end.
  public var isEmpty: Bool { end <= start }

  /// Whether `other` lies within this span.
  public func contains(_ other: Span) -> Bool { start <= other.start && other.end <= end }
}
