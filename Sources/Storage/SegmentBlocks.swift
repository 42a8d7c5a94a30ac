import Foundation
import GRDB

/// A segment of the index, as its row has it.
struct Segment {
  enum State: String { case written, live, spent }

  let id: Int64
  let state: State
  let level: Int
  /// The documents that may be in it.
  let documents: ClosedRange<Int>
  /// How many are.
  let count: Int
  /// How many of them were taken out since.
  let dead: Int
  /// How many blocks it has.
  let blocks: Int
  /// The segment that is being made of it.
  let target: Int64?
  /// The last token that it has, while it is being made.
  let reached: [UInt8]

  /// The most blocks that a segment can have.
  static let mostBlocks: Int64 = 1 << 24

  /// The number of its first block.
  var firstBlock: Int64 { id * Self.mostBlocks }

  /// Those that are looked at, in the order of their documents.
  static func live(_ db: Database) throws -> [Segment] { try all(db).filter { $0.state == .live } }

  /// All of them, in the order of their documents; those that are being made come after what they are made of.
  static func all(_ db: Database) throws -> [Segment] {
    var segments: [Segment] = []
    try db.eachRow(
      """
      SELECT id, state, level, first, last, documents, dead, blocks, target, reached FROM search_segment
      ORDER BY first, id
      """, []
    ) { row in
      // Numbers that no segment has would be no numbers of blocks or documents either.
      guard let state = State(rawValue: row.text(1)), (0..<(1 << 38)).contains(row.integer(0)),
        0 <= row.integer(3), row.integer(3) <= row.integer(4), row.integer(4) <= UInt32.max,
        (0...Int(mostBlocks)).contains(row.integer(7)), (0...Int(UInt32.max)).contains(row.integer(5)),
        (0...Int(UInt32.max)).contains(row.integer(6)), (0...64).contains(row.integer(2))
      else { throw StorageError.corrupt("segment \(row.integer(0)) of the index is none") }
      segments.append(
        Segment(
          id: Int64(row.integer(0)), state: state, level: row.integer(2), documents: row.integer(3)...row.integer(4),
          count: row.integer(5), dead: row.integer(6), blocks: row.integer(7),
          target: row.optionalInteger(8).map { Int64($0) }, reached: row.blob(9)))
    }
    return segments
  }
}

/// Goes through what a block has of a token: the documents in order, and where in each it stands.
///
/// A document is the distance from the one before (the first: from the first of the segment), doubled; one more where the
/// token stands there once only. Then come the places, each but the first as the distance from the one before, with their
/// length in bytes before them where they are several.
struct PostingReader {
  private var reader: NumberReader
  private let last: Int
  private var isFirst = true
  private(set) var document: Int
  /// The places in the document, to be read as numbers.
  private(set) var places = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  /// Whether there is one only.
  private(set) var isSingle = false
  /// Whether the bytes were not what they should be.
  private(set) var isBroken = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, of segment: Segment) {
    reader = NumberReader(bytes)
    (document, last) = (segment.documents.lowerBound, segment.documents.upperBound)
  }

  /// How many bytes there are yet: no less than places.
  var bytesLeft: Int { reader.bytesLeft }

  /// Goes on to the next document.
  @inline(__always)
  mutating func next() -> Bool {
    if reader.isAtEnd { return false }
    let head = reader.number()
    let distance = head >> 1
    isBroken = distance > last - document || distance == 0 && !isFirst
    if isBroken { return false }
    document += distance
    isFirst = false
    isSingle = head & 1 == 1
    places = isSingle ? reader.bytesOfNumber() : reader.bytes(reader.number())
    isBroken = reader.isBroken
    return !isBroken
  }
}

/// What a block has of a token, to be written as it is behind another first document.
struct PostingRun {
  /// The first document, and whether the token stands there once only.
  let first: Int
  let isSingle: Bool
  /// What follows the number of the first document.
  let rest: UnsafeBufferPointer<UInt8>
  /// The last document.
  let last: Int
}

/// Goes through the tokens of a segment in order, block by block.
struct SegmentReader {
  /// By what most tokens are told apart.
  struct Head {
    /// The first eight bytes, as a number that sorts as they do.
    let key: UInt64
    /// How many bytes there are; below zero behind the last token.
    let length: Int

    var isEnd: Bool { length < 0 }

    /// Where there is no token any more.
    static let end = Head(key: .max, length: -1)
  }

  let segment: Segment
  private let blocks: Statement
  private var next: Int64
  private var block: [UInt8] = []
  private var place = 0
  /// Where the token at hand is in the block, and what the block has of it.
  private var range = 0..<0
  private var postings = 0..<0
  /// Its first eight bytes, as a number that sorts as they do.
  private var key: UInt64 = 0
  /// Whether it is the first of its block.
  private(set) var isFirst = false
  private(set) var isAtEnd = false

