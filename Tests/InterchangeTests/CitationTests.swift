import Corpus
import Interchange
import Testing

@Suite("A citation")
struct CitationTests {
  private static let address = "https://speeches.example.org/v1/speeches/d5fchhmma79h/revisions/2"

  private static func citation(
    part: Citation.Part? = nil, address: String? = Self.address, _ change: (inout Speech) -> Void = { _ in }
  ) throws -> Citation {
    var speech = Speech()
    speech.title = "在全县春耕备耕工作会议上的讲话_临溪县人民政府"
    speech.cleanTitle = "在全县春耕备耕工作会议上的讲话"
    speech.language = "zh-Hans"
    speech.speaker = Speaker(name: "林望舒", role: "县长")
    speech.occasion = "全县春耕备耕工作会议"
    speech.genre = "讲话"
    speech.location = "临溪县"
    speech.delivered = SpeechDate("2021-03-05")
    speech.published = SpeechDate("2021-03-08T09:30")
    speech.provenance.name = "临溪日报"
    speech.provenance.url = "http://www.example.org/讲话/1.html?a=1&b=2"
    change(&speech)
    let accessed = try #require(SpeechDate("2026-01-02"))
    return Citation(
      of: speech, id: "d5fchhmma79h", revision: 2, part: part, address: address, accessed: accessed)
  }

