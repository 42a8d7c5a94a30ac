import TestSupport
import Testing

@testable import Corpus

@Suite("What leads from one text to another")
struct TextDiffTests {
  private static func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  /// The steps, and whether they are what they say: applied to the text before they give the text after.
  private static func edits(_ before: String, _ after: String, budget: Int = 10_000_000) -> [TextEdit] {
    var diff = TextDiff(budget: budget)
    let (one, other) = (scalars(before), scalars(after))
    let edits = diff.edits(from: one, to: other)
    var (result, place, placeThere) = ([Unicode.Scalar](), 0, 0)
    for edit in edits {
      #expect(edit.before.start == place && edit.after.start == placeThere)
      #expect((edit.operation == .insert) == edit.before.isEmpty && (edit.operation == .delete) == edit.after.isEmpty)
      if edit.operation == .equal { #expect(edit.before.count == edit.after.count) }
      // An equal part is taken from the text before, so that one that is not equal shows.
      if edit.operation == .equal { result += one[edit.before.start..<edit.before.end] }
      if edit.operation == .insert { result += other[edit.after.start..<edit.after.end] }
      (place, placeThere) = (edit.before.end, edit.after.end)
    }
    #expect(result == other && place == one.count && placeThere == other.count)
    return edits
  }

  private static func words(_ before: String, _ after: String) -> [String] {
    let (one, other) = (scalars(before), scalars(after))
    return edits(before, after).map { edit in
      let text =
        edit.operation == .insert ? other[edit.after.start..<edit.after.end] : one[edit.before.start..<edit.before.end]
      return (["equal": "", "insert": "+", "delete": "-"][edit.operation.rawValue] ?? "")
        + String(String.UnicodeScalarView(text))
    }
  }

  @Test("a sentence is told from its neighbours, and characters and words inside it")
  func told() {
    #expect(
      Self.words("今天开会。讲两点意见。谢谢！", "今天开会。我讲三点意见。谢谢！")
        == ["今天开会。", "+我", "讲", "-两", "+三", "点意见。谢谢！"])
    #expect(Self.words("We must act now.", "We shall act now.") == ["We ", "-must", "+shall", " act now."])
    #expect(Self.words("甲。乙。", "甲。乙。") == ["甲。乙。"])
    #expect(Self.words("", "甲") == ["+甲"])
    #expect(Self.words("甲", "") == ["-甲"])
    #expect(Self.words("", "").isEmpty)
    // Characters that happen to be the same are no skeleton of a sentence that was written anew.
    #expect(Self.words("大家的春耕早谋划。", "各位朋友的秋收已经结束。").count <= 4)
  }

  @Test("a paragraph that moved is taken out and put in, and what stands between stays")
  func moved() {
    #expect(Self.words("一段。\n二段。\n三段。\n", "二段。\n三段。\n一段。\n") == ["-一段。\n", "二段。\n三段。\n", "+一段。\n"])
  }

  @Test("whatever is done to a text, the steps lead from the one to the other", arguments: 0..<150)
  func random(seed: Int) {
    var corpus = RandomCorpus(seed: seed)
    var lines = (0..<Int.random(in: 0...30, using: &corpus.random)).map { _ in corpus.line(upTo: 30) }
    let before = lines.joined(separator: "\n")
    for _ in 0..<Int.random(in: 0...8, using: &corpus.random) {
      let place = Int.random(in: 0...lines.count, using: &corpus.random)
      switch Int.random(in: 0...3, using: &corpus.random) {
      case 0: lines.insert(corpus.line(upTo: 30), at: place)
      case 1 where place < lines.count: lines.insert(lines.remove(at: place), at: 0)
      case 2 where place < lines.count: lines.remove(at: place)
      default:
        guard place < lines.count else { continue }
        var line = Self.scalars(lines[place])
        line.replaceSubrange(0..<(line.count / 2), with: Self.scalars(corpus.line()))
        lines[place] = String(String.UnicodeScalarView(line))
      }
    }
    _ = Self.edits(before, lines.joined(separator: "\n"))
    _ = Self.edits(before, lines.joined(separator: "\n"), budget: 100)
  }

  @Test("texts that are made to take long are given as a whole in the place of another")
  func hostile() {
    let count = 20_000
    var generator = SeededGenerator(seed: 1)
    let noise = (0..<2).map { _ in
      String((0..<count).map { _ in ["甲", "乙"].randomElement(using: &generator) ?? "甲" }.joined())
    }
    let periodic = [String(repeating: "甲乙", count: count), String(repeating: "乙甲甲", count: count)]
    let lines = [String(repeating: "甲\n乙\n", count: count), String(repeating: "乙\n甲\n甲\n", count: count)]
    for texts in [noise, periodic, lines] {
      var diff = TextDiff(budget: 1_000_000)
      let edits = diff.edits(from: Self.scalars(texts[0]), to: Self.scalars(texts[1]))
      #expect(diff.isCoarse && edits.count <= 4)
    }
  }
}
