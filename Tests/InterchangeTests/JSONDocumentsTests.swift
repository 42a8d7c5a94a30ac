import Corpus
import Testing

@testable import Interchange

@Suite("JSON and NDJSON")
struct JSONDocumentsTests {
  private func outcomes(_ text: String, _ type: String = "application/json") -> [Outcome] {
    DocumentReader().read(RawDocument(bytes: Array(text.utf8), mediaType: type))
  }

  private func refusals(_ text: String, _ type: String = "application/json") -> [Refusal] {
    outcomes(text, type).compactMap { if case .refused(let refusal) = $0 { refusal } else { nil } }
  }

  @Test("reads a text that comes alone like a page and lets given members win")
  func minimal() throws {
    let text = "在大会上的讲话\\n（2014年5月6日）\\n同志们：\\n" + filler("开会")
    let json = "{\"text\":\"\(text)\",\"genre\":\"报告\",\"speaker\":{\"name\":\"王建国\"}}"
    let reading = try reading(of: Array(json.utf8), mediaType: "application/json")
    #expect(reading.speech.title == "在大会上的讲话")
    #expect(reading.speech.genre == "报告")
    #expect(reading.speech.speaker.name == "王建国")
    #expect(reading.speech.delivered?.value == "2014-05-06")
    #expect(reading.speech.text == "同志们：\n" + filler("开会"))
    #expect(reading.document.bytes == Array(json.utf8))
  }

  @Test("takes a text that comes with its title whole")
  func titled() throws {
    let json = "{\"title\":\"在大会上的讲话\",\"text\":\"在大会上的讲话\\n同志们：\\n\(filler("开会"))\"}"
    let reading = try reading(of: Array(json.utf8), mediaType: "application/json")
    #expect(reading.speech.text == "在大会上的讲话\n同志们：\n" + filler("开会"))
  }

  @Test("takes the text as it stands where sections are given")
  func canonical() throws {
    let json =
      #"{"id":"0123456789ab","text":"甲乙\n丙丁","sections":[{"kind":"opening","start":0,"end":2},{"kind":"closing","start":3,"end":5}]}"#
    let reading = try reading(of: Array(json.utf8), mediaType: "application/json")
    #expect(reading.id.text == "0123456789ab")
    #expect(shape(reading.speech.sections) == "opening closing")
  }

  @Test("gives every object of an array its own slice of the bytes")
  func slices() throws {
    let json = #"[ {"text":"甲。"} , {"text":"乙。"}]"#
    let slices = outcomes(json).compactMap { outcome -> String? in
      if case .read(let reading) = outcome {
        String(decoding: reading.document.bytes, as: UTF8.self)
      } else {
        nil
      }
    }
    #expect(slices == [#"{"text":"甲。"}"#, #"{"text":"乙。"}"#])
  }

  @Test("takes records of UTF-8 and UTF-16, and none of a document that is neither")
  func encodings() throws {
    func outcomes(_ bytes: [UInt8]) -> [Outcome] {
      DocumentReader().read(RawDocument(bytes: bytes, mediaType: "application/x-ndjson"))
    }
    let lines = "{\"text\":\"甲。\"}\n{\"text\":\"乙。\"}\n"
    let utf16 = lines.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    for (bytes, encoding) in [
      (Array(lines.utf8), "UTF-8"), ([0xEF, 0xBB, 0xBF] + lines.utf8, "UTF-8"), ([0xFF, 0xFE] + utf16, "UTF-16LE"),
    ] {
      let found = outcomes(bytes).map { outcome -> String? in
        if case .read(let reading) = outcome { reading.document.encoding } else { nil }
      }
      #expect(found == [encoding, encoding])
    }
    // In a string, between records, and in one that is refused anyway.
    for rest in [Array("{\"text\":\"".utf8) + [0xFF] + Array("\"}".utf8), [0xFF], Array("{\"text\":5,".utf8) + [0x80]] {
      let found = outcomes(Array(lines.utf8) + rest).map {
        if case .refused(let refusal) = $0 { refusal.code } else { "" }
      }
      #expect(found == ["invalid_encoding"])
    }
  }

  @Test("lets one bad record not stop the others")
  func independent() throws {
    let lines = "{\"text\":\"甲。\"}\n\n{\"text\":5}\n{bad\n{\"text\":\"乙。\"}\n"
    let results = outcomes(lines, "application/x-ndjson")
    #expect(results.count == 4)
    let refused = refusals(lines, "application/x-ndjson")
    #expect(refused.map(\.line) == [3, 4])
    #expect(refused.map(\.code) == ["invalid_member", "malformed_json"])
    #expect(refused.first?.pointer == "/text")
  }

  @Test(
    "refuses wrong members by their pointer",
    arguments: [
      (#"{"id":"nope","text":"甲。"}"#, "/id"), (#"{"text":"甲。","titel":"x"}"#, "/titel"),
      (#"{"text":7}"#, "/text"),
      (#"{"text":"甲。","speaker":{"level":"galactic"}}"#, "/speaker/level"),
      (#"[{"text":"甲。"},{"text":"甲。","delivered":"2021-13"}]"#, "/1/delivered"),
      (#"{"text":"甲乙","sections":[{"start":0,"end":1}]}"#, "/sections"),
      (#"{"text":"甲。","source":{"url":3}}"#, "/source/url"), ("[3]", "/0"),
    ])
  func pointers(_ json: String, _ pointer: String) throws {
    #expect(refusals(json).map(\.pointer) == [pointer])
  }

  @Test("refuses a record without text, an empty list and broken JSON with its line")
  func empty() {
    #expect(refusals(#"{"title":"甲"}"#).map(\.code) == ["no_text"])
    #expect(refusals(#"{"text":"  "}"#).map(\.code) == ["no_text"])
    #expect(refusals("[]").map(\.code) == ["empty_document"])
    #expect(refusals("{\n\"text\": \"甲\",\n}").map(\.line) == [3])
    #expect(refusals("\n \n", "application/x-ndjson").map(\.code) == ["empty_document"])
  }

  @Test("names a speech by its address, and without one by its slice")
  func names() throws {
    let plain = #"{"text":"甲。"}"#
    #expect(
      try reading(of: Array(plain.utf8), mediaType: "application/json").id
        == SpeechID(address: nil, decodedSource: plain))
    let addressed = #"{"text":"甲。","source":{"url":"http://Example.org"}}"#
    #expect(
      try reading(of: Array(addressed.utf8), mediaType: "application/json").id
        == SpeechID(address: "http://example.org/", decodedSource: ""))
  }
}
