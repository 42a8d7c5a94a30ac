import Corpus
import Foundation
import Locking
import Storage
import TestSupport
import Testing

@Suite("Searching")
struct SearchRepositoryTests {
  // MARK: What is found

  /// Holds what search finds for many queries against a plain scan of all speeches.
  private static func compare(
    _ test: TestStore, _ speeches: [SpeechID: Speech], _ corpus: inout RandomCorpus, queries: Int
  ) throws {
    let searches = SearchRepository(test.store)
    let all = speeches.mapValues(PlainSearch.nodes)
    for _ in 0..<queries {
      let query = corpus.query(from: Array(speeches.sorted { $0.key.text < $1.key.text }.map(\.value)))
      var nodes: [String: Int] = [:]
      var found: Set<String> = []
      for (id, speech) in all {
        for node in speech where PlainSearch.holds(query, in: [node]) {
          nodes["\(id.text)/\(node.path)"] = PlainSearch.matches(query, in: [node])
        }
        if PlainSearch.holds(query, in: speech) { found.insert(id.text) }
      }
      let result: SearchPage
      do { result = try searches.search(SearchRequest(query, limit: 10_000, facets: [.genre], mode: .exact)) } catch {
        Issue.record("\(query): \(error)")
        continue
      }
      let hits = Dictionary(result.page.items.map { ("\($0.card.id)/\($0.node.path)", $0.matches) }) { _, _ in -1 }
      #expect(hits == nodes, "\(query)")
      #expect(result.page.total == nodes.count, "\(query)")
      #expect(result.totalMatches == nodes.values.reduce(0, +), "\(query)")
      #expect(result.totalSpeeches == Set(nodes.keys.map { $0.prefix { $0 != "/" } }).count, "\(query)")
      #expect(result.facets[0].reduce(0) { $0 + $1.count } == nodes.count, "\(query)")
      let list = try searches.speeches(SearchRequest(query, limit: 10_000, mode: .exact)).page
      #expect(
        Set(list.items.map(\.id)) == found && list.total == found.count && list.items.count == found.count, "\(query)")
      var streamed: [String] = []
      try ExportRepository(test.store).speeches(query, sort: .field(.added)).each { streamed.append($0.identity.id) }
      #expect(Set(streamed) == found && streamed.count == found.count, "\(query)")
    }
  }

  @Test("finds exactly what a plain scan finds, whatever the texts and the query", arguments: 1...6)
  func recall(seed: Int) throws {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: seed)
    var speeches: [SpeechID: Speech] = [:]
    func keep(_ address: String) throws {
      let reading = TestStore.reading(address, corpus.speech())
      try test.keep(reading)
      speeches[reading.id] = reading.speech
    }
    for number in 0..<10 { try keep("\(number)") }
    try Self.compare(test, speeches, &corpus, queries: 250)
    // The same when speeches have been revised, taken out and brought back.
    for number in [1, 4, 7] { try keep("\(number)") }
    for number in [2, 4, 9] {
      let id = TestStore.reading("\(number)").id
      #expect(try ImportRepository(test.store).delete(id, at: test.time))
      speeches[id] = nil
    }
    try keep("9")
    try Self.compare(test, speeches, &corpus, queries: 150)
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  private static func one(_ change: (inout Speech) -> Void = { _ in }) throws -> (SearchRepository, TestStore) {
    let test = try TestStore()
    var speech = Speech.make()
    change(&speech)
    try test.keep(TestStore.reading("a", speech))
    return (SearchRepository(test.store), test)
  }

  private static func paths(_ searches: SearchRepository, _ text: String) throws -> [String] {
    try searches.search(SearchRequest(QueryParser.parse(text), sort: .field(.added), limit: 1_000)).page.items
      .map(\.node.path)
  }

  @Test(
    "a node is found by its own text and its heading, the first one by the title too",
    arguments: [
      ("春耕", ["salutation", "opening"]), ("title:春耕", ["salutation"]), ("text:春耕", ["opening"]), ("heading:早谋划", ["1"]),
      ("早谋划", ["1"]), ("text:早谋划", ["1"]), ("heading:例外", []), ("一是", []), ("例外", ["1", "2"]), ("例外 抓落实", ["2"]),
      ("例外 早谋划 抓落实", []), ("例外 -早谋划", ["2"]), ("NOT 例外", ["salutation", "opening", "closing"]), ("𠮷村", ["1", "2"]),
      ("“同志们：”", ["salutation"]), ("“同志们：今天”", []), ("同志们", ["salutation", "closing"]), ("NEAR/2(𠮷村 例外)", ["1", "2"]),
      ("NEAR/1(𠮷村 例外)", []), ("title:NEAR/20(全县 讲话)", ["salutation"]), ("×", []), ("会议上*", ["salutation"]),
    ])
  func nodes(query: String, expected: [String]) throws {
    let (searches, test) = try Self.one()
    #expect(try Self.paths(searches, query) == expected)
    withExtendedLifetime(test) {}
  }

  @Test("notes, appendices, what was removed and what the head says are not searched")
  func elsewhere() throws {
    let (searches, test) = try Self.one { speech in
      speech.notes = [Evidence(text: "鸿雁一")]
      speech.appendices = [Evidence(text: "鸿雁二")]
      speech.removed = [RemovedLine(kind: "caption", line: Evidence(text: "鸿雁三"))]
      speech.subtitle = "鸿雁四"
      speech.location = "鸿雁五"
      speech.metadata = ["k": .string("鸿雁六")]
    }
    #expect(try Self.paths(searches, "鸿雁") == [])
    #expect(try searches.speeches(SearchRequest(QueryParser.parse("鸿雁 OR 临溪县县长"))).page.total == 0)
    withExtendedLifetime(test) {}
  }

  @Test("no phrase and no NEAR goes across lines, nodes, or pieces of a node")
  func borders() throws {
    let (searches, test) = try Self.one { speech in
      speech.title = "甲乙"
      speech.text = "丙\n一、丁戊\n己\n庚\n（一）辛\n壬\n癸"
      let child = Section(
        kind: .section, span: Span(11, 17), label: "（一）", number: 1, heading: "辛", headingSpan: Span(14, 15),
        bodySpans: [Span(16, 17)])
      speech.sections = [
        Section(kind: .opening, span: Span(0, 1)),
        Section(
          kind: .section, span: Span(2, 19), label: "一、", number: 1, heading: "丁戊", headingSpan: Span(4, 6),
          bodySpans: [Span(7, 10), Span(18, 19)], children: [child]),
      ]
    }
    #expect(try IntegrityRepository(test.store).check() == [])
    #expect(try Self.paths(searches, "己 庚 癸 丁戊") == ["1"])
    #expect(try Self.paths(searches, "辛 壬") == ["1.1"])
    for pair in ["乙丙", "丙丁", "戊己", "己庚", "庚辛", "庚癸", "辛壬", "壬癸"] {
      #expect(try Self.paths(searches, pair) == [], "\(pair)")
      #expect(try Self.paths(searches, "NEAR/900(\(pair.prefix(1)) \(pair.suffix(1)))") == [], "\(pair)")
      // The speech has both all the same.
      let both = "\(pair.prefix(1)) \(pair.suffix(1))"
      #expect(try searches.speeches(SearchRequest(QueryParser.parse(both))).page.total == 1)
    }
  }

  @Test(
    "NEAR counts characters, however many tokens the index has for them",
    arguments: [
      ("甲5丁5丁5丁乙", 6), ("甲%丁×丁%丁%乙", 7), ("甲，，，，乙", 4), ("甲a b c d乙", 7), ("甲a丁b丁c丁d丁e丁f丁g丁h丁i乙", 17), ("甲乙", 0),
      ("甲。乙", 1),
      ("甲\u{3000}\u{A0} 乙", 3), ("甲5丁，5丁，5丁，5丁，5乙", 13),
    ])
  func nearness(text: String, distance: Int) throws {
    for (line, first, last) in [(text, "甲", "乙"), (text + "。", "“甲”", "“乙。”"), ("5。“" + text, "\"。“甲\"", "乙")] {
      let (searches, test) = try Self.one { speech in
        speech.text = line
        speech.sections = [Section(kind: .body, span: Span(0, line.unicodeScalars.count))]
      }
      for terms in ["\(first) \(last)", "\(last) \(first)"] {
        #expect(try Self.paths(searches, "NEAR/\(distance)(\(terms))") == ["body"], "\(line)")
        if distance > 0 { #expect(try Self.paths(searches, "NEAR/\(distance - 1)(\(terms))") == [], "\(line)") }
      }
      withExtendedLifetime(test) {}
    }
  }

  @Test("a query of a thousand characters, and one of sixty-four terms, are answered")
  func long() throws {
    let (searches, test) = try Self.one { speech in
      speech.text = String(repeating: "春耕", count: 700) + "止"
      speech.sections = [Section(kind: .body, span: Span(0, 1_401))]
    }
    let result = try searches.search(SearchRequest(QueryParser.parse(String(repeating: "春耕", count: 500))))
    #expect(result.page.total == 1 && result.totalMatches == 201)
    #expect(
      try searches.search(SearchRequest(QueryParser.parse(String(repeating: "春耕", count: 498) + "止 -无"))).page.total
        == 1)
    #expect(try Self.paths(searches, Array(repeating: "春", count: 64).joined(separator: " OR ")) == ["body"])
    #expect(
      try Self.paths(searches, "NEAR/1(" + Array(repeating: "春 耕", count: 32).joined(separator: " ") + ")") == ["body"])
    withExtendedLifetime(test) {}
  }

  // MARK: Pages and orders

  private static func filled() throws -> (TestStore, [SpeechID: Speech]) {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: 77)
    var speeches: [SpeechID: Speech] = [:]
    for number in 0..<40 {
      let reading = TestStore.reading("\(number)", corpus.speech())
      try test.keep(reading)
      speeches[reading.id] = reading.speech
    }
    return (test, speeches)
  }

  static let sorts: [ResultSort] = [.relevance] + SpeechSort.allCases.map(ResultSort.field)

  @Test("a walk by cursor sees every node once, in the order of the whole", arguments: sorts, [1, 3, 7])
  func walk(sort: ResultSort, limit: Int) throws {
    let (test, _) = try Self.filled()
    let searches = SearchRepository(test.store)
    for text in ["春", "NOT 春", "春 OR a", "title:春"] {
      let query = try QueryParser.parse(text)
      let whole = try searches.search(SearchRequest(query, sort: sort, limit: 10_000))
      #expect(whole.page.items.count == whole.page.total && whole.page.next == nil && whole.page.total > limit)
      var seen: [String] = []
      var position: ResultPosition?
      repeat {
        let page = try searches.search(SearchRequest(query, sort: sort, position: position, limit: limit)).page
        #expect(page.total == whole.page.total && page.items.count <= limit)
        seen += page.items.map { "\($0.card.id)/\($0.node.path)" }
        position = page.next
      } while position != nil
      #expect(seen == whole.page.items.map { "\($0.card.id)/\($0.node.path)" })
      #expect(Set(seen).count == seen.count)
      if sort == .relevance {
        let scores = whole.page.items.map(\.score)
        #expect(scores == scores.sorted(by: >))
      }
    }
  }

  @Test("a walk by cursor sees every speech once, in the order of the whole", arguments: sorts, [1, 7])
  func walkSpeeches(sort: ResultSort, limit: Int) throws {
    let (test, _) = try Self.filled()
    let searches = SearchRepository(test.store)
    let query = try QueryParser.parse("春 OR 耕")
    let whole = try searches.speeches(SearchRequest(query, sort: sort, limit: 10_000)).page
    #expect(whole.items.count == whole.total && whole.next == nil && whole.total > limit)
    var seen: [String] = []
    var position: ResultPosition?
    repeat {
      let page = try searches.speeches(SearchRequest(query, sort: sort, position: position, limit: limit)).page
      seen += page.items.map(\.id)
      position = page.next
    } while position != nil
    #expect(seen == whole.items.map(\.id) && Set(seen).count == seen.count)
    if case .field(let field) = sort {
      let listed = try CardRepository(test.store).list(SpeechFilter(), sort: field, limit: 100).page.items.map(\.id)
      #expect(seen == listed.filter(Set(seen).contains))
    }
  }

  @Test("nodes sorted by a field are in the order of the list of speeches, and in reading order within a speech")
  func fieldOrder() throws {
    let (test, speeches) = try Self.filled()
    for sort in SpeechSort.allCases {
      let listed = try CardRepository(test.store).list(SpeechFilter(), sort: sort, limit: 100).page.items
      let expected = listed.flatMap { card in
        speeches.first { $0.key.text == card.id }.map { PlainSearch.nodes(of: $0.value) }?
          .filter { PlainSearch.count(Term("春"), in: [$0]) > 0 }.map { "\(card.id)/\($0.path)" } ?? []
      }
      let found = try SearchRepository(test.store).search(
        SearchRequest(.term(Term("春")), sort: .field(sort), limit: 10_000))
      #expect(found.page.items.map { "\($0.card.id)/\($0.node.path)" } == expected)
    }
  }

  @Test("by relevance a page after a write is refused; by a field it goes on, neither skipping nor repeating")
  func growing() throws {
    let (test, _) = try Self.filled()
    let searches = SearchRepository(test.store)
    let query = Query.term(Term("春"))
    let first = try searches.search(SearchRequest(query, limit: 5)).page
    let firstSpeeches = try searches.speeches(SearchRequest(query, limit: 5)).page
    var walks: [(sort: SpeechSort, whole: [String], seen: [String], next: ResultPosition?)] = []
    func names(_ hits: [SearchHit]) -> [String] { hits.map { "\($0.card.id)/\($0.node.path)" } }
    for sort in SpeechSort.allCases {
      let whole = try searches.search(SearchRequest(query, sort: .field(sort), limit: 10_000)).page.items
      let page = try searches.search(SearchRequest(query, sort: .field(sort), limit: 5)).page
      walks.append((sort, names(whole), names(page.items), page.next))
    }
    let late = TestStore.reading("late", .make(title: "春", delivered: "2021-03-03"))
    try test.keep(late)
    #expect(throws: StorageError.resultsChanged) {
      try searches.search(SearchRequest(query, position: first.next, limit: 5))
    }
    #expect(throws: StorageError.resultsChanged) {
      try searches.speeches(SearchRequest(query, position: firstSpeeches.next, limit: 5))
    }
    for (sort, whole, before, next) in walks {
      var (seen, position) = (before, next)
      while let here = position {
        let page = try searches.search(SearchRequest(query, sort: .field(sort), position: here, limit: 5)).page
        seen += names(page.items)
        position = page.next
      }
      #expect(Set(seen).count == seen.count)
      #expect(seen.filter { !$0.hasPrefix(late.id.text) } == whole, "\(sort)")
    }
  }

  @Test("what stands in the title and in headings comes before what stands in the text, and rarer words count more")
  func relevance() throws {
    let test = try TestStore()
    for number in 0..<20 { try test.keep(TestStore.reading("\(number)", .make(title: "第\(number)篇", opening: "防汛。"))) }
    try test.keep(TestStore.reading("title", .make(title: "鸿雁", opening: "今天。")))
    try test.keep(TestStore.reading("heading", .make(title: "别的", headings: ["鸿雁"], opening: "今天。")))
    try test.keep(TestStore.reading("text", .make(title: "另外", opening: "今天的鸿雁很多，主要任务是安排春耕。")))
    let searches = SearchRepository(test.store)
    let order = try searches.search(SearchRequest(.term(Term("鸿雁")))).page.items.map(\.card.id)
    // The heading's section quotes its heading in its text.
    #expect(order == ["title", "heading", "text"].map { TestStore.reading($0).id.text })
    let mixed = try searches.search(SearchRequest(QueryParser.parse("防汛 OR 鸿雁"), limit: 3)).page.items
    #expect(Set(mixed.map(\.card.id)) == Set(order))
    // A few words as they were typed say more than the same words apart.
    try test.keep(TestStore.reading("apart", .make(title: "甲", opening: "河道的水，安全的事。")))
    try test.keep(TestStore.reading("beside", .make(title: "乙", opening: "河道安全的水，的事。")))
    let beside = try searches.search(SearchRequest(QueryParser.parse("河道 安全"))).page.items.map(\.card.id)
    #expect(beside == ["beside", "apart"].map { TestStore.reading($0).id.text })
  }

  // MARK: Filters and facets

  @Test("filters and the query both have to hold, and facets count nodes and speeches of the whole result")
  func filters() throws {
    let (test, speeches) = try Self.filled()
    let searches = SearchRepository(test.store)
    var filter = SpeechFilter()
    filter.equal[.genre] = ["讲话"]
    (filter.from, filter.to) = ("2021-03-02", "2021-03-04")
    let passing = speeches.filter { _, speech in
      speech.genre == "讲话" && ["2021-03-02", "2021-03-03", "2021-03-04"].contains(speech.delivered?.value)
    }
    var expected: [String: Int] = [:]
    for (id, speech) in passing {
      let count = PlainSearch.nodes(of: speech).count { PlainSearch.count(Term("春"), in: [$0]) > 0 }
      if count > 0 { expected[id.text] = count }
    }
    for sort in Self.sorts {
      let result = try searches.search(
        SearchRequest(.term(Term("春")), filter: filter, sort: sort, limit: 1, facets: [.genre, .year, .speaker]))
      #expect(result.page.total == expected.values.reduce(0, +) && result.totalSpeeches == expected.count)
      let genre = try #require(result.facets[0].first)
      #expect(result.facets[0].count == 1 && genre.value == "讲话")
      #expect(genre.count == result.page.total && genre.speeches == expected.count)
      #expect(result.facets[1].map(\.value) == ["2021"] && result.facets[2] == [])
      let list = try searches.speeches(
        SearchRequest(.term(Term("春")), filter: filter, sort: sort, limit: 1, facets: [.genre]))
      #expect(list.page.total == expected.count)
      #expect(list.facets == [[ValueCount(value: "讲话", count: expected.count)]])
    }
    filter.equal[.genre] = ["无"]
    let none = try searches.search(SearchRequest(.term(Term("春")), filter: filter, facets: [.genre]))
    #expect(none.page.total == 0 && none.totalMatches == 0 && none.facets == [[]])
  }

  // MARK: What is shown

  @Test("a hit has its breadcrumb, its passage, what was found in it and in the title")
  func hit() throws {
    let (searches, test) = try Self.one { speech in
      speech.title = "黨的𠮷村会议"
      speech.text = "开头\n一、总的\n（一）细的\n在Ａ市，e\u{301}tat的𠮷村。\n另起一行。"
      let child = Section(
        kind: .section, span: Span(8, 33), label: "（一）", number: 1, heading: "细的", headingSpan: Span(11, 13),
        bodySpans: [Span(14, 33)])
      speech.sections = [
        Section(kind: .opening, span: Span(0, 2)),
        Section(
          kind: .section, span: Span(3, 33), label: "一、", number: 1, heading: "总的", headingSpan: Span(5, 7),
          bodySpans: [],
          children: [child]),
      ]
    }
    #expect(try IntegrityRepository(test.store).check() == [])
    let result = try searches.search(SearchRequest(QueryParser.parse("𠮷村 a e\u{301}tat"), sort: .field(.added)))
    let hit = try #require(result.page.items.first)
    #expect(result.page.total == 1 && hit.node.path == "1.1" && hit.matches == 3)
    #expect(hit.breadcrumb.map(\.path) == ["1"])
    #expect(hit.passage == "在Ａ市，e\u{301}tat的𠮷村。" && hit.snippet.span == Span(14, 27))
    let scalars = Array(hit.passage.unicodeScalars)
    let cut = hit.snippet.highlights.map { span in
      String(String.UnicodeScalarView(scalars[(span.start - 14)..<(span.end - 14)]))
    }
    #expect(cut.map { Array($0.unicodeScalars) } == ["Ａ", "e\u{301}tat", "𠮷村"].map { Array($0.unicodeScalars) })
    #expect(hit.titleHighlights == [])
    let first = try searches.search(SearchRequest(QueryParser.parse("党的 OR 𠮷村"), sort: .field(.added)))
    #expect(first.page.items.map(\.titleHighlights) == [[Span(0, 2), Span(2, 4)], []])
    #expect(first.totalMatches == 3)
  }

  // MARK: Sentences and spelling

  private static let language = LanguageData(
    lexicon: Lexicon(
      Array(
        "乡村 300\n如何 90\n实施 300\n战略 400\n振兴 200\n".utf8.split(separator: 10).sorted {
          $0.lexicographicallyPrecedes($1)
        }.joined(separator: [10])) + [10]),
    pinyin: Pinyin("geng 耕更\nshu 舒书\nwang 望王\nchun 春\n"))

  private static func sentences() throws -> (SearchRepository, TestStore) {
    let test = try TestStore()
    try test.keep(
      TestStore.reading("both", .make(title: "甲", opening: "实施战略，靠大家。", speaker: "林望舒")),
      TestStore.reading("one", .make(title: "乙", opening: "这个战略好。")))
    for number in 0..<12 { try test.keep(TestStore.reading("\(number)", .make(title: "第\(number)篇", opening: "别的。"))) }
    return (SearchRepository(test.store, language: language), test)
  }

  @Test("a sentence that stands nowhere is searched by its words, and the answer says so")
  func sentence() throws {
    let (searches, test) = try Self.sentences()
    let query = try QueryParser.parse("如何实施这个振兴战略")
    let result = try searches.search(SearchRequest(query))
    let words = try #require(result.notes.wordSearch)
    #expect(words.words == ["实施", "战略"] && words.missing == ["如何", "振兴"] && words.common == [])
    #expect(result.page.items.map(\.card.id) == ["both", "one"].map { TestStore.reading($0).id.text })
    #expect(result.totalMatches == 3)
    #expect(try searches.speeches(SearchRequest(query)).notes == result.notes)
    #expect(try searches.search(SearchRequest(query, mode: .exact)).page.total == 0)
    // One that stands somewhere, and one that is too short, are found as they are.
    let standing = try searches.search(SearchRequest(QueryParser.parse("实施战略，靠大家")))
    #expect(standing.page.total == 1 && standing.notes.wordSearch == nil)
    #expect(try searches.search(SearchRequest(QueryParser.parse("振兴战略"))).page.total == 0)
    let asked = try searches.search(SearchRequest(QueryParser.parse("振兴战略"), mode: .words))
    #expect(asked.page.total == 2 && asked.notes.wordSearch?.words == ["战略"])
    // What is excluded or in quotes is no sentence.
    #expect(try searches.search(SearchRequest(QueryParser.parse("“如何实施这个振兴战略”"))).page.total == 0)
    // Without a list nothing changes.
    #expect(try SearchRepository(test.store).search(SearchRequest(query)).page.total == 0)
  }

  @Test("a word that stands nearly everywhere says nothing beside rarer ones")
  func common() throws {
    let (_, test) = try Self.sentences()
    let searches = SearchRepository(
      test.store,
      language: LanguageData(
        lexicon: Lexicon(Array("例外 9\n同志 9\n实施 9\n战略 9\n".utf8))))
    let result = try searches.search(SearchRequest(QueryParser.parse("例外同志实施战略"), limit: 100))
    #expect(result.notes.wordSearch?.words == ["实施", "战略"])
    #expect(Set(result.notes.wordSearch?.common ?? []) == ["例外", "同志"])
    #expect(result.page.total == 2)
  }

  @Test(
    "for one word that stands nowhere, words that do stand there and are one edit or one sound away are named",
    arguments: [
      ("春更", ["春耕"]), ("林望书", ["林望舒"]), ("战略略", ["战略"]), ("略战", ["战略"]), ("鸿雁", []), ("春更*", []), ("“春更”", []),
      ("春更 好", []),
      ("title:春更", []), ("战略", []), ("covib", ["covid"]), ("cvoid", ["covid"]), ("covidd", ["covid"]),
      ("cov1d", ["covid"]),
      ("ovid", ["covid"]),
    ])
  func suggestions(text: String, expected: [String]) throws {
    let (searches, test) = try Self.sentences()
    try test.keep(TestStore.reading("en", .make(title: "COVID", opening: "林望舒同志讲了春耕。")))
    let notes = try searches.search(SearchRequest(QueryParser.parse(text))).notes
    #expect(notes.suggestions == expected)
    #expect(try searches.speeches(SearchRequest(QueryParser.parse(text))).notes.suggestions == expected)
  }

  // MARK: Limits

  @Test("a search that takes longer than it may is given up, and the next one is answered")
  func deadline() throws {
    let (test, _) = try Self.filled()
    for text in ["春", "NOT 春", "NEAR(春 耕)", "“，春”"] {
      let request = SearchRequest(try QueryParser.parse(text))
      #expect(throws: StorageError.deadlineExceeded) { try SearchRepository(test.store, deadline: 0).search(request) }
      #expect(throws: StorageError.deadlineExceeded) { try SearchRepository(test.store, deadline: 0).speeches(request) }
      #expect(throws: Never.self) { try SearchRepository(test.store).search(request) }
    }
  }

  @Test("values are found by the beginning of their pinyin, and by a beginning that folds alike")
  func values() throws {
    let test = try TestStore()
    for (number, name) in ["顾青岚", "顾青", "林望舒", "Gulliver"].enumerated() {
      try test.keep(TestStore.reading("\(number)", .make(speaker: name)))
    }
    try test.keep(TestStore.reading("again", .make(speaker: "顾青")))
    let cards = CardRepository(test.store, pinyin: Pinyin("gu 顾\nqing 青\nlan 岚\nlin 林\n"))
    func values(_ prefix: String, _ cards: CardRepository, limit: Int = 10) throws -> [String] {
      var (all, position): ([String], ValueCount?) = ([], nil)
      repeat {
        let page = try cards.values(of: .card(.speaker), prefix: prefix, after: position, limit: limit)
        all += page.items.map(\.value)
        position = page.next
        if position == nil { #expect(page.total == all.count) }
      } while position != nil
      return all
    }
    for limit in [1, 10] {
      #expect(try values("gu", cards, limit: limit) == ["顾青", "Gulliver", "顾青岚"])
      #expect(try values("gql", cards, limit: limit) == ["顾青岚"])
    }
    #expect(try values("顧", cards) == ["顾青", "顾青岚"])
    #expect(try values("ＧＵ", cards) == ["Gulliver"])
    #expect(try values("gu", CardRepository(test.store)) == ["Gulliver"])
    #expect(try values("青", cards) == [])
  }

  // MARK: At the same time

  @Test("searches beside imports and deletions are answered, each from one state")
  func together() throws {
    let test = try TestStore()
    for number in 0..<20 { try test.keep(TestStore.reading("\(number)", .make(title: "第\(number)篇"))) }
    let searches = SearchRepository(test.store)
    let faults = Locked<[String]>([])
    let (end, latest) = (Date(timeIntervalSinceNow: 1), Date(timeIntervalSinceNow: 60))
    let rounds = Locked(0)
    let writes = Locked(0)
    // Beside other tests a second may be too short for anything.
    @Sendable func goesOn() -> Bool {
      Date() < end || rounds.withLock { $0 } < 20 && Date() < latest
    }
    let store = test.store
    // Every speech has five nodes, two of them with “例外”, and is only ever there or not.
    // Threads of their own: a queue would run as many of them at once as there are processors.
    let group = DispatchGroup()
    for worker in 0..<5 {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        work(worker)
      }
    }
    group.wait()
    @Sendable func work(_ worker: Int) {
      var random = SeededGenerator(seed: worker)
      while goesOn() {
        do {
          if worker < 2 {
            let address = "\(Int.random(in: 0..<40, using: &random))"
            let reading = TestStore.reading(address, .make(title: "第\(Int.random(in: 0..<3, using: &random))篇"))
            if Bool.random(using: &random) {
              _ = try ImportRepository(store).keep([reading], at: "2026-01-02T03:04:05Z")
            } else {
              _ = try ImportRepository(store).delete(reading.id, at: "2026-01-02T03:04:05Z")
            }
            writes.withLock { $0 += 1 }
            continue
          }
          let result = try searches.search(
            SearchRequest(
              .term(Term("例外")), sort: worker == 2 ? .field(.title) : .relevance, limit: 1_000, facets: [.genre]))
          let speeches = result.totalSpeeches
          if result.page.total != 2 * speeches || result.page.items.count != 2 * speeches
            || result.totalMatches != 2 * speeches || result.facets[0].reduce(0, { $0 + $1.speeches }) != speeches
          {
            faults.withLock { $0.append("\(speeches) speeches, \(result.page.total) nodes of “例外”") }
          }
          let others = try searches.search(SearchRequest(.not(.term(Term("例外"))), limit: 1_000))
          if others.page.total != 3 * others.totalSpeeches || others.page.items.count != others.page.total {
            faults.withLock { $0.append("\(others.totalSpeeches) speeches, \(others.page.total) other nodes") }
          }
          let list = try searches.speeches(SearchRequest(.not(.term(Term("鸿雁"))), limit: 1_000)).page
          if list.total != list.items.count { faults.withLock { $0.append("\(list.total) ≠ \(list.items.count)") } }
          rounds.withLock { $0 += 1 }
        } catch { faults.withLock { $0.append("\(error)") } }
      }
    }
    #expect(faults.withLock { Set($0) } == [])
    #expect(rounds.withLock { $0 } >= 20 && writes.withLock { $0 } >= 20)
    #expect(try IntegrityRepository(test.store).check() == [])
  }
}
