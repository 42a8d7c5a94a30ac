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

  /// Adds a document behind all others; one without places is none.
  fileprivate mutating func append(document: UInt32, _ some: some Sequence<UInt32>) {
    places.append(contentsOf: some)
    _ = end(document, places.count)
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

  /// Lends room for places behind all others: what is put there is not looked at one by one.
  /// - Parameter body: writes places, and counts all that there are.
  @inline(__always)
  private mutating func appending(
    atMost most: Int, _ body: (inout Occurrences, UnsafeMutableBufferPointer<UInt32>, inout Int) -> Bool
  ) -> Bool {
    var all = places
    places = []
    var count = all.count
    all.append(contentsOf: repeatElement(0, count: most))
    let isSound = all.withUnsafeMutableBufferPointer { body(&self, $0, &count) }
    all.removeLast(all.count - count)
    places = all
    return isSound
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
  private var documents: [UInt32] = []
  private var places: [UInt32] = []
  private var last = 0

  /// - Parameter document: counted from the first of the segment.
  @inline(__always)
  mutating func append(_ document: Int, _ place: Int) {
    documents.append(UInt32(truncatingIfNeeded: document))
    places.append(UInt32(truncatingIfNeeded: place))
    last = max(last, document)
  }

  /// Adds them in order to what is there, and is empty then.
  /// - Parameter first: the first document of the segment.
  mutating func move(to all: inout Occurrences, first: Int) {
    if documents.isEmpty { return }
    var ends = [Int](repeating: 0, count: last + 2)
    for document in documents { ends[Int(document) + 1] += 1 }
    for document in 0...last { ends[document + 1] += ends[document] }
    var sorted = [UInt32](repeating: 0, count: places.count)
    for (index, document) in documents.enumerated() {
      sorted[ends[Int(document)]] = places[index]
      ends[Int(document)] += 1
    }
    sorted.withUnsafeMutableBufferPointer { sorted in
      var start = 0
      for document in 0...last where ends[document] > start {
        var own = UnsafeMutableBufferPointer(rebasing: sorted[start..<ends[document]])
        own.sort()
        all.append(document: UInt32(first + document), own)
        start = ends[document]
      }
    }
    self = Gathering()
  }
}
