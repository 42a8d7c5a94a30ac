import GRDB
import GRDBSQLite

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
  /// The token at hand.
  private(set) var token: [UInt8] = []
  /// What the block at hand has of it.
  private var postings: [UInt8] = []
  private var lastDocument = 0

  /// - Parameter blocks: how many the segment has already.
  init(_ db: Database, id: Int64, base: Int, blocks: Int = 0) {
    (self.db, self.id, self.base, self.blocks) = (db, id, base, blocks)
    block.reserveCapacity(Self.mostBytes)
    postings.reserveCapacity(Self.mostBytes)
  }

  /// Begins the next token.
  mutating func begin(_ token: ArraySlice<UInt8>) throws {
    try end()
    self.token.removeAll(keepingCapacity: true)
    self.token.append(contentsOf: token)
  }

  /// Adds a document to the token at hand, which stands there once.
  @inline(__always)
  mutating func append(document: Int, place: Int) throws {
    try appendHead(document, room: 10, isSingle: true)
    Varints.append(place, to: &postings)
  }

  /// Adds a document to the token at hand.
  /// - Parameter places: where in it, as `PostingReader` has it.
  @inline(__always)
  mutating func append(document: Int, places: UnsafeBufferPointer<UInt8>, isSingle: Bool) throws {
    try appendHead(document, room: places.count, isSingle: isSingle)
    if !isSingle { Varints.append(places.count, to: &postings) }
    // Mostly one byte or two.
    if places.count < 8 { for byte in places { postings.append(byte) } } else { postings.append(contentsOf: places) }
  }

  @inline(__always)
  private mutating func appendHead(_ document: Int, room: Int, isSingle: Bool) throws {
    // Numbers of two lengths, and the token with its own two, come besides.
    if block.count + token.count + postings.count + room + 24 > Self.mostBytes, !(block.isEmpty && postings.isEmpty) {
      try end()
      try flush()
    }
    let distance = document - (postings.isEmpty ? base : lastDocument)
    guard distance > 0 || distance == 0 && postings.isEmpty else {
      throw StorageError.corrupt("the index has documents out of order")
    }
    Varints.append(distance << 1 | (isSingle ? 1 : 0), to: &postings)
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
