import Corpus
import Dispatch
import Foundation
import HTTP
import HTTPTypes
import TestSupport
import Testing

@testable import Service

@Suite("Answers that are kept")
struct AnswerCacheTests {
  private static func cache(_ capacity: Int = 0) throws -> AnswerCache {
    try #require(AnswerCache(folder: FileManager.default.temporaryDirectory.path, capacity: capacity))
  }

  private static func request(_ target: String = "/v1", _ fields: HTTPFields = [:]) throws -> Request {
    Request(target: try #require(Target(target)), headerFields: fields)
  }

  private static func key(_ target: String = "/v1", _ fields: HTTPFields = [:]) throws -> AnswerCache.Key {
    try #require(AnswerCache.Key(request(target, fields)))
  }

  /// An answer whose bytes are all the same, so that a torn one shows.
  private static func answer(_ byte: Int, count: Int) -> Response {
    Response(
      status: .ok, headerFields: [.eTag: "\"\(byte)\"", .xRequestID: "not kept"],
      body: .bytes([UInt8](repeating: UInt8(truncatingIfNeeded: byte), count: count)))
  }

  private static func bytes(_ response: Response?) -> [UInt8]? {
    guard case .bytes(let bytes) = response?.body else { return nil }
    return bytes
  }

  @Test("an answer is found as it was kept, but for the name of its request, until something is committed")
  func untilCommit() throws {
    let (cache, key) = (try Self.cache(), try Self.key())
    #expect(cache.answer(to: key, commits: 3) == nil)
    cache.keep(Self.answer(7, count: 20_000), for: key, commits: 3)
    let found = try #require(cache.answer(to: key, commits: 3))
    #expect(found.status == .ok && found.status.reasonPhrase == "OK")
    #expect(Self.bytes(found) == [UInt8](repeating: 7, count: 20_000))
    #expect(String(decoding: found.encodedFields, as: UTF8.self) == "\r\nETag: \"7\"")
    #expect(cache.answer(to: key, commits: 4) == nil && cache.answer(to: key, commits: 2) == nil)
    cache.keep(Self.answer(8, count: 5), for: key, commits: 4)
    // What was begun before the commit and comes late is of no use to anybody.
    cache.keep(Self.answer(7, count: 5), for: key, commits: 3)
    #expect(Self.bytes(cache.answer(to: key, commits: 4)) == [8, 8, 8, 8, 8])
  }

  @Test("a key holds what an answer depends on; what few ask for has none")
  func keys() throws {
    let different: [(String, HTTPFields)] = [
      ("/v1", [:]), ("/v1?", [:]), ("/v1/", [:]), ("/v1", [.accept: "text/plain"]), ("/v1", [.accept: "*/*"]),
      ("/v1", [.acceptEncoding: "gzip"]), ("/v1", [.ifNoneMatch: "\"a\""]), ("/v1", [.ifNoneMatch: "*/*"]),
    ]
    #expect(Set(try different.map { try Self.key($0.0, $0.1) }).count == different.count)
    #expect(try Self.key("/v1", [.userAgent: "a", .xRequestID: "1"]) == Self.key())
    for name in [HTTPField.Name.range, .ifMatch, .ifModifiedSince, .ifUnmodifiedSince, .ifRange] {
      #expect(try AnswerCache.Key(Self.request("/v1", [name: "x"])) == nil)
    }
    var twice: HTTPFields = [.accept: "text/plain"]
    twice.append(HTTPField(name: .accept, value: "text/html"))
    #expect(try AnswerCache.Key(Self.request("/v1", twice)) == nil)
    #expect(try AnswerCache.Key(Self.request("/" + String(repeating: "a", count: 600))) == nil)
    var request = try Self.request()
    request.method = .post
    #expect(AnswerCache.Key(request) == nil)
    request.method = .head
    #expect(AnswerCache.Key(request) == (try Self.key()))
  }

  @Test("newer answers take the place of older ones, and none is ever found in part")
  func roundAndRound() throws {
    let cache = try Self.cache(200_000)
    for number in 0..<500 {
      let count = number * 7_919 % 64_000
      cache.keep(Self.answer(number, count: count), for: try Self.key("/\(number)"), commits: 0)
      #expect(Self.bytes(cache.answer(to: try Self.key("/\(number)"), commits: 0))?.count == count)
      for earlier in max(0, number - 30)..<number {
        let bytes = Self.bytes(cache.answer(to: try Self.key("/\(earlier)"), commits: 0))
        #expect(bytes == nil || bytes == Self.bytes(Self.answer(earlier, count: earlier * 7_919 % 64_000)))
      }
    }
    cache.keep(Self.answer(1, count: 64 << 10), for: try Self.key("/long"), commits: 0)
    #expect(cache.answer(to: try Self.key("/long"), commits: 0) == nil)
  }

  @Test("readers and writers at the same time never see half of one answer and half of another")
  func atTheSameTime() throws {
    let cache = try Self.cache(150_000)
    let keys = try (0..<40).map { try Self.key("/\($0)") }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for turn in 0..<2_000 {
        let number = (turn * 31 + thread * 7) % keys.count
        if let found = cache.answer(to: keys[number], commits: 0) {
          let bytes = Self.bytes(found)
          #expect(bytes == Self.bytes(Self.answer(number, count: 1_000 + number * 300)))
        } else {
          cache.keep(Self.answer(number, count: 1_000 + number * 300), for: keys[number], commits: 0)
        }
      }
    }
  }

  @Test("a folder that takes no file costs the cache, not the service")
  func noFolder() throws {
    #expect(AnswerCache(folder: "/nowhere/at/all", capacity: 1 << 20) == nil)
  }

  @Test("who asks after a write hears of it")
  func afterAWrite() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    #expect(try test.send(.get, "/v1/speeches")["total"] == .integer(1))
    let other = try test.keep("b", .make(title: "另一篇"))
    #expect(try test.send(.get, "/v1/speeches")["total"] == .integer(2))
    #expect(try test.send(.get, "/v1/speeches/\(id)").status == 200)
    #expect(try test.write(.delete, "/v1/speeches/\(id)").status == 204)
    #expect(try test.send(.get, "/v1/speeches/\(id)").status == 410)
    #expect(try test.send(.get, "/v1/speeches/\(other)").status == 200)
  }
}
