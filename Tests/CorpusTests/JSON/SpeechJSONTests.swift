import Corpus
import TestSupport
import Testing

@Suite("A speech as JSON")
struct SpeechJSONTests {
  private func json(_ speech: Speech) throws -> JSONValue {
    var writer = JSONWriter()
    speech.write(to: &writer, id: SpeechID(address: nil, decodedSource: "x"), facts: nil)
    return try JSONReader.read(writer.bytes)
  }

  @Test("comes back as the same speech")
  func roundTrip() throws {
    var speech = Speech.make(metadata: ["县": .string("临溪"), "n": .integer(3)])
    speech.published = SpeechDate("2021-03-06T08:00")
    speech.provenance.url = "https://www.example.org/1"
    speech.annotations = [Annotation(kind: "mask", span: Span(0, 1), value: "×")]
    speech.notes = [Evidence(text: "〔1〕 注", source: Span(5, 9))]
    speech.removed = [RemovedLine(kind: "url", line: Evidence(text: "http://…", source: Span(0, 8)))]
    speech.relatedLinks = [RelatedLink(title: "又一篇")]
    speech.inferred = [
      "level": Inference(
        confidence: 0.8, evidence: [Evidence(text: "县长", source: Span(1, 3))],
        conflicts: [Conflict(reason: "市", evidence: Evidence(text: "全市", source: Span(4, 6)))])
    ]
    speech.warnings = ["anonymised"]
    speech.announcedSections = 2
    #expect(try Speech().overlaid(with: JSONCursor(json(speech))) == speech)
  }

  @Test(
    "names the place of a fault",
    arguments: [
      (#"{"text":1}"#, "/text"), (#"{"titel":"x"}"#, "/titel"), (#"{"speaker":{"name":[]}}"#, "/speaker/name"),
      (#"{"speaker":{"level":"king"}}"#, "/speaker/level"), (#"{"speaker":{"a/b~c":1}}"#, "/speaker/a~1b~0c"),
      (#"{"delivered":"2021-02-30"}"#, "/delivered"),
      (
        #"{"sections":[{"kind":"section","start":0,"end":1,"children":[{"start":"a"}]}]}"#,
        "/sections/0/children/0/start"
      ),
      (#"{"text":"a","text":"b"}"#, "/text"), (#"{"warnings":["a",2]}"#, "/warnings/1"), ("[]", ""),
      (#"{"text":"ab","sections":[{"kind":"body","start":0,"end":1}]}"#, "/sections"),
    ])
  func faults(text: String, pointer: String) throws {
    let value = try JSONReader.read(Array(text.utf8))
    let error = #expect(throws: SchemaError.self) { try Speech().overlaid(with: JSONCursor(value)) }
    #expect(error?.pointer == pointer)
  }

  @Test("an unknown member is answered with the nearest known one")
  func nearest() throws {
    let value = try JSONReader.read(Array(#"{"titel":"x"}"#.utf8))
    let error = #expect(throws: SchemaError.self) { try Speech().overlaid(with: JSONCursor(value)) }
    #expect(error?.message.contains("“title”") == true)
  }
}
