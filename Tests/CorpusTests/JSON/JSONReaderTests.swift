import Corpus
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

  @Test("takes no room for members that an object has not: three bytes must not become hundreds")
  func emptyObjects() throws {
    guard case .array(let values) = try read(#"[{},{"a":1}]"#),
      case .object(let none) = values[0], case .object(let one) = values[1]
    else {
      Issue.record("no array of objects")
      return
    }
    #expect(none.capacity == 0 && one.capacity < 8)
  }

  @Test("reads every kind of value and keeps the order of members")
  func values() throws {
    let value = try read(#" {"b":[1,-2.5,1e3,true,false,null],"a":"一\n\u4e8c\ud842\udfb7\/"} "#)
    #expect(value["b"] == .array([.integer(1), .number(-2.5), .number(1000), .bool(true), .bool(false), .null]))
    #expect(value["a"] == .string("一\n二𠮷/"))
    guard case .object(let members) = value else { return #expect(Bool(false)) }
    #expect(members.map(\.name) == ["b", "a"])
  }

  @Test(
    "refuses what is not JSON",
    arguments: [
      "", "[1,]", "{\"a\":1,}", "[1 2]", "01", "1.", ".5", "1e", "+1", "NaN", "'a'", "\"\t\"", "\"\\x\"", "\"\\ud800\"",
      "\"\\udc00\\ud800\"", "[", "{\"a\"}", "{a:1}", "true false", "nul", "\u{FEFF}1", "\"abc", "1e999",
    ])
  func refused(text: String) {
    #expect(throws: JSONReader.SyntaxError.self) { try read(text) }
  }

  @Test("refuses invalid UTF-8 and depth beyond the bound, whatever the depth")
  func bounds() {
    #expect(throws: JSONReader.SyntaxError.self) { try JSONReader.read([34, 0xC3, 0x28, 34]) }
    #expect(throws: JSONReader.SyntaxError.self) { try read(String(repeating: "[", count: 100_000)) }
    #expect(throws: Never.self) { try read(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) }
  }

  @Test("sees what is not UTF-8 and what is not ASCII wherever it stands in a string", arguments: 0..<40)
  func places(length: Int) throws {
    for place in 0...length {
      var text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
      text.insert(0xE9, at: place)
      #expect(throws: JSONReader.SyntaxError.self) { try JSONReader.read([34] + text + [34]) }
      text.replaceSubrange(place...place, with: "é".utf8)
      #expect(try JSONReader.read([34] + text + [34]) == .string(String(decoding: text, as: UTF8.self)))
    }
  }

  @Test("keeps apart what stands in one another")
  func nested() throws {
    let value = try read(#"{"a":[1,{"b":[],"c":[[2],3,{"d":{}}]},4],"e":5}"#)
    #expect(value["a"]?.typeName == "an array" && value["e"] == .integer(5))
    guard case .array(let values) = value["a"] else { return #expect(Bool(false)) }
    #expect(values[0] == .integer(1) && values[2] == .integer(4) && values.count == 3)
    #expect(values[1]["b"] == .array([]))
    #expect(
      values[1]["c"]
        == .array([.array([.integer(2)]), .integer(3), .object([.init("d", .object([]))])]))
  }

  @Test("gives the range of bytes of each element")
  func elements() throws {
    let bytes = Array(#" [ {"a":"，"} , 2,"三" ] "#.utf8)
    let elements = try #require(try JSONReader.readElements(bytes))
    #expect(elements.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [#"{"a":"，"}"#, "2", "\"三\""])
    #expect(try JSONReader.readElements(Array("{}".utf8)) == nil)
  }

  @Test("what the writer writes reads as the same value")
  func roundTrip() throws {
    let value = JSONValue.object([
      .init(
        "引号\"\\", .array([.string("\u{0}\u{1F}\u{7F}𠮷é\u{301}"), .integer(Int.min), .number(0.1), .bool(true), .null])),
      .init("", .object([])),
    ])
    var writer = JSONWriter()
    writer.value(value)
    #expect(try JSONReader.read(writer.bytes) == value)
  }

  @Test("the writer escapes what it must at every place of a text, and nothing else")
  func escapes() throws {
    let forms = [
      ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\u{1F}", #"\u001f"#), (" ", " "), ("中", "中"),
    ]
    for (scalar, written) in forms {
      for place in 0...17 {
        let (before, after) = (String(repeating: "a", count: place), String(repeating: "é!", count: 17 - place))
        var writer = JSONWriter()
        writer.string(before + scalar + after + scalar)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"\(before)\(written)\(after)\(written)\"")
      }
    }
  }

  @Test("ends a string, and refuses what must be escaped, at every place of it")
  func strings() throws {
    // Bytes that differ from a quote, a backslash or a control character in one bit are among what is plain.
    let plain = Array("a#]! 中é\u{7F}𠮷ŀĢ".utf8)
    for place in 0...17 {
      let before = (0..<place).map { _ in UInt8(ascii: "b") }
      for text in [before + plain, plain + before, plain] {
        let value = JSONValue.string(String(decoding: text, as: UTF8.self))
        #expect(try JSONReader.read([34] + text + [34]) == value)
        #expect(
          try JSONReader.read([91, 34] + text + [34] + Array(" ,".utf8) + [34] + text + [34, 93])
            == .array([value, value]))
        for byte in UInt8(0)..<32 {
          #expect(throws: JSONReader.SyntaxError.self) { try JSONReader.read([34] + text + [byte] + text + [34]) }
        }
      }
    }
  }

  @Test("members are found without reading their values")
  func members() {
    let object = Array(#"{"a":{"b":[1,2,"}"]},"c\"":3,"d":"x,y"}"#.utf8)
    let members = JSONMembers.scan(object)
    #expect(
      members.map { String(decoding: object[$0.range], as: UTF8.self) } == [
        #""a":{"b":[1,2,"}"]}"#, #""c\"":3"#, #""d":"x,y""#,
      ])
    #expect(members.first?.name == "a")
  }
}
