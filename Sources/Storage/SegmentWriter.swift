import GRDB

/// Writes the blocks of one segment: tokens in order, the documents of each in order.
struct SegmentWriter {
  /// Two blocks take a page of 8,192 bytes, with what SQLite keeps beside them.
  private static let mostBytes = 4_046

  private let db: Database
  private let id: Int64
  /// The first document of the segment.
  private let base: Int
  /// How many blocks are written.
  private(set) var blocks: Int
  private let block = ByteBuffer(capacity: 2 * mostBytes)
  private var firstToken: [UInt8] = []
  /// The token at hand.
  private let token = ByteBuffer(capacity: 64)
  /// What the block at hand has of it.
  private let postings = ByteBuffer(capacity: 2 * mostBytes)
  private var lastDocument = 0
  /// So many bytes at most may the block at hand have of it: numbers of two lengths, and the token with its own two, come
  /// besides.
  private var room = 0

  /// - Parameter blocks: how many the segment has already.
  init(_ db: Database, id: Int64, base: Int, blocks: Int = 0) {
    (self.db, self.id, self.base, self.blocks) = (db, id, base, blocks)
  }

  /// Begins the next token.
  mutating func begin(_ token: ArraySlice<UInt8>) throws {
    try end()
    self.token.removeAll()
    token.withUnsafeBufferPointer { self.token.append($0) }
    measureRoom()
  }

  private mutating func measureRoom() { room = Self.mostBytes - block.count - token.count - 24 }

  /// The last token that was begun.
  var reached: [UInt8] { Array(token.bytes) }

  /// Adds a document to the token at hand, which stands there once.
  @inline(__always)
  mutating func append(document: Int, place: Int) throws {
    try appendHead(document, before: 10, isSingle: true)
    postings.append(number: place)
  }

  /// Adds a document to the token at hand.
  /// - Parameter places: where in it, as `PostingReader` has it.
  @inline(__always)
  mutating func append(document: Int, places: UnsafeBufferPointer<UInt8>, isSingle: Bool) throws {
    try appendHead(document, before: places.count, isSingle: isSingle)
    if !isSingle { postings.append(number: places.count) }
    postings.append(places)
  }

  /// Adds to the token at hand what another block has of it, as it stands there.
  /// - Returns: false where it has no room in this block; then nothing was added.
  mutating func append(_ run: PostingRun) throws -> Bool {
    // With the number of the first document, so that a block takes no more than it would one by one.
    guard postings.count + run.rest.count + 10 <= room else { return false }
    try appendHead(run.first, before: run.rest.count, isSingle: run.isSingle)
    postings.append(run.rest)
    lastDocument = run.last
    return true
  }

  /// - Parameter bytes: how many follow it.
  @inline(__always)
  private mutating func appendHead(_ document: Int, before bytes: Int, isSingle: Bool) throws {
    if postings.count + bytes > room, !(block.isEmpty && postings.isEmpty) {
      try end()
      try flush()
      measureRoom()
    }
    let distance = document - (postings.isEmpty ? base : lastDocument)
    guard distance > 0 || distance == 0 && postings.isEmpty else {
      throw StorageError.corrupt("the index has documents out of order")
    }
    postings.append(number: distance << 1 | (isSingle ? 1 : 0))
    lastDocument = document
  }

  /// Ends the token at hand in the block.
  private mutating func end() throws {
    if postings.isEmpty { return }
    if block.isEmpty { firstToken = Array(token.bytes) }
    block.append(number: token.count)
    block.append(token.bytes)
    block.append(number: postings.count)
    block.append(postings.bytes)
    postings.removeAll()
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
    try db.run("INSERT INTO search_block (number, content) VALUES (?, ?)") {
      $0.integer(number)
      $0.blob(block.bytes)
    }
    try db.run("INSERT INTO search_term (segment, term, block) VALUES (?, ?, ?)") {
      $0.integer(id)
      $0.blob(firstToken)
      $0.integer(number)
    }
    blocks += 1
    block.removeAll()
  }
}
