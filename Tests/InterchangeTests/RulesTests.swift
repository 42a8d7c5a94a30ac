import Corpus
import Testing

@testable import Interchange

/// Rules and warnings that no other suite is about; `docs/parser.md` names the test of each.
@Suite("Rules")
struct RulesTests {
  private func body(_ words: String...) -> String { words.map { "　　" + filler($0) }.joined(separator: "\n") }

  @Test("takes the occasion from the last 在 and the first genre word")
  func occasion() throws {
    let speech = try speech(of: "让新机器在老厂房里转起来——在全省技术改造现场会上的讲话发言稿\n同志们：\n" + body("技术", "厂房"))
    #expect(speech.occasion == "全省技术改造现场会")
    #expect(speech.genre == "讲话")
  }

  @Test(
    "reads the place beside the date or after 于, and no time of day for a place",
    arguments: [
      ("（2018年9月3日，贵阳）", "贵阳"), ("（1996年4月16日于北京）", "北京"), ("（2018年9月3日上午）", nil), ("（2018年9月3日）", nil),
    ] as [(String, String?)])
  func places(_ line: String, _ place: String?) throws {
    let speech = try speech(of: "在山地农业论坛上的讲话\n\(line)\n同志们：\n" + body("山地", "农业"))
    #expect(speech.location == place)
    #expect(speech.delivered != nil)
  }

  @Test("reads a salutation over several lines up to its colon, and one that runs into the text")
  func salutations() throws {
    let long = try speech(of: "在交流大会上的致辞\n尊敬的王市长，\n各位来宾，\n女士们、先生们：\n" + body("交流", "合作"))
    #expect(long.sections.first.map { TextIndex(long.text).text($0.span) } == "尊敬的王市长，\n各位来宾，\n女士们、先生们：")
    let glued = try speech(of: "在交流大会上的致辞\n同志们：" + filler("交流") + "\n" + body("合作"))
    #expect(glued.sections.first.map { TextIndex(glued.text).text($0.span) } == "同志们：")
  }

  @Test("takes a vocative between parts for no closing, and one near the end for one")
  func vocatives() throws {
    let middle = try speech(
      of: "在大会上的讲话\n同志们：\n　　一、回顾\n" + body("回顾") + "\n　　同志们！\n" + body("困难") + "\n　　二、打算\n"
        + body("打算", "目标", "措施", "队伍", "作风", "保障"))
    #expect(shape(middle.sections) == "salutation 一、 二、")
    let end = try speech(
      of: "在大会上的讲话\n同志们：\n　　一、回顾\n" + body("回顾", "困难") + "\n　　二、打算\n" + body("打算", "目标", "措施")
        + "\n　　同志们！让我们努力吧！")
    #expect(shape(end.sections) == "salutation 一、 二、 closing")
  }

  @Test("calls what stands before the first label the opening, and a text without labels its body")
  func openings() throws {
    let labelled = try speech(
      of: "在大会上的讲话\n同志们：\n" + body("开会") + "\n　　一、回顾\n" + body("回顾") + "\n　　二、打算\n" + body("打算"))
    #expect(shape(labelled.sections) == "salutation opening 一、 二、")
    #expect(shape(try speech(of: "在大会上的讲话\n同志们：\n" + body("开会", "农业")).sections) == "salutation body")
  }

  @Test("warns of several titles that differ")
  func titles() throws {
    let speech = try speech(
      of: "在春耕会议上的讲话\n在秋收会议上的讲话\n时间：2014-05-15 08:00:00　　来源：某某日报\n在冬修会议上的讲话\n同志们：\n" + body("农时", "农事"))
    #expect(speech.warnings.contains("multiple_titles"))
  }

  @Test("warns that an encoding was guessed, not where UTF-8 is valid")
  func guessed() throws {
    // 同志们：今天开会。
    let bytes: [UInt8] = [
      0xCD, 0xAC, 0xD6, 0xBE, 0xC3, 0xC7, 0xA3, 0xBA, 0xBD, 0xF1, 0xCC, 0xEC, 0xBF, 0xAA, 0xBB, 0xE1, 0xA1,
      0xA3,
    ]
    #expect(try reading(of: bytes).speech.warnings.contains("encoding_guessed"))
    #expect(try !speech(of: "同志们：今天开会。").warnings.contains("encoding_guessed"))
  }
}
