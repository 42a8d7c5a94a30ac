import Corpus

/// Which numbered paragraphs are sections, and how they stand in one another (R12–R15).
///
/// A stack of open series is kept. A label that continues an open series closes everything deeper; a label with number
/// 1 opens a series below the current section or beside a series that has ended. Level is depth, never style.
struct Outline {
  /// A numbered paragraph that is a section.
  struct Item {
    var label: Label
    /// Index of its first paragraph.
    var start: Int
    /// Index after its last paragraph, subsections included.
    var end: Int
    var depth: Int
    var series: Int
    var children: [Int] = []
  }

  /// A series that is open: its items all stand under one parent.
  struct Series {
    var style: Label.Style
    var last: Int
    var depth: Int
    var parent: Int?
    var items: [Int]
    var isRunIn: Bool
    var id: Int
  }

  /// All sections in order.
  private(set) var items: [Item] = []
  /// The outermost ones.
  private(set) var roots: [Int] = []
  /// label_gap, restart_without_heading.
  private(set) var warnings: [String] = []

  let body: [Paragraph]
  /// The labels that were weighed; those that begin no item were taken for text.
  let candidates: [(index: Int, label: Label)]
  let places: [Key: [Int]]
  /// The candidates of each style.
  let styles: [Label.Style: [(index: Int, label: Label)]]
  var stack: [Series] = []
  private var seriesCount = 0

  struct Key: Hashable {
    var style: Label.Style
    var number: Int
  }

  static let maximumDepth = 8

  /// Reads the outline of the paragraphs of a text.
  init(_ body: [Paragraph], from start: Int) {
    self.body = body
    var candidates: [(index: Int, label: Label)] = []
    for index in start..<max(start, body.count) {
      if let label = Label.read(body[index].shadow),
        !InlinePoints.holds(body[index].shadow, successorOf: label)
      {
        candidates.append((index, label))
      }
    }
    self.candidates = candidates
    var places: [Key: [Int]] = [:]
    for (index, label) in candidates {
      places[Key(style: label.style, number: label.number), default: []].append(index)
    }
    self.places = places
    styles = Dictionary(grouping: candidates) { $0.label.style }
    for (index, label) in candidates { take(label, at: index) }
    while !stack.isEmpty { close(at: body.count) }
  }

  /// An outline whose sections are known already.
  init(items: [Item], roots: [Int]) {
    (body, candidates, places, styles) = ([], [], [:], [:])
    (self.items, self.roots) = (items, roots)
  }

  // MARK: Looking ahead

  /// The first place after `index` where the label stands.
  func next(_ style: Label.Style, _ number: Int, after index: Int) -> Int? {
    guard let list = places[Key(style: style, number: number)] else { return nil }
    let place = list.partition { $0 > index }
    return place < list.count ? list[place] : nil
  }

  /// Where the innermost of the given open series goes on, at the earliest.
  func continuation(of series: ArraySlice<Series>, after index: Int) -> Int {
    var first = Int.max
    for series in series {
      if let place = next(series.style, series.last + 1, after: index) { first = min(first, place) }
    }
    return first
  }

  // MARK: Taking labels

  private mutating func take(_ label: Label, at index: Int) {
    if let open = openSeries(for: label, at: index) {
      if label.number != stack[open].last + 1 { warn("label_gap") }
      while stack.count > open + 1 { close(at: index) }
      closeItem(at: index)
      stack[open].last = label.number
      append(label, at: index)
      return
    }
    guard begins(label, at: index) else { return }
    open(label, at: index)
  }

  /// The open series that a label continues: the innermost with its style whose last number is one less, or two.
  private func openSeries(for label: Label, at index: Int) -> Int? {
    for gap in [1, 2] {
      let places = stack.indices.filter {
        stack[$0].style == label.style && stack[$0].last == label.number - gap
      }
      // Of two series in one style that both could go on here, a heading without a final mark goes with the headings.
      let isHeading = places.count > 1 && isBare(index, label)
      let alike = isHeading ? places.filter { !stack[$0].isRunIn } : []
      for place in alike.reversed() + places.reversed() {
        if label.number == 1 { continue }
        // A gap is believed only where the right number does not come soon.
        if gap == 2, let right = next(label.style, label.number - 1, after: index), right - index < 40 {
          continue
        }
        return place
      }
    }
    return nil
  }

  /// R12: number 1 counts if its successor comes before the outer series goes on; a lone 一是 is text.
  private func begins(_ label: Label, at index: Int) -> Bool {
    if label.number == 1 {
      guard let second = next(label.style, 2, after: index) ?? gapSuccessor(label, index) else {
        return label.style == .part
          || isOwnLine(index, label) && label.style == .numeral && stack.isEmpty && isBodyAfter(index)
      }
      if let again = next(label.style, 1, after: index), again < second, !(label.style.rank ?? 9 <= 2) {
        return false
      }
      // Where an outer series goes on first, the second belongs to another parent — unless this one stays open across it.
      let outer = stack.prefix { $0.style != label.style }
      return continuation(of: outer[...], after: index) > second
    }
    // A first label that was lost: believed of a heading on its own line that has a successor, and of a point whose
    // first the text names in passing: 这是我要讲的第一点。
    guard label.number == 2, next(label.style, 3, after: index) != nil,
      !stack.contains(where: { $0.style == label.style }),
      label.style.rank.map({ $0 <= 3 }) == true && isOwnLine(index, label)
        || [.ordinal, .ordinalPoint].contains(label.style) && namesFirst(before: index)
    else { return false }
    return next(label.style, 1, after: index) ?? Int.max > next(label.style, 3, after: index) ?? 0
  }

