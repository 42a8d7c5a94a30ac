import Testing

@testable import HTTP

@Suite("HTTPDate")
struct HTTPDateTests {
  @Test(
    "reads the three forms that RFC 9110 names, and ISO 8601",
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
    ])
  func reads(_ text: String, _ second: Int) {
    #expect(HTTPDate(text)?.second == second)
  }

  @Test(
    "takes nothing else for a date",
    arguments: [
      "", "yesterday", "0", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 25:49:37 GMT",
      "Sun, 6 Nov 1994 08:49:37 GMT ", "Thu, 30 Feb 2024 00:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
      "1994-11-06T08:49:37Z", "Sun, 06 Nov 99999 08:49:37 GMT",
    ])
  func refuses(_ text: String) {
    #expect(HTTPDate(text) == nil)
  }

  @Test("writes the form that everybody reads")
  func writes() {
    #expect(HTTPDate(second: 784_111_777).text == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPDate(iso8601: "2026-01-02T03:04:05Z")?.text == "Fri, 02 Jan 2026 03:04:05 GMT")
    #expect(HTTPDate(iso8601: "2026-01-02") == nil && HTTPDate(iso8601: "2026-01-02T03:04:05+01") == nil)
  }
}