  @Test("follows GB/T 7714-2015: author, title with its type, publisher, dates, address")
  func standard() throws {
    #expect(
      try Self.citation().gbt7714
        == "林望舒. 在全县春耕备耕工作会议上的讲话[EB/OL]. 临溪日报, 2021(2021-03-08)[2026-01-02]. \(Self.address).")
  }

  @Test("names a section as a part of its speech, by its heading or else by its path")
  func sections() throws {
    let named = try Self.citation(part: .section(path: "2", label: "二、", heading: "抓落实"))
    #expect(named.gbt7714.hasPrefix("林望舒. 二、抓落实[EB/OL]//在全县春耕备耕工作会议上的讲话. 临溪日报"))
    #expect(named.csl["section"] == .string("二、抓落实") && named.bibtex.contains("  titleaddon = {二、抓落实},\n"))
    let bare = try Self.citation(part: .section(path: "opening", label: nil, heading: nil))
    #expect(bare.gbt7714.contains("opening[EB/OL]//"))
    #expect(try Self.citation(part: .passage(Span(3, 24))).csl["note"]?.text.contains("characters 3–24") == true)
  }

  @Test("says by its type what it is: a page, a report, a file of no address")
  func types() throws {
    #expect(try Self.citation { $0.genre = "政府工作报告" }.gbt7714.contains("[R/OL]"))
    #expect(try Self.citation { $0.genre = "政府工作报告" }.csl["type"] == .string("report"))
    #expect(try Self.citation { $0.provenance.url = nil }.gbt7714.contains("[Z/OL]"))
    let file = try Self.citation(address: nil) { $0.provenance.url = nil }
    #expect(file.gbt7714 == "林望舒. 在全县春耕备耕工作会议上的讲话[Z]. 临溪日报, 2021(2021-03-08)[2026-01-02].")
    #expect(file.bibtex.hasPrefix("@misc{rostrum-d5fchhmma79h-2,\n") && file.csl["URL"] == nil)
  }

  @Test("gives the address of the source where its own is not known")
  func source() throws {
    let citation = try Self.citation(address: nil)
    #expect(citation.gbt7714.hasSuffix("[2026-01-02]. http://www.example.org/讲话/1.html?a=1&b=2."))
    #expect(citation.csl["note"] == .string("Rostrum d5fchhmma79h, revision 2"))
    #expect(
      try Self.citation().csl["note"]
        == .string("Rostrum d5fchhmma79h, revision 2; source: http://www.example.org/讲话/1.html?a=1&b=2"))
  }

  @Test("is BibTeX whose braces close, Chinese as it is, with what TeX would take for its own as commands")
  func bibtex() throws {
    #expect(
      try Self.citation { $0.provenance.url = nil }.bibtex == """
        @online{rostrum-d5fchhmma79h-2,
          author = {{林望舒}},
          title = {{在全县春耕备耕工作会议上的讲话}},
          date = {2021-03-08},
          organization = {临溪日报},
          url = {\(Self.address)},
          urldate = {2026-01-02},
          langid = {chinese},
          note = {Rostrum d5fchhmma79h, revision 2}
        }

        """)
    let hard = try Self.citation(address: "http://example.org/{a}%20b#c") {
      $0.cleanTitle = "50% of {R&D}\n_costs_ $1 #2 ~ ^ \\end } {"
      $0.provenance.name = "}"
    }.bibtex
    #expect(
      hard.contains(
        "  title = {{50\\% of \\textbraceleft{}R\\&D\\textbraceright{} \\_costs\\_ \\$1 \\#2 \\textasciitilde{} "
          + "\\textasciicircum{} \\textbackslash{}end \\textbraceright{} \\textbraceleft{}}},\n"))
    #expect(hard.contains("  url = {http://example.org/%7Ba%7D%20b#c},\n"))
    var depth = 0
    for character in hard {
      if character == "{" { depth += 1 } else if character == "}" { depth -= 1 }
      #expect(depth >= 0)
    }
    #expect(depth == 0)
  }

  @Test("is an item of CSL-JSON with dates in parts")
  func csl() throws {
    let csl = try Self.citation().csl
    #expect(csl["id"] == .string("rostrum-d5fchhmma79h-2") && csl["type"] == .string("speech"))
    #expect(csl["author"] == .array([.object([.init("literal", .string("林望舒"))])]))
    func parts(_ numbers: [Int]...) -> JSONValue {
      .object([.init("date-parts", .array(numbers.map { .array($0.map(JSONValue.integer)) }))])
    }
    #expect(csl["issued"] == parts([2021, 3, 8]) && csl["event-date"] == parts([2021, 3, 5]))
    #expect(csl["accessed"] == parts([2026, 1, 2]) && csl["URL"] == .string(Self.address))
    #expect(csl["event-title"] == .string("全县春耕备耕工作会议"))
    let first = try #require(SpeechDate("2021-03-05")), last = try #require(SpeechDate("2021-03-07"))
    let range = try Self.citation {
      $0.published = SpeechDate("2021")
      $0.delivered = SpeechDate(from: first, through: last)
    }.csl
    #expect(range["issued"] == parts([2021]) && range["event-date"] == parts([2021, 3, 5], [2021, 3, 7]))
    let undated = try Self.citation {
      $0.published = SpeechDate("--03-05")
      $0.delivered = nil
      $0.speaker = Speaker()
    }
    #expect(undated.csl["issued"] == nil && undated.csl["author"] == nil)
    #expect(undated.gbt7714.hasPrefix("在全县春耕备耕工作会议上的讲话[EB/OL]. 临溪日报[2026-01-02]. "))
  }

  @Test(
    "puts the family name of a Latin name first, and leaves every other name whole",
    arguments: [
      ("John F. Kennedy", "KENNEDY J F", "{Kennedy, John F.}"),
      ("Ursula von der Leyen", "VON DER LEYEN U", "{von der Leyen, Ursula}"), ("林望舒", "林望舒", "{{林望舒}}"),
      ("The Speaker", "The Speaker", "{{The Speaker}}"), ("Martin Luther King, Jr.", "Martin Luther King, Jr.", nil),
      ("Barack Obama", "OBAMA B", "{Obama, Barack}"), ("Cher", "Cher", "{{Cher}}"), ("买买提·艾力", "买买提·艾力", nil),
    ] as [(String, String, String?)])
  func names(name: String, standard: String, bibtex: String?) throws {
    let citation = try Self.citation { $0.speaker.name = name }
    #expect(citation.gbt7714.hasPrefix(standard + ". 在"))
    #expect(citation.bibtex.contains("author = \(bibtex ?? "{{\(name)}}"),\n"))
  }
}

extension JSONValue {
  fileprivate var text: String { if case .string(let text) = self { text } else { "" } }
}
