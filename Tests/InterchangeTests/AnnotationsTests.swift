import Corpus
import Testing

@testable import Interchange

@Suite("Annotations")
struct AnnotationsTests {
  private func marks(_ text: String) throws -> [String] {
    let speech = try speech(of: "在大会上的讲话\n同志们：\n" + text + "\n" + filler("另外"))
    let index = TextIndex(speech.text)
    return speech.annotations.map { "\($0.kind) \(index.text($0.span))" }
  }

  @Test("marks stage directions, note marks and bullets and leaves them in the text")
  func kept() throws {
    #expect(try marks("我们成功了！（长时间热烈鼓掌）") == ["stage_direction （长时间热烈鼓掌）"])
    #expect(try marks("这个问题〔3〕已经解决。") == ["note_mark 〔3〕"])
    #expect(try marks("——粮食增产。全年总产再创新高。") == ["bullet ——粮食增产。全年总产再创新高。"])
  }

  @Test("marks what was made anonymous, and no multiplication")
  func masks() throws {
    #expect(try marks("×书记在XXX会上说，某县要带头。") == ["mask ×", "mask XXX", "mask 某"])
    #expect(try marks("建设3×20万千瓦机组，发展Xbox和某些产业，推进“数据×”行动。") == [])
  }

  @Test("says of a mask what it hides, and counts its characters apart")
  func hidden() throws {
    let speech = try speech(of: "在大会上的讲话\n同志们：\n××书记走访×市20xx年的项目，某某同志在场。\n" + filler("另外"))
    let masks = speech.annotations.filter { $0.kind == "mask" }
    #expect(masks.map(\.value) == ["person", "place", "date", "person"])
    #expect(speech.maskedCharacters == 7)
  }

  @Test("marks inline points with their numbers")
  func points() throws {
    let speech = try speech(of: "在大会上的讲话\n同志们：\n要做到：一是快；二是准；三是实。\n" + filler("另外"))
    let index = TextIndex(speech.text)
    #expect(speech.annotations.map { index.text($0.span) } == ["一是快", "二是准", "三是实"])
    #expect(speech.annotations.map(\.value) == ["1", "2", "3"])
  }
}
