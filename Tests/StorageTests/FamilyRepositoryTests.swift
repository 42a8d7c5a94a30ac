import Corpus
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("Families in the database")
struct FamilyRepositoryTests {
  /// Twelve paragraphs that have nothing in common.
  private static let paragraphs = (0..<12).map { number in
    let letters = (0..<50).compactMap { Unicode.Scalar(UInt32(0x4E00 + (number * 997 + $0 * $0 * 31 + $0 * 7) % 9000)) }
    return "第\(number)件事，\(String(String.UnicodeScalarView(letters)))。"
  }

  private static func speech(_ text: String, title: String? = nil) -> Speech {
    var speech = Speech()
    speech.title = title
    speech.text = text
    speech.sections = [Section(kind: .body, span: Span(0, text.unicodeScalars.count))]
    return speech
  }

  private static func id(_ address: String) -> SpeechID { TestStore.reading(address).id }

  /// The addresses of the family of a speech with the kind of each.
  private static func family(_ test: TestStore, _ address: String) throws -> [String: String] {
    guard case .found(let page) = try FamilyRepository(test.store).family(of: id(address), limit: 100) else {
      return [:]
    }
    let names = Dictionary(uniqueKeysWithValues: ["甲", "乙", "丙", "丁", "戊", "己"].map { (id($0).text, $0) })
    #expect(page.total == page.items.count && page.next == nil)
    return Dictionary(
      uniqueKeysWithValues: page.items.map {
        (names[$0.card.id] ?? "", $0.evidence?.kind.rawValue ?? "head")
      })
  }

  private static func corpus() throws -> TestStore {
    let test = try TestStore()
    let whole = paragraphs.joined(separator: "\n")
    var near = Array(whole.unicodeScalars)
    for place in stride(from: 20, to: near.count, by: 25) { near[place] = "某" }
    for (address, text, title) in [
      ("甲", whole, "在修路会上的讲话"), ("乙", whole, "在修路会上的讲话"), ("丙", whole, "修路要紧"),
      ("丁", String(String.UnicodeScalarView(near)), "在修路会上的讲话"),
      ("戊", paragraphs[4...6].joined(separator: "\n"), "摘录"), ("己", "这是另外一个会，讲的是收麦子的事情，跟修路没有关系，大家都辛苦了。", "收麦子"),
    ] {
      try test.keep(TestStore.reading(address, speech(text, title: title)))
    }
    return test
  }

