import Corpus
import Foundation
import HTTPTypes
import Storage
import Testing

@Suite("What clients see of a database in trouble")
struct ErrorAnswersTests {
  @Test("whose file is gone: reads go on, writes are 503, /ready says so and names no file")
  func unwritable() throws {
    let test = try TestSite()
    let id = try test.keep("1")
    let away = test.store.path + ".away"
    try FileManager.default.moveItem(atPath: test.store.path, toPath: away)
    let write = try test.write(.post, "/v1/speeches", body: #"{"text":"同志们：\n今天开会。"}"#)
    #expect(write.status == 503 && write["code"] == .string("read_only") && write.field("Retry-After") != nil)
    #expect(write.field("Content-Type") == "application/problem+json")
    let ready = try test.send(.get, "/ready")
    #expect(ready.status == 503 && ready["code"] == .string("not_ready") && ready.field("Retry-After") != nil)
    #expect(ready.text.contains("takes no writes") && !ready.text.contains(test.folder.lastPathComponent))
    #expect(try test.send(.get, "/v1/speeches/\(id)").status == 200)
    #expect(try test.send(.get, "/health").status == 200)
    try FileManager.default.moveItem(atPath: away, toPath: test.store.path)
    #expect(try test.send(.get, "/ready").status == 200)
    #expect(try test.write(.post, "/v1/speeches", body: #"{"text":"同志们：\n今天开会。"}"#).status == 201)
  }
}
