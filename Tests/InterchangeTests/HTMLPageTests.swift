import Corpus
import Testing

@testable import Interchange

@Suite("HTML pages")
struct HTMLPageTests {
  private static let page = """
    <!DOCTYPE html><html><head><meta charset="utf-8"><title>在全县教育大会上的讲话_某某公文网</title>
    <meta property="og:site_name" content="某某公文网"><link rel="canonical" href="https://example.org/a/1.html">
    <meta name="publishdate" content="2021-09-10 10:00:00"><style>p{color:red}</style><script>var 脚本 = "不要";</script></head>
    <body><div class="nav"><a href="/">首页</a> <a href="/b">范文</a></div>
    <div class="main"><h1>在全县教育大会上的讲话</h1><div class="info">来源：某某日报　作者：王建国</div>
    <div class="content"><p>　　同志们：</p><p>　　\(filler("教育"))下面，我讲两点意见：</p>
    <p><strong>　　一、抓质量</strong></p><p>　　\(filler("质量"))</p><p><b>　　二、抓队伍</b></p><p>　　\(filler("队伍"))<br>　　\(filler("教师"))</p>
    <p>　　同志们，教育是大事。让我们共同努力！</p></div></div>
    <div class="related"><h3>相关阅读</h3><ul><li><a href="/2.html">在全县卫生大会上的讲话</a></li></ul></div>
    <div id="footer">版权所有 某某公文网</div></body></html>
    """

  @Test("finds the text, the head and the links of a page")
  func whole() throws {
    let reading = try reading(of: Array(Self.page.utf8), fileName: "1.html")
    let speech = reading.speech
    #expect(speech.title == "在全县教育大会上的讲话")
    #expect(speech.provenance.site == "某某公文网")
    #expect(speech.provenance.name == "某某日报")
    #expect(speech.provenance.url == "https://example.org/a/1.html")
    #expect(speech.published?.value == "2021-09-10T10:00:00")
    #expect(shape(speech.sections) == "salutation opening 一、 二、 closing")
    #expect(!speech.text.contains("不要") && !speech.text.contains("版权"))
    #expect(speech.relatedLinks == [RelatedLink(title: "在全县卫生大会上的讲话", url: "/2.html")])
    #expect(reading.document.mediaType == "text/html")
  }

  @Test("reads a page that declares gb2312")
  func declared() throws {
    // <meta charset=gb2312><p>同志们：今天开会。</p> followed by more of the same
    let sentence: [UInt8] = [
      0xCD, 0xAC, 0xD6, 0xBE, 0xC3, 0xC7, 0xA3, 0xBA, 0xBD, 0xF1, 0xCC, 0xEC, 0xBF, 0xAA, 0xBB, 0xE1, 0xA1,
      0xA3,
    ]
    let bytes =
      Array("<html><head><meta charset=gb2312></head><body><p>".utf8) + sentence + sentence
      + Array("</p></body></html>".utf8)
    let reading = try reading(of: bytes, fileName: "a.htm")
    #expect(reading.document.encoding == "GB18030")
    #expect(reading.speech.text.contains("今天开会。"))
    #expect(!reading.speech.warnings.contains("encoding_guessed"))
  }

  @Test("survives ten thousand nested elements and a page of nonsense")
  func deep() throws {
    let deep = String(repeating: "<div>", count: 10_000) + "<p>" + filler("深处") + "</p>"
    _ = DocumentReader().read(RawDocument(bytes: Array(deep.utf8), mediaType: "text/html"))
    _ = DocumentReader().read(
      RawDocument(bytes: Array("<<p <a href=\"<b>&#xFFFFFFFF;&bogus;</".utf8), mediaType: "text/html"))
  }

  @Test(
    "refuses a page without text",
    arguments: [
      "<html><head><title>空</title></head><body></body></html>",
      "<html><body><script>x</script></body></html>",
    ])
  func empty(_ html: String) throws {
    #expect(try refusal(of: Array(html.utf8), mediaType: "text/html").code == "no_text")
  }
}
