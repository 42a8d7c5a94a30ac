import Foundation
import Testing

/// `rostrum parse --explain`, as a person runs it.
@Suite("Explaining")
struct ExplainTests {
  @Test("shows line by line what a document was taken for, within the width, and refuses what has no lines")
  func explain() throws {
    try Program.inFolder { folder in
      let text = "在全镇防汛会议上的讲话\n同志们：\n今天我们来谈谈防汛，大家都很辛苦，雨也下得很大，堤上的人已经三天没有合眼了。\n"
      try Data(text.utf8).write(to: folder.appending(path: "speech.txt"))
      try Data("{}".utf8).write(to: folder.appending(path: "speech.json"))
      let run = try Program.run(["parse", "--explain", "--width", "60", "speech.txt", "speech.json"], in: folder)
      #expect(run.status == 1)
      #expect(run.output.hasPrefix("speech.txt\n 1  title R4"))
      #expect(run.output.contains(" 2  salutation R11"))
      #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 60 })
      #expect(run.errors.hasPrefix("speech.json: "))
    }
  }
}
