import Corpus
import TestSupport
import Testing

@Suite("What must be true of a speech")
struct SpeechInvariantsTests {
  @Test("a sound speech has no fault, and its nodes joined are its text")
  func sound() {
    let speech = Speech.make()
    #expect(speech.violations == [])
    let index = TextIndex(speech.text)
    #expect(speech.sections.map { index.text($0.span) }.joined(separator: "\n") == speech.text)
  }

  @Test("a gap between nodes, a heading elsewhere and a node outside the text are faults")
  func faults() {
    var gap = Speech.make()
    gap.sections.remove(at: 1)
    #expect(!gap.violations.isEmpty)
    var heading = Speech.make()
    heading.sections[2].heading = "别的"
    #expect(!heading.violations.isEmpty)
    var outside = Speech.make()
    outside.sections[outside.sections.count - 1].span.end += 1
    #expect(!outside.violations.isEmpty)
    var overlap = Speech.make()
    overlap.sections[2].bodySpans.append(overlap.sections[2].span)
    #expect(!overlap.violations.isEmpty)
  }

  @Test("the outline gives every node its path, and the tree comes back from it")
  func outline() {
    var speech = Speech.make()
    let parent = speech.sections[2]
    let child = Section(kind: .section, span: parent.bodySpans[0])
    speech.sections[2].children = [child]
    speech.sections[2].bodySpans = []
    let nodes = speech.sections.outline(of: TextIndex(speech.text))
    #expect(nodes.map(\.path) == ["salutation", "opening", "1", "1.1", "2", "closing"])
    #expect(nodes.map(\.parent) == [nil, nil, nil, "1", nil, nil])
    #expect(nodes.tree == speech.sections)
  }
}
