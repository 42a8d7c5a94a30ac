import Corpus
import Testing

@testable import Interchange

@Suite("TEI")
struct TEIDocumentTests {
  private static let people = """
    <listOrg><org xml:id="PARL" role="parliament" ana="#parla.national"><orgName full="yes">Parliament</orgName></org>
    <org xml:id="party.UP" role="politicalParty"><orgName full="yes" xml:lang="en">First Party</orgName>
    <orgName full="yes" xml:lang="eo">Unua Partio</orgName><orgName full="abb">UP</orgName></org>
    <org xml:id="party.DP" role="politicalParty"><orgName full="yes">Dua Partio</orgName></org></listOrg>
    <listPerson><person xml:id="SilvaAna"><persName><surname>Silva</surname><forename>Ana</forename></persName>
    <sex value="F"/><affiliation role="MP" ref="#PARL" from="2019-01-01"/>
    <affiliation role="member" ref="#party.DP" from="2010" to="2018"/>
    <affiliation role="member" ref="#party.UP" from="2019-01-01"/></person></listPerson>
    """

  private static func document(_ body: String, people: String = "", extent: String = "", usage: String = "") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="eo" xml:id="day-1">
    <teiHeader><fileDesc><titleStmt><title type="main" xml:lang="en">Record of day 1 [ParlaMint]</title>
    <title type="main" xml:lang="eo">Protokolo de la unua tago [ParlaMint]</title>
    <title type="sub" xml:lang="eo">Unua kunsido</title><meeting n="27" ana="#parla.term #P.27">Term 27</meeting>
    <meeting n="8" ana="#parla.session">8</meeting></titleStmt><extent>\(extent)</extent>
    <publicationStmt><date when="2021-04-01"/><idno type="URI">http://hdl.example/1</idno></publicationStmt>
    <sourceDesc><bibl><publisher>The Parliament</publisher><idno type="URI">https://www.parl.example/</idno>
    <date when="2020-05-27"/></bibl></sourceDesc></fileDesc>
    <encodingDesc><tagsDecl><namespace name="x">\(usage)</namespace></tagsDecl></encodingDesc>
    <profileDesc><settingDesc><setting><name type="city">Urbo</name><name type="country" key="XX">Lando</name>
    <date when="2020-05-27">27.5.2020</date></setting></settingDesc><particDesc>\(people)</particDesc></profileDesc>
    </teiHeader><text ana="#reference"><body><div type="debateSection">\(body)</div></body></text></TEI>
    """
  }

  private func speeches(_ xml: String, fileName: String = "day.xml", sidecar: [UInt8]? = nil) throws -> [Speech] {
    try DocumentReader().read(RawDocument(bytes: Array(xml.utf8), fileName: fileName, sidecar: sidecar)).map {
      guard case .read(let reading) = $0 else { throw Unread(outcome: $0) }
      #expect(reading.speech.violations == [])
      #expect(reading.document.mediaType == "application/tei+xml" && reading.document.bytes == Array(xml.utf8))
      return reading.speech
    }
  }

  private static let two = """
    <note type="time">14.00</note><note type="speaker">La PREZIDANTO:</note>
    <u who="#SilvaAna" ana="#chair" xml:id="u1"><seg>Bonan tagon.</seg>
    <seg>Ni komencas. <note>(Paŭzo.)</note> <kinesic type="applause"><desc>Aplaŭdoj</desc></kinesic></seg></u>
    <note>Ĉiuj silentas</note>
    <u who="#Juan.Torres" ana="#regular" xml:id="u2"><seg xml:lang="es">Muchas gracias.</seg></u>
    """

  @Test("makes a speech of each utterance, with who speaks from listPerson and when and where from the header")
  func header() throws {
    let all = try speeches(Self.document(Self.two, people: Self.people))
    #expect(all.count == 2)
    let speech = try #require(all.first)
    #expect(speech.title == "Protokolo de la unua tago [ParlaMint]")
    #expect(speech.cleanTitle == "Protokolo de la unua tago" && speech.subtitle == "Unua kunsido")
    #expect(
      speech.speaker == Speaker(name: "Ana Silva", role: "PREZIDANTO", organisation: "Unua Partio", level: .central))
    #expect(speech.delivered?.value == "2020-05-27" && speech.published?.value == "2021-04-01")
    #expect(speech.location == "Urbo" && speech.occasion == "Term 27, session 8" && speech.language == "eo")
    #expect(speech.provenance.name == "The Parliament" && speech.provenance.site == "www.parl.example")
    #expect(speech.metadata["party"] == .string("UP") && speech.metadata["gender"] == .string("F"))
    #expect(speech.metadata["term"] == .string("27") && speech.metadata["session"] == .string("8"))
    #expect(speech.metadata["utterance"] == .string("u1") && speech.metadata["speaker_type"] == .string("chair"))
    #expect(speech.warnings == [])
    #expect(all[1].speaker.name == "Juan Torres" && all[1].language == "es")
    #expect(all[1].warnings == ["speaker_unresolved"])
  }

  @Test("keeps directions in the text where they are printed in brackets, and sets the others apart")
  func directions() throws {
    let speech = try #require(try speeches(Self.document(Self.two)).first)
    #expect(speech.text == "Bonan tagon.\nNi komencas. (Paŭzo.)")
    #expect(speech.annotations == [Annotation(kind: "stage_direction", span: Span(26, 34), value: "Paŭzo.")])
    #expect(
      speech.removed.map { "\($0.kind) \($0.line.text)" } == [
        "time_line 14.00", "speaker_line La PREZIDANTO:", "stage_direction Aplaŭdoj", "stage_direction Ĉiuj silentas",
      ])
    #expect(speech.sections == [Section(kind: .body, span: Span(0, 34))])
  }

  @Test("takes utterances for paragraphs where the header counts fewer speeches than utterances")
  func paragraphs() throws {
    let body = """
      <u who="#A.B" ana="#regular" xml:id="u1"><seg>Unu.</seg></u><note>x</note>
      <u who="#A.B" ana="#regular" xml:id="u2"><seg>Du.</seg></u><u who="#C.D" xml:id="u3"><seg>Tri.</seg></u>
      """
    #expect(try speeches(Self.document(body)).map(\.text) == ["Unu.", "Du.", "Tri."])
    let merged = try speeches(
      Self.document(
        body, extent: #"<measure unit="speeches" quantity="2"/>"#, usage: #"<tagUsage gi="u" occurs="3"/>"#))
    #expect(merged.map(\.text) == ["Unu.\nDu.", "Tri."])
    #expect(merged.first?.metadata["last_utterance"] == .string("u2"))
    #expect(merged.first?.removed.count == 1)
    let continued = "<u who='#A.B'><seg>Unu</seg></u><note>x</note><u who='#A.B' prev='#u1'><seg>du.</seg></u>"
    #expect(try speeches(Self.document(continued)).map(\.text) == ["Unu\ndu."])
  }

  @Test("joins the words of annotated files to the text of the plain ones")
  func annotated() throws {
    let body = """
      <u who="#A.B"><seg><s><w>Bonan</w> <w join="right">tagon</w> <pc>.</pc>
      <linkGrp><link target="#a"/></linkGrp></s> <s><w>Ni</w> <w join="right">komencas</w><pc>.</pc></s></seg></u>
      """
    #expect(try speeches(Self.document(body)).map(\.text) == ["Bonan tagon. Ni komencas."])
  }

  @Test("takes the heading of the division for the title")
  func heading() throws {
    let speech = try #require(
      try speeches(Self.document("<head>Buĝeto</head><u who='#A.B'>Sen segmentoj.</u>")).first)
    #expect(speech.title == "Buĝeto" && speech.text == "Sen segmentoj.")
    #expect(speech.metadata["document_title"] == .string("Protokolo de la unua tago [ParlaMint]"))
  }

  @Test("reads a document without utterances as one speech with a section for each heading")
  func plain() throws {
    let speech = try #require(
      try speeches(Self.document("<p>Karaj!</p><head>Unue</head><p>Laboro.</p><p>Plu.</p><head>Due</head><p>Paco.</p>"))
        .first)
    #expect(speech.text == "Karaj!\nUnue\nLaboro.\nPlu.\nDue\nPaco.")
    #expect(speech.sections.map(\.heading) == [nil, "Unue", "Due"])
  }

  @Test("gives each speech an id of the document and its ordinal")
  func ids() throws {
    let xml = Self.document(Self.two)
    let ids = DocumentReader().read(RawDocument(bytes: Array(xml.utf8), fileName: "a.xml")).compactMap { outcome in
      if case .read(let reading) = outcome { return reading.id }
      return nil
    }
    #expect(ids == [1, 2].map { SpeechID(address: nil, decodedSource: xml, ordinal: $0) })
  }

  @Test("takes people from a sidecar made of the files beside it, and gives the same again")
  func companion() throws {
    var companion = TEICompanion()
    let root = "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'><teiHeader>\(Self.people)</teiHeader></teiCorpus>"
    #expect(TEICompanion.isLikely(Array(root.utf8)) && !TEICompanion.isLikely(Array("<TEI/>".utf8)))
    companion.add(Array(root.utf8))
    let xml = Self.document(Self.two)
    let sidecar = try #require(companion.sidecar(for: Array(xml.utf8)))
    let told = try speeches(xml, sidecar: sidecar)
    let inside = try speeches(Self.document(Self.two, people: Self.people))
    #expect(told == inside)
    #expect(told.first?.speaker.organisation == "Unua Partio")
    #expect(try speeches(xml, sidecar: Array(#"{"year":"2020"}"#.utf8)).first?.metadata["year"] == .string("2020"))
    #expect(try speeches(xml, sidecar: Array("{".utf8)).first?.warnings.contains("sidecar_unreadable") == true)
  }

  @Test(
    "says of corpus roots, taxonomies and empty documents what they are",
    arguments: [
      ("<teiCorpus xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='a'/></teiCorpus>", "names of 1 file"),
      ("<taxonomy xmlns='http://www.tei-c.org/ns/1.0'/>", "a taxonomy"), ("<listPerson/>", "a list of people"),
      ("<TEI><text><body/></text></TEI>", "no utterance"), ("<TEI><text>", "not well-formed"),
      ("# Tago", "begins with “# Tago”"), ("<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg>"),
    ])
  func refusals(_ xml: String, _ reason: String) throws {
    #expect(try refusal(of: Array(xml.utf8), fileName: "a.xml").reason.contains(reason))
  }

  @Test(
    "reads names out of ids only where they evidently are names",
    arguments: [
      ("Durmuş.Yılmaz", "Durmuş Yılmaz"), ("AnaSilva", "Ana Silva"), ("MaríadoCarmeAdán", "María do Carme Adán"),
      ("唐鳳", "唐鳳"), ("p0012", nil), ("Speaker", nil), ("MP.UP", nil), ("ana_silva", nil),
    ] as [(String, String?)])
  func names(_ id: String, _ name: String?) { #expect(PersonID.name(id) == name) }
}
