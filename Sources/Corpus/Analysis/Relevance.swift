import Foundation

/// How much a place speaks to a query: BM25 (Robertson and Zaragoza, 2009, equation 3.15) over weighted fields.
public struct Relevance: Sendable {
  /// What an occurrence in a heading counts beside one in the text.
  public static let headingWeight: Float = 3
  /// What an occurrence in the title counts.
  public static let titleWeight: Float = 3
  /// What an occurrence in a field counts.
  public static func weight(of field: Query.Field) -> Float {
    switch field {
    case .text: 1
    case .heading: headingWeight
    case .title: titleWeight
    }
  }

  // The numbers are those that rank best what was judged by eye: docs/relevance.md.

  /// How soon more occurrences stop adding.
  private static let saturation: Float = 1.2
  /// How much length is held against a place.
  private static let lengthPenalty: Float = 0.3
  /// The shortest length that is believed, as a part of the mean: a salutation is not about what it names.
  private static let shortest: Float = 0.6

  private let inverseFrequency: Float
  private let meanLength: Float

  /// The weights of a term.
  /// - Parameters:
  ///   - found: in how many places the term stands.
  ///   - places: how many there are.
  ///   - meanLength: their mean length, in tokens.
  public init(found: Int, of places: Int, meanLength: Double) {
    inverseFrequency = Float(log(1 + (Double(max(0, places - found)) + 0.5) / (Double(found) + 0.5)))
    self.meanLength = Float(max(1, meanLength))
  }

  /// What the term adds to the score of a place.
  /// - Parameters:
  ///   - frequency: its occurrences there, weighted by field.
  ///   - length: the length of the place in tokens.
  @inline(__always)
  public func score(frequency: Float, length: UInt32) -> Float {
    let length = max(Float(length) / meanLength, Self.shortest)
    return inverseFrequency * frequency * (Self.saturation + 1)
      / (frequency + Self.saturation * (1 - Self.lengthPenalty + Self.lengthPenalty * length))
  }
}

extension Relevance {
  /// The most that the term can add to the score of a place, whatever its length, for each number of occurrences below some.
  public func most(below frequency: Int) -> [Float] {
    // The shorter, the better; and so it is after rounding.
    (0..<frequency).map { score(frequency: Float($0), length: 0) }
  }
}

/// The best of many, without keeping the rest: a heap whose root is the worst of those kept.
public struct Best: Sendable {
  /// A number with its score.
  public struct Entry: Hashable, Sendable {
    /// The score.
    public var score: Float
    /// What has it.
    public var number: Int

    /// A number with its score.
    public init(score: Float, number: Int) {
      self.score = score
      self.number = number
    }

    /// Higher scores come first, lower numbers among equals.
    public static func precedes(_ one: Entry, _ other: Entry) -> Bool {
      one.score > other.score || one.score == other.score && one.number < other.number
    }
  }

  private let limit: Int
  private let place: Entry?
  private var heap: [Entry] = []

  /// Keeps at most `limit`, of those only that come after a place.
  public init(limit: Int, after place: Entry? = nil) { (self.limit, self.place) = (limit, place) }

  /// What the score of another one has to exceed for it to be kept, unless it equals that and has a lower number.
  public var least: Float { heap.count < limit ? -.infinity : heap.first?.score ?? .infinity }

  /// Offers one.
  public mutating func offer(_ entry: Entry) {
    if let place, !Entry.precedes(place, entry) { return }
    if heap.count < limit {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0, Entry.precedes(heap[(child - 1) / 2], heap[child]) {
        heap.swapAt((child - 1) / 2, child)
        child = (child - 1) / 2
      }
    } else if let worst = heap.first, Entry.precedes(entry, worst) {
      heap[0] = entry
      sink()
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if Entry.precedes(heap[worst], heap[child]) { worst = child }
      }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }

  /// What was kept, the best first.
  public var sorted: [Entry] { heap.sorted(by: Entry.precedes) }
}
