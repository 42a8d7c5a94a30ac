/// A step on the way from one text to another: code points that both have, or that only one of them has.
public struct TextEdit: Hashable, Sendable {
  /// What is done with the code points.
  public enum Operation: String, CaseIterable, Sendable {
    case equal, insert, delete
  }

  /// What is done.
  public var operation: Operation
  /// The code points of the text before; empty at their place for an insertion.
  public var before: Span
  /// The code points of the text after; empty at their place for a deletion.
  public var after: Span
}

/// Finds what leads from one text to another: sentences first, then words and characters inside those that differ.
///
/// Sentences are aligned by those that stand once in both texts (Cohen's patience diff), what is between by the shortest edit
/// script (Myers 1986). All that one value does together is bounded by `budget` steps; what would take more is given as
/// deleted and inserted whole.
public struct TextDiff: Sendable {
  /// How many steps are left.
  private var budget: Int
  /// Whether something was given as deleted and inserted whole because finding out more would have taken too long.
  public private(set) var isCoarse = false

  /// A search of so many steps; ten million take some tens of milliseconds.
  public init(budget: Int = 10_000_000) { self.budget = budget }

  /// The steps from one text to another, in order: their deletions and equal parts are the text before, their insertions
  /// and equal parts the text after. A deletion stands before the insertion at its place.
  public mutating func edits(from before: [Unicode.Scalar], to after: [Unicode.Scalar]) -> [TextEdit] {
    if before.isEmpty || after.isEmpty { return Self.edits([], before.count, after.count) }
    var equal: [Run] = []
    var sentences = (Units(sentencesOf: before), Units(sentencesOf: after))
    Units.number(&sentences.0, &sentences.1)
    for block in align(sentences.0, sentences.1, isAnchored: true) {
      switch block {
      case .equal(let run): equal.append(run)
      case .different(let one, let other):
        var words = (Units(before, one), Units(after, other))
        Units.number(&words.0, &words.1)
        for case .equal(let run) in align(words.0, words.1, isAnchored: false) { equal.append(run) }
      }
    }
    return Self.edits(Self.withoutCrumbs(equal, before.count, after.count), before.count, after.count)
  }

  /// Code points that both texts have at these places.
  fileprivate struct Run {
    var before: Int
    var after: Int
    var count: Int
  }

  /// A stretch of both texts, in code points.
  private enum Block {
    case equal(Run)
    case different(Range<Int>, Range<Int>)
  }

  // MARK: Alignment

  private mutating func align(_ one: Units, _ other: Units, isAnchored: Bool) -> [Block] {
    var matches: [Run] = []
    // A worklist of ranges with how often they were divided: their number is bounded, and the depth too.
    var open = [(one.numbers.indices, other.numbers.indices, isAnchored ? 0 : Self.mostDivisions)]
    while let (first, second, depth) = open.popLast() {
      var (here, there) = (first, second)
      func same() -> Bool { !here.isEmpty && !there.isEmpty }
      let start = (here.lowerBound, there.lowerBound)
      while same(), one.numbers[here.lowerBound] == other.numbers[there.lowerBound] {
        here = here.dropFirst()
        there = there.dropFirst()
      }
      if here.lowerBound > start.0 {
        matches.append(Run(before: start.0, after: start.1, count: here.lowerBound - start.0))
      }
      let end = here.upperBound
      while same(), one.numbers[here.upperBound - 1] == other.numbers[there.upperBound - 1] {
        here = here.dropLast()
        there = there.dropLast()
      }
      if here.upperBound < end {
        matches.append(Run(before: here.upperBound, after: there.upperBound, count: end - here.upperBound))
      }
      guard same() else { continue }
      let anchors = depth < Self.mostDivisions ? Self.anchors(one, here, other, there) : []
      if anchors.isEmpty {
        matches += shortest(one, here, other, there)
        continue
      }
      var (last, lastThere) = (here.lowerBound, there.lowerBound)
      for (place, placeThere) in anchors {
        open.append((last..<place, lastThere..<placeThere, depth + 1))
        // The anchor itself, and what follows it alike, is found at the beginning of the next range.
        (last, lastThere) = (place, placeThere)
      }
      open.append((last..<here.upperBound, lastThere..<there.upperBound, depth + 1))
    }
    return Self.blocks(matches.sorted { $0.before < $1.before }, one, other)
  }

  /// How often a range is divided by what stands once in it: texts made to be divided again and again are not.
  private static let mostDivisions = 8

  /// The units that stand once on each side, as many of them as keep their order.
  private static func anchors(
    _ one: Units, _ here: Range<Int>, _ other: Units, _ there: Range<Int>
  ) -> [(Int, Int)] {
    var places: [Int32: (count: Int, place: Int, countThere: Int, placeThere: Int)] = [:]
    for place in here {
      let known = places[one.numbers[place]] ?? (0, 0, 0, 0)
      places[one.numbers[place]] = (known.count + 1, place, 0, 0)
    }
    for place in there {
      guard let known = places[other.numbers[place]] else { continue }
      places[other.numbers[place]] = (known.count, known.place, known.countThere + 1, place)
    }
    let unique = places.values.filter { $0.count == 1 && $0.countThere == 1 }.sorted { $0.placeThere < $1.placeThere }
    return unique.map(\.place).longestIncreasing.map { (unique[$0].place, unique[$0].placeThere) }
  }

