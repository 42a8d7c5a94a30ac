import Foundation
import GRDB
import GRDBSQLite

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

  /// All of them, in the order of their documents; those that are being made come after what they are made of.
  static func all(_ db: Database, where condition: String = "1") throws -> [Segment] {
    var segments: [Segment] = []
    try db.eachRow(
      """
      SELECT id, state, level, first, last, documents, dead, blocks, target, reached FROM search_segment
      WHERE \(condition) ORDER BY first, id
      """, []
    ) { row in
      guard let state = State(rawValue: row.text(1)), row.integer(3) <= row.integer(4) else {
        throw StorageError.corrupt("segment \(row.integer(0)) of the index is none")
      }
      segments.append(
        Segment(
          id: Int64(row.integer(0)), state: state, level: row.integer(2), documents: row.integer(3)...row.integer(4),
          count: row.integer(5), dead: row.integer(6), blocks: row.integer(7),
          target: row.optionalInteger(8).map { Int64($0) }, reached: row.blob(9)))
    }
    return segments
  }
}

/// Reads numbers of seven bits a byte, the lowest first, out of bytes that may be damaged.
struct NumberReader {
  private let all: UnsafeBufferPointer<UInt8>
  /// How many bytes were read.
  private(set) var place = 0
  /// Whether the bytes were not what they should be.
  private(set) var isBroken = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) { all = bytes }

  var isAtEnd: Bool { place >= all.count }

  @inline(__always)
  mutating func number() -> Int {
    if place < all.count, all[place] < 0x80 {
      defer { place += 1 }
      return Int(all[place])
    }
    var (value, shift) = (0, 0)
    while place < all.count, shift < 56 {
      let byte = all[place]
      place += 1
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    markBroken()
    return 0
  }

  /// So many bytes as they are.
  @inline(__always)
  mutating func bytes(_ count: Int) -> UnsafeBufferPointer<UInt8> {
    guard count >= 0, count <= all.count - place else {
      markBroken()
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    defer { place += count }
    return UnsafeBufferPointer(rebasing: all[place..<(place + count)])
  }

  /// The bytes of the number that comes next.
  @inline(__always)
  mutating func bytesOfNumber() -> UnsafeBufferPointer<UInt8> {
    let start = place
    _ = number()
    return UnsafeBufferPointer(rebasing: all[start..<place])
  }

  private mutating func markBroken() {
    isBroken = true
    place = all.count
  }
}

/// Goes through what a block has of a token: the documents in order, and where in each it stands.
///
/// A document is the distance from the one before (the first: from the first of the segment), doubled; one more where the
/// token stands there once only. Then come the places, each but the first as the distance from the one before, with their
/// length in bytes before them where they are several.
struct PostingReader {
  private var reader: NumberReader
  private(set) var document: Int
  /// The places in the document, to be read as numbers.
  private(set) var places = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  /// Whether there is one only.
  private(set) var isSingle = false

  /// - Parameter base: the first document of the segment.
  init(_ bytes: UnsafeBufferPointer<UInt8>, base: Int) {
    reader = NumberReader(bytes)
    document = base
  }

  var isBroken: Bool { reader.isBroken }

  /// Goes on to the next document.
  @inline(__always)
  mutating func next() -> Bool {
    if reader.isAtEnd { return false }
    let head = reader.number()
    document += head >> 1
    isSingle = head & 1 == 1
    places = isSingle ? reader.bytesOfNumber() : reader.bytes(reader.number())
    return !reader.isBroken
  }
}

/// Writes the blocks of one segment: tokens in order, the documents of each in order.
struct SegmentWriter {
  /// A block takes a page of 4,096 bytes, with what SQLite keeps beside it.
  private static let mostBytes = 4_046

  private let db: Database
  private let id: Int64
  /// The first document of the segment.
  private let base: Int
  /// How many blocks are written.
  private(set) var blocks: Int
  private var block: [UInt8] = []
  private var firstToken: [UInt8] = []
  private var token: [UInt8] = []
  /// What the block at hand has of the token at hand.
  private var postings: [UInt8] = []
  private var lastDocument = 0

  /// - Parameter blocks: how many the segment has already.
  init(_ db: Database, id: Int64, base: Int, blocks: Int = 0) {
    (self.db, self.id, self.base, self.blocks) = (db, id, base, blocks)
    block.reserveCapacity(Self.mostBytes)
    postings.reserveCapacity(Self.mostBytes)
  }

  /// Begins the next token.
  mutating func begin(_ token: some Collection<UInt8>) throws {
    try end()
    self.token.replaceSubrange(self.token.startIndex..., with: token)
  }

  /// Adds a document to the token at hand.
  /// - Parameter places: where in it, as `PostingReader` has it.
  @inline(__always)
  mutating func append(document: Int, places: UnsafeBufferPointer<UInt8>, isSingle: Bool) throws {
    // Numbers of two lengths, and the token with its own two, come besides.
    if block.count + token.count + postings.count + places.count + 24 > Self.mostBytes,
      !(block.isEmpty && postings.isEmpty)
    {
      try end()
      try flush()
    }
    let distance = document - (postings.isEmpty ? base : lastDocument)
    Varints.append(distance << 1 | (isSingle ? 1 : 0), to: &postings)
    if !isSingle { Varints.append(places.count, to: &postings) }
    postings.append(contentsOf: places)
    lastDocument = document
  }

  /// Ends the token at hand in the block.
  private mutating func end() throws {
    if postings.isEmpty { return }
    if block.isEmpty { firstToken = token }
    Varints.append(token.count, to: &block)
    block.append(contentsOf: token)
    Varints.append(postings.count, to: &block)
    block.append(contentsOf: postings)
    postings.removeAll(keepingCapacity: true)
  }

  /// Writes what has come together, so that nothing is left of it in memory.
  mutating func finish() throws {
    try end()
    try flush()
  }

  private mutating func flush() throws {
    if block.isEmpty { return }
    guard blocks < Segment.mostBlocks else { throw StorageError.failed("the index has grown too large") }
    let number = id * Segment.mostBlocks + Int64(blocks)
    try db.bindingBytes("INSERT INTO search_block (number, content) VALUES (?1, ?2)", block) {
      sqlite3_bind_int64($0, 1, number)
    }
    try db.bindingBytes("INSERT INTO search_term (segment, term, block) VALUES (?1, ?2, ?3)", firstToken) {
      sqlite3_bind_int64($0, 1, id)
      sqlite3_bind_int64($0, 3, number)
    }
    blocks += 1
    block.removeAll(keepingCapacity: true)
  }
}

extension Database {
  /// Runs a statement whose second value is a blob that is not copied.
  fileprivate func bindingBytes(_ sql: String, _ bytes: [UInt8], _ bind: (SQLiteStatement) -> Void) throws {
    let statement = try cachedStatement(sql: sql)
    let handle = statement.sqliteStatement
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    bind(handle)
    let code = bytes.withUnsafeBytes { bytes in
      sqlite3_bind_blob(handle, 2, bytes.baseAddress, CInt(bytes.count), nil)
      return sqlite3_step(handle)
    }
    guard code == SQLITE_DONE else { throw lastError(code) }
  }
}

/// Goes through the tokens of a segment in order, block by block.
struct SegmentReader {
  let segment: Segment
  private let blocks: Statement
  private var next: Int64
  private var block: [UInt8] = []
  private var place = 0
  /// The token at hand; nil at the end.
  private(set) var token: [UInt8]?
  /// Whether it is the first of its block.
  private(set) var isFirst = false
  /// What the block at hand has of it, in the block.
  private var postings = 0..<0

  /// - Parameter token: the one behind which to begin.
  init(_ segment: Segment, after token: [UInt8] = [], _ db: Database) throws {
    self.segment = segment
    blocks = try db.makeStatement(sql: "SELECT content FROM search_block WHERE number = ?")
    next = try token.isEmpty ? segment.firstBlock : segment.block(before: token, db)
    try advance(db)
    while let known = self.token, !token.isEmpty, !token.lexicographicallyPrecedes(known) { try advance(db) }
  }

  /// Goes on to the next token, or to what the next block has of the same.
  mutating func advance(_ db: Database) throws {
    isFirst = place == block.count
    if isFirst {
      if next == segment.firstBlock + Int64(segment.blocks) {
        token = nil
        return
      }
      (block, place) = ([], 0)
      let content = try Data.fetchOne(blocks, arguments: [next])
      guard let content, !content.isEmpty else { throw segment.damage }
      block = [UInt8](content)
      next += 1
    }
    try block.withUnsafeBufferPointer { block in
      var reader = NumberReader(UnsafeBufferPointer(rebasing: block[place...]))
      let known = reader.bytes(reader.number())
      // Reused where it has room.
      token?.replaceSubrange(0..., with: known)
      if token == nil { token = Array(known) }
      let length = reader.number()
      let from = place + reader.place
      guard !reader.isBroken, length > 0, length <= block.count - from else { throw segment.damage }
      postings = from..<(from + length)
      place = from + length
    }
  }

  /// Hands over the documents of the token at hand that are in the block.
  @inline(__always)
  func forEachPosting(_ body: (PostingReader) throws -> Void) throws {
    try block.withUnsafeBufferPointer { block in
      var reader = PostingReader(UnsafeBufferPointer(rebasing: block[postings]), base: segment.documents.lowerBound)
      while reader.next() { try body(reader) }
      if reader.isBroken { throw segment.damage }
    }
  }
}

extension Segment {
  /// What is said where it cannot be read.
  var damage: StorageError { .corrupt("segment \(id) of the index is damaged") }

  /// The last block that begins before a token: nothing of the token is before it.
  func block(before token: [UInt8], _ db: Database) throws -> Int64 {
    try db.firstRow(
      "SELECT block FROM search_term WHERE segment = ? AND term < ? ORDER BY term DESC, block DESC LIMIT 1",
      [id, Data(token)]
    ) { Int64($0.integer(0)) } ?? firstBlock
  }
}
