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
    let shares = half.shares(with: whole)
    #expect(shares.own == 1)
    #expect(shares.other > 0.4 && shares.other < 0.6)
    let back = whole.shares(with: half)
    #expect(back.own == shares.other && back.other == shares.own)
    #expect(whole.shares(with: Self.text("同志们，今天的会到这里就结束了，谢谢大家。")) == (0, 0))
    #expect(Self.text("好").shares(with: whole) == (0, 0))
  }

  @Test("lose of their share what is near a character that was changed")
  func noise() {
    var changed = Array(Self.speech.unicodeScalars)
    changed[20] = "甲"
    let share = Self.text(String(String.UnicodeScalarView(changed))).shares(with: Self.text(Self.speech)).own
    #expect(share > 0.9 && share < 1)
  }

  @Test("have a longest passage in common, with its place in both in code points")
  func passage() throws {
    let own = "🌾开头不一样。架起了两座桥，村里的孩子上学不用再蹚水过河。后面也不一样了。"
    let passage = try #require(Self.text(own).longestPassage(in: Self.text(Self.speech)))
    func cut(_ text: String, _ span: Span) -> String { TextIndex(text).text(span) }
    #expect(cut(own, passage.own) == "架起了两座桥，村里的孩子上学不用再蹚水过河")
    #expect(cut(Self.speech, passage.other) == cut(own, passage.own))
    #expect(Self.text("别的话").longestPassage(in: Self.text(Self.speech)) == nil)
  }

  @Test("are sampled alike: the sample of a part is in that of the whole, as far as both go")
  func fingerprints() {
    let sentences = (0..<400).map { "第\($0)句话讲的是第\($0 * 7 % 401)件事情，" }
    let whole = Self.text(sentences.joined()).fingerprint
    let part = Self.text(sentences[100..<130].joined()).fingerprint
    #expect(whole.sparsity == 2 && part.sparsity < 2)
    let common = part.hashes.filter { CopyText.Fingerprint.isTaken($0, at: 2) }
    #expect(!common.isEmpty && Set(common).isSubset(of: whole.hashes))
    #expect(part.count(at: 2) == common.count)
    #expect(CopyText.Fingerprint.mayBeCopies(shared: common.count, of: common.count, whole.hashes.count))
    #expect(!CopyText.Fingerprint.mayBeCopies(shared: 0, of: 0, 0))
  }

  @Test("share of their samples as much of either; too little for a copy is nothing")
  func samples() {
    let sentences = (0..<400).map { "第\($0)句话讲的是第\($0 * 7 % 401)件事情，" }
    let whole = Self.text(sentences.joined()).fingerprint
    let part = Self.text(sentences[100..<130].joined()).fingerprint
    let common = part.count(at: whole.sparsity)
    #expect(part.shared(with: whole) == common && whole.shared(with: part) == common)
    #expect(whole.shared(with: whole) == whole.hashes.count)
    let one = Self.text((sentences[..<80] + sentences[100..<120]).joined()).fingerprint
    let other = Self.text((sentences[200..<280] + sentences[100..<120]).joined()).fingerprint
    #expect(one.shared(with: other) == 0 && other.shared(with: one) == 0)
  }
}
