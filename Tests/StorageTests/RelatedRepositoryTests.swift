import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Related speeches")
struct RelatedRepositoryTests {
  private static let lexicon: Lexicon = {
    let words = ["冬小麦", "浇灌", "施肥", "图书馆", "阅读", "借书", "文化", "时候", "田间", "管理"]
    return Lexicon(Array(words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\($0) 9\n" }.joined().utf8))
  }()

  private static func speech(_ text: String, title: String? = nil, _ change: (inout Speech) -> Void = { _ in })
    -> Speech
  {
    var speech = Speech()
    speech.title = title
    speech.text = text
    speech.sections = [Section(kind: .body, span: Span(0, text.unicodeScalars.count))]
    change(&speech)
    return speech
  }

  private static func related(
    _ test: TestStore, to address: String, lexicon: Lexicon? = Self.lexicon, limit: Int = 10
  ) throws -> RelatedSpeeches? {
    let id = TestStore.reading(address).id
    guard case .found(let found) = try RelatedRepository(test.store, lexicon: lexicon).related(to: id, limit: limit)
    else { return nil }
    return found
  }

  private static func corpus() throws -> TestStore {
    let test = try TestStore()
    for (address, text) in [
      ("小麦一", "冬小麦要浇灌，冬小麦要施肥。"), ("图书馆一", "图书馆里多借书，图书馆里多阅读。"), ("小麦二", "田间管理的时候，冬小麦先浇灌，再施肥。"),
      ("图书馆二", "图书馆的文化，在阅读的时候。"), ("别的", "今天没有什么要讲。"),
    ] {
      try test.keep(TestStore.reading(address, Self.speech(text)))
    }
    return test
  }

  @Test("are those that speak of the same, not the speech itself, with the words that say so")
  func alike() throws {
    let test = try Self.corpus()
    let found = try #require(try Self.related(test, to: "小麦一"))
    #expect(found.items.map(\.card.id) == [TestStore.reading("小麦二").id.text])
    let terms = found.items.first?.terms ?? []
    #expect(Set(terms.map(\.text)) == ["冬小麦", "浇灌", "施肥"])
    #expect(terms.allSatisfy { $0.matches == 1 })
    let other = try #require(try Self.related(test, to: "图书馆二"))
    #expect(other.items.first?.card.id == TestStore.reading("图书馆一").id.text)
    #expect(try Self.related(test, to: "别的")?.items.isEmpty == true)
  }

  @Test("are found without a list of words, by the characters beside each other")
  func bare() throws {
    let test = try Self.corpus()
    let found = try #require(try Self.related(test, to: "小麦一", lexicon: nil))
    #expect(found.items.first?.card.id == TestStore.reading("小麦二").id.text)
  }

  @Test("have a copy first, with the full score, in traditional characters too")
  func copies() throws {
    let test = try Self.corpus()
    try test.keep(TestStore.reading("转载", Self.speech("冬小麥要澆灌，冬小麥要施肥。")))
    let found = try #require(try Self.related(test, to: "小麦一"))
    #expect(found.items.map(\.card.id) == ["转载", "小麦二"].map { TestStore.reading($0).id.text })
    #expect(found.items[0].score > 0.99 && found.items[0].score <= 1 && found.items[1].score < found.items[0].score)
    // The words are written as in the speech that was asked about.
    #expect(try Self.related(test, to: "转载")?.items.first?.terms.map(\.text).contains("冬小麥") == true)
    #expect(try Self.related(test, to: "小麦一", limit: 1)?.items.count == 1)
  }

  @Test("are nearer where the occasion is the same")
  func fields() throws {
    let test = try TestStore()
    let text = "冬小麦要浇灌，冬小麦要施肥。"
    func occasion(_ name: String?) -> (inout Speech) -> Void { { $0.occasion = name } }
    try test.keep(TestStore.reading("甲", Self.speech(text, occasion("春耕会议"))))
    try test.keep(TestStore.reading("乙", Self.speech("冬小麦，浇灌，文化。", occasion(nil))))
    try test.keep(TestStore.reading("丙", Self.speech("冬小麦，浇灌，管理。", occasion("春耕会议"))))
    try test.keep(TestStore.reading("丁", Self.speech("别的话。", occasion("春耕会议"))))
    let found = try #require(try Self.related(test, to: "甲"))
    #expect(found.items.map(\.card.id) == ["丙", "乙"].map { TestStore.reading($0).id.text })
    #expect(found.items.map(\.same) == [[.occasion], []])
  }

  @Test("are those of the same title too, whatever they speak of")
  func titles() throws {
    let test = try Self.corpus()
    try test.keep(TestStore.reading("上", Self.speech("冬小麦要浇灌。", title: "农谚（一）")))
    try test.keep(TestStore.reading("下", Self.speech("别的话。", title: "农谚（一）")))
    let found = try #require(try Self.related(test, to: "下"))
    #expect(found.items.map(\.card.id) == [TestStore.reading("上").id.text])
    #expect(found.items.first?.same == [.title])
  }

  @Test("follow what is revised and taken out")
  func changes() throws {
    let test = try Self.corpus()
    let before = try #require(try Self.related(test, to: "小麦一"))
    try test.keep(TestStore.reading("图书馆一", Self.speech("图书馆旁边，冬小麦要浇灌，冬小麦要施肥。")))
    #expect(try Self.related(test, to: "小麦一")?.items.first?.card.id == TestStore.reading("图书馆一").id.text)
    #expect(try ImportRepository(test.store).delete(TestStore.reading("图书馆一").id, at: test.time))
    let after = try #require(try Self.related(test, to: "小麦一"))
    #expect(after.items.map(\.card.id) == before.items.map(\.card.id) && after.state != before.state)
    #expect(try Self.related(test, to: "图书馆一") == nil)
  }
}
