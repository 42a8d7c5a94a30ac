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
    _ = end(document)
  }

  /// Adds a document whose places are to be read, each so many tokens behind the beginning.
  /// - Returns: false where they cannot be read, or the document does not come behind all others.
  @inline(__always)
  mutating func append(_ posting: PostingReader, behind distance: Int) -> Bool {
    var reader = NumberReader(posting.places)
    var place = -distance
    while !reader.isAtEnd {
      place &+= reader.number()
      // So near the beginning of the document that there is no room for what comes before.
      if place >= 0 { places.append(UInt32(truncatingIfNeeded: place)) }
    }
    return end(UInt32(posting.document)) && !reader.isBroken
  }

  /// Adds a document with those of the places that it has in `others`.
  @inline(__always)
  mutating func append(_ posting: PostingReader, behind distance: Int, in others: Occurrences, _ index: Int) -> Bool {
    var reader = NumberReader(posting.places)
    var place = -distance
    var wanted = others.start(index)
    let end = others.ends[index]
    while !reader.isAtEnd {
      place &+= reader.number()
      while wanted < end, others.places[wanted] < place { wanted += 1 }
      if wanted == end { break }
      if others.places[wanted] == place { places.append(others.places[wanted]) }
    }
    return self.end(others.documents[index]) && !reader.isBroken
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
      _ = both.end(document)
    }
    return both
  }

  /// Ends a document where it has places.
  /// - Returns: false where it does not come behind all others.
  @inline(__always)
  private mutating func end(_ document: UInt32) -> Bool {
    guard places.count > ends.last ?? 0 else { return true }
    if let last = documents.last, last >= document { return false }
    documents.append(document)
    ends.append(places.count)
    return true
  }
}

extension [UInt32] {
  /// Where a number stands in numbers that are in order; nil where it does not.
  func index(ofSorted number: UInt32) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == number ? low : nil
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
