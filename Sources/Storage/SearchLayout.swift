import Corpus
import GRDB
import Locking

/// Which nodes the documents of the index have, in memory: what turns places in the index into nodes.
///
/// Documents are numbered for good and never change, so what was read of one is true in every snapshot that has it; a
/// layout only grows. All nodes of all documents are numbered through, in order.
struct SearchLayout: Sendable {
  /// Neighbouring documents. Never changed once made, so that a copy of the layout is a copy of references.
  final class Chunk: Sendable {
    /// How many documents a chunk has at most.
    static let size = 4_096

    let firstNode: Int
    /// The speech of each document; 0 where there is none of that number.
    let speech: [Int64]
    /// Where the nodes of each document begin among those of the chunk, and one more for the end.
    let start: [UInt32]
    /// Tokens of the document before each node's heading; before the first, those of the title.
    let heading: [UInt32]
    /// Tokens of the document before each node's own text.
    let body: [UInt32]
    /// Tokens of each node.
    let length: [UInt32]

    init(
      firstNode: Int, speech: [Int64] = [], start: [UInt32] = [0], heading: [UInt32] = [], body: [UInt32] = [],
      length: [UInt32] = []
    ) {
      (self.firstNode, self.speech, self.start) = (firstNode, speech, start)
      (self.heading, self.body, self.length) = (heading, body, length)
    }
  }

  /// A document's place in its chunk.
  struct Place {
    let chunk: Chunk
    /// Its nodes among those of the chunk.
    let nodes: Range<Int>
    let speech: Int64

    /// Its nodes among all.
    var numbers: Range<Int> { (chunk.firstNode + nodes.lowerBound)..<(chunk.firstNode + nodes.upperBound) }

    /// The first token of one of its nodes; the title belongs to the first.
    func firstToken(of node: Int) -> Int { node == 0 ? 0 : Int(chunk.heading[nodes.lowerBound + node]) }

    /// To which of its nodes a token belongs, and to which part of it. Tokens come in order, so one walk along the nodes
    /// finds them: `node` is that of the token before, 0 at first.
    @inline(__always)
    func field(of token: UInt32, _ node: inout Int) -> Query.Field {
      let first = nodes.lowerBound
      while first + node + 1 < nodes.upperBound, chunk.heading[first + node + 1] <= token { node += 1 }
      if token >= chunk.body[first + node] { return .text }
      return token >= chunk.heading[first + node] ? .heading : .title
    }
  }

  private var chunks: [Chunk] = []
  /// The first node of each document.
  private var firstNodes = NumberSet(bound: 0)
  /// The document that was read last.
  private(set) var last: Int64 = 0
  /// The highest key of a speech.
  private(set) var maximumSpeech: Int64 = 0

  /// How many nodes there are, dead ones too.
  var nodeCount: Int { chunks.last.map { $0.firstNode + $0.length.count } ?? 0 }
  /// A bound on the numbers of documents.
  var documentBound: Int { Int(last) + 1 }

  /// A document; nil where it has not been read.
  @inline(__always)
  func place(of document: Int64) -> Place? {
    let chunk = Int(document) / Chunk.size
    guard chunk < chunks.count else { return nil }
    let index = Int(document) % Chunk.size
    guard index < chunks[chunk].speech.count, chunks[chunk].speech[index] != 0 else { return nil }
    return Place(
      chunk: chunks[chunk], nodes: Int(chunks[chunk].start[index])..<Int(chunks[chunk].start[index + 1]),
      speech: chunks[chunk].speech[index])
  }

  /// The chunk that a document is in, and the number of its first; nil where it has not been read.
  func chunk(of document: Int) -> (chunk: Chunk, first: Int)? {
    let number = document / Chunk.size
    return number < chunks.count ? (chunks[number], number * Chunk.size) : nil
  }

  /// The document of a node, and which of its nodes it is.
  func document(of node: Int) -> (document: Int64, ordinal: Int) {
    let chunk = chunkIndex(of: node)
    let local = UInt32(node - chunks[chunk].firstNode)
    let start = chunks[chunk].start
    let index = Self.last(in: 0..<(start.count - 1)) { start[$0] <= local }
    return (Int64(chunk * Chunk.size + index), Int(local - start[index]))
  }

  /// The length of a node in tokens.
  func length(of node: Int) -> UInt32 {
    let chunk = chunks[chunkIndex(of: node)]
    return chunk.length[node - chunk.firstNode]
  }

  /// The length of a document.
  func length(ofDocument document: Int) -> UInt32 {
    guard let place = place(of: Int64(document)) else { return 0 }
    return place.nodes.reduce(0) { $0 + place.chunk.length[$1] }
  }

