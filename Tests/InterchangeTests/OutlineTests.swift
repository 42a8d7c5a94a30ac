import Corpus
import Testing

@testable import Interchange

@Suite("Outline")
struct OutlineTests {
  private func outline(_ lines: String...) throws -> Speech {
    try speech(of: (["在全县工作会议上的讲话", "同志们："] + lines).joined(separator: "\n　　"))
  }

  @Test("nests 一、 （一） 1. in one another and returns to the outer series")
  func nesting() throws {
    let speech = try outline(
      "一、回顾", "（一）农业", "1.粮食", filler("粮食"), "2.棉花", filler("棉花"), "（二）工业", filler("工业"), "二、打算", "（一）目标",
      filler("目标"), "（二）措施", filler("措施"))
    #expect(shape(speech.sections) == "salutation 一、(（一）(1. 2.) （二）) 二、(（一） （二）)")
    #expect(
      speech.sections.outline(of: TextIndex(speech.text)).map(\.path) == [
        "salutation", "1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1", "2.2",
      ])
  }

  @Test("takes the first sentence of a run-in section as its heading")
  func runIn() throws {
    let speech = try outline(
      filler("开会"), "一是要抓春耕。" + filler("春耕"), "二是要抓防汛。" + filler("防汛"), "同志们，任务很重，让我们努力完成。")
    #expect(shape(speech.sections) == "salutation opening 一是 二是 closing")
    let first = try #require(speech.sections.first { $0.kind == .section })
    #expect(first.heading == "要抓春耕")
    #expect(first.bodySpans.map { TextIndex(speech.text).text($0) } == [filler("春耕")])
  }

  @Test("takes 一是…；二是… inside a paragraph for points, not for sections")
  func inline() throws {
    let speech = try outline(filler("开会"), "一是抓春耕；二是抓防汛；三是抓防火。" + filler("其他"), filler("最后"))
    #expect(shape(speech.sections) == "salutation body")
    #expect(speech.annotations.filter { $0.kind == "inline_point" }.compactMap(\.value) == ["1", "2", "3"])
  }

  @Test("takes a lone label for text")
  func lone() throws {
    let speech = try outline(filler("开会"), "第一，这件事要抓紧。" + filler("这件事"), filler("另一件事"))
    #expect(shape(speech.sections) == "salutation body")
  }

  @Test("sets a second series beside one that has ended")
  func siblings() throws {
    let speech = try outline(
      "一、形势", "第一，产量增加。" + filler("产量"), "第二，质量提高。" + filler("质量"), "但是问题也不少。", "一是底子薄。" + filler("底子"),
      "二是人才少。" + filler("人才"), "二、任务", filler("任务"), filler("要求"))
    #expect(shape(speech.sections) == "salutation 一、(第一， 第二， 一是 二是) 二、")
    let parent = try #require(speech.sections.first { $0.label == "一、" })
    #expect(parent.bodySpans.map { TextIndex(speech.text).text($0) } == ["但是问题也不少。"])
  }

  @Test("starts a series again where its heading was lost, and says so")
  func restart() throws {
    let speech = try outline(
      filler("开会"), "第一，路通了。" + filler("路"), "第二，水通了。" + filler("水"), filler("转折"), "第一，要修桥。" + filler("桥"),
      "第二，要种树。"
        + filler("树"))
    #expect(shape(speech.sections).hasPrefix("salutation opening 第一， 第二， body 第一， 第二，"))
    #expect(speech.warnings.contains("restart_without_heading"))
  }

  @Test("keeps a series inside the item of one that goes on afterwards")
  func inner() throws {
    let speech = try outline(
      "第一，抓投入。" + filler("投入"), "一是财政多拿。" + filler("财政"), "二是社会多筹。" + filler("社会"), "第二，抓管理。" + filler("管理"),
      "第三，抓队伍。"
        + filler("队伍"))
    #expect(shape(speech.sections) == "salutation 第一，(一是 二是) 第二， 第三，")
  }

  @Test("sets a list that a colon announces under its section, though its style is the outer one")
  func announcedList() throws {
    let speech = try outline(
      "一、回顾", filler("回顾"), "二、打算", "今年要办这样几件事：", "一、修路；", "二、架桥；", "三、通水。", filler("此外"), "三、要求",
      filler("要求"))
    #expect(shape(speech.sections) == "salutation 一、 二、(一、 二、 三、) 三、")
  }

  @Test("gives nobody a section deeper than the model allows")
  func depth() throws {
    let styles = ["一、", "（一）", "1.", "（1）", "①", "第一，", "一是", "一要", "其一，", "第一点，"]
    let lines =
      styles.map { $0 + "好" }
      + styles.reversed().map { $0.replacing("一", with: "二").replacing("1", with: "2") + "好" }
    let speech = try speech(of: "在大会上的讲话\n同志们：\n" + lines.joined(separator: "\n") + "\n②好")
    #expect((speech.sections.outline(of: TextIndex(speech.text)).map(\.level).max() ?? 0) <= Outline.maximumDepth)
  }

  @Test("tolerates one missing number with a warning")
  func gap() throws {
    let speech = try outline("一、回顾", filler("回顾"), "三、打算", filler("打算"), "四、要求", filler("要求"))
    #expect(shape(speech.sections).hasPrefix("salutation 一、 三、 四、"))
    #expect(speech.warnings.contains("label_gap"))
  }

  @Test("gives items of one sentence each no headings")
  func plain() throws {
    let speech = try outline(filler("原则"), "第一，互相尊重，互不干涉，平等相待，友好往来。", "第二，平等互利，互通有无，取长补短，共同发展。", filler("今后"))
    #expect(speech.sections.filter { $0.kind == .section }.map(\.heading) == [nil, nil])
  }

  @Test("makes 结束语 a closing with a heading")
  func ending() throws {
    let speech = try outline("一、回顾", filler("回顾"), "二、打算", filler("打算"), "结束语", "让我们一起努力，把各项工作做得更好！")
    let closing = try #require(speech.sections.last)
    #expect(closing.kind == .closing)
    #expect(closing.heading == "结束语")
  }

  @Test("reads the number of points that a speech announces")
  func announced() throws {
    let speech = try outline(filler("开会") + "下面，我讲两点意见：", "一、抓早", filler("抓早"), "二、抓实", filler("抓实"))
    #expect(speech.announcedSections == 2)
  }
}
