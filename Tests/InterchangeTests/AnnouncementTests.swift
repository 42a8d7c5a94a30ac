import Corpus
import Testing

@testable import Interchange

@Suite("Announced points")
struct AnnouncementTests {
  private func outline(_ lines: String...) throws -> Speech {
    try speech(of: (["在全县工作会议上的讲话", "同志们："] + lines).joined(separator: "\n　　"))
  }

  @Test("says where fewer points were found than announced")
  func differs() throws {
    let speech = try outline("下面，我讲三点意见：", "一、抓早", filler("抓早"), "二、抓实", filler("抓实"))
    #expect(speech.announcedSections == 3)
    #expect(speech.warnings == ["announced_count_differs"])
  }

  @Test("is content where the count speaks of a lower level, of all sections of one level, or of points of a sentence")
  func lower() throws {
    let below = try outline(
      "下面，我讲三点意见：", "一、回顾", filler("回顾"), "二、要求", "（一）抓早。" + filler("抓早"), "（二）抓实。" + filler("抓实"),
      "（三）抓细。" + filler("抓细"))
    #expect(below.announcedSections == 3 && below.warnings == [])
    let level = try outline(
      "下面，我提四条意见：", "一、关于农业", "（一）修渠。" + filler("修渠"), "（二）选种。" + filler("选种"), "二、关于工业",
      "（一）节能。" + filler("节能"), "（二）降耗。" + filler("降耗"))
    #expect(level.announcedSections == 4 && level.warnings == [])
    let points = try outline(filler("开会") + "下面，我提三点要求：", "一是抓早；二是抓实；三是抓细。" + filler("其他"))
    #expect(points.announcedSections == 3 && points.warnings == [])
  }

  @Test("finds the count where the speaker names it before he goes on")
  func early() throws {
    let speech = try outline(
      "今天我想讲的主要是两个问题。" + filler("开会"), "一、抓早", filler("抓早"), "二、抓实", filler("抓实"))
    #expect(speech.announcedSections == 2 && speech.warnings == [])
  }
}
