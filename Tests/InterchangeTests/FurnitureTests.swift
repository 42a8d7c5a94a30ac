import Corpus
import Testing

@testable import Interchange

@Suite("Page furniture")
struct FurnitureTests {
  private static let page = """
    范文小站 首页

    镇长在全镇防汛工作会议上的讲话发言稿

    时间:2020-06-01 08:30:00 网站:范文小站

    镇长在全镇防汛工作会议上的讲话发言稿

      刚才,大家看了防汛形势图。\(filler("防汛"))下面,我讲两点意见:

    镇长在全镇防汛工作会议上的讲话发言稿

      一是要认清形势

      \(filler("形势"))

      二是要落实责任

      \(filler("责任"))

      同志们,汛情就是命令。让我们立即行动起来,确保×镇安全。

      来源:网络整理 免责声明:本文仅供学习,如有问题请联系我们。


    镇长在全镇防汛工作会议上的讲话发言稿
    由互联网用户上传提供,分享转载请保留作者信息。
    http://example.org/news/1.html
    相关阅读
    推荐专题
    """

  @Test("takes the page's own lines for fields and keeps them out of the text")
  func fields() throws {
    let speech = try speech(of: Self.page)
    #expect(speech.title == "镇长在全镇防汛工作会议上的讲话发言稿")
    #expect(speech.cleanTitle == "镇长在全镇防汛工作会议上的讲话")
    #expect(speech.genre == "讲话")
    #expect(speech.occasion == "全镇防汛工作会议")
    #expect(speech.speaker == Speaker(role: "镇长", level: .township))
    #expect(speech.published?.value == "2020-06-01T08:30:00")
    #expect(speech.provenance.site == "范文小站")
    #expect(speech.provenance.name == "网络整理")
    #expect(speech.provenance.url == "http://example.org/news/1.html")
    #expect(speech.provenance.disclaimer == "本文仅供学习,如有问题请联系我们。")
    #expect(shape(speech.sections) == "opening 一是 二是 closing")
    #expect(speech.text.hasPrefix("刚才,大家看了") && speech.text.hasSuffix("确保×镇安全。"))
    #expect(speech.announcedSections == 2)
    #expect(speech.warnings == ["anonymised"])
  }

  @Test("keeps every line it took away with its place in the source")
  func removed() throws {
    let speech = try speech(of: Self.page)
    let source = Self.page.scalars
    #expect(speech.removed.count { $0.kind == "title" } == 4)
    for line in speech.removed {
      let span = try #require(line.line.source)
      #expect(source[span.start..<span.end].string == line.line.text)
    }
    let kept = speech.text.filter { !$0.isWhitespace }.count
    let away = speech.removed.reduce(0) { $0 + $1.line.text.filter { !$0.isWhitespace }.count }
    #expect(kept + away == Self.page.filter { !$0.isWhitespace }.count)
  }

  @Test("takes captions, wire marks and paper lines away, also where they are glued to the text")
  func wire() throws {
    let speech = try speech(
      of: """
        在座谈会上的讲话
        （2014年5月6日）
        王建国
        同志们：
        \(filler("今天"))
        2014年5月6日，王建国在会上讲话。新华社记者 李某 摄
        \(filler("明天"))（新华社北京5月6日电）
        《 人民日报 》（ 2014年05月07日 02 版）
        """)
    #expect(speech.text == "同志们：\n" + filler("今天") + "\n" + filler("明天"))
    #expect(speech.published?.value == "2014-05-07")
    #expect(speech.provenance.name == "人民日报")
    #expect(speech.speaker.name == "王建国")
  }

  @Test("sets notes and appendices apart")
  func notes() throws {
    let speech = try speech(
      of: """
        工作报告
        各位代表：
        一、回顾
        \(filler("回顾"))
        二、打算
        \(filler("打算"))
        各位代表！让我们共同努力。
        附件1
        2026年民生实事
        1.修路
        2.架桥
        """)
    #expect(speech.appendices.map(\.text) == ["附件1", "2026年民生实事", "1.修路", "2.架桥"])
    #expect(shape(speech.sections) == "salutation 一、 二、 closing")
  }
}
