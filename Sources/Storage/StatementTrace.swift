import Dispatch
import GRDB
import GRDBSQLite
import Locking

/// Which statements ran while something was asked of the database, and how long each took from its first row to its last.
///
/// Of each the text is kept as the program has it, with a question mark for every value.
public final class StatementTrace: Sendable {
  /// A statement that ran.
  public struct Statement: Sendable {
    /// Its text.
    public let sql: String
    /// How often it ran.
    public fileprivate(set) var runs: Int
    /// How long its runs took together, in seconds.
    public fileprivate(set) var seconds: Double
  }

  /// What was found.
  public struct Report: Sendable {
    /// The statements that took longest, the longest first.
    public fileprivate(set) var slowest: [Statement] = []
    /// How many ran, those that are not listed too.
    public fileprivate(set) var count = 0
    /// How long they took together, in seconds. One that ran while another stood at a row counts in both.
    public fileprivate(set) var seconds = 0.0
  }

  private struct State {
    var open: [(statement: UInt, start: UInt64)] = []
    var statements: [String: Statement] = [:]
    var report = Report()
  }

  /// Where the statements of this thread's work are noted.
  @TaskLocal static var current: StatementTrace?

  /// Statements that are listed.
  private static let listed = 5
  /// Different statements that are told apart.
  private static let known = 64
  /// Shorter ones are only counted, in seconds.
  private static let least = 20e-6
  /// Bytes of a statement that are kept.
  private static let longest = 2_000

  private let state = Locked(State())

  /// A trace of nothing yet.
  public init() {}

  /// What was found so far.
  public var report: Report {
    state.withLock { state in
      var report = state.report
      report.slowest = Array(state.statements.values.sorted { $0.seconds > $1.seconds }.prefix(Self.listed))
      return report
    }
  }

  /// Does work, and notes its statements.
  public func following<Value>(_ body: () throws -> Value) rethrows -> Value {
    try Self.$current.withValue(self, operation: body)
  }

  fileprivate func begin(_ statement: UInt) {
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { $0.open.append((statement, now)) }
  }

  fileprivate func end(_ statement: UInt, _ text: UnsafePointer<CChar>?) {
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { state in
      guard let index = state.open.lastIndex(where: { $0.statement == statement }) else { return }
      let seconds = Double(now - state.open.remove(at: index).start) / 1e9
      state.report.count += 1
      state.report.seconds += seconds
      guard seconds >= Self.least, let text else { return }
      let sql = String(decoding: String(cString: text).utf8.prefix(Self.longest), as: UTF8.self)
      guard state.statements[sql] != nil || state.statements.count < Self.known else { return }
      state.statements[sql, default: Statement(sql: sql, runs: 0, seconds: 0)].runs += 1
      state.statements[sql]?.seconds += seconds
    }
  }
}

extension Database {
  /// Does work on the connection, and has its statements noted where there is something to note them in.
  func traced<Value>(by trace: StatementTrace?, _ body: () throws -> Value) rethrows -> Value {
    guard let trace else { return try body() }
    let events = UInt32(SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE)
    let context = Unmanaged.passUnretained(trace).toOpaque()
    sqlite3_trace_v2(
      sqliteConnection, events,
      { event, context, statement, text in
        guard let context, let statement else { return 0 }
        let trace = Unmanaged<StatementTrace>.fromOpaque(context).takeUnretainedValue()
        if event == UInt32(SQLITE_TRACE_PROFILE) {
          trace.end(UInt(bitPattern: statement), sqlite3_sql(OpaquePointer(statement)))
        } else if text?.load(as: UInt8.self) != UInt8(ascii: "-") {
          // A comment stands for a trigger inside of a statement.
          trace.begin(UInt(bitPattern: statement))
        }
        return 0
      }, context)
    defer { sqlite3_trace_v2(sqliteConnection, 0, nil, nil) }
    return try withExtendedLifetime(trace) { try body() }
  }
}
