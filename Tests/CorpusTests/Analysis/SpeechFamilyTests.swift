import Testing

@testable import Corpus

@Suite("Families of speeches")
struct SpeechFamilyTests {
  private static func copy(_ copy: Int64, _ original: Int64, _ share: Double, _ coverage: Double) -> CopyPair {
    CopyPair(copy: copy, original: original, share: share, coverage: coverage)
  }

  @Test("hold together what stands in each other; the one imported first is the head")
  func mutual() {
    let heads = SpeechFamilies.heads([Self.copy(5, 3, 0.9, 0.8), Self.copy(7, 5, 0.95, 0.9)])
    #expect(heads == [3: 3, 5: 3, 7: 3])
  }

  @Test("take in excerpts, of excerpts too, and those of one volume")
  func excerpts() {
    // 1 and 2 are parts of the volume 9, 4 is a part of 1.
    let heads = SpeechFamilies.heads([
      Self.copy(1, 9, 1, 0.3), Self.copy(2, 9, 1, 0.4), Self.copy(4, 1, 0.9, 0.2), Self.copy(4, 9, 0.9, 0.1),
    ])
    #expect(heads == [1: 9, 2: 9, 4: heads[4] ?? 0, 9: 9])
    #expect(heads[4] == 9)
  }

  @Test("of two volumes with one speech in both stay apart; it joins the one that has more of it")
  func volumes() {
    let heads = SpeechFamilies.heads([Self.copy(1, 8, 0.8, 0.3), Self.copy(1, 9, 0.95, 0.3), Self.copy(2, 8, 1, 0.3)])
    #expect(heads == [1: 9, 9: 9, 2: 8, 8: 8])
  }

  @Test("end even where groups come to be parts of each other")
  func cycle() {
    let heads = SpeechFamilies.heads([Self.copy(1, 2, 0.8, 0.5), Self.copy(2, 1, 0.8, 0.5), Self.copy(3, 2, 1, 0.1)])
    #expect(heads == [1: 1, 2: 1, 3: 1])
  }

  @Test("name the kind of a copy")
  func kinds() {
    func text(_ string: String) -> CopyText { CopyText(Array(string.utf8)[...]) }
    let (one, other) = (text("把路修好，把桥架好。"), text("把路修好，把桥架好！"))
    #expect(CopyKind(one, of: other, title: ("讲话", "讲话"), share: 1) == .repost)
    #expect(CopyKind(one, of: other, title: (nil, "讲话"), share: 1) == .repost)
    #expect(CopyKind(one, of: other, title: ("发言", "讲话"), share: 1) == .retitled)
    #expect(CopyKind(one, of: text("别的"), title: (nil, nil), share: 0.8) == .nearCopy)
    #expect(CopyKind(one, of: text("别的"), title: (nil, nil), share: 0.3) == .excerpt)
  }
}
