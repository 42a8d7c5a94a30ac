import Testing

@testable import HTTP

@Suite("Target")
struct TargetTests {
  @Test(
    "divides a path into decoded segments",
    arguments: [
      ("/", []), ("/a", ["a"]), ("/a/", ["a", ""]), ("//a", ["", "a"]), ("/a%2Fb/c", ["a/b", "c"]),
      ("/%E7%96%AB", ["疫"]), ("/a+b", ["a+b"]), ("/a?b/c", ["a"]), ("*", []), ("/?", []),
    ] as [(String, [String])])
  func segments(raw: String, segments: [String]) {
    #expect(Target(raw)?.segments == segments)
  }

  @Test(
    "reads the parameters of the query in order",
    arguments: [
      ("/?a=b", ["a=b"]), ("/?a", ["a="]), ("/?a=b=c&a=d", ["a=b=c", "a=d"]), ("/?&&a=b&", ["a=b"]),
      ("/?a+b=c%2Bd%26", ["a b=c+d&"]), ("/?=x", ["=x"]), ("/?a=?", ["a=?"]), ("/?a&b=c", ["a=", "b=c"]),
    ] as [(String, [String])])
  func query(raw: String, query: [String]) {
    #expect(Target(raw)?.query.map { "\($0.name)=\($0.value)" } == query)
  }

  @Test("refuses broken percent codes", arguments: ["/%", "/%4", "/%zz", "/%00", "/?a=%", "", "a"])
  func broken(_ raw: String) {
    #expect(Target(raw) == nil)
  }

  @Test("marks what does not decode to UTF-8")
  func notUTF8() {
    #expect(Target("/%FF?a=%C3%28")?.isUTF8 == false)
    #expect(Target("/%FF")?.segments == ["\u{FFFD}"])
    #expect(Target("/%C3%A9")?.isUTF8 == true)
  }
}
