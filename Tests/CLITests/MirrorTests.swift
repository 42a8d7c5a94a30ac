import Corpus
import Foundation
import Glibc
import HTTP
import HTTPTypes
import Logging
import Synchronization
import Testing

@Suite("rostrum mirror")
struct MirrorTests {
  /// An origin that serves, and a folder for its copy.
  private struct Pair {
    let folder: URL
    let server: Process
    let port: String

    var origin: URL { folder.appending(path: "origin") }
    var copy: URL { folder.appending(path: "copy") }
    var copyPath: String { copy.appending(path: "c.sqlite").path }
    var address: String { "http://127.0.0.1:\(port)" }

    /// Gives `body` an origin with so many speeches.
    static func with(_ count: Int, _ body: (Pair) throws -> Void) throws {
      try Program.inFolder { folder in
        for name in ["origin", "copy", "other"] {
          try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        let origin = folder.appending(path: "origin")
        try lines(0..<count).write(to: origin.appending(path: "all.ndjson"))
        let kept = try Program.run(["import", "--database", "o.sqlite", "all.ndjson"], in: origin)
        #expect(kept.status == 0, "\(kept.errors)")
        let (server, port) = try serve("o.sqlite", in: origin)
        defer { server.terminate() }
        try body(Pair(folder: folder, server: server, port: port))
      }
    }

    static func serve(_ database: String, in folder: URL) throws -> (Process, port: String) {
      let server = try Program.start(
        ["serve", "--database", database, "--port", "0"], in: folder, environment: ["ROSTRUM_TOKEN": "secret"])
      return (server, try ServeTests.port(folder))
    }

    static func lines(_ numbers: Range<Int>) -> Data {
      Data(numbers.map { #"{"title":"第\#($0)篇","text":"今天说春耕，第\#($0)次。\n谢谢大家！"}"# + "\n" }.joined().utf8)
    }

    func mirror(_ address: String? = nil, database: String = "c.sqlite") throws -> Program.Outcome {
      try Program.run(["mirror", "--database", database, address ?? self.address], in: copy)
    }

    func ask(_ port: String, _ target: String) throws -> [UInt8] {
      var body: [UInt8] = []
      let url = try #require(URL(string: "http://127.0.0.1:\(port)\(target)"))
      _ = try UserAgent().get(url) { _ in { piece in body += piece } }
      return body
    }

    func write(_ method: String, _ target: String, _ body: Data, type: String = "application/json") throws {
      let socket = ServeTests.connect(port)
      defer { close(socket) }
      let head =
        "\(method) \(target) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\r\nContent-Type: \(type)\r\n"
        + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
      let request = Array(head.utf8) + body
      #expect(send(socket, request, request.count, 0) == request.count)
      var answer: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4_096)
      while case let count = recv(socket, &buffer, buffer.count, 0), count > 0 { answer += buffer[..<count] }
      #expect(answer.starts(with: "HTTP/1.1 2".utf8), "\(String(decoding: answer, as: UTF8.self))")
    }

    /// Holds everything that the API tells of the copy against the origin.
    func expectEquality(_ location: SourceLocation = #_sourceLocation) throws {
      let other = folder.appending(path: "other")
      let check = try Program.run(["check", "--database", copyPath], in: other)
      #expect(check.status == 0, "\(check.output)", sourceLocation: location)
      let (server, copyPort) = try Self.serve(copyPath, in: copy)
      defer {
        server.terminate()
        server.waitUntilExit()
      }
      var targets = [
        "/v1", "/v1/changes.ndjson", "/v1/collections", "/v1/speeches.ndjson", "/v1/search?q=春耕&limit=3",
        "/v1/values/language", "/v1/families",
      ]
      for item in try elements(ask(port, "/v1/speeches?sort=-added&limit=3")) {
        guard case .string(let id) = item["id"] else { continue }
        targets += ["", "/revisions", "/source", "/sidecar", "/revisions/1"].map { "/v1/speeches/\(id)\($0)" }
      }
      for target in targets {
        let asked = target.replacing("春耕", with: "%E6%98%A5%E8%80%95")
        let (here, there) = (try ask(copyPort, asked), try ask(port, asked))
        let isSame = Self.comparable(here) == Self.comparable(there)
        #expect(isSame && !there.isEmpty, "\(target)", sourceLocation: location)
      }
    }

    /// Without the name of the request in a problem, and without the cursor of a page by relevance, which has numbers of the
    /// index.
    private static func comparable(_ bytes: [UInt8]) -> String {
      String(decoding: bytes, as: UTF8.self).replacing(/"(request_id|next)":"[^"]*"/, with: "")
    }

    func elements(_ bytes: [UInt8]) throws -> [JSONValue] {
      if case .array(let items) = try JSONReader.read(bytes)["items"] { items } else { [] }
    }
  }

  @Test("copies by a snapshot, then takes what was added, revised, deleted and collected step by step")
  func steps() throws {
    try Pair.with(20) { pair in
      let first = try pair.mirror()
      #expect(first.status == 0 && first.output.contains("copied by a snapshot; corpus revision 20"), "\(first.errors)")
      try pair.expectEquality()
      #expect(try pair.mirror().output.contains(": unchanged; corpus revision 20"))

      try pair.write("POST", "/v1/speeches", Pair.lines(20..<140), type: "application/x-ndjson")
      let id = "0123456789ab"
      for text in ["今天开学。", "今天开学了。"] {
        try pair.write("POST", "/v1/speeches", Data(#"{"id":"\#(id)","title":"开学","text":"\#(text)"}"#.utf8))
      }
      let deleted = try pair.elements(pair.ask(pair.port, "/v1/speeches?sort=added&limit=1"))
      guard case .string(let gone) = deleted.first?["id"] else { return #expect(Bool(false)) }
      try pair.write("DELETE", "/v1/speeches/\(gone)", Data())
      try pair.write("PUT", "/v1/collections/kaixue", Data(#"{"title":"开学","ids":["\#(id)"]}"#.utf8))
      try pair.write("PUT", "/v1/collections/chungeng", Data(#"{"title":"春耕","filter":{"title":"第1"}}"#.utf8))
      let second = try pair.mirror()
      #expect(
        second.output.contains("124 changes taken; corpus revision 143"), "\(second.output)\(second.errors)")
      try pair.expectEquality()

      try pair.write("DELETE", "/v1/collections/kaixue", Data())
      try pair.write("POST", "/v1/speeches", Pair.lines(0..<1), type: "application/x-ndjson")
      let third = try pair.mirror()
      #expect(third.output.contains(": 2 changes taken"), "\(third.output)\(third.errors)")
      try pair.expectEquality()
    }
  }

  @Test("takes a snapshot again where steps do not lead there, and says why")
  func snapshotAgain() throws {
    try Pair.with(5) { pair in
      #expect(try pair.mirror().status == 0)
      // Nobody gives out a speech that is gone by now.
      try pair.write("POST", "/v1/speeches", Data(#"{"id":"0123456789ab","text":"今天开学。"}"#.utf8))
      try pair.write("DELETE", "/v1/speeches/0123456789ab", Data())
      let gone = try pair.mirror()
      #expect(gone.status == 0 && gone.errors.contains("0123456789ab was taken out after it was written"), "\(gone)")
      #expect(gone.output.contains("copied by a snapshot"))
      try pair.expectEquality()
      // It comes back, with a first revision that the snapshot did not have.
      try pair.write("POST", "/v1/speeches", Data(#"{"id":"0123456789ab","text":"今天又开学。"}"#.utf8))
      let back = try pair.mirror()
      #expect(back.errors.contains("earlier revisions of the speech 0123456789ab are not here"), "\(back)")
      try pair.expectEquality()
      try pair.write("POST", "/v1/speeches", Pair.lines(100..<610), type: "application/x-ndjson")
      let many = try pair.mirror()
      #expect(many.status == 0 && many.errors.contains("510 changes were made since; taking a snapshot"), "\(many)")
      try pair.expectEquality()
    }
  }

  @Test("loses what was purged at the origin at its next round, to the last byte and without a snapshot")
  func purge() throws {
    try Pair.with(3) { pair in
      for (id, word) in [("0123456789ab", "蝾螈"), ("0123456789ac", "獬豸")] {
        try pair.write("POST", "/v1/speeches", Data(#"{"id":"\#(id)","text":"\#(word)的秘密。"}"#.utf8))
      }
      func held() throws -> [String] {
        let bytes = try Data(contentsOf: URL(filePath: pair.copyPath))
        return ["蝾螈", "獬豸"].filter { bytes.firstRange(of: Data($0.utf8)) != nil }
      }
      #expect(try pair.mirror().status == 0 && held().count == 2)
      try pair.write("DELETE", "/v1/speeches/0123456789ab", Data())
      #expect(try pair.mirror().status == 0 && held().count == 2)
      try pair.write("DELETE", "/v1/speeches/0123456789ab?purge=true", Data())
      try pair.write("DELETE", "/v1/speeches/0123456789ac?purge=true", Data())
      let last = try pair.mirror()
      #expect(last.status == 0 && last.output.contains(": 3 changes taken"), "\(last.output)\(last.errors)")
      #expect(try held() == [])
      try pair.expectEquality()
      // Imported once more it comes back, and follows.
      try pair.write("POST", "/v1/speeches", Data(#"{"id":"0123456789ab","text":"又一版。"}"#.utf8))
      let back = try pair.mirror()
      #expect(back.output.contains(": 1 changes taken"), "\(back.output)\(back.errors)")
      try pair.expectEquality()
    }
  }

  @Test("a history that has become another one is taken anew; a database that is no copy is left as it is")
  func histories() throws {
    try Pair.with(5) { pair in
      #expect(try pair.mirror().status == 0)
      pair.server.terminate()
      pair.server.waitUntilExit()
      try Pair.lines(50..<53).write(to: pair.origin.appending(path: "few.ndjson"))
      _ = try Program.run(["import", "--database", "new.sqlite", "few.ndjson"], in: pair.origin)
      let (server, port) = try Pair.serve("new.sqlite", in: pair.origin)
      defer { server.terminate() }
      let moved = try pair.mirror("http://127.0.0.1:\(port)")
      #expect(moved.status != 0 && moved.errors.contains("is a copy of \(pair.address), not of"), "\(moved)")

      let record = pair.copy.appending(path: "c.sqlite.mirror")
      let text = try String(contentsOf: record, encoding: .utf8)
      try Data(text.replacing(pair.address, with: "http://127.0.0.1:\(port)").utf8).write(to: record)
      let anew = try pair.mirror("http://127.0.0.1:\(port)/")
      #expect(anew.status == 0 && anew.errors.contains("is another one than that of the copy"), "\(anew)")
      let after = Pair(folder: pair.folder, server: server, port: port)
      try after.expectEquality()

      try Pair.lines(7..<8).write(to: pair.copy.appending(path: "own.ndjson"))
      #expect(try Program.run(["import", "--database", "c.sqlite", "own.ndjson"], in: pair.copy).status == 0)
      let changed = try after.mirror()
      #expect(changed.status != 0 && changed.errors.contains("was changed by others since"), "\(changed)")
      _ = try Program.run(["import", "--database", "own.sqlite", "own.ndjson"], in: pair.copy)
      let own = try after.mirror(database: "own.sqlite")
      #expect(own.status != 0 && own.errors.contains("is no copy that this command made"), "\(own)")
      for database in ["c.sqlite", "own.sqlite"] {
        let kept = try Program.run(["export", "--database", database], in: pair.copy)
        #expect(kept.output.contains("第7篇"))
      }
    }
  }

  @Test("a download goes on where the connection broke, and where the process was killed")
  func resumption() throws {
    try Pair.with(30) { pair in
      let proxy = try FaultyProxy(to: pair.port, faults: [.cut(100_000), .stall(60_000), .cut(10)])
      defer { proxy.stop() }
      let killed = try Program.start(
        ["mirror", "--database", "c.sqlite", "http://127.0.0.1:\(proxy.port)"], in: pair.copy)
      let partial = pair.copy.appending(path: "c.sqlite.partial").path
      func size() -> Int { (try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? Int) ?? 0 }
      for _ in 0..<600 where size() < 160_000 { usleep(50_000) }
      #expect(size() == 160_000)
      kill(killed.processIdentifier, SIGKILL)
      killed.waitUntilExit()
      #expect(!FileManager.default.fileExists(atPath: pair.copyPath))
      let second = try pair.mirror("http://127.0.0.1:\(proxy.port)")
      #expect(second.status == 0 && second.errors.contains("going on with the snapshot after 160000 of"), "\(second)")
      let requests = proxy.snapshotRequests
      #expect(requests.count == 4)
      for (request, place) in zip(requests.dropFirst(), [100_000, 160_000, 160_010]) {
        #expect(request.contains("Range: bytes=\(place)-\r\n") && request.contains("If-Range: \""), "\(request)")
      }
      try pair.expectEquality()
    }
  }

  @Test("a download starts over where the origin has another snapshot by then, and where it was damaged")
  func damage() throws {
    try Pair.with(30) { pair in
      let proxy = try FaultyProxy(to: pair.port, faults: [.stall(50_000), .flip(120_000)])
      defer { proxy.stop() }
      let killed = try Program.start(
        ["mirror", "--database", "c.sqlite", "http://127.0.0.1:\(proxy.port)"], in: pair.copy)
      let partial = pair.copy.appending(path: "c.sqlite.partial").path
      func size() -> Int { (try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? Int) ?? 0 }
      for _ in 0..<600 where size() < 50_000 { usleep(50_000) }
      #expect(size() == 50_000)
      kill(killed.processIdentifier, SIGKILL)
      killed.waitUntilExit()
      try pair.write("POST", "/v1/speeches", Pair.lines(200..<201), type: "application/x-ndjson")
      let second = try pair.mirror("http://127.0.0.1:\(proxy.port)")
      #expect(second.status == 0, "\(second)")
      #expect(second.errors.contains("has another snapshot by now: its download starts over"), "\(second)")
      #expect(second.errors.contains("is not the one whose SHA-256"), "\(second)")
      #expect(proxy.snapshotRequests.count == 3)
      try pair.expectEquality()

      let worse = try FaultyProxy(to: pair.port, faults: [.flip(5_000), .flip(5_000)])
      defer { worse.stop() }
      let refused = try pair.mirror("http://127.0.0.1:\(worse.port)", database: "d.sqlite")
      #expect(refused.status != 0 && refused.errors.contains("thrown away twice"), "\(refused)")
      #expect(!FileManager.default.fileExists(atPath: pair.copy.appending(path: "d.sqlite").path))
    }
  }

  @Test("killed while it takes changes it leaves a sound copy, and the next run goes on")
  func killed() throws {
    try Pair.with(10) { pair in
      #expect(try pair.mirror().status == 0)
      try pair.write("POST", "/v1/speeches", Pair.lines(10..<410), type: "application/x-ndjson")
      let other = pair.folder.appending(path: "other")
      var revisions: Set<String> = []
      for round in 0..<4 {
        let process = try Program.start(["mirror", "--database", "c.sqlite", pair.address], in: pair.copy)
        let record = pair.copy.appending(path: "c.sqlite.mirror").path
        let before = FileManager.default.contents(atPath: record)
        for _ in 0..<400 where FileManager.default.contents(atPath: record) == before { usleep(5_000) }
        usleep(UInt32(round) * 15_000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let check = try Program.run(["check", "--database", pair.copyPath], in: other)
        #expect(check.status == 0, "\(check)")
        revisions.insert(check.output)
      }
      #expect(revisions.count > 1, "\(revisions)")
      let last = try pair.mirror()
      #expect(last.status == 0, "\(last)")
      try pair.expectEquality()
    }
  }

  @Test(
    "--every goes on until it is told to end, waits where the origin or the copy cannot be had, and takes what comes")
  func every() throws {
    try Pair.with(3) { pair in
      let process = try Program.start(
        ["mirror", "--database", "c.sqlite", "--every", "1", pair.address], in: pair.copy)
      func wait(for text: String, in name: String = "out") throws {
        for _ in 0..<300 where try !Program.text(name, in: pair.copy).contains(text) { usleep(50_000) }
        #expect(try Program.text(name, in: pair.copy).contains(text), "\(text)")
      }
      try wait(for: "corpus revision 3")
      usleep(1_500_000)
      try pair.write("POST", "/v1/speeches", Pair.lines(10..<12), type: "application/x-ndjson")
      try wait(for: "2 changes taken; corpus revision 5")
      #expect(try Program.text("out", in: pair.copy).split(separator: "\n").count == 2)

      let other = pair.folder.appending(path: "other")
      let (holder, _) = try Pair.serve(pair.copyPath, in: other)
      try wait(for: "is held by another Rostrum process", in: "err")
      holder.terminate()
      holder.waitUntilExit()
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      try pair.expectEquality()
    }
  }

  /// Is busy once, then leads to where it is told.
  private final class Front: Application {
    let place: String
    let isBusy = Atomic(true)

    init(place: String) { self.place = place }

    func answer(to request: Request) -> Answer {
      if isBusy.exchange(false, ordering: .sequentiallyConsistent) {
        return .now(Response(status: .serviceUnavailable, headerFields: [.retryAfter: "1"]))
      }
      if place.isEmpty { return .now(Response(status: .ok, body: .bytes(Array("春耕".utf8)))) }
      return .now(Response(status: .temporaryRedirect, headerFields: [.location: place + request.target.raw]))
    }

    func refusal(_ error: WireError, to request: Request?) -> Response { Response(status: error.status) }
    func completed(_ exchange: Exchange) {}
  }

  @Test(
    "follows redirections but not to https://, waits as long as a busy server asks for, and knows what is no Rostrum")
  func manners() throws {
    try Pair.with(3) { pair in
      for (place, database, expected) in [
        (pair.address, "c.sqlite", "is busy (status 503); asking again in 1 s"),
        ("https://speeches.example.org", "d.sqlite", "leads to https://speeches.example.org/v1/snapshot"),
        ("", "d.sqlite", "comes without ETag"),
      ] {
        let front = Server(application: Front(place: place), logger: Logger(label: "test"))
        let address = try #require(try front.listen(host: "127.0.0.1", port: 0).first)
        defer { front.drain() }
        let outcome = try pair.mirror("http://\(address)", database: database)
        #expect(outcome.errors.contains(expected), "\(outcome)")
        #expect((outcome.status == 0) == (database == "c.sqlite"))
      }
      try pair.expectEquality()
    }
  }

  @Test("refuses addresses that it cannot ask")
  func refusals() throws {
    try Program.inFolder { folder in
      for (address, reason) in [
        ("https://speeches.example.org", "speaks http:// only"), ("speeches.example.org", "expected the address"),
        ("http://127.0.0.1:1/?q=1", "expected the address"),
      ] {
        let outcome = try Program.run(["mirror", "--database", "c.sqlite", address], in: folder)
        #expect(outcome.status != 0 && outcome.errors.contains(reason), "\(outcome)")
      }
      #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.hasPrefix("c.sqlite") })
    }
  }
}
