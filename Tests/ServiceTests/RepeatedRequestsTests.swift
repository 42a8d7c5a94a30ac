import Corpus
import Dispatch
import HTTP
import HTTPTypes
import Logging
import Storage
import Synchronization
import Testing

@testable import Service

@Suite("Requests that are sent again")
struct RepeatedRequestsTests {
  private static let speech = #"{"title":"开学第一课","text":"同学们：\n今天开学。","source":{"url":"https://example.org/s"}}"#

  private func send(
    _ test: TestSite, _ method: HTTPRequest.Method = .post, _ target: String = "/v1/speeches", key: String,
    token: String = "secret", fields: [String: String] = [:], body: String = speech
  ) throws -> TestSite.Reply {
    let usual = ["Authorization": "Bearer \(token)", "Content-Type": "application/json", "Idempotency-Key": key]
    return try test.send(method, target, fields: usual.merging(fields) { $1 }, body: body)
  }

  @Test("are done once under their key, and answered as the first time")
  func once() throws {
    let test = try TestSite()
    let first = try send(test, key: "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"")
    #expect(first.status == 201 && first.field("Idempotent-Replayed") == nil)
    // Quotes are the standard's; many send the key without.
    for key in ["\"8e03978e-40d5-43e8-bc93-6894a57f9324\"", "8e03978e-40d5-43e8-bc93-6894a57f9324"] {
      let again = try send(test, key: key)
      #expect(again.status == 201 && again.bytes == first.bytes && again.field("Location") == first.field("Location"))
      #expect(again.field("Idempotent-Replayed") == "true")
      #expect(again.response.status.reasonPhrase == "Created")
      #expect(again.field("X-Content-Type-Options") == "nosniff")
    }
    #expect(try send(test, key: "another")["status"] == .string("unchanged"))
    let url = try #require(first.field("Location"))
    #expect(try send(test, .delete, url, key: "d", body: "").status == 204)
    // Without the key it is gone; with it, it was this request that took it.
    #expect(try send(test, .delete, url, key: "d", body: "").status == 204)
    #expect(try send(test, .delete, url, key: "e", body: "").status == 410)
    #expect(try send(test, .delete, url, key: "e", body: "")["code"] == .string("speech_deleted"))
  }

  @Test("another request under the key is refused, one of another token is not")
  func reused() throws {
    let test = try TestSite()
    let token = try test.makeToken("编辑部", .write)
    #expect(try send(test, key: "k").status == 201)
    for reply in [
      try send(test, key: "k", body: Self.speech.replacing("今天", with: "明天")),
      try send(test, .patch, "/v1/speeches/0123456789ab", key: "k"),
      try send(test, key: "k", fields: ["Content-Type": "text/plain"]),
    ] {
      #expect(reply.status == 422 && reply["code"] == .string("idempotency_key_reused"))
    }
    #expect(try send(test, key: "k", token: token)["status"] == .string("unchanged"))
    // Who may not write hears nothing of what is kept.
    #expect(try send(test, key: "k", token: "wrong").status == 401)
    #expect(try send(test, key: "k", token: try test.makeToken("读者", .read)).status == 403)
  }

  @Test("is an ordinary one a day later, and in a server that has lost the answer")
  func expiry() throws {
    let test = try TestSite()
    #expect(try send(test, key: "k").status == 201)
    test.clock.advance(KeptAnswerRepository.lifetime - 1)
    #expect(try send(test, key: "k").status == 201)
    test.clock.advance(1)
    // The import itself was kept: to repeat it changes nothing.
    let later = try send(test, key: "k")
    #expect(later.status == 200 && later["status"] == .string("unchanged") && later.field("Idempotent-Replayed") == nil)
  }

  @Test(
    "has a key that is one",
    arguments: ["\"\"", "", " ", "\"a b\"", "\"a\"b\"", String(repeating: "k", count: 256), "键"])
  func malformed(key: String) throws {
    let reply = try send(try TestSite(), key: key)
    #expect(reply.status == 400 && reply["code"] == .string("invalid_idempotency_key"))
  }

  @Test("one that comes while the first is being answered is told so; a fault of the server is not kept")
  func inWork() throws {
    let test = try TestSite()
    let repeated = RepeatedRequests(
      operations: test.operations, clock: { 1 }, logger: .init(label: "test"))
    let identity = Authorization.Identity(name: "a", scope: .write, digest: [1, 2])
    let target = try #require(Target("/v1/speeches"))
    let request = Request(
      method: .post, target: target, headerFields: [.idempotencyKey: "k"], body: Array("a".utf8))
    var other = request
    other.body = Array("b".utf8)
    var codes: [String] = []
    let first = try repeated.answer(request, of: identity) {
      for request in [request, other] {
        do { _ = try repeated.answer(request, of: identity) { Response(status: .ok) } } catch let problem as Problem {
          codes.append(problem.code)
        } catch {}
      }
      return Response(status: .serviceUnavailable)
    }
    #expect(codes == ["idempotency_key_in_use", "idempotency_key_reused"] && first.status == .serviceUnavailable)
    #expect(try repeated.answer(request, of: identity) { Response(status: .created) }.status == .created)
    #expect(try repeated.answer(request, of: identity) { Response(status: .ok) }.status == .created)
  }

  @Test("answers that are kept have bounds: of each body, of their number and of all bytes")
  func bounds() throws {
    let test = try TestSite()
    let kept = KeptAnswerRepository(test.operations)
    func keep(_ key: String, _ count: Int, at time: Int) throws {
      try kept.keep(
        .init(request: [1], status: 200, fields: "", body: Array(repeating: 7, count: count)), for: key, of: "t",
        at: time)
    }
    try keep("long", KeptAnswerRepository.longestBody + 1, at: 100)
    #expect(try kept.answer(to: "long", of: "t", at: 100) == nil)
    for number in 0..<40 { try keep("\(number)", KeptAnswerRepository.longestBody, at: 100 + number) }
    #expect(try kept.answer(to: "0", of: "t", at: 150) == nil)
    #expect(try kept.answer(to: "39", of: "t", at: 150)?.body.count == KeptAnswerRepository.longestBody)
    #expect(try kept.answer(to: "39", of: "other", at: 150) == nil)
  }
}
