import Corpus
import Testing

@testable import Interchange

@Suite("Traditional Chinese")
struct TraditionalTests {
  @Test(
    "reads role, level and genre in the traditional script and keeps them as written",
    arguments: [
      ("白鷺鄉圖書館開幕致詞", "白鷺鄉鄉長　林秀雲", "致詞", Level.township), ("石橋中學畢業典禮致辭", "石橋中學校長　陳廣明", "致辭", .school),
      ("在青山縣議會第三次會議上的演說", "青山縣議會議長　黃德安", "演說", .county),
      ("在港務協會年會上的講話", "港務協會會長　張文遠", "講話", .association), ("政府工作報告", "青山縣縣長　黃德安", "政府工作報告", .county),
    ] as [(String, String, String, Level)])
  func head(_ title: String, _ line: String, _ genre: String, _ level: Level) throws {
    let body = "今天大家聚在一起，為的是說說這幾年我們一起做過的事，以及往後還要一起做的事，這些事沒有一件是容易的，可是都值得。"
    let speech = try speech(of: "\(title)\n\n\(line)\n\n各位來賓、各位鄉親：\n\n\(body)\n\n\(body)")
    #expect(speech.language == "zh-Hant")
    #expect(speech.genre == genre)
    #expect(speech.speaker.level == level)
    let words = line.split(separator: "　").map(String.init)
    #expect(speech.speaker.role == words.first)
    #expect(speech.speaker.name == words.last)
    #expect(shape(speech.sections) == "salutation body")
  }

  @Test("folds a letter for a letter, so that places stay")
  func fold() {
    let text = "鄉長、校長、議長的講話和報告".scalars
    #expect(Shadow.fold(text).string == "乡长、校长、议长的讲话和报告")
    #expect(Shadow.fold(text).count == text.count)
  }
}
