import HTTPTypes
import Testing

@testable import HTTP

@Suite("TrustedProxies")
struct TrustedProxiesTests {
  private static let list = "10.0.0.0/8, 192.0.2.1,2001:db8::/32, unix"

  private func client(_ fields: [(String, String)], peer: String = "10.1.2.3") throws -> String {
    var headerFields = HTTPFields()
    for (name, value) in fields {
      headerFields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
    }
    let target = try #require(Target("/"))
    let request = Request(target: target, headerFields: headerFields, peer: peer)
    return try TrustedProxies(Self.list).client(of: request)
  }

  @Test(
    "finds the last address that is none of a trusted proxy",
    arguments: [
      ("for=198.51.100.7", "198.51.100.7"), ("For=\"198.51.100.7:4711\";proto=https;by=10.0.0.1", "198.51.100.7"),
      ("for=\"[2001:DB9:0::7]:80\"", "2001:db9::7"), ("for=203.0.113.9, for=198.51.100.7", "198.51.100.7"),
      ("for=198.51.100.7, for=10.0.0.9, for=\"[2001:db8::1]\"", "198.51.100.7"), ("for=10.0.0.9", "10.0.0.9"),
      ("for=unknown, for=10.0.0.9", "unknown"), ("for=_hidden-1.a", "_hidden-1.a"), ("for=\"_x:_y\"", "10.1.2.3"),
      ("proto=http;for=198.51.100.7;host=\"a,b\"", "198.51.100.7"),
      (" for=198.51.100.7 ; proto=http ,", "198.51.100.7"),
      // What lies behind the client was written by the client, and is not looked at.
      ("for=nonsense, for=198.51.100.7", "198.51.100.7"), ("for=\"1\\98.51.100.7\"", "198.51.100.7"),
    ])
  func forwarded(_ value: String, _ client: String) throws {
    #expect(try self.client([("Forwarded", value)]) == client)
  }

  @Test(
    "keeps to the peer where the field is malformed",
    arguments: [
      "for", "for=", "for=198.51.100.7;for=198.51.100.8", "for=\"198.51.100.7", "proto=https",
      "for=198.51.100.7 proto=x",
      "for=300.1.1.1", "for=::1", "for=\"[::1\"", "for=\"[1.2.3.4]\"", "for=\"1.2.3.4:\"", "for=\"1.2.3.4:1234567\"",
      "",
      "for=198.51.100.7, proto=http", "for = 198.51.100.7", "for=\"\"",
    ])
  func malformed(_ value: String) throws {
    #expect(try client([("Forwarded", value)]) == "10.1.2.3")
  }

  @Test("reads X-Forwarded-For where there is no Forwarded, and joins the lines of a field")
  func xForwardedFor() throws {
    #expect(try client([("X-Forwarded-For", "1.1.1.1, 198.51.100.7:80 ,10.0.0.9")]) == "198.51.100.7")
    #expect(try client([("X-Forwarded-For", "2001:db9::7")]) == "2001:db9::7")
    #expect(try client([("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-For", "10.0.0.9")]) == "198.51.100.7")
    #expect(try client([("X-Forwarded-For", "198.51.100.7,,10.0.0.9")]) == "10.1.2.3")
    #expect(try client([("X-Forwarded-For", "198.51.100.7"), ("Forwarded", "for=203.0.113.9")]) == "203.0.113.9")
    #expect(try client([("X-Forwarded-For", "a\"b")]) == "10.1.2.3")
    #expect(try client([]) == "10.1.2.3")
  }

  @Test("believes trusted peers alone, whichever way their address is written")
  func trust() throws {
    let field = [("Forwarded", "for=198.51.100.7")]
    for peer in ["10.255.255.255", "192.0.2.1", "2001:db8:ffff::1", "unix", "::ffff:10.0.0.1"] {
      #expect(try client(field, peer: peer) == "198.51.100.7", "\(peer)")
    }
    for peer in ["11.0.0.1", "192.0.2.2", "2001:db9::1", "::1", ""] {
      #expect(try client(field, peer: peer) == peer)
    }
    let target = try #require(Target("/"))
    let request = Request(target: target, headerFields: [.init("Forwarded") ?? .accept: "for=1.1.1.1"], peer: "unix")
    #expect(TrustedProxies().client(of: request) == "unix")
    #expect(try TrustedProxies("0.0.0.0/0").client(of: request) == "unix")
    #expect(try TrustedProxies(" unix ").client(of: request) == "1.1.1.1")
    let linkLocal = Request(target: target, headerFields: request.headerFields, peer: "fe80::1%eth0")
    #expect(try TrustedProxies("fe80::/10").client(of: linkLocal) == "1.1.1.1")
  }

  @Test(
    "names the entry that is none",
    arguments: ["10.0.0.0/33", "10.0.0", "a", "::/129", "10.0.0.1/", "10.0.0.1/+8", "[::1]"])
  func invalid(_ entry: String) {
    #expect(throws: TrustedProxies.InvalidEntry(text: entry)) { try TrustedProxies("unix, \(entry)") }
  }
}