  /// The token at hand.
  var token: ArraySlice<UInt8> { block[range] }

  /// That of the token at hand.
  var head: Head { isAtEnd ? .end : Head(key: key, length: range.count) }

  /// - Parameter token: the one behind which to begin.
  init(_ segment: Segment, after token: [UInt8] = [], _ db: Database) throws {
    self.segment = segment
    blocks = try db.makeStatement(sql: "SELECT content FROM search_block WHERE number = ?")
    next = try token.isEmpty ? segment.firstBlock : segment.block(before: token, db)
    try advance(db)
    while !isAtEnd, !token.isEmpty, !token.lexicographicallyPrecedes(self.token) { try advance(db) }
  }

  /// Goes on to the next token, or to what the next block has of the same.
  /// - Returns: whether it is the same.
  @discardableResult
  mutating func advance(_ db: Database) throws -> Bool {
    isFirst = place == block.count
    let (lastKey, lastRange) = (key, range)
    var last: [UInt8] = []
    if isFirst {
      if next == segment.firstBlock + Int64(segment.blocks) {
        isAtEnd = true
        return false
      }
      last = Array(token)
      (block, place) = ([], 0)
      try blocks.setArguments([next])
      try db.eachRow(blocks.sqliteStatement) { row in
        block = row.blob(0)
        return false
      }
      next += 1
    }
    let (first, own, end) = try block.withUnsafeBufferPointer { block in
      var reader = NumberReader(UnsafeBufferPointer(rebasing: block[place...]))
      let length = reader.number()
      let first = place + reader.place
      let token = reader.bytes(length)
      let size = reader.number()
      let own = place + reader.place
      guard !reader.isBroken, size > 0, size <= block.count - own else { throw segment.damage }
      if first + 8 <= block.count {
        // What stands behind a short token is no part of it.
        let eight = UInt64(
          bigEndian: UnsafeRawBufferPointer(block).loadUnaligned(fromByteOffset: first, as: UInt64.self))
        key = length >= 8 ? eight : eight & ~(UInt64.max >> UInt64(8 * length))
      } else {
        key = token.reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * (8 - length))
      }
      return (first..<(first + length), own, own + size)
    }
    range = first
    (postings, place) = (own..<end, end)
    if isFirst {
      if last.isEmpty { return false }
      if token.elementsEqual(last) { return true }
      guard last.lexicographicallyPrecedes(token) else { throw segment.damage }
    } else if key <= lastKey {
      guard block[lastRange].lexicographicallyPrecedes(token) else { throw segment.damage }
    }
    return false
  }

  /// Below zero where the token at hand comes before that of another reader, zero where it is the same. Both are longer than
  /// what their heads have.
  func compare(withTokenOf other: SegmentReader) -> Int {
    if token.elementsEqual(other.token) { return 0 }
    return token.lexicographicallyPrecedes(other.token) ? -1 : 1
  }

  /// Hands over the documents of the token at hand that are in the block.
  @inline(__always)
  func forEachPosting(_ body: (PostingReader) throws -> Void) throws {
    try block.withUnsafeBufferPointer { block in
      var reader = PostingReader(UnsafeBufferPointer(rebasing: block[postings]), of: segment)
      while reader.next() { try body(reader) }
      if reader.isBroken { throw segment.damage }
    }
  }

  /// Hands over what the block has of the token at hand as a whole.
  func withRun<Result>(_ body: (PostingRun) throws -> Result) throws -> Result {
    try block.withUnsafeBufferPointer { block in
      let bytes = UnsafeBufferPointer(rebasing: block[postings])
      var reader = PostingReader(bytes, of: segment)
      guard reader.next() else { throw segment.damage }
      let (first, isSingle) = (reader.document, reader.isSingle)
      while reader.next() {}
      if reader.isBroken { throw segment.damage }
      var head = NumberReader(bytes)
      _ = head.number()
      return try body(
        PostingRun(
          first: first, isSingle: isSingle, rest: UnsafeBufferPointer(rebasing: bytes[head.place...]),
          last: reader.document))
    }
  }
}

extension Segment {
  /// What is said where it cannot be read.
  var damage: StorageError { .corrupt("segment \(id) of the index is damaged") }

  /// The last block that begins before a token: nothing of the token is before it.
  func block(before token: [UInt8], _ db: Database) throws -> Int64 {
    let block = try db.firstRow(
      "SELECT block FROM search_term WHERE segment = ? AND term < ? ORDER BY term DESC, block DESC LIMIT 1",
      [id, Data(token)]
    ) { Int64($0.integer(0)) }
    guard let block else { return firstBlock }
    guard (firstBlock..<(firstBlock + Int64(blocks))).contains(block) else { throw damage }
    return block
  }
}
