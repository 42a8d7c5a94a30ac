import Corpus
import Foundation
import HTTP
import HTTPTypes
import Locking
import Logging
import Service
import Storage
import TestSupport
import Testing

/// A clock that stands until it is put forward.
final class Clock: Sendable {
  private let time = Locked(1_767_323_045)
  var seconds: Int { time.withLock { $0 } }
  func advance(_ seconds: Int) { time.withLock { $0 += seconds } }
}

/// Bytes that come in pieces.
private final class Received: Sendable {
  private let bytes: Locked<[UInt8]>
  init(_ bytes: [UInt8]) { self.bytes = Locked(bytes) }
  func add(_ piece: [UInt8]) { bytes.withLock { $0 += piece } }
  var value: [UInt8] { bytes.withLock { $0 } }
}

/// The service over a database of its own, asked directly, without a socket.
final class TestSite {
  static let time = "2026-01-02T03:04:05Z"
  let folder: URL
  let store: Store
  let operations: OperationalStore
  let site: Site
  /// What the time is taken for where something may have expired, in seconds since 1970.
  let clock: Clock
  /// What makes backups, where there is a folder for them; not started.
  let upkeep: Upkeep?

  /// - Parameter backupFolder: where backups go every two hours; below the folder of the database where it does not begin with `/`.
  init(
    token: String? = "secret", isReadingOpen: Bool = true, rates: Rates = Rates(), deadline: Double = 5,
    language: LanguageData = LanguageData(),
    accessLog: AccessLog? = nil, maximumDocumentBytes: Int = 16 << 20,
    proxies: TrustedProxies = TrustedProxies(), answerCacheBytes: Int = 1 << 20, publicAddress: String? = nil,
    slowSeconds: Double = 0, leastFreeBytes: Int = 0, backupFolder: String? = nil,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Store(path: folder.appending(path: "corpus.sqlite").path)
    operations = try OperationalStore(path: OperationalStore.path(beside: store.path))
    let clock = Clock()
    self.clock = clock
    upkeep = backupFolder.map { [folder, store] path in
      let path = path.hasPrefix("/") ? path : folder.appending(path: path).path
      return Upkeep(
        store, backups: .init(folder: BackupFolder(path, of: store.path), hours: 2, keep: 2), logger: logger)
    }
    site = Site(
      store: store,
      options: .init(
        token: token, operations: operations, isReadingOpen: isReadingOpen, rates: rates,
        maximumDocumentBytes: maximumDocumentBytes, queryDeadline: deadline, accessLog: accessLog, proxies: proxies,
        language: language, answerCacheBytes: answerCacheBytes, publicAddress: publicAddress,
        slowSeconds: slowSeconds, leastFreeBytes: leastFreeBytes, upkeep: upkeep),
      logger: logger, now: { Self.time }, clock: { clock.seconds })
  }

  deinit {
    try? store.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Makes a token, as `rostrum token create` does.
  @discardableResult
  func makeToken(_ name: String, _ scope: TokenScope, expiresIn seconds: Int? = nil) throws -> String {
    let token = TokenText()
    let isNew = try TokenRepository(operations).add(
      .init(
        name: name, prefix: token.prefix, digest: TokenText.digest(of: token.text), scope: scope,
        createdAt: clock.seconds, expiresAt: seconds.map { clock.seconds + $0 }))
    #expect(isNew)
    return token.text
  }

  /// Keeps a speech under an address of its own.
  @discardableResult
  func keep(_ address: String, _ speech: Speech = .make()) throws -> String {
    let reading = Reading(
      id: SpeechID(address: "https://example.org/" + address, decodedSource: ""), speech: speech,
      document: .make(address + (speech.title ?? "") + speech.text))
    _ = try ImportRepository(store).keep([reading], at: Self.time)
    return reading.id.text
  }

  /// An answer, with its body read as JSON where it is JSON.
  struct Reply {
    var response: Response
    var status: Int { response.status.code }
    var bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { (try? JSONReader.read(bytes)) ?? .null }
    func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { response.headerFields[$0] } }
    /// Every field but the name of the request, by its name.
    var fields: [String: String] {
      Dictionary(response.headerFields.map { ($0.name.canonicalName, $0.value) }) { $0 + ", " + $1 }
        .filter { $0.key != "x-request-id" }
    }
    subscript(path: String...) -> JSONValue? {
      path.reduce(json as JSONValue?) { value, name in
        if case .array(let values) = value, let index = Int(name) {
          values.indices.contains(index) ? values[index] : nil
        } else {
          value?[name]
        }
      }
    }
  }

  func send(
    _ method: HTTPRequest.Method = .get, _ target: String, fields: [String: String] = [:], body: String = "",
    from peer: String = "127.0.0.1"
  ) throws -> Reply {
    var request = try request(method, target, fields: fields, body: body)
    request.peer = peer
    let reply = answer(request)
    // Whoever asks again hears the same, from the answers that are kept too.
    if method == .get, reply.status < 400, target != "/metrics", reply.field("RateLimit") == nil {
      let again = answer(request)
      #expect(again.status == reply.status && again.bytes == reply.bytes, "\(target)")
      #expect(again.fields == reply.fields, "\(target)")
    }
    return reply
  }

  private func answer(_ request: Request) -> Reply {
    switch site.answer(to: request) {
    case .now(let response): reply(response)
    case .onWorkers(let work), .aside(let work): reply(work())
    }
  }

  /// What the head of a request is answered before its body is read; nil where the body is read.
  func screen(_ method: HTTPRequest.Method, _ target: String, fields: [String: String] = [:]) throws -> Reply? {
    guard case .refuse(let response) = site.screen(try request(method, target, fields: fields)) else { return nil }
    return reply(response)
  }

  private func request(
    _ method: HTTPRequest.Method, _ target: String, fields: [String: String], body: String = ""
  ) throws -> Request {
    guard let target = Target(target) else { throw CocoaError(.coderInvalidValue) }
    var headerFields = HTTPFields()
    for (name, value) in fields { if let name = HTTPField.Name(name) { headerFields[name] = value } }
    return Request(method: method, target: target, headerFields: headerFields, body: Array(body.utf8))
  }

  private func reply(_ response: Response) -> Reply {
    var response = response
    for line in String(decoding: response.encodedFields, as: UTF8.self).split(separator: "\r\n") {
      let parts = line.split(separator: ": ", maxSplits: 1)
      if let name = HTTPField.Name(String(parts[0])), parts.count == 2 {
        response.headerFields.append(HTTPField(name: name, value: String(parts[1])))
      }
    }
    switch response.body {
    case .bytes(let bytes): return Reply(response: response, bytes: bytes)
    case .stream(let produce):
      let sent = Received([])
      do { try produce(BodyWriter { piece in sent.add(piece) }) } catch { Issue.record("cut off: \(error)") }
      return Reply(response: response, bytes: sent.value)
    case .pieces: return Reply(response: response, bytes: [])
    }
  }

  /// A request with the token.
  func write(
    _ method: HTTPRequest.Method, _ target: String, type: String = "application/json", body: String = ""
  ) throws -> Reply {
    try send(method, target, fields: ["Authorization": "Bearer secret", "Content-Type": type], body: body)
  }
}
