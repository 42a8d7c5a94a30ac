import Corpus
import Foundation
import Glibc
import HTTPTypes
import Storage
import Testing

/// A port that nobody has any reason to connect to.
private final class Trap {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw CocoaError(.featureUnsupported) }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }

  /// Whether somebody has connected.
  var isSprung: Bool {
    let client = accept(descriptor, nil, nil)
    if client >= 0 { close(client) }
    return client >= 0
  }
}

@Suite("Documents that want more than to be read")
struct HostileDocumentTests {
  private static let tei = "application/tei+xml"
  private static let body = "<text><body><div><p>同志们：</p><p>今天开会。</p></div></body></text>"

  /// Documents that name an address and a file, in every way that a format has for it.
  private static func documents(_ address: String, _ file: String) -> [(type: String, body: String)] {
    var documents: [(String, String)] = []
    for target in [address, file] {
      documents += [
        (tei, "<!DOCTYPE TEI SYSTEM \"\(target)\"><TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\(body)</TEI>"),
        (
          tei,
          "<!DOCTYPE TEI [<!ENTITY x SYSTEM \"\(target)\">]><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p>同志们：&x;</p></body></text></TEI>"
        ),
        (
          tei,
          "<!DOCTYPE TEI [<!ENTITY % x SYSTEM \"\(target)\"> %x;]><TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\(body)</TEI>"
        ),
        (
          tei,
          "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"\(target)\" parse=\"text\"/>\(body)</TEI>"
        ),
        (
          tei,
          "<?xml-stylesheet href=\"\(target)\"?><TEI xmlns=\"http://www.tei-c.org/ns/1.0\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"x \(target)\">\(body)</TEI>"
        ),
        (
          "application/akn+xml",
          "<!DOCTYPE akomaNtoso PUBLIC \"-//x//EN\" \"\(target)\"><akomaNtoso xmlns=\"http://docs.oasis-open.org/legaldocml/ns/akn/3.0\"><debate><debateBody><speech by=\"#a\"><from>甲</from><p>同志们：今天开会。</p></speech></debateBody></debate></akomaNtoso>"
        ),
        (
          "text/html",
          "<!DOCTYPE html PUBLIC \"x\" \"\(target)\"><html><head><base href=\"\(target)\"><link rel=stylesheet href=\"\(target)\"><meta http-equiv=refresh content=\"0;url=\(target)\"><script src=\"\(target)\"></script></head><body><h1>讲话</h1><img src=\"\(target)\"><iframe src=\"\(target)\"></iframe><object data=\"\(target)\"></object><p>同志们：</p><p>今天开会。</p></body></html>"
        ),
        (
          "text/html",
          "<?xml version=\"1.0\"?><!DOCTYPE html [<!ENTITY x SYSTEM \"\(target)\">]><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>同志们：&x;</p><p>今天开会。</p></body></html>"
        ),
        ("text/markdown", "# 讲话\n\n![图](\(target))\n\n<\(target)>\n\n同志们：\n\n今天开会。\n"),
        ("text/plain", "讲话\n\n\(target)\n\n同志们：\n今天开会。\n"),
        (
          "application/json",
          #"{"text":"同志们：\n今天开会。","source":{"url":"\#(target)","file_name":"\#(target)"},"related_links":[{"title":"x","url":"\#(target)"}]}"#
        ),
        ("application/json", #"{"$ref":"\#(target)","text":"同志们：今天"}"#),
        ("application/x-ndjson", #"{"text":"同志们：\n大家好。","source":{"url":"\#(target)"}}"#),
      ]
    }
    return documents
  }

  @Test("make the server read no file and reach no address")
  func nothingIsFetched() throws {
    let test = try TestSite()
    let trap = try Trap()
    let secret = "the-content-of-a-file-\(UUID())"
    let file = test.folder.appending(path: "secret.txt")
    try Data(secret.utf8).write(to: file)
    var imported = 0
    for (type, body) in Self.documents("http://127.0.0.1:\(trap.port)/x", file.absoluteString) {
      let reply = try test.write(.post, "/v1/speeches", type: type, body: body)
      #expect(reply.status < 500 && !reply.text.contains(secret), "\(body)")
      guard let address = reply.field("Location") else { continue }
      imported += 1
      for form in ["", ".txt", ".md", ".tei", ".akn", "/source", "/text", "/citation", "/related"] {
        #expect(try !test.send(.get, address + form).text.contains(secret), "\(body)")
      }
    }
    #expect(imported > 10)
    // Neither does a request that names one where there is no such thing to name.
    for target in [
      "/v1/speeches?url=http://127.0.0.1:\(trap.port)/", "/v1/speeches/http:%2F%2F127.0.0.1:\(trap.port)%2F",
    ] {
      #expect(try [400, 404].contains(test.send(.get, target).status))
    }
    #expect(!trap.isSprung)
  }

  @Test(
    "do not choose where they are kept by a file name",
    arguments: [
      "../../../../tmp/x", "/etc/passwd", "..\\..\\x", "a\r\nSet-Cookie: b=c", "a\"; filename=\"b", "/dev/stdin",
    ])
  func fileNames(name: String) throws {
    let test = try TestSite()
    let before = try FileManager.default.subpathsOfDirectory(atPath: test.folder.path).sorted()
    var writer = JSONWriter(capacity: 256)
    writer.object { writer in
      writer.member("text", "同志们：\n今天开会。")
      writer.object("source") { $0.member("file_name", name) }
    }
    let reply = try test.write(
      .post, "/v1/speeches", type: "application/json", body: String(decoding: writer.bytes, as: UTF8.self))
    #expect([201, 422].contains(reply.status))
    let files = try FileManager.default.subpathsOfDirectory(atPath: test.folder.path).sorted()
    #expect(files == before, "\(files)")
    guard let address = reply.field("Location") else { return }
    let source = try test.send(.get, address + "/source")
    let disposition = source.field("Content-Disposition") ?? ""
    #expect(source.field("Set-Cookie") == nil)
    #expect(disposition.isEmpty || disposition.wholeMatch(of: /attachment; filename\*=UTF-8''[A-Za-z0-9._~%-]*/) != nil)
  }

  /// A limit of imports, a document that breaks it, and what is answered.
  private static let limits:
    [(name: String, type: String, fields: [String: String], body: String, status: Int, code: String)] = [
      ("size", "text/plain", [:], "同志们：\n" + String(repeating: "长", count: 400_000), 413, "too_large"),
      (
        "size of a record", "application/x-ndjson", [:],
        "{\"text\":\"a\"}\n{\"text\":\"" + String(repeating: "a", count: 1 << 20) + "\"}", 200, "too_large"
      ),
      (
        "number of records", "application/json", [:],
        "[" + String(repeating: "{\"text\":\"a\"},", count: 10_000) + "{\"text\":\"a\"}]", 413, "too_large"
      ),
      ("inflation", "application/json", ["Content-Encoding": "gzip"], "x", 415, "unsupported_content_encoding"),
      ("inflation", "text/plain", ["Content-Encoding": "br"], "x", 415, "unsupported_content_encoding"),
      (
        "depth of JSON", "application/json", [:],
        "{\"text\":\"a\",\"metadata\":{\"a\":" + String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
          + "}}",
        400, "malformed_json"
      ),
      (
        "depth of XML", tei, [:],
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">" + String(repeating: "<div>", count: 201)
          + String(repeating: "</div>", count: 201) + "</TEI>", 400, "malformed_xml"
      ),
      (
        "entities", tei, [:],
        "<!DOCTYPE TEI [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p>&b;</p></body></text></TEI>",
        400, "malformed_xml"
      ),
      ("depth of HTML", "text/html", [:], String(repeating: "<div>", count: 100_000) + "同志们：今天开会。", 0, ""),
    ]

  @Test(
    "are bounded in size, number, inflation, depth and entities, and refused within a second", arguments: limits.indices
  )
  func bounds(index: Int) throws {
    let limit = Self.limits[index]
    let test = try TestSite(maximumDocumentBytes: 1 << 20)
    let fields = ["Authorization": "Bearer secret", "Content-Type": limit.type].merging(limit.fields) { $1 }
    let begin = ContinuousClock.now
    let reply = try test.send(.post, "/v1/speeches", fields: fields, body: limit.body)
    #expect(ContinuousClock.now - begin < .seconds(5), "\(limit.name)")
    if limit.status == 0 {
      #expect(reply.status < 500, "\(limit.name)")
    } else {
      #expect(reply.status == limit.status && reply.text.contains("\"\(limit.code)\""), "\(limit.name): \(reply.text)")
    }
  }
}
