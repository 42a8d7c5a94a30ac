import GRDB
import GRDBSQLite

/// The columns of the row that a statement stands at, taken as what the schema says they are.
///
/// GRDB's `Row` makes a table of column names for each statement it runs and checks every text byte by byte. For a few
/// rows by key that costs more than SQLite does; here neither is done, since tables are STRICT and the statements ours.
struct Columns {
  private let statement: SQLiteStatement

  fileprivate init(_ statement: SQLiteStatement) { self.statement = statement }

  func isNull(_ index: CInt) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }

  func integer(_ index: CInt) -> Int { Int(sqlite3_column_int64(statement, index)) }

  func optionalInteger(_ index: CInt) -> Int? { isNull(index) ? nil : integer(index) }

  func text(_ index: CInt) -> String { String(decoding: utf8(index), as: UTF8.self) }

  func optionalText(_ index: CInt) -> String? { isNull(index) ? nil : text(index) }

  /// The UTF-8 of a text that is only handed on and need not become a string.
  func bytes(_ index: CInt) -> [UInt8] { Array(utf8(index)) }

  /// The bytes of a blob.
  func blob(_ index: CInt) -> [UInt8] { Array(raw(index)) }

  /// The bytes of a blob where SQLite has them, until the statement moves on.
  func raw(_ index: CInt) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, index)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, index)))
  }

  /// A number with a fraction.
  func double(_ index: CInt) -> Double { sqlite3_column_double(statement, index) }

  /// The UTF-8 of a text where SQLite has it, until the statement moves on.
  func utf8(_ index: CInt) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(statement, index)
    return UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, index)))
  }
}

extension Database {
  /// Runs a query and hands the columns of each row to `body`.
  func eachRow(_ sql: String, _ arguments: StatementArguments, _ body: (Columns) throws -> Void) throws {
    try eachRow(cachedStatement(sql: sql), arguments, body)
  }

  /// Runs a statement and hands the columns of each row to `body`.
  func eachRow(_ statement: Statement, _ arguments: StatementArguments, _ body: (Columns) throws -> Void) throws {
    try statement.setArguments(arguments)
    try eachRow(statement.sqliteStatement) {
      try body($0)
      return true
    }
  }

  /// Runs a statement whose values are bound.
  /// - Parameter body: returns whether to go on.
  func eachRow(_ statement: SQLiteStatement, _ body: (Columns) throws -> Bool) throws {
    defer { sqlite3_reset(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if try !body(Columns(statement)) { return }
      case SQLITE_DONE: return
      case let code: throw lastError(code)
      }
    }
  }

  /// What SQLite says of the call that failed last.
  func lastError(_ code: CInt) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(sqliteConnection)))
  }

  /// Runs a query and gives what `body` makes of its first row; nil where there is none.
  func firstRow<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (Columns) throws -> Value
  ) throws -> Value? {
    let statement = try cachedStatement(sql: sql)
    try statement.setArguments(arguments)
    var value: Value?
    try eachRow(statement.sqliteStatement) {
      value = try body($0)
      return false
    }
    return value
  }
}
