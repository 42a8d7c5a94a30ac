import Corpus
import Testing

@testable import Interchange

@Suite("Akoma Ntoso")
struct AkomaNtosoTests {
  private static let debate = """
    <akomaNtoso><debate><meta><references>
    <TLCPerson href="/ontology/person/x/1" id="王小明" showAs="王小明"/>
    <TLCPerson href="/ontology/person/x/2" id="Ann Lee" showAs="Ann B. Lee"/></references></meta>
    <debateBody><debateSection><heading>2021-03-04 與 Ann Lee 談圖書館</heading>
    <narrative><p><i>（開始）</i></p></narrative>
    <speech by="#王小明"><p>  歡迎您來臺灣，
    請坐。 </p><p/><p>請看<a href="https://example.org/a">這個網頁</a>。</p></speech>
    <speech by="#Ann Lee"><p>Thank you very much for having me here today.</p></speech>
    <narrative><p>（笑）</p></narrative>
    <speech by="#陳同學"><p>好。</p></speech>
    <speech by="#王小明"><p/></speech>
    </debateSection></debateBody></debate></akomaNtoso>
    """

  private func speeches(_ xml: String, fileName: String? = nil) throws -> [Speech] {
    let document = RawDocument(bytes: Array(xml.utf8), mediaType: "application/akn+xml", fileName: fileName)
    return try DocumentReader().read(document).map {
      guard case .read(let reading) = $0 else { throw Unread(outcome: $0) }
      #expect(reading.speech.violations == [])
      #expect(reading.document.mediaType == "application/akn+xml")
      return reading.speech
    }
  }

  @Test("makes a speech of each speech with text, named by the references and dated by the heading")
  func speeches() throws {
    let all = try speeches(Self.debate)
    #expect(all.map(\.speaker.name) == ["王小明", "Ann B. Lee", "陳同學"])
    #expect(all.map(\.language) == ["zh-Hant", "en", "zh-Hant"])
    #expect(
      all.map(\.text) == [
        "歡迎您來臺灣，請坐。\n請看這個網頁。", "Thank you very much for having me here today.", "好。",
      ])
    #expect(all.allSatisfy { $0.delivered?.value == "2021-03-04" && $0.cleanTitle == "與 Ann Lee 談圖書館" })
    #expect(all.map { $0.removed.map(\.line.text) } == [["（開始）"], ["（笑）"], []])
    #expect(all.map(\.warnings) == [[], [], ["speaker_unresolved"]])
    #expect(all[0].relatedLinks == [RelatedLink(title: "這個網頁", url: "https://example.org/a")])
  }

  @Test("prefers the dates, titles and languages of the metadata, and reads roles and times")
  func metadata() throws {
    let speech = try #require(
      try speeches(
        """
        <akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><debate name="hansard"><meta>
        <identification source="#s"><FRBRWork><FRBRdate date="2014-05-08" name="Generation"/><FRBRcountry value="ke"/>
        <FRBRalias value="National Assembly"/></FRBRWork><FRBRExpression><FRBRlanguage language="eng"/>
        </FRBRExpression></identification><references><TLCPerson eId="kim" href="/k" showAs="J. Kim"/>
        <TLCRole eId="speaker" href="/s" showAs="Mr Speaker"/></references></meta>
        <debateBody><debateSection name="order"><heading>Prayers</heading><debateSection><heading>Bills</heading>
        <speech by="#kim" as="#speaker" startTime="2014-05-08T14:30:00"><from>Mr Speaker:</from>
        <p>Order! <remark type="laughter">[Laughter]</remark> Next.</p></speech></debateSection></debateSection>
        </debateBody></debate></akomaNtoso>
        """
      ).first)
    #expect(speech.title == "Bills" && speech.metadata["agenda"] == .string("Prayers / Bills"))
    #expect(speech.metadata["document_title"] == .string("National Assembly"))
    #expect(speech.speaker == Speaker(name: "J. Kim", role: "Mr Speaker"))
    #expect(speech.delivered?.value == "2014-05-08T14:30:00" && speech.language == "en")
    #expect(speech.text == "Order! [Laughter] Next.")
    #expect(speech.annotations.map(\.value) == ["Laughter"])
    #expect(speech.removed.map(\.kind) == ["speaker_line"])
  }

  @Test("takes the day from the name of the file where the document gives none")
  func fileName() throws {
    let xml = Self.debate.replacing("2021-03-04 ", with: "")
    #expect(try speeches(xml, fileName: "2019‑12‑24-訪談.an.xml").first?.delivered?.value == "2019-12-24")
    #expect(try speeches(xml, fileName: "a.xml").first?.delivered == nil)
    #expect(DatedTitle("20160204 「座談會」")?.date.value == "2016-02-04")
    #expect(DatedTitle("11/23 會議") == nil && DatedTitle("2021-13-04 x") == nil && DatedTitle("202102045 x") == nil)
  }

  @Test("refuses what is no debate by its kind")
  func act() throws {
    let act = "<akomaNtoso><act><body><p>1</p></body></act></akomaNtoso>"
    #expect(try refusal(of: Array(act.utf8), fileName: "a.xml").reason.contains("<act>"))
    let empty = "<akomaNtoso><debate><debateBody/></debate></akomaNtoso>"
    #expect(try refusal(of: Array(empty.utf8), fileName: "a.xml").code == "no_text")
  }
}
