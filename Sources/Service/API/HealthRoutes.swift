import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/health` and `/ready`: whether the process is alive, and whether it can answer.
struct HealthRoutes {
  let store: Store
  let server: ServerReference
  /// How many bytes are to be free on the disk.
  let leastFree: @Sendable () -> Int

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/health", name: "getHealth", summary: "Whether the process is alive.", access: .open,
        results: [.init(200, "It is.", schema: "Health")],
        handler: .quick { _ in .now(.json(Array(#"{"status":"ok"}"#.utf8))) }),
      Endpoint(
        .get, "/ready", name: "getReadiness", summary: "Whether the process can answer, and why not.", access: .open,
        results: [.init(200, "It can.", schema: "Readiness")],
        problems: [.init(503, "not_ready", "It cannot; `checks` says why.")], handler: .aside(ready)),
    ]
  }

  /// All that has to hold for the process to answer.
  var checks: [Check] {
    let isDraining = server.server?.isDraining ?? false
    return [Check("serving", isDraining ? "the server is about to end" : nil)]
      + store.checks(leastFree: leastFree()).map { Check($0.name, $0.reason) }
  }

  private func ready(_ call: Call) throws -> Response {
    let checks = checks
    let wrong = checks.compactMap { check in check.reason.map { "\(check.name): \($0)" } }
    guard wrong.isEmpty else {
      var problem = Problem(
        .serviceUnavailable, code: "not_ready", detail: "The server is not ready. " + wrong.joined(separator: "; "),
        headerFields: [.retryAfter: "5"])
      problem.checks = checks
      throw problem
    }
    var writer = JSONWriter(capacity: 256)
    writer.object { writer in
      writer.member("status", "ready")
      writer.write(checks)
    }
    return .json(writer.bytes)
  }
}

extension JSONWriter {
  /// Writes the member `checks`: of each what is wrong with it, or `ok`.
  mutating func write(_ checks: [Check]) {
    object("checks") { writer in
      for check in checks {
        writer.name(check.name)
        writer.string(check.reason ?? "ok")
      }
    }
  }
}
