import Corpus

/// Where the text of an HTML page stands in its source: the tree of libxml2 does not say, so the stretches between the
/// tags are found once more and the tree's text nodes, which come in the same order, are laid beside them.
struct HTMLPlaces {
  private let source: Scalars
  /// What stands between tags, in order, blank stretches left out.
  private var stretches: [Range<Int>] = []
  private var next = 0

  /// How many stretches a text node may pass over to find its own.
  private static let reach = 16

  init(_ source: Scalars) {
    self.source = source
    findStretches()
  }

  /// The places of a text node's characters, -1 where one is not known; nil where its stretch was not found.
  mutating func places(of content: Scalars) -> [Int]? {
    guard content.contains(where: { !$0.isBlank }) else { return nil }
    for candidate in next..<max(next, min(stretches.count, next + Self.reach)) {
      guard let places = aligned(content, with: stretches[candidate]) else { continue }
      next = candidate + 1
      return places
    }
    return nil
  }

  private func aligned(_ content: Scalars, with stretch: Range<Int>) -> [Int]? {
    var places = [Int](repeating: -1, count: content.count)
    var place = stretch.lowerBound
    for (index, scalar) in content.enumerated() {
      if scalar.value <= 32, place >= stretch.upperBound || source[place].value > 32 { continue }
      guard place < stretch.upperBound else { return nil }
      if source[place] == "&", let end = entityEnd(place, stretch.upperBound) {
        places[index] = place
        place = end
      } else if source[place] == scalar || scalar.value <= 32 {
        places[index] = place
        place += 1
        // A line end of two characters is one to the tree.
        if scalar == "\n", source[place - 1] == "\r", place < stretch.upperBound, source[place] == "\n" { place += 1 }
      } else {
        return nil
      }
    }
    while place < stretch.upperBound, source[place].value <= 32 { place += 1 }
    return place == stretch.upperBound ? places : nil
  }

  /// The index after the reference to a character that begins at `start`.
  private func entityEnd(_ start: Int, _ limit: Int) -> Int? {
    var end = start + 1
    while end < limit, end - start < 12, source[end].isLatin || source[end].isDigit || source[end] == "#" { end += 1 }
    return end < limit && end > start + 1 && source[end] == ";" ? end + 1 : nil
  }

  // MARK: Between the tags

  private mutating func findStretches() {
    var (index, start) = (0, 0)
    func isMarkup(_ index: Int) -> Bool {
      guard source[index] == "<", index + 1 < source.count else { return false }
      let following = source[index + 1]
      return following.isLatin || following == "/" || following == "!" || following == "?"
    }
    while index < source.count {
      guard isMarkup(index) else {
        index += 1
        continue
      }
      add(start..<index)
      let name = tagName(index + 1)
      index = source.has(Self.comment, at: index) ? end(after: Self.commentEnd, from: index + 4) : tagEnd(index + 1)
      start = index
      guard name == "script" || name == "style" else { continue }
      let close = "</\(name)".scalars
      while index < source.count, !hasFolded(close, at: index) { index += 1 }
      add(start..<index)
      start = index
    }
    add(start..<source.count)
  }

  private static let comment = "<!--".scalars
  private static let commentEnd = "-->".scalars

  private mutating func add(_ range: Range<Int>) {
    if source[range].contains(where: { !$0.isBlank }) { stretches.append(range) }
  }

  private func tagName(_ start: Int) -> String {
    var end = start
    while end < source.count, end - start < 8, source[end].isLatin { end += 1 }
    return source[start..<end].string.lowercased()
  }

  private func hasFolded(_ word: Scalars, at index: Int) -> Bool {
    guard source[index] == word[0], index + word.count <= source.count else { return false }
    return source[index..<index + word.count].string.lowercased() == word.string
  }

  private func end(after word: Scalars, from start: Int) -> Int {
    source.find(word, from: min(start, source.count)).map { $0 + word.count } ?? source.count
  }

  /// The index after the tag whose name begins at `start`; quoted values may hold a >.
  private func tagEnd(_ start: Int) -> Int {
    var index = start
    var quote: Unicode.Scalar?
    while index < source.count {
      let scalar = source[index]
      index += 1
      if let open = quote {
        if scalar == open { quote = nil }
      } else if scalar == ">" {
        return index
      } else if scalar == "\"" || scalar == "'", source[index - 2] == "=" || source[index - 2].isBlank {
        quote = scalar
      }
    }
    return index
  }
}
