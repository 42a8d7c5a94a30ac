import Corpus

/// Where a series that begins stands among those that are open (R13).
extension Outline {
  /// 1 2 (1 2 (1 2) 3) 3: whether the open series in the same style goes on after the one that begins here. Each label
  /// that follows goes with the innermost series it continues, and what lies in between is passed over.
  func isNested(_ label: Label, in same: Int, at index: Int) -> Bool {
    if label.style.rank != nil, isListed(label, at: index) { return true }
    let outer = stack[...same].filter { $0.style == label.style }.map { (last: $0.last, isRunIn: $0.isRunIn) }
    var open = outer + [(last: 1, isRunIn: !isOwnLine(index, label))]
    let limit = continuation(of: stack[..<same].filter { $0.style != label.style }[...], after: index)
    let following = styles[label.style] ?? []
    var place = following.partition { $0.index > index }
    // Bounded, so that a page of nothing but labels costs no more than its length.
    let end = min(following.count, place + 128)
    while place < end, following[place].index < limit {
      let (index, label) = following[place]
      place += 1
      if label.number == 1 {
        open.append((1, !isOwnLine(index, label)))
        // A page that begins again and again nests nothing.
        if open.count > Self.maximumDepth + outer.count { return false }
        continue
      }
      let matches = open.indices.filter { open[$0].last == label.number - 1 }
      guard let inner = matches.last else { continue }
      let found = isBare(index, label) ? matches.last { !open[$0].isRunIn } ?? inner : inner
      if found < outer.count { return found == outer.count - 1 }
      open.removeSubrange((found + 1)...)
      open[found].last = label.number
    }
    return false
  }

  /// Whether a series that is open on top has ended before a label of another style that opens a new one.
  func endsBefore(_ label: Label, _ top: Series, at index: Int) -> Bool {
    // It goes on later, before anything outer does: the new series lies inside its item.
    if let onward = next(top.style, top.last + 1, after: index),
      onward < continuation(of: stack.dropLast(), after: index),
      next(top.style, 1, after: index) ?? .max > onward
    {
      // Rank is set aside where the outer series visibly goes on: （一） （二）(一、 二、) （三）.
      if let rank = label.style.rank, let topRank = top.style.rank, rank < topRank {
        return isOwnLine(index, label)
      }
      if let rank = label.style.rank, top.style.rank == nil, top.isRunIn {
        return rank <= 3 && top.items.count > 1
      }
      return false
    }
    if let rank = label.style.rank, let topRank = top.style.rank, !isListed(label, at: index) {
      if rank <= topRank { return true }
    }
    // A run-in series whose items are single paragraphs, and something stood in between.
    guard top.isRunIn, let last = top.items.last else {
      // Earlier items of an own-line series had no subsections of this kind; the last one still may.
      return false
    }
    if items[last].children.isEmpty, !hasChildren(top), index > items[last].start + 1,
      isSingle(top) || top.style.rank == nil && label.style.rank == nil
    {
      return true
    }
    return label.style.rank.map { $0 <= 2 } ?? false
  }

  /// A list that a colon announces belongs to the text that announces it, whatever its style.
  func isListed(_ label: Label, at index: Int) -> Bool {
    guard index > 0, body[index - 1].shadow.last == ":", Label.read(body[index - 1].shadow) == nil else {
      return false
    }
    return !isOwnLine(index, label) || body[index].shadow.last == ";"
  }

  private func hasChildren(_ series: Series) -> Bool { series.items.contains { !items[$0].children.isEmpty } }

  /// Whether all items but the last are single paragraphs.
  private func isSingle(_ series: Series) -> Bool {
    series.items.count >= 2 && series.items.dropLast().allSatisfy { items[$0].end == items[$0].start + 1 }
  }
}

extension Array {
  /// The first place of a sorted array where a property holds that holds from there on.
  func partition(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
