import Corpus
import Testing

@testable import Interchange

@Suite("Head block")
struct HeadBlockTests {
  @Test("reads title, dashed subtitle, date with place, role and name")
  func full() throws {
    let speech = try speech(
      of: """
        同心协力 共创未来
        ——在第三届山地农业论坛开幕式上的主旨演讲
        （2018年9月3日，贵阳）
        某省人民政府省长　　王　建　国
        尊敬的各位来宾，
        女士们、先生们：
        \(filler("论坛"))
        """)
    #expect(speech.title == "同心协力 共创未来")
    #expect(speech.subtitle == "在第三届山地农业论坛开幕式上的主旨演讲")
    #expect(speech.occasion == "第三届山地农业论坛开幕式")
    #expect(speech.genre == "演讲")
    #expect(speech.delivered?.value == "2018-09-03")
    #expect(speech.location == "贵阳")
    #expect(speech.speaker.name == "王建国")
    #expect(speech.speaker.level == .provincial)
    #expect(speech.text.hasPrefix("尊敬的各位来宾，\n女士们、先生们：\n"))
    #expect(shape(speech.sections) == "salutation body")
  }

  @Test("reads a spaced title and a subtitle that is dated and broken over two lines")
  func report() throws {
    let speech = try speech(
      of: """
        政 府 工 作 报 告
        ----2013年2月28日在某某县第十四届
        人民代表大会第二次会议上
        某某县人民政府县长　　王建国
        　　各位代表：
        　　现在，我代表县人民政府，把一年的工作报告给大家，请代表们审议。
        　　一、回顾
        　　\(filler("回顾"))
        　　二、打算
        　　\(filler("打算"))
        """)
    #expect(speech.title == "政府工作报告")
    #expect(speech.subtitle == "2013年2月28日在某某县第十四届人民代表大会第二次会议上")
    #expect(speech.delivered?.value == "2013-02-28")
    #expect(speech.speaker.organisation == "某某县人民政府")
    #expect(speech.speaker.level == .county)
  }

  @Test("believes the role against the occasion and notes the conflict")
  func conflict() throws {
    let speech = try speech(of: "县长在全市绿化工作会议上的讲话\n　　" + filler("绿化") + "\n　　" + filler("植树"))
    #expect(speech.speaker.level == .county)
    let inference = try #require(speech.inferred["speaker.level"])
    #expect(inference.conflicts.count == 1)
    #expect(inference.evidence.first?.text.contains("县长") == true)
  }

  @Test("takes the name before a colon off the title")
  func colon() throws {
    let speech = try speech(of: "王建国：在科技大会上的讲话\n发表时间：2014-05-15　　　来源：某某日报\n同志们：\n" + filler("科技"))
    #expect(speech.title == "在科技大会上的讲话")
    #expect(speech.speaker.name == "王建国")
    #expect(speech.published?.value == "2014-05-15")
    #expect(speech.provenance.name == "某某日报")
  }

  @Test("reads a letter's addressee, signature and date")
  func letter() throws {
    let speech = try speech(of: "致全县教师的慰问信\n全县广大教师：\n　　" + filler("教育") + "\n王建国\n2016年9月10日")
    #expect(speech.text == "全县广大教师：\n" + filler("教育"))
    #expect(speech.delivered?.value == "2016-09-10")
    #expect(speech.speaker.name == "王建国")
    #expect(speech.genre == "慰问信")
  }

  @Test("reads the place beside the date of a signature")
  func signedPlace() throws {
    let speech = try speech(of: "致全县教师的慰问信\n全县广大教师：\n　　" + filler("教育") + "\n王建国\n（1996年4月16日于贵阳）")
    #expect(speech.text == "全县广大教师：\n" + filler("教育"))
    #expect(speech.delivered?.value == "1996-04-16")
    #expect(speech.location == "贵阳")
  }

  @Test("reads the line by which an archive names paper, day and page")
  func paperPath() throws {
    let speech = try speech(
      of: "青河日报/2016年/3月/5日/第001版\n要闻\n在全市三级干部会议上的讲话\n（2016年3月4日）\n同志们：\n" + filler("农业") + "\n" + filler("工业"))
    #expect(speech.title == "在全市三级干部会议上的讲话")
    #expect(speech.published?.value == "2016-03-05" && speech.delivered?.value == "2016-03-04")
    #expect(speech.provenance.name == "青河日报")
  }

  @Test("takes a chapter of the book above a title for no slogan")
  func chapter() throws {
    let speech = try speech(
      of: "2017-08-01_在建军节大会上的讲话\n十五、加强国防建设\n在建军节大会上的讲话\n（2017年8月1日）\n同志们：\n" + filler("国防") + "\n"
        + filler("军队"))
    #expect(speech.title == "在建军节大会上的讲话")
    #expect(speech.removed.first { $0.line.text == "十五、加强国防建设" }?.kind == "chapter")
  }

  @Test("knows news about a speech from a speech")
  func news() throws {
    let speech = try speech(of: "本报讯（记者某某）昨天，全县召开会议。县委书记出席并讲话。\n　　会上，有关部门作了发言。\n　　会议强调，要抓好落实。")
    #expect(speech.genre == "新闻报道")
    #expect(speech.warnings.contains("not_a_speech"))
  }
}
