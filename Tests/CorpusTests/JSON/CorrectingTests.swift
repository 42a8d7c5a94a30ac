import Corpus
import TestSupport
import Testing

@Suite("Corrections of a speech")
struct CorrectingTests {
  private static let time = "2026-02-03T04:05:06Z"

  private static func corrected(_ speech: Speech, _ patch: String, at time: String = time) throws -> Speech {
    try speech.corrected(by: JSONCursor(JSONReader.read(Array(patch.utf8))), at: time)
  }

  @Test("a merge patch is applied as RFC 7396 has it (its appendix A)")
  func merge() throws {
    let cases = [
      (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
      (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
      (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
      (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
      (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
      (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"), (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
      (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
      ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]
    for (target, patch, result) in cases {
      let merged = try JSONReader.read(Array(target.utf8)).merged(with: JSONReader.read(Array(patch.utf8)))
      #expect(try merged == JSONReader.read(Array(result.utf8)), "\(target) \(patch)")
    }
  }

  @Test("a corrected member has its value, and what was read is kept beside it")
  func corrected() throws {
    let speech = try Self.corrected(
      .make(metadata: ["a.b": .integer(1)]),
      #"{"title":"题目","speaker":{"level":"township"},"delivered":"2021-03","location":null,"metadata":{"a.b":null,"c":[1]}}"#
    )
    #expect(speech.title == "题目" && speech.speaker.level == .township && speech.speaker.name == "林望舒")
    #expect(speech.delivered?.precision == .month && speech.metadata == ["c": .array([.integer(1)])])
    // What is said to be as it is already is no correction.
    #expect(speech.corrections.keys.sorted() == ["delivered", "metadata.a.b", "metadata.c", "speaker.level", "title"])
    #expect(
      speech.corrections["title"] == Correction(read: .string("在全县春耕备耕工作会议上的讲话"), at: Self.time))
    #expect(speech.corrections["metadata.a.b"]?.read == .integer(1))
    #expect(speech.violations.isEmpty && speech.text == Speech.make().text)
  }

  @Test("null takes all parts of a member away; a language that is not known is und")
  func unknown() throws {
    let speech = try Self.corrected(.make(), #"{"speaker":null,"language":null}"#)
    #expect(speech.speaker == Speaker() && speech.language == "und")
    #expect(speech.corrections.count == 5)
  }

  @Test("a second correction keeps what was read first, and a correction that is taken back brings it again")
  func withdrawn() throws {
    let made = Speech.make()
    let once = try Self.corrected(made, #"{"title":"一","genre":"致辞"}"#)
    let twice = try Self.corrected(once, #"{"title":"二"}"#, at: "2027-01-01T00:00:00Z")
    #expect(twice.corrections["title"]?.read == made.title.map(JSONValue.string))
    #expect(twice.corrections["title"]?.at == "2027-01-01T00:00:00Z" && twice.corrections["genre"]?.at == Self.time)
    let back = try Self.corrected(twice, #"{"corrections":{"title":null}}"#)
    #expect(back.title == made.title && back.genre == "致辞" && back.corrections.keys.sorted() == ["genre"])
    #expect(try Self.corrected(twice, #"{"corrections":null}"#) == made)
    // Taken back and decided anew at once.
    let anew = try Self.corrected(twice, #"{"corrections":null,"title":"三"}"#)
    #expect(anew.corrections.keys.sorted() == ["title"] && anew.title == "三" && anew.genre == made.genre)
  }

  @Test(
    "what is wrong is told by its place",
    arguments: [
      (#"{"text":"x"}"#, "/text"), (#"{"titel":"x"}"#, "/titel"), (#"{"title":7}"#, "/title"),
      (#"{"speaker":{"level":"king"}}"#, "/speaker/level"), (#"{"speaker":{"age":1}}"#, "/speaker/age"),
      (#"{"source":{"sha256":"x"}}"#, "/source/sha256"), (#"{"delivered":"gestern"}"#, "/delivered"),
      (#"{"language":"汉语"}"#, "/language"), (#"{"announced_sections":-1}"#, "/announced_sections"),
      (#"{"corrections":{"titel":null}}"#, "/corrections/titel"),
      (#"{"corrections":{"title":"x"}}"#, "/corrections/title"),
      (#"[]"#, ""), (#"{"title":"a","title":"b"}"#, "/title"), (#"{"metadata":{"k":"\u0000"}}"#, "/metadata/k"),
      (#"{"metadata":7}"#, "/metadata"),
    ])
  func wrong(patch: String, pointer: String) {
    #expect {
      _ = try Self.corrected(.make(), patch)
    } throws: { ($0 as? SchemaError)?.pointer == pointer }
  }

  @Test("what is read anew keeps its corrections, and the later of two decisions stands")
  func kept() throws {
    let before = try Self.corrected(.make(metadata: ["k": .integer(1)]), #"{"title":"一","metadata":{"k":null}}"#)
    let read = Speech.make(title: "新题", opening: "另一篇。", metadata: ["k": .integer(2)])
    let kept = try read.keepingCorrections(of: before)
    #expect(kept.title == "一" && kept.cleanTitle == "新题" && kept.metadata.isEmpty && kept.text == read.text)
    #expect(kept.corrections["title"]?.read == .string("新题") && kept.corrections["metadata.k"]?.read == .integer(2))
    #expect(kept.lostCorrections(of: before).isEmpty && read.lostCorrections(of: before) == ["metadata.k", "title"])
    let later = try Self.corrected(read, #"{"title":"二"}"#, at: "2027-01-01T00:00:00Z")
    #expect(try later.keepingCorrections(of: before).title == "二")
    let earlier = try Self.corrected(read, #"{"title":"〇"}"#, at: "2025-01-01T00:00:00Z")
    #expect(try earlier.keepingCorrections(of: before).title == "一")
    #expect(try earlier.keepingCorrections(of: before).corrections["title"]?.read == .string("新题"))
  }

  @Test(
    "JSON brings corrections along, and refuses those that no correction can be",
    arguments: [
      #"{"titel":{"read":null,"at":"2026-01-02T03:04:05Z"}}"#, #"{"title":{"read":7,"at":"2026-01-02T03:04:05Z"}}"#,
      #"{"title":{"read":null}}"#, #"{"title":{"read":null,"at":"2026"}}"#, #"{"title":null}"#, "[]",
    ])
  func json(wrong: String) throws {
    let speech = try Self.corrected(.make(), #"{"title":"一","speaker":{"role":null}}"#)
    var writer = JSONWriter()
    writer.object { speech.writeRecord(to: &$0, facts: nil, summary: TextSummary(of: speech)) }
    var blank = Speech.make()
    blank.corrections = [:]
    #expect(try blank.overlaid(with: JSONCursor(JSONReader.read(writer.bytes))) == speech)
    #expect(throws: SchemaError.self) {
      try Speech().overlaid(with: JSONCursor(JSONReader.read(Array(#"{"corrections":\#(wrong)}"#.utf8))))
    }
  }
}
