import Corpus
import Testing

@testable import Interchange

@Suite("XMLStream")
struct XMLStreamTests {
  private func events(_ xml: String) throws -> [String] {
    let stream = try XMLStream(xml)
    var events: [String] = []
    while true {
      switch try stream.next() {
      case .start: events.append("<\(stream.name)")
      case .end: events.append("\(stream.name)>")
      case .text: events.append(stream.text)
      case .finish: return events
      }
    }
  }

  private func fault(_ xml: String) -> Refusal? {
    do {
      _ = try events(xml)
      return nil
    } catch { return error as? Refusal }
  }

  @Test("gives starts, ends and text by local names, empty elements with an end of their own")
  func order() throws {
    let events = try events("<?xml version='1.0'?><!-- c --><a xmlns:x='u'><x:b/>t&amp;&#x4E2D;<![CDATA[<]]></a>")
    #expect(events.prefix(3) == ["<a", "<b", "b>"] && events.last == "a>")
    // How many pieces a text comes in is libxml2's affair.
    #expect(events.dropFirst(3).dropLast().joined() == "t&中<")
  }

  @Test("reads UTF-8 whatever encoding the document declares of itself")
  func encoding() throws {
    #expect(try events("<?xml version='1.0' encoding='gb2312'?><a>中</a>") == ["<a", "中", "a>"])
    #expect(XMLProlog.encoding(Array("<?xml version='1.0' encoding=\"GBK\"?><a/>".utf8)) == "GBK")
    #expect(XMLProlog.encoding(Array("<a encoding='x'/>".utf8)) == nil)
  }

  @Test("expands no entities: a document that declares some is refused before it is read")
  func laughs() {
    var lines = ["<!DOCTYPE a [", "<!ENTITY l0 \"lol\">"]
    for number in 1..<30 {
      lines.append("<!ENTITY l\(number) \"" + String(repeating: "&l\(number - 1);", count: 10) + "\">")
    }
    let laughs = lines.joined(separator: "\n") + "]><a>&l29;</a>"
    #expect(fault(laughs)?.code == "malformed_xml")
    #expect(fault(laughs)?.reason.contains("ENTITY") == true)
    #expect(fault("<!-- c --><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>") != nil)
    let type = "<!DOCTYPE a SYSTEM 'http://localhost:9/none.dtd'>"
    #expect(fault(type + "<a>&nbsp;</a>")?.reason.contains("&nbsp;") == true)
    #expect(fault(type + "<a>t</a>") == nil)
  }

  @Test("names the line of a fault, and bounds the depth")
  func faults() {
    #expect(fault("<a>\n<b>\n</a>")?.line == 3)
    #expect(fault("") != nil)
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(fault(deep)?.code == "malformed_xml")
    #expect(fault(String(repeating: "<a>", count: 190) + String(repeating: "</a>", count: 190)) == nil)
    #expect(fault("<a>" + "<b>" + "\u{1}")?.code == "malformed_xml")
  }

  @Test("bounds how many speeches a document may hold, and reads XHTML that comes as XML")
  func kinds() throws {
    let turns = String(repeating: "<u>a</u>", count: XMLDocuments.maximumUtterances + 1)
    let many = "<TEI><text>\(turns)</text></TEI>"
    #expect(try refusal(of: Array(many.utf8), fileName: "a.xml").code == "too_large")
    let page = "<html><body><h1>关于工作的讲话</h1><p>\(filler("水利"))</p><p>\(filler("农业"))</p></body></html>"
    let reading = try reading(of: Array(page.utf8), mediaType: "application/xml")
    #expect(reading.speech.text.contains("水利") && reading.document.mediaType == "application/xhtml+xml")
  }

  @Test("folds white space, ends paragraphs and keeps East Asian lines together")
  func text() {
    var text = XMLText()
    text.append("\n  one \n two\u{2028}three  ")
    text.endParagraph()
    text.append("  \u{3000}中文\n  文字 和\nABC\u{3000}\u{A0} ")
    text.endParagraph()
    text.endParagraph()
    #expect(text.string == "one two three\n中文文字 和 ABC")
    #expect(text.count == text.string.unicodeScalars.count)
    text.direction("(Applause.)", value: "Applause.")
    #expect(text.string.hasSuffix("ABC\n(Applause.)"))
    #expect(text.annotations.map(\.span) == [Span(text.count - 11, text.count)])
  }

  @Test("joins words by a space except where the annotation says otherwise")
  func words() throws {
    let stream = try XMLStream(
      """
      <s><name> <w>Unua</w>
        <w>Partio</w></name> <w join="right">diris</w> <pc>,</pc> <w>al<w norm="a"/><w norm="la"/></w>
        <w>dámelo<w>da</w><w>me</w></w> <w norm="vi"/> <w join="right">5</w><w>%</w><pc join="left">.</pc></s>
      """)
    _ = try stream.next()
    #expect(try stream.flatText() == "Unua Partio diris, al dámelo vi 5%.")
  }
}
