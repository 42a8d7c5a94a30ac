import Testing

@testable import HTTP

@Suite("Negotiation")
struct NegotiationTests {
  @Test(
    "picks the form of the best quality, the usual one among equals",
    arguments: [
      ("*/*", "json"), ("", "json"), ("text/plain", "txt"), ("text/*", "txt"), ("text/markdown, text/plain", "txt"),
      ("text/markdown;q=0.9, text/plain;q=0.8", "md"), ("text/plain;q=0.5, application/json;q=0.4", "txt"),
      ("application/json;q=0, */*", "txt"), ("text/*;q=0.3, text/markdown;q=0.7, */*;q=0.1", "md"),
      ("TEXT/PLAIN ; Q=0.2", "txt"), ("text/plain;charset=utf-8;q=0.1", "txt"), ("nonsense, text/markdown", "md"),
      ("text/plain;q=7, application/json", "json"),
    ])
  func best(_ accept: String, _ name: String) {
    #expect(Negotiation(accept: accept).best(of: [.json, .plainText, .markdown])?.name == name)
  }

  @Test(
    "picks none where none is wanted",
    arguments: ["image/png", "text/html", "*/*;q=0", "application/json;q=0, text/*;q=0", "text/plain;q=x"])
  func none(_ accept: String) {
    #expect(Negotiation(accept: accept).best(of: [.json, .plainText, .markdown]) == nil)
  }
}
