import Testing

@testable import HTTP

@Suite("Authority")
struct AuthorityTests {
  @Test(
    "takes names and addresses, with a port or without",
    arguments: [
      "a", "a.b:80", "a:", "127.0.0.1", "[::1]", "[::1]:8080", "[::ffff:1.2.3.4]", "x_y", "a%20b", "a:65535",
      "[fe80::1%eth0]", "[fe80::1%25eth0]:80", "[::1%0]",
    ])
  func valid(_ text: String) {
    let isValid = Authority.isValid(text.utf8.span)
    #expect(isValid)
  }

  @Test(
    "refuses everything else",
    arguments: [
      "", ":80", "a b", "a:b", "a:80:80", "a:65536", "a:-1", "u@a", "a/b", "a?b", "a#b", "[::1", "::1", "[]",
      "[::1]a", "[1.2.3.4]", "[fe80::1%]", "[fe80::1%a%b]", "[%eth0]", "[::1%a b]", "[v1.a]", "a%2", "a%zz", "a\\b",
      "é", "a,b c", "a\u{0}",
    ])
  func invalid(_ text: String) {
    let isValid = Authority.isValid(text.utf8.span)
    #expect(!isValid)
  }
}