  private static let firsts = WordList(["第一点", "第一个问题", "第一个方面", "第一方面", "第一件事", "第一条"])

  /// Whether one of the paragraphs before a second point names the first.
  private func namesFirst(before index: Int) -> Bool {
    body[max(0, index - 12)..<index].contains { paragraph in
      // The text at both ends is enough; the rest of a long paragraph costs.
      Self.firsts.first(in: Array(paragraph.shadow.prefix(400))) != nil
        || Self.firsts.first(in: Array(paragraph.shadow.suffix(400))) != nil
    }
  }

  private func gapSuccessor(_ label: Label, _ index: Int) -> Int? {
    guard label.style.rank != nil || isOwnLine(index, label) else { return nil }
    return next(label.style, 3, after: index)
  }

  private func isBodyAfter(_ index: Int) -> Bool { index + 1 < body.count && body[index + 1].count > 80 }

  /// R13: where a new series stands.
  private mutating func open(_ label: Label, at index: Int) {
    if label.number == 2 { warn("label_gap") }
    if let same = stack.lastIndex(where: { $0.style == label.style }) {
      // The same style again: nested if the outer series goes on with its own next number afterwards.
      if isNested(label, in: same, at: index) {
        while stack.count > same + 1, let top = stack.last, endsBefore(label, top, at: index) { close(at: index) }
      } else {
        while stack.count > same + 1 { close(at: index) }
        warn("restart_without_heading")
        close(at: stack[same].isRunIn ? restEnd(of: stack[same], before: index) : index)
      }
    } else {
      while let top = stack.last, endsBefore(label, top, at: index) {
        close(at: top.isRunIn ? restEnd(of: top, before: index) : index)
      }
    }
    guard stack.count < Self.maximumDepth else { return }
    seriesCount += 1
    let parent = stack.last?.items.last
    stack.append(
      Series(
        style: label.style, last: label.number, depth: stack.count + 1, parent: parent, items: [],
        isRunIn: !isOwnLine(index, label), id: seriesCount))
    append(label, at: index)
  }

  /// Where the last item of a run-in series ends when something unlabelled follows it.
  private func restEnd(of series: Series, before index: Int) -> Int {
    guard let last = series.items.last, let length = uniformLength(series) else { return index }
    return min(index, items[last].start + length)
  }

  // MARK: Ends

  private mutating func append(_ label: Label, at index: Int) {
    let item = items.count
    let depth = stack.count
    items.append(Item(label: label, start: index, end: index + 1, depth: depth, series: stack[depth - 1].id))
    stack[depth - 1].items.append(item)
    if let parent = stack[depth - 1].parent {
      items[parent].children.append(item)
    } else {
      roots.append(item)
    }
  }

  /// Ends the current item of the top series.
  private mutating func closeItem(at index: Int) {
    if let item = stack.last?.items.last { items[item].end = index }
  }

  /// Ends the top series; its last item ends as long as the earlier ones were (R15).
  private mutating func close(at index: Int) {
    guard let series = stack.last, let last = series.items.last else {
      _ = stack.popLast()
      return
    }
    var end = index
    if let length = uniformLength(series), items[last].children.isEmpty, end > items[last].start + length {
      end = items[last].start + length
    }
    items[last].end = max(end, items[last].children.last.map { items[$0].end } ?? items[last].start + 1)
    stack.removeLast()
  }

  /// The number of paragraphs that every earlier item has, where it is one, or a heading and one.
  private func uniformLength(_ series: Series) -> Int? {
    let earlier = series.items.dropLast()
    guard let first = earlier.first, items[first].children.isEmpty else { return nil }
    let length = items[first].end - items[first].start
    guard
      length == 1 || length == 2 && earlier.count >= 3 && isOwnLine(items[first].start, items[first].label)
    else { return nil }
    let equal = earlier.count { items[$0].end - items[$0].start == length && items[$0].children.isEmpty }
    // Of many items one may be longer.
    guard equal == earlier.count || length == 1 && earlier.count >= 5 && equal * 5 >= earlier.count * 4 else {
      return nil
    }
    return length
  }

  func isOwnLine(_ index: Int, _ label: Label) -> Bool { Heading.isOwnLine(body[index], label) }

  /// Whether a heading has its line to itself and ends without a mark.
  func isBare(_ index: Int, _ label: Label) -> Bool {
    guard isOwnLine(index, label), body[index].count > label.length, let last = body[index].shadow.last else {
      return false
    }
    return !"。;,:!".unicodeScalars.contains(last)
  }

  private mutating func warn(_ code: String) { if !warnings.contains(code) { warnings.append(code) } }
}