  /// The units that the shortest edit script leaves (Myers 1986); none where it is longer than is looked for.
  private mutating func shortest(
    _ one: Units, _ here: Range<Int>, _ other: Units, _ there: Range<Int>
  ) -> [Run] {
    let (count, countThere) = (here.count, there.count)
    let most = min(count + countThere, 1_500)
    var furthest = [Int32](repeating: 0, count: 2 * most + 3)
    var trace: [[Int32]] = []
    for edits in 0...most {
      // Of the way so far only the diagonals that can have been reached are kept.
      trace.append(Array(furthest[(most + 1 - edits)...(most + 1 + edits)]))
      for diagonal in stride(from: -edits, through: edits, by: 2) {
        let slot = most + 1 + diagonal
        let isDown = diagonal == -edits || diagonal != edits && furthest[slot - 1] < furthest[slot + 1]
        var place = Int(isDown ? furthest[slot + 1] : furthest[slot - 1] + 1)
        let start = place
        while place < count, place - diagonal < countThere,
          one.numbers[here.lowerBound + place] == other.numbers[there.lowerBound + place - diagonal]
        { place += 1 }
        budget -= 1 + place - start
        if budget < 0 { break }
        furthest[slot] = Int32(place)
        if place >= count, place - diagonal >= countThere {
          return Self.runs(trace, to: (count, countThere), from: (here.lowerBound, there.lowerBound))
        }
      }
      if budget < 0 { break }
    }
    isCoarse = true
    return []
  }

  /// Walks the way of a shortest script back.
  private static func runs(_ trace: [[Int32]], to end: (Int, Int), from start: (Int, Int)) -> [Run] {
    var runs: [Run] = []
    var (place, placeThere) = end
    for (edits, furthest) in trace.enumerated().reversed() {
      let diagonal = place - placeThere
      // Of `furthest` the middle is the diagonal 0.
      func reached(_ diagonal: Int) -> Int {
        furthest.indices.contains(edits + diagonal) ? Int(furthest[edits + diagonal]) : -1
      }
      let isDown = diagonal == -edits || diagonal != edits && reached(diagonal - 1) < reached(diagonal + 1)
      let before = isDown ? diagonal + 1 : diagonal - 1
      let from = edits == 0 ? 0 : reached(before) + (isDown ? 0 : 1)
      if place > from {
        runs.append(Run(before: start.0 + from, after: start.1 + from - diagonal, count: place - from))
      }
      if edits == 0 { break }
      (place, placeThere) = (reached(before), reached(before) - before)
    }
    return runs
  }

  /// Runs of units as stretches of code points, with what is between them.
  private static func blocks(_ runs: [Run], _ one: Units, _ other: Units) -> [Block] {
    var blocks: [Block] = []
    var (last, lastThere) = (0, 0)
    for run in runs + [Run(before: one.numbers.count, after: other.numbers.count, count: 0)] {
      if run.before > last, run.after > lastThere {
        blocks.append(
          .different(one.starts[last]..<one.starts[run.before], other.starts[lastThere]..<other.starts[run.after]))
      }
      (last, lastThere) = (run.before + run.count, run.after + run.count)
      let start = one.starts[run.before]
      if run.count > 0 {
        blocks.append(
          .equal(Run(before: start, after: other.starts[run.after], count: one.starts[last] - start)))
      }
    }
    return blocks
  }

  // MARK: Edits

  /// A character or two that happen to be the same between two changes say nothing: they are part of the change.
  private static func withoutCrumbs(_ runs: [Run], _ count: Int, _ countThere: Int) -> [Run] {
    var kept: [Run] = []
    var (last, lastThere) = (0, 0)
    for (index, run) in runs.enumerated() {
      let next = index + 1 < runs.count ? (runs[index + 1].before, runs[index + 1].after) : (count, countThere)
      let ahead = max(run.before - last, run.after - lastThere)
      let behind = max(next.0 - run.before - run.count, next.1 - run.after - run.count)
      if run.count <= 3, run.count < ahead, run.count < behind { continue }
      kept.append(run)
      (last, lastThere) = (run.before + run.count, run.after + run.count)
    }
    return kept
  }

  private static func edits(_ runs: [Run], _ count: Int, _ countThere: Int) -> [TextEdit] {
    var edits: [TextEdit] = []
    var (last, lastThere) = (0, 0)
    for run in runs + [Run(before: count, after: countThere, count: 0)] {
      if run.before > last {
        edits.append(
          TextEdit(operation: .delete, before: Span(last, run.before), after: Span(lastThere, lastThere)))
      }
      if run.after > lastThere {
        edits.append(
          TextEdit(operation: .insert, before: Span(run.before, run.before), after: Span(lastThere, run.after)))
      }
      let (end, endThere) = (run.before + run.count, run.after + run.count)
      if run.count > 0 {
        if let before = edits.last, before.operation == .equal, before.before.end == run.before,
          before.after.end == run.after
        {
          edits[edits.count - 1].before.end = end
          edits[edits.count - 1].after.end = endThere
        } else {
          edits.append(
            TextEdit(operation: .equal, before: Span(run.before, end), after: Span(run.after, endThere)))
        }
      }
      (last, lastThere) = (end, endThere)
    }
    return edits
  }
}
