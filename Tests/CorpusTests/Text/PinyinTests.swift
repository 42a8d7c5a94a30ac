import Corpus
import Testing

@Suite("Readings of characters")
struct PinyinTests {
  private static let pinyin = Pinyin(
    """
    chang 长常
    gu 顾
    lan 岚
    le 乐
    lin 林
    lv 吕
    qing 青清
    shan 山
    wang 望王
    xi 溪
    xian 县
    yue 乐
    zhang 张长
    an 安

    """)

  @Test(
    "find a name by whole syllables, by initials, by both, and by a beginning of the last",
    arguments: [
      ("顾青岚", "guqinglan", true), ("顾青岚", "gql", true), ("顾青岚", "guql", true), ("顾青岚", "gqinglan", true),
      ("顾青岚", "g", true), ("顾青岚", "guqi", true), ("顾青岚", "gqing", true), ("顾青岚", "guqingl", true),
      ("顾青岚", "gl", false), ("顾青岚", "qinglan", false), ("顾青岚", "guqinglana", false), ("顾青岚", "guqix", false),
      ("长山", "zhangshan", true), ("长山", "changs", true), ("乐山", "ls", true), ("乐山", "ys", true), ("西安", "xian", false),
      ("县", "xian", true), ("林·王", "linwang", true), ("林 王", "lw", true), ("A林", "alin", true), ("Ａ林", "al", true),
      ("张山", "zhs", true), ("长山", "chsh", true), ("", "a", false), ("，", "a", false), ("吕", "lv", true),
    ])
  func begins(text: String, letters: String, expected: Bool) {
    #expect(Self.pinyin.begins(text, with: Array(letters.utf8)) == expected)
  }

  @Test(
    "are typed in Latin letters only",
    arguments: [
      ("guqinglan", "guqinglan"), ("Gu Qing'lan", "guqinglan"), ("顾", nil), ("gu1", nil), ("", nil), (" '", nil),
      ("lü", nil), (String(repeating: "a", count: 64), nil),
    ] as [(String, String?)])
  func letters(text: String, expected: String?) {
    #expect(Pinyin.letters(of: text) == expected.map { Array($0.utf8) })
  }

  @Test("say which characters can be read alike")
  func homophones() {
    #expect(Self.pinyin.homophones(of: "青") == ["清"])
    #expect(Set(Self.pinyin.homophones(of: "长")) == ["常", "张"])
    #expect(Self.pinyin.homophones(of: "林").isEmpty && Self.pinyin.homophones(of: "中").isEmpty)
  }

  @Test("that are written wrongly are passed over")
  func mistakes() {
    let pinyin = Pinyin("gu\n\nqing 青 清\n林\nlin 林")
    #expect(pinyin.begins("林", with: Array("lin".utf8)))
    #expect(!pinyin.begins("青", with: Array("qing".utf8)))
  }
}
