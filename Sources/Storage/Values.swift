import GRDB
import GRDBSQLite

/// The values of a statement that writes, handed to SQLite one after another in the order of its question marks: what
/// `Columns` is for what is read.
///
/// GRDB's `StatementArguments` puts each value in a box, the boxes in an array, and looks at each of them again. For the rows
/// of a speech, some two hundred values, that takes longer than SQLite does.
struct Values {
  private let statement: SQLiteStatement
  /// Where texts are put that SQLite need not make copies of, one by one, for as long as the statement runs.
  private var room: UnsafeMutableRawBufferPointer
  /// The number of the next one.
  private var place: CInt = 1
  /// What SQLite said of the first value that it did not take.
  fileprivate private(set) var refusal = SQLITE_OK

  fileprivate init(_ statement: SQLiteStatement, _ room: UnsafeMutableRawBufferPointer) {
    (self.statement, self.room) = (statement, room)
  }

  mutating func integer(_ value: Int) { integer(Int64(value)) }

  mutating func integer(_ value: Int64) { bound(sqlite3_bind_int64(statement, place, value)) }

  mutating func integer(_ value: Int?) { if let value { integer(value) } else { null() } }

  mutating func text(_ value: String) {
    var value = value
    value.withUTF8 { text($0) }
  }

  mutating func text(_ value: String?) { if let value { text(value) } else { null() } }

  /// A text given as valid UTF-8.
  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress, let free = room.baseAddress else {
      // Without an address it would be NULL.
      return bound(sqlite3_bind_text(statement, place, "", 0, Self.copied))
    }
    let isLong = bytes.count > room.count
    if !isLong {
      free.copyMemory(from: start, byteCount: bytes.count)
      room = UnsafeMutableRawBufferPointer(start: free + bytes.count, count: room.count - bytes.count)
    }
    bound(
      sqlite3_bind_text64(
        statement, place, isLong ? start : UnsafePointer(free.assumingMemoryBound(to: UInt8.self)),
        UInt64(bytes.count), isLong ? Self.copied : nil, UInt8(SQLITE_UTF8)))
  }

  mutating func blob(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { blob($0) } }

  mutating func blob(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return bound(sqlite3_bind_zeroblob(statement, place, 0)) }
    bound(sqlite3_bind_blob64(statement, place, start, UInt64(bytes.count), Self.copied))
  }

  mutating func blob(_ bytes: [UInt8]?) { if let bytes { blob(bytes) } else { null() } }

  private mutating func null() { bound(sqlite3_bind_null(statement, place)) }

  private mutating func bound(_ code: CInt) {
    place += 1
    if refusal == SQLITE_OK { refusal = code }
  }

  /// Tells SQLite to make a copy: `SQLITE_TRANSIENT`, a macro that Swift does not see.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension Database {
  /// Runs a statement that gives no rows.
  /// - Parameter bind: gives its values.
  func run(_ sql: String, _ bind: (inout Values) -> Void) throws {
    try run(sql, for: CollectionOfOne(())) { bind(&$1) }
  }

  /// Runs a statement that gives no rows, once for each of some elements.
  /// - Parameter bind: gives the values.
  func run<Element>(
    _ sql: String, for elements: some Sequence<Element>, _ bind: (Element, inout Values) -> Void
  ) throws {
    let statement = try cachedStatement(sql: sql).sqliteStatement
    // Whoever ran it last may have left it where it ended.
    sqlite3_reset(statement)
    try withUnsafeTemporaryAllocation(byteCount: 1 << 10, alignment: 1) { room in
      for element in elements {
        defer {
          sqlite3_reset(statement)
          sqlite3_clear_bindings(statement)
        }
        var values = Values(statement, room)
        bind(element, &values)
        let code = values.refusal == SQLITE_OK ? sqlite3_step(statement) : values.refusal
        guard code == SQLITE_DONE else { throw lastError(code) }
      }
    }
  }
}
