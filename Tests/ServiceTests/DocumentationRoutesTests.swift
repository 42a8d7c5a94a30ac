import Corpus
import Foundation
import HTTPTypes
import Testing

@Suite("The page that explains the API")
struct DocumentationRoutesTests {
  @Test("is where a browser is led to, and nobody else")
  func root() throws {
    let test = try TestSite()
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for (accept, address) in [(browser, "/docs"), ("*/*", "/v1"), ("application/json", "/v1"), (nil, "/v1")] {
      let reply = try test.send(.get, "/?any=1", fields: accept.map { ["Accept": $0] } ?? [:])
      #expect(reply.status == 302 && reply.field("Location") == address, "\(accept ?? "")")
      #expect(reply.field("Vary") == "Accept, Accept-Encoding")
    }
  }

  @Test("may run the style and the script that stand in it, and ask nobody but this server")
  func policy() throws {
    let reply = try TestSite().send(.get, "/docs")
    #expect(reply.status == 200 && reply.field("Content-Type") == "text/html; charset=utf-8")
    let policy = try #require(reply.field("Content-Security-Policy"))
    #expect(policy.hasPrefix("default-src 'none'; ") && policy.contains("connect-src 'self'"))
    #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    for name in ["style", "script"] {
      let start = try #require(reply.text.firstRange(of: "<\(name)>")).upperBound
      let end = try #require(reply.text[start...].firstRange(of: "</\(name)>")).lowerBound
      let content = reply.text[start..<end]
      #expect(content.utf8.count > 1_000)
      let hash = Data(SHA256.digest(of: Array(content.utf8))).base64EncodedString()
      #expect(policy.contains("\(name)-src 'sha256-\(hash)'"), "\(name)")
    }
  }

  @Test("needs nothing from elsewhere")
  func offline() throws {
    let text = try TestSite().send(.get, "/docs").text
    #expect(!text.contains("://") && !text.contains("src=\"//"))
  }

  @Test("comes as HTML only, and again only where it has changed")
  func form() throws {
    let test = try TestSite()
    #expect(try test.send(.get, "/docs", fields: ["Accept": "application/json"]).status == 406)
    let tag = try #require(try test.send(.get, "/docs").field("ETag"))
    #expect(try test.send(.get, "/docs", fields: ["If-None-Match": tag]).status == 304)
  }
}
