import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/health` and `/ready`: whether the process is alive, and whether it can answer.
struct HealthRoutes {
  let store: Store

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/health", name: "getHealth", summary: "Whether the process is alive.", access: .open,
        results: [.init(200, "It is.", schema: "Health")],
        handler: .quick { _ in .now(.json(Array(#"{"status":"ok"}"#.utf8))) }),
      Endpoint(
        .get, "/ready", name: "getReadiness", summary: "Whether the process can answer, and why not.", access: .open,
        results: [.init(200, "It can.", schema: "Readiness")],
        problems: [.init(503, "not_ready", "The database does not answer, or takes no writes; `detail` says why.")],
        handler: .worker(ready)),
    ]
  }

  private func ready(_ call: Call) throws -> Response {
    func problem(_ detail: String) -> Problem {
      Problem(.serviceUnavailable, code: "not_ready", detail: detail, headerFields: [.retryAfter: "5"])
    }
    do { try store.probe() } catch StorageError.unwritable {
      // The sentence itself names files: it is in the log, and not for everybody.
      throw problem("The database takes no writes: its file is damaged, deleted, replaced or behind what was answered.")
    } catch { throw problem("The database does not answer.") }
    return .json(Array(#"{"status":"ready","checks":{"database":"ok"}}"#.utf8))
  }
}
