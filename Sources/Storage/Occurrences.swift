/// Where something stands: the documents in order, and in each the places of the token with which it begins, in order.
struct Occurrences {
  private(set) var documents: [UInt32] = []
  /// Where the places of each document end among all.
  private(set) var ends: [Int] = []
  /// The places of all documents.
  private(set) var places: [UInt32] = []

  private func start(_ index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }

  /// How often it stands in a document, by the document's index.
  func count(_ index: Int) -> Int { ends[index] - start(index) }

  /// The places in a document, by its index.
  func places(_ index: Int) -> ArraySlice<UInt32> { places[start(index)..<ends[index]] }

  /// The index of a document; nil where nothing stands in it.
  func index(of document: UInt32) -> Int? {
    documents.index(ofSorted: document)
  }

  /// Adds documents behind all others; one without places is none.
  /// - Parameters:
  ///   - first: what the documents are counted from.
  ///   - ends: where the places of each document end among those that are added.
  fileprivate mutating func append(first: Int, ends: [Int], places added: [UInt32]) {
    let before = places.count
    if places.isEmpty { places = added } else { places += added }
    for (document, end) in ends.enumerated() { _ = self.end(UInt32(first + document), before + end) }
  }

  /// Adds documents that are to be read, each place so many tokens behind the beginning.
  /// - Parameter most: from so many documents on the others need not be found.
  /// - Returns: false where they cannot be read, or do not come behind all others.
  mutating func append(
    _ reader: inout PostingReader, behind distance: Int, except dead: Set<Int>, atMost most: Int
  ) -> Bool {
    appending(atMost: reader.bytesLeft) { all, places, count in
      while all.documents.count < most, reader.next() {
        if !dead.isEmpty, dead.contains(reader.document) { continue }
        var numbers = NumberReader(reader.places)
        var place = -distance
        while !numbers.isAtEnd {
          place &+= numbers.number()
          // So near the beginning of the document that there is no room for what comes before.
          if place < 0 { continue }
          places[count] = UInt32(truncatingIfNeeded: place)
          count += 1
        }
        if numbers.isBroken || !all.end(UInt32(reader.document), count) { return false }
      }
      return !reader.isBroken
    }
  }

  /// Adds what `others` has too of documents that are to be read.
  /// - Parameter index: the document of `others` from which on there may be one; goes on to where this ends.
  mutating func append(
    _ reader: inout PostingReader, behind distance: Int, in others: Occurrences, from index: inout Int
  ) -> Bool {
    let (documents, known) = (others.documents, others.places)
    return appending(atMost: reader.bytesLeft) { all, places, count in
      while reader.next() {
        while index < documents.count, documents[index] < reader.document { index += 1 }
        if index == documents.count { return true }
        if documents[index] > reader.document { continue }
        var numbers = NumberReader(reader.places)
        var place = -distance
        var wanted = others.start(index)
        let end = others.ends[index]
        while !numbers.isAtEnd {
          place &+= numbers.number()
          while wanted < end, known[wanted] < place { wanted += 1 }
          if wanted == end { break }
          if known[wanted] == place {
            places[count] = known[wanted]
            count += 1
          }
        }
        if numbers.isBroken || !all.end(documents[index], count) { return false }
      }
      return !reader.isBroken
    }
  }

  /// Lends room for places behind all others.
  @inline(__always)
  private mutating func appending(
    atMost most: Int, _ body: (inout Occurrences, UnsafeMutableBufferPointer<UInt32>, inout Int) -> Bool
  ) -> Bool {
    var all = places
    places = []
    defer { places = all }
    return all.appending(atMost: most) { body(&self, $0, &$1) }
  }

  /// What is in both.
  func intersection(_ others: Occurrences) -> Occurrences {
    var both = Occurrences()
    var other = 0
    for (index, document) in documents.enumerated() {
      while other < others.documents.count, others.documents[other] < document { other += 1 }
      guard other < others.documents.count, others.documents[other] == document else { continue }
      var wanted = others.places(other)
      for place in places(index) {
        wanted = wanted.drop { $0 < place }
        if wanted.first == place { both.places.append(place) }
      }
      _ = both.end(document, both.places.count)
    }
    return both
  }

  /// Ends a document where it has places.
  /// - Parameter count: of all places.
  /// - Returns: false where it does not come behind all others.
  @inline(__always)
  private mutating func end(_ document: UInt32, _ count: Int) -> Bool {
    guard count > ends.last ?? 0 else { return true }
    if let last = documents.last, last >= document { return false }
    documents.append(document)
    ends.append(count)
    return true
  }
}

