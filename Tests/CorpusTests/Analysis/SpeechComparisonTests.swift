import TestSupport
import Testing

@testable import Corpus

@Suite("Two revisions, section by section")
struct SpeechComparisonTests {
  private static func told(_ before: Speech, _ after: Speech) -> [String] {
    let comparison = SpeechComparison(before: ComparedSpeech(before), after: ComparedSpeech(after))
    var diff = TextDiff()
    let all = comparison.edits(&diff)
    for (match, edits) in zip(comparison.matches, all) where ![.same, .moved].contains(match.status) {
      // The steps are the own text of both sides, at its place in the whole text.
      let (one, other) = (comparison.before, comparison.after)
      let before = edits.flatMap { one.text[$0.before.start..<$0.before.end] }
      let after = edits.flatMap { other.text[$0.after.start..<$0.after.end] }
      #expect(before == match.before.map(one.scalars) ?? [])
      #expect(after == match.after.map(other.scalars) ?? [])
      for edit in edits where edit.operation == .equal {
        #expect(one.text[edit.before.start..<edit.before.end] == other.text[edit.after.start..<edit.after.end])
      }
    }
    return comparison.matches.map { match in
      let paths = [
        match.before.map { comparison.before.nodes[$0].path }, match.after.map { comparison.after.nodes[$0].path },
      ]
      return "\(match.status) " + paths.map { $0 ?? "–" }.joined(separator: " ")
    }
  }

  @Test("the same speech has nothing but nodes that are the same")
  func same() {
    let told = Self.told(.make(), .make())
    #expect(told.count == 5 && told.allSatisfy { $0.hasPrefix("same ") })
  }

  @Test("a changed sentence changes its node only")
  func changed() {
    #expect(
      Self.told(.make(), .make(opening: "今天的会议，主要任务是安排秋收。"))
        == ["same salutation salutation", "changed opening opening", "same 1 1", "same 2 2", "same closing closing"])
  }

  @Test("a section in front of the others moves none of them, though they are counted anew")
  func added() {
    let told = Self.told(.make(headings: ["早谋划", "抓落实"]), .make(headings: ["强领导", "早谋划", "抓落实"]))
    #expect(told[2...4] == ["added – 1", "changed 1 2", "changed 2 3"])
    let back = Self.told(.make(headings: ["强领导", "早谋划", "抓落实"]), .make(headings: ["早谋划", "抓落实"]))
    #expect(back[2...4] == ["removed 1 –", "changed 2 1", "changed 3 2"])
  }

  @Test("what stands in another order has moved, and a section follows the one it is in")
  func moved() {
    func speech(_ order: [String]) -> Speech {
      var speech = Speech()
      var lines: [String] = []
      for part in order {
        let start = lines.joined(separator: "\n").unicodeScalars.count + (lines.isEmpty ? 0 : 1)
        let (head, child) = ("第\(part)部分", "\(part)的内容写在这里。")
        lines += [head, child]
        let end = start + head.unicodeScalars.count
        let inner = Section(kind: .section, span: Span(end + 1, end + 1 + child.unicodeScalars.count))
        speech.sections.append(
          Section(
            kind: .section, span: Span(start, inner.span.end), heading: head, headingSpan: Span(start, end),
            bodySpans: [],
            children: [inner]))
      }
      speech.text = lines.joined(separator: "\n")
      return speech
    }
    #expect(
      Self.told(speech(["甲", "乙", "丙"]), speech(["丙", "甲", "乙"]))
        == ["moved 3 1", "same 3.1 1.1", "same 1 2", "same 1.1 2.1", "same 2 3", "same 2.1 3.1"])
  }

  @Test("before the first revision there is nothing")
  func first() {
    #expect(Self.told(Speech(), .make()).allSatisfy { $0.hasPrefix("added –") })
  }

  @Test("whatever the speeches, every node of both is told of once", arguments: 0..<60)
  func random(seed: Int) {
    var random = SeededGenerator(seed: seed)
    func speech() -> Speech {
      let headings = ["早谋划", "抓落实", "强领导", "重实效"].shuffled(using: &random)
      return .make(
        headings: Array(headings.prefix(Int.random(in: 0...4, using: &random))),
        opening: ["今天开会。", "今天的会很短。", "新年好！"].randomElement(using: &random) ?? "",
        closing: Bool.random(using: &random) ? "谢谢大家！" : nil)
    }
    let (one, other) = (speech(), speech())
    let comparison = SpeechComparison(before: ComparedSpeech(one), after: ComparedSpeech(other))
    #expect(comparison.matches.compactMap(\.before).sorted() == Array(comparison.before.nodes.indices))
    #expect(comparison.matches.compactMap(\.after) == Array(comparison.after.nodes.indices))
    _ = Self.told(one, other)
  }
}
