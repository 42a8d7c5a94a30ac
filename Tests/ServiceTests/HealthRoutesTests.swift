import Corpus
import Foundation
import HTTP
import HTTPTypes
import Storage
import Testing

@testable import Service

@Suite("/health and /ready")
struct HealthRoutesTests {
  private static let checks = ["serving", "database", "file", "schema", "index", "writes", "disk"]

  @Test("say so where all is well, with everything that was looked at")
  func well() throws {
    let test = try TestSite()
    #expect(try test.send(.get, "/health").text == #"{"status":"ok"}"#)
    let ready = try test.send(.get, "/ready")
    #expect(ready.status == 200 && ready["status"] == .string("ready"))
    #expect(ready["checks"] == .object(Self.checks.map { .init($0, .string("ok")) }))
    #expect(ready.field("ETag") == nil && ready.field("Cache-Control") == "no-store")
  }

  @Test("/ready names what is wrong, each beside what is not, and /health goes on")
  func wrong() throws {
    let test = try TestSite(leastFreeBytes: .max)
    let ready = try test.send(.get, "/ready")
    #expect(ready.status == 503 && ready.field("Retry-After") == "5")
    #expect(ready.field("Content-Type") == "application/problem+json" && ready["code"] == .string("not_ready"))
    guard case .string(let reason)? = ready["checks", "disk"] else { return #expect(Bool(false)) }
    #expect(reason.hasSuffix("are wanted") && ready["checks", "database"] == .string("ok"))
    guard case .string(let detail)? = ready["detail"] else { return #expect(Bool(false)) }
    #expect(detail.contains(reason))
    test.site.adjust(slowSeconds: 0, leastFreeBytes: 0)
    #expect(try test.send(.get, "/ready").status == 200)

    try FileManager.default.moveItem(atPath: test.store.path, toPath: test.store.path + ".aside")
    #expect(try test.send(.get, "/ready").status == 503)
    #expect(try test.send(.get, "/health").status == 200)
  }
}
