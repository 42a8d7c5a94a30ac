import TestSupport
import Testing

@testable import Corpus

@Suite("Texts that may be copies")
struct CopyTextTests {
  private static func text(_ string: String) -> CopyText { CopyText(Array(string.utf8)[...]) }
  private static let speech = "今年我们修好了三条路，架起了两座桥，村里的孩子上学不用再蹚水过河。明年要把自来水接到每一户人家。"

  @Test("are the same whatever their marks, spaces, width, case and script")
  func same() {
    #expect(Self.text("我们的 5G 网络，通了！").isSame(as: Self.text("我們的５ｇ網絡\n通了")))
    #expect(!Self.text("我们的网络").isSame(as: Self.text("我们的网路")))
  }

  @Test("share what stands in windows that both have")
  func shares() {
    let (whole, half) = (Self.text(Self.speech), Self.text(String(Self.speech.prefix(24))))
    let result = CopyComparison(half).result(with: whole)
    #expect(result.own == 1 && !result.isSame && result.weight == whole.weight)
    #expect(result.other > 0.4 && result.other < 0.6)
    let back = CopyComparison(whole).result(with: half)
    #expect(back.own == result.other && back.other == result.own && back.weight == half.weight)
    let none = CopyComparison(whole).result(with: Self.text("同志们，今天的会到这里就结束了，谢谢大家。"))
    #expect(none.own == 0 && none.other == 0)
    let short = CopyComparison(Self.text("好")).result(with: whole)
    #expect(short.own == 0 && short.other == 0)
  }

  @Test("lose of their share what is near a character that was changed")
  func noise() {
    var changed = Array(Self.speech.unicodeScalars)
    changed[20] = "甲"
    let held = CopyComparison(Self.text(String(String.UnicodeScalarView(changed))))
    let share = held.result(with: Self.text(Self.speech)).own
    #expect(share > 0.9 && share < 1)
  }

  @Test("are held against each other alike, whether they are given as letters, folded or as bytes")
  func bytes() {
    var generator = SeededGenerator(seed: 7)
    let letters = Array("修路架桥通水，Roads 2 and water。🌾 ")
    for _ in 0..<300 {
      var text: [Character] = (0..<Int.random(in: 0..<120, using: &generator)).map { _ in
        letters.randomElement(using: &generator) ?? " "
      }
      let one = CopyComparison(Self.text(String(text)))
      if !text.isEmpty, Bool.random(using: &generator) { text.removeSubrange(..<(text.count / 2)) }
      for _ in 0..<Int.random(in: 0..<40, using: &generator) {
        text.append(letters.randomElement(using: &generator) ?? " ")
      }
      let other = String(text)
      let result = one.result(with: Array(other.utf8)[...])
      #expect(result == one.result(with: Self.text(other)) && result == one.result(with: Folding.fold(other)))
      #expect(result.isSame == one.text.isSame(as: Self.text(other)) && result.weight == Self.text(other).weight)
      let back = CopyComparison(Self.text(other)).result(with: one.text)
      #expect(back.own == result.other && back.other == result.own)
    }
  }

  @Test("have a longest passage in common, with its place in both in code points")
  func passage() throws {
    let own = "🌾开头不一样。架起了两座桥，村里的孩子上学不用再蹚水过河。后面也不一样了。"
    let passage = try #require(CopyComparison(Self.text(Self.speech)).longestPassage(in: Self.text(own)))
    func cut(_ text: String, _ span: Span) -> String { TextIndex(text).text(span) }
    #expect(cut(own, passage.other) == "架起了两座桥，村里的孩子上学不用再蹚水过河")
    #expect(cut(Self.speech, passage.own) == cut(own, passage.other))
    #expect(CopyComparison(Self.text(Self.speech)).longestPassage(in: Self.text("别的话")) == nil)
  }

  @Test("are sampled alike: the sample of a part is in that of the whole, as far as both go")
  func fingerprints() {
    let sentences = (0..<400).map { "第\($0)句话讲的是第\($0 * 7 % 401)件事情，" }
    let (whole, weight) = CopyText.sample(of: Folding.fold(sentences.joined()))
    let part = CopyText.sample(of: Folding.fold(sentences[100..<130].joined())).print
    #expect(weight == Self.text(sentences.joined()).weight)
    #expect(whole.sparsity == 2 && part.sparsity < 2)
    let common = part.hashes.filter { CopyText.Fingerprint.isTaken($0, at: 2) }
    #expect(!common.isEmpty && Set(common).isSubset(of: whole.hashes))
    #expect(part.count(at: 2) == common.count && whole.count(at: 0) == whole.hashes.count)
    #expect(part.shared(with: whole) == common.count && whole.shared(with: part) == common.count)
    #expect(CopyText.Fingerprint.mayBeCopies(shared: common.count, of: common.count, whole.hashes.count))
    #expect(!CopyText.Fingerprint.mayBeCopies(shared: 0, of: 0, 0))
    #expect(CopyText.Fingerprint.mayBeCopies(shared: 20, of: 60, 80))
    #expect(!CopyText.Fingerprint.mayBeCopies(shared: 19, of: 60, 80))
  }
}