  private func chunkIndex(of node: Int) -> Int { Self.last(in: chunks.indices) { chunks[$0].firstNode <= node } }

  /// In how many documents the nodes of a set are.
  func documentCount(of nodes: NumberSet) -> Int { nodes.groupCount(firstNodes) }

  /// Something that finds the documents of nodes given in order.
  func walk() -> Walk { Walk(layout: self) }

  /// A walk along nodes in order, from document to document.
  struct Walk {
    private let layout: SearchLayout
    private var chunk = Chunk(firstNode: 0)
    /// Where the nodes of its documents begin.
    private var start: [UInt32] = []
    /// The number of the chunk's first document, and where its nodes end.
    private var (first, chunkEnd) = (0, 0)
    /// The document at hand among those of the chunk, and where its nodes end.
    private var (index, end) = (0, 0)

    fileprivate init(layout: SearchLayout) { self.layout = layout }

    @inline(__always)
    mutating func document(of node: Int) -> Int {
      if node >= end { enterDocument(of: node) }
      return first + index
    }

    @inline(__always)
    mutating func speech(of node: Int) -> Int {
      if node >= end { enterDocument(of: node) }
      return Int(chunk.speech[index])
    }

    /// The length of a node in tokens.
    @inline(__always)
    mutating func length(of node: Int) -> UInt32 {
      if node >= chunkEnd { enterChunk(of: node) }
      return chunk.length[node - chunk.firstNode]
    }

    private mutating func enterChunk(of node: Int) {
      let number = layout.chunkIndex(of: node)
      (chunk, first, index) = (layout.chunks[number], number * Chunk.size, 0)
      (start, chunkEnd) = (chunk.start, chunk.firstNode + chunk.length.count)
    }

    private mutating func enterDocument(of node: Int) {
      if node >= chunkEnd { enterChunk(of: node) }
      let local = UInt32(node - chunk.firstNode)
      // Mostly it is near.
      var step = 1
      while index + step < start.count - 1, start[index + step] <= local {
        index += step
        step *= 2
      }
      index = SearchLayout.last(in: index..<min(index + step, start.count - 1)) { start[$0] <= local }
      end = chunk.firstNode + Int(start[index + 1])
    }
  }

  /// The last index for which something holds that holds up to some index.
  @inline(__always)
  private static func last(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// Reads the documents that came since.
  mutating func update(_ db: Database) throws {
    var added: [(document: Int64, speech: Int64, sizes: [Int])] = []
    try db.eachRow("SELECT document, speech, nodes FROM search_document WHERE document > ? ORDER BY document", [last]) {
      let (document, sizes) = (Int64($0.integer(0)), Varints.numbers($0.blob(2)))
      guard document <= UInt32.max, sizes.allSatisfy({ $0 <= UInt32.max }), sizes.reduce(0, +) <= UInt32.max else {
        throw StorageError.corrupt("document \(document) of the index is damaged")
      }
      added.append((document, Int64($0.integer(1)), sizes))
    }
    for (number, documents) in Dictionary(grouping: added, by: { Int($0.document) / Chunk.size }).sorted(by: {
      $0.key < $1.key
    }) {
      while chunks.count <= number { chunks.append(Chunk(firstNode: nodeCount)) }
      let old = chunks[number]
      var (speech, start, heading, body, length) = (old.speech, old.start, old.heading, old.body, old.length)
      for (document, key, sizes) in documents {
        while number * Chunk.size + speech.count < document {
          speech.append(0)
          start.append(UInt32(length.count))
        }
        var tokens = sizes.first ?? 0
        for pair in stride(from: 1, to: sizes.count - 1, by: 2) {
          heading.append(UInt32(tokens))
          body.append(UInt32(tokens + sizes[pair]))
          length.append(UInt32(sizes[pair] + sizes[pair + 1]))
          tokens += sizes[pair] + sizes[pair + 1]
        }
        speech.append(key)
        start.append(UInt32(length.count))
        last = document
        maximumSpeech = max(maximumSpeech, key)
      }
      chunks[number] = Chunk(
        firstNode: old.firstNode, speech: speech, start: start, heading: heading, body: body, length: length)
      firstNodes.extend(to: nodeCount)
      for index in old.speech.count..<speech.count where start[index] < start[index + 1] {
        firstNodes.insert(old.firstNode + Int(start[index]))
      }
    }
  }
}

/// The layout that all readers of a store share.
final class SearchLayoutCache: Sendable {
  private let layout = Locked(SearchLayout())

  /// A layout with at least the documents of the snapshot at hand.
  func layout(_ db: Database) throws -> SearchLayout {
    let newest = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(document) FROM search_document")) ?? 0
    return try layout.withLock { layout in
      if layout.last < newest { try layout.update(db) }
      return layout
    }
  }
}