extension [UInt32] {
  /// Where a number stands in numbers that are in order; nil where it does not.
  func index(ofSorted number: UInt32) -> Int? {
    let index = first(notBelow: number, in: indices)
    return index < count && self[index] == number ? index : nil
  }

  /// Where in numbers that are in order the first one is that is not below a number. It is looked for from an index on and
  /// near it first.
  func index(notBelow number: UInt32, from start: Int) -> Int {
    var (low, step) = (start, 1)
    while low + step <= count, self[low + step - 1] < number {
      low += step
      step *= 2
    }
    return first(notBelow: number, in: low..<Swift.min(low + step, count))
  }

  private func first(notBelow number: UInt32, in range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Places of the documents of one segment that come in any order, as those of many tokens do.
struct Gathering {
  /// Each place behind its document, which is counted from the first of the segment.
  private var found: [UInt64] = []
  private var last = 0

  /// Adds documents that are to be read, each place so many tokens behind the beginning.
  /// - Parameters:
  ///   - wanted: the documents that are; nil for all.
  ///   - first: the first document of the segment.
  /// - Returns: false where they cannot be read.
  mutating func append(
    _ reader: inout PostingReader, behind distance: Int, in wanted: [UInt32]?, except dead: Set<Int>, first: Int
  ) -> Bool {
    var (highest, index) = (last, 0)
    defer { last = highest }
    return found.appending(atMost: reader.bytesLeft) { found, count in
      while reader.next() {
        if !dead.isEmpty, dead.contains(reader.document) { continue }
        if let wanted {
          index = wanted.index(notBelow: UInt32(reader.document), from: index)
          if index == wanted.count { return true }
          if wanted[index] > reader.document { continue }
        }
        let document = UInt64(reader.document - first) << 32
        highest = max(highest, reader.document - first)
        var numbers = NumberReader(reader.places)
        var place = -distance
        while !numbers.isAtEnd {
          place &+= numbers.number()
          if place < 0 { continue }
          found[count] = document | UInt64(UInt32(truncatingIfNeeded: place))
          count += 1
        }
        if numbers.isBroken { return false }
      }
      return !reader.isBroken
    }
  }

  /// Adds them in order to what is there, and is empty then.
  /// - Parameter first: the first document of the segment.
  mutating func move(to all: inout Occurrences, first: Int) {
    if found.isEmpty { return }
    // Where each document begins, and as places are put there, where it ends.
    var ends = [Int](repeating: 0, count: last + 2)
    for one in found { ends[Int(one >> 32) + 1] += 1 }
    for document in 0...last { ends[document + 1] += ends[document] }
    ends.removeLast()
    var sorted = [UInt32](repeating: 0, count: found.count)
    sorted.withUnsafeMutableBufferPointer { sorted in
      for one in found {
        sorted[ends[Int(one >> 32)]] = UInt32(truncatingIfNeeded: one)
        ends[Int(one >> 32)] += 1
      }
      var start = 0
      for end in ends {
        sorted.sortFew(start..<end)
        start = end
      }
    }
    self = Gathering()
    all.append(first: first, ends: ends, places: sorted)
  }
}

extension UnsafeMutableBufferPointer<UInt32> {
  /// Sorts some of the numbers, mostly a few that are partly in order.
  fileprivate func sortFew(_ range: Range<Int>) {
    if range.count > 64 {
      var some = UnsafeMutableBufferPointer(rebasing: self[range])
      return some.sort()
    }
    for index in range.dropFirst() {
      let number = self[index]
      var place = index
      while place > range.lowerBound, self[place - 1] > number {
        self[place] = self[place - 1]
        place -= 1
      }
      self[place] = number
    }
  }
}

extension Array where Element: FixedWidthInteger {
  /// Lends room behind all numbers: what is put there is not looked at one by one, as `append` does.
  /// - Parameters:
  ///   - most: how much room.
  ///   - body: gets all numbers, and how many they are, which it counts on.
  @inline(__always)
  fileprivate mutating func appending(
    atMost most: Int, _ body: (UnsafeMutableBufferPointer<Element>, inout Int) -> Bool
  ) -> Bool {
    var count = self.count
    append(contentsOf: repeatElement(0, count: most))
    let isSound = withUnsafeMutableBufferPointer { body($0, &count) }
    removeLast(self.count - count)
    return isSound
  }
}
