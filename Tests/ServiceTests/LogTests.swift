import Corpus
import Logging
import Testing

@testable import Service

@Suite("The log")
struct LogTests {
  @Test("as JSON is an object on each line, with what comes with a message as members")
  func json() throws {
    let captured = Captured()
    captured.logger.warning(
      "a \"message\"\nof two lines",
      metadata: [
        "id": "abc", "count": .stringConvertible(3), "ms": .stringConvertible(1.5), "list": ["a", ["b": "c"]],
      ])
    let line = try #require(try captured.lines.first)
    for (name, value) in [
      ("level", .string("warning")), ("logger", .string("test")), ("message", .string("a \"message\"\nof two lines")),
      ("id", .string("abc")), ("count", .integer(3)),
      ("list", .array([.string("a"), .object([.init("b", .string("c"))])])),
    ] as [(String, JSONValue)] {
      #expect(line[name] == value)
    }
    guard case .string(let time) = line["time"] else { return #expect(Bool(false)) }
    #expect(try time.wholeMatch(of: Regex(#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#)) != nil)
    #expect(captured.text.contains("\"ms\":1.5"))
  }

  @Test("as text is one line for each message, whatever stands in it")
  func text() {
    let captured = Captured(form: .text)
    captured.logger.error("one\ntwo\r\u{1B}[31m\u{85}", metadata: ["b": "x\ny", "a": ["k": "v"]])
    let lines = captured.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2)
    #expect(lines.first?.hasSuffix(#"Z error test: a={k=v} b=x\ny one\ntwo\u{d}\u{1b}[31m\u{85}"#) == true)
  }

  @Test("hides what is named as a secret", arguments: Log.Form.allCases)
  func secrets(form: Log.Form) {
    let captured = Captured(form: form)
    captured.logger.info(
      "a", metadata: ["Authorization": "Bearer geheim", "deep": ["access_token": "geheim"], "api_key": ["geheim"]])
    #expect(!captured.text.contains("geheim") && captured.text.contains("deep"))
  }

  @Test("takes a new level and form while it is in use, for loggers that were made before")
  func changes() {
    let captured = Captured(form: .text, level: .warning)
    let logger = captured.logger
    logger.info("one")
    captured.log.set(form: .json, level: .info)
    logger.info("two")
    #expect(!captured.text.contains("one") && captured.text.hasPrefix("{") && captured.text.contains("two"))
  }
}