  @Test("are told with the kind of each copy and what shows it")
  func kinds() throws {
    let test = try Self.corpus()
    let expected = ["甲": "head", "乙": "repost", "丙": "retitled", "丁": "near_copy", "戊": "excerpt"]
    for address in expected.keys { #expect(try Self.family(test, address) == expected) }
    #expect(try Self.family(test, "己") == ["己": "head"])
    guard case .found(let page) = try FamilyRepository(test.store).family(of: Self.id("戊"), limit: 100) else { return }
    let excerpt = try #require(page.items.last?.evidence)
    #expect(excerpt.share == 1 && excerpt.coverage < 0.5)
    #expect(excerpt.passage?.own == Span(0, Self.paragraphs[4...6].joined(separator: "\n").unicodeScalars.count - 1))
    let families = try FamilyRepository(test.store).families(limit: 10)
    #expect(families.items.map(\.size) == [5] && families.total == 1)
  }

  @Test("come page by page, each member once")
  func pages() throws {
    let test = try Self.corpus()
    var (seen, last): ([String], Int64?) = ([], nil)
    repeat {
      guard case .found(let page) = try FamilyRepository(test.store).family(of: Self.id("乙"), after: last, limit: 2)
      else { return #expect(Bool(false)) }
      #expect(page.total == 5)
      seen += page.items.map(\.card.id)
      last = page.next
    } while last != nil
    #expect(seen == ["甲", "乙", "丙", "丁", "戊"].map { Self.id($0).text })
  }

  @Test("count once where they are collapsed: in lists, counts and searches, whichever member passes")
  func collapsed() throws {
    let test = try Self.corpus()
    var filter = SpeechFilter()
    filter.copies = .collapsed
    let cards = CardRepository(test.store)
    func list(_ filter: SpeechFilter) throws -> (ids: [String], facets: [Int], total: Int) {
      let (page, facets) = try cards.list(filter, sort: .added, limit: 10, facets: [.language])
      return (page.items.map(\.id), facets[0].map(\.count), page.total)
    }
    #expect(try list(SpeechFilter()).total == 6)
    #expect(try list(filter) == (["甲", "己"].map { Self.id($0).text }, [2], 2))
    filter.containing[.title] = ["摘录", "修路要紧"]
    #expect(try list(filter).ids == [Self.id("丙").text])

    let searches = SearchRepository(test.store)
    func found(_ text: String, _ filter: SpeechFilter) throws -> (nodes: Int, speeches: [String]) {
      let query = try QueryParser.parse(text)
      let nodes = try searches.search(SearchRequest(query, filter: filter, limit: 10, mode: .exact))
      let list = try searches.speeches(
        SearchRequest(query, filter: filter, sort: .field(.added), limit: 10, mode: .exact))
      #expect(nodes.totalSpeeches == list.page.total)
      return (nodes.page.total, list.page.items.map(\.id))
    }
    filter.containing = [:]
    #expect(try found("第4件事", SpeechFilter()).nodes == 5)
    #expect(try found("第4件事", filter) == (1, [Self.id("甲").text]))
    #expect(try found("摘录", filter).speeches == [Self.id("戊").text])
    #expect(try found("事", filter).speeches == ["甲", "己"].map { Self.id($0).text })
  }

  @Test("follow revisions and deletions, and are the same whatever the order of import")
  func changes() throws {
    let test = try Self.corpus()
    try test.keep(TestStore.reading("丁", Self.speech("完全不同的话，说的是别的事情，跟从前那一篇没有一句相同的地方，就到这里。")))
    #expect(try Self.family(test, "丁") == ["丁": "head"])
    #expect(try ImportRepository(test.store).delete(Self.id("甲"), at: "2026-01-01T00:00:00Z"))
    #expect(try Self.family(test, "戊") == ["乙": "head", "丙": "retitled", "戊": "excerpt"])
    for address in ["乙", "丙"] {
      #expect(try ImportRepository(test.store).delete(Self.id(address), at: "2026-01-01T00:00:00Z"))
    }
    #expect(try Self.family(test, "戊") == ["戊": "head"])
    #expect(try FamilyRepository(test.store).families(limit: 1).total == 0)
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("are the same where a large import keeps the samples in mind, whoever writes besides", arguments: [0, 1 << 30])
  func large(mostBytes: Int) throws {
    let (test, plain) = (try TestStore(), try TestStore())
    let whole = LargeImport(mostBytes: mostBytes)
    var random = SeededGenerator(seed: 11)
    /// A text of some paragraphs, of which some characters are others.
    func text() -> String {
      var text = Array(
        Self.paragraphs.shuffled(using: &random).prefix(.random(in: 1...8, using: &random)).joined().unicodeScalars)
      for _ in 0..<Int.random(in: 0...30, using: &random) { text[.random(in: text.indices, using: &random)] = "某" }
      return String(String.UnicodeScalarView(text))
    }
    func everything(_ test: TestStore) throws -> [[DatabaseValue]] {
      try test.store.read { db in
        try [
          "SELECT copy, original, share, coverage FROM copy ORDER BY 1, 2", "SELECT * FROM fingerprint ORDER BY 1",
          "SELECT speech, family FROM card ORDER BY 1",
        ].flatMap { try Row.fetchAll(db, sql: $0).map { Array($0.databaseValues) } }
      }
    }
    for part in 0..<12 {
      // Some are new, some revise what was there, some come back.
      let readings = (0..<8).map { _ in
        TestStore.reading("\(Int.random(in: 0..<40, using: &random))", Self.speech(text()))
      }
      for store in [test, plain] {
        let (imports, isLarge) = (ImportRepository(store.store), store === test && part % 4 != 3)
        _ = try imports.keep(readings, at: test.time, partOf: isLarge ? whole : nil)
        _ = try imports.delete(readings[part % 8].id, at: test.time)
      }
      if part == 5 {
        #expect(throws: CancellationError.self) {
          try test.store.record(partOf: whole) { db, changes in
            changes.put(try db.searchText(of: 1, revision: 1), speech: 1, revision: 1)
            throw CancellationError()
          }
        }
      }
      #expect(try everything(test) == everything(plain))
    }
    #expect((whole.samples == nil) == (mostBytes == 0))
    #expect(try test.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM copy") ?? 0 } > 10)
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("are looked for among the same texts, whether set phrases are counted along their lists or in each sample")
  func counted() {
    var random = SeededGenerator(seed: 12)
    var (samples, search) = (CopySamples(), CopySearch())
    for key in 0..<80 as Range<Int64> {
      let text = Self.paragraphs.shuffled(using: &random).prefix(.random(in: 1...8, using: &random)).joined()
      let folded = Folding.fold(text)
      let (print, weight) = CopyText.sample(of: folded)
      samples.put(key, print)
      if key % 2 == 0 { search.add(key, folded, print, weight: weight) }
    }
    func candidates(_ look: Int) -> [[[Int64]]] {
      search.candidates(among: samples, look: look).map { $0.map { [$0.key, Int64($0.shared)] } }
    }
    let counted = candidates(1 << 30)
    #expect(counted == candidates(0) && counted == candidates(32))
    #expect(counted.contains { $0.count > 8 })
  }

  @Test("are found of a text that has more copies than a set phrase, each with changes of its own")
  func many() throws {
    let test = try TestStore()
    let whole = Array(Self.paragraphs.joined(separator: "\n").unicodeScalars)
    for number in 0..<24 {
      var near = whole
      for place in stride(from: number + 1, to: near.count, by: 40) { near[place] = "某" }
      try test.keep(TestStore.reading("第\(number)个", Self.speech(String(String.UnicodeScalarView(near)))))
    }
    let families = try FamilyRepository(test.store).families(limit: 10)
    #expect(families.items.map(\.size) == [24])
  }

  @Test("are made again with the index, and check sees where they are not what they should be")
  func again() throws {
    let test = try Self.corpus()
    #expect(try IntegrityRepository(test.store).check() == [])
    let before = try Self.family(test, "甲")
    try test.store.write {
      try $0.execute(
        sql:
          "UPDATE card SET family = NULL; UPDATE copy SET coverage = 0.8; UPDATE fingerprint SET hashes = x'00000000'")
    }
    #expect(try IntegrityRepository(test.store).check().map(\.subject) == ["families", "families", "families"])
    try test.store.write { try $0.execute(sql: "UPDATE search_state SET version = 'older'") }
    try test.store.rebuildSearch()
    #expect(try Self.family(test, "甲") == before)
    #expect(try IntegrityRepository(test.store).check() == [])
  }
}
