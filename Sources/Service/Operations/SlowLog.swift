import HTTP
import HTTPTypes
import Logging
import Storage
import Synchronization

/// Writes to the log which requests took longer than they should, and what the database did for them.
final class SlowLog: Sendable {
  /// Seconds after which a request is slow, as nanoseconds; 0 for never.
  private let threshold: Atomic<Int>
  private let store: Store
  private let logger: Logger

  init(threshold seconds: Double, store: Store, logger: Logger) {
    threshold = Atomic(Int(seconds * 1e9))
    self.store = store
    self.logger = logger
  }

  /// Sets after how many seconds a request is slow; 0 for never.
  func set(threshold seconds: Double) { threshold.store(Int(seconds * 1e9), ordering: .relaxed) }

  /// What notes the statements of a request; nil where none is ever slow.
  func trace() -> StatementTrace? { threshold.load(ordering: .relaxed) > 0 ? StatementTrace() : nil }

  /// Writes a request to the log if its answer took too long to make; says whether it did. The time it waited counts, that in
  /// which it came and its answer left does not.
  func record(
    _ request: Request, id: RequestID, route: String, _ response: Response, _ trace: StatementTrace?
  ) -> Bool {
    let limit = threshold.load(ordering: .relaxed)
    let (waited, worked) = (response.note.waited ?? 0, response.note.worked)
    guard limit > 0, (waited + worked) * 1e9 > Double(limit) else { return false }
    var metadata: Logger.Metadata = [
      "id": "\(id.text)", "route": "\(route)", "method": "\(request.method.rawValue)",
      "target": "\(request.target.withoutSecrets.prefix(1_000))", "status": .stringConvertible(response.status.code),
      "ms": Self.milliseconds(waited + worked), "waited_ms": Self.milliseconds(waited),
    ]
    if let report = trace?.report, report.count > 0 {
      metadata["sql_count"] = .stringConvertible(report.count)
      metadata["sql_ms"] = Self.milliseconds(report.seconds)
      metadata["sql"] = .array(
        report.slowest.map { statement in
          [
            "ms": Self.milliseconds(statement.seconds), "runs": .stringConvertible(statement.runs),
            "statement": .string(Self.oneLine(statement.sql)),
            "plan": .array(store.plan(of: statement.sql).prefix(20).map { .string(String($0.prefix(300))) }),
          ]
        })
    }
    logger.warning("slow request", metadata: metadata)
    return true
  }

  private static func milliseconds(_ seconds: Double) -> Logger.MetadataValue {
    .stringConvertible((seconds * 1e6).rounded() / 1e3)
  }

  /// A statement with single spaces; its strings, if it has any, without what stands in them but for words of the program's
  /// own length.
  private static func oneLine(_ sql: String) -> String {
    let words = sql.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    return words.replacing(/'[^']{25,}'/, with: "'…'")
  }
}
