/// Finds for the nodes of one revision what they were in another: first by what they say, then by their heading, then by how
/// much of their text they share, then by their place.
struct NodeMatching {
  private let before: ComparedSpeech
  private let after: ComparedSpeech
  /// For each node after, the node before.
  private var found: [Int?]
  /// For each node before, whether it was found.
  private var isTaken: [Bool]
  private let said: (before: [[Unicode.Scalar]], after: [[Unicode.Scalar]])

  init(_ before: ComparedSpeech, _ after: ComparedSpeech) {
    (self.before, self.after) = (before, after)
    found = Array(repeating: nil, count: after.nodes.count)
    isTaken = Array(repeating: false, count: before.nodes.count)
    said = (before.nodes.indices.map(before.scalars), after.nodes.indices.map(after.scalars))
  }

  mutating func matches() -> [SpeechComparison.Match] {
    pair({ [said] in said.before[$0].nonEmpty }, { [said] in said.after[$0].nonEmpty })
    pair({ [before] in before.nodes[$0].section.heading }, { [after] in after.nodes[$0].section.heading })
    pairSimilar()
    pair(
      { [before] in before.nodes[$0].section.kind == .section ? nil : before.nodes[$0].path },
      { [after] in after.nodes[$0].section.kind == .section ? nil : after.nodes[$0].path })
    return inOrder()
  }

  /// Pairs nodes with the same key: those at the same path first, then the others in order.
  private mutating func pair<Key: Hashable>(_ key: (Int) -> Key?, _ keyThere: (Int) -> Key?) {
    var places: [Key: [Int]] = [:]
    for place in before.nodes.indices.reversed() where !isTaken[place] {
      if let key = key(place) { places[key, default: []].append(place) }
    }
    var byPath: [String: Int] = [:]
    for place in before.nodes.indices where !isTaken[place] { byPath[before.nodes[place].path] = place }
    for place in after.nodes.indices where found[place] == nil {
      guard let there = keyThere(place), let candidate = byPath[after.nodes[place].path], key(candidate) == there else {
        continue
      }
      take(candidate, place)
    }
    for place in after.nodes.indices where found[place] == nil {
      guard let there = keyThere(place) else { continue }
      while let candidate = places[there]?.popLast() {
        if isTaken[candidate] { continue }
        take(candidate, place)
        break
      }
    }
  }

  private mutating func take(_ candidate: Int, _ place: Int) {
    found[place] = candidate
    isTaken[candidate] = true
  }

  /// Pairs nodes that share text, the most alike first. Where there are very many left, all that would be compared is left
  /// as it is.
  private mutating func pairSimilar() {
    let (here, there) = (isTaken.indices.filter { !isTaken[$0] }, found.indices.filter { found[$0] == nil })
    guard !here.isEmpty, !there.isEmpty, here.count * there.count <= 20_000 else { return }
    let sketches = here.map { TextSketch(said.before[$0]) }
    var likely: [(likeness: Double, before: Int, after: Int)] = []
    for place in there {
      let sketch = TextSketch(said.after[place])
      for (index, candidate) in here.enumerated() {
        let likeness = sketch.likeness(sketches[index])
        if likeness >= 0.2 { likely.append((likeness, candidate, place)) }
      }
    }
    likely.sort { ($1.likeness, $0.after, $0.before) < ($0.likeness, $1.after, $1.before) }
    for pair in likely where !isTaken[pair.before] && found[pair.after] == nil { take(pair.before, pair.after) }
  }

  // MARK: What became of each

  private func inOrder() -> [SpeechComparison.Match] {
    var gone: [Int: [Int]] = [:]
    var last = -1
    for place in before.nodes.indices {
      if isTaken[place] { last = place } else { gone[last, default: []].append(place) }
    }
    func removed(behind place: Int) -> [SpeechComparison.Match] {
      gone[place, default: []].map { .init(status: .removed, before: $0, after: nil) }
    }
    let moved = moved()
    var matches = removed(behind: -1)
    for place in after.nodes.indices {
      guard let origin = found[place] else {
        matches.append(.init(status: .added, before: nil, after: place))
        continue
      }
      let status: SpeechComparison.Status =
        !isSame(origin, place) ? .changed : moved.contains(place) ? .moved : .same
      matches.append(.init(status: status, before: origin, after: place))
      matches += removed(behind: origin)
    }
    return matches
  }

  private func isSame(_ origin: Int, _ place: Int) -> Bool {
    let (one, other) = (before.nodes[origin].section, after.nodes[place].section)
    return one.kind == other.kind && one.label == other.label && one.heading == other.heading
      && said.before[origin] == said.after[place]
  }

  /// The nodes that stand in another node than before, or in another order than their siblings.
  private func moved() -> Set<Int> {
    var moved: Set<Int> = []
    var siblings: [Int: [Int]] = [:]
    for place in after.nodes.indices {
      guard let origin = found[place] else { continue }
      let parent = after.parents[place]
      if parent.flatMap({ found[$0] }) == before.parents[origin], parent == nil || before.parents[origin] != nil {
        siblings[parent ?? -1, default: []].append(place)
      } else {
        moved.insert(place)
      }
    }
    for places in siblings.values {
      let origins = places.compactMap { found[$0] }
      let inOrder = Set(origins.longestIncreasing)
      for (index, place) in places.enumerated() where !inOrder.contains(index) { moved.insert(place) }
    }
    return moved
  }
}

/// A small sample of the pairs of characters of a text, by which two texts are told to be alike (Broder 1997): those with the
/// smallest hashes.
private struct TextSketch {
  private static let size = 128
  private var hashes: [UInt32] = []

  init(_ text: [Unicode.Scalar]) {
    var all: Set<UInt32> = []
    for (one, next) in zip(text, text.dropFirst()) {
      var hash = one.value &* 0x9E37_79B1 ^ next.value &* 0x85EB_CA77
      hash = (hash ^ hash >> 15) &* 0x2C1B_3C6D
      all.insert(hash ^ hash >> 13)
    }
    hashes = Array(all.sorted().prefix(Self.size))
  }

  /// How many of the pairs of either text are in both, from 0 to 1.
  func likeness(_ other: TextSketch) -> Double {
    var (place, there, seen, shared) = (0, 0, 0, 0)
    while seen < Self.size, place < hashes.count, there < other.hashes.count {
      seen += 1
      if hashes[place] == other.hashes[there] {
        (place, there, shared) = (place + 1, there + 1, shared + 1)
      } else if hashes[place] < other.hashes[there] {
        place += 1
      } else {
        there += 1
      }
    }
    seen = min(Self.size, seen + hashes.count - place + other.hashes.count - there)
    return seen == 0 ? 0 : Double(shared) / Double(seen)
  }
}

extension [Unicode.Scalar] {
  fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
