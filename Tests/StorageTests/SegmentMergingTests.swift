import Corpus
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The segments of the index")
struct SegmentMergingTests {
  private static func delete(_ number: Int, from test: TestStore) throws {
    #expect(try ImportRepository(test.store).delete(TestStore.reading("\(number)").id, at: test.time))
  }

  private static func numbers(_ sql: String, _ test: TestStore) throws -> [Int] {
    try test.store.rows(sql).compactMap { Int($0) }
  }

  @Test("stay few, and keep little that is dead, however it was written", .timeLimit(.minutes(20)))
  func few() throws {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: 3)
    var last: [Int: Reading] = [:]
    for step in 0..<160 {
      // Many at once between many alone: large segments behind small ones.
      let count = step % 40 == 20 ? 60 : 1
      var readings: [Reading] = []
      for _ in 0..<count {
        let number = Int.random(in: 0..<150, using: &corpus.random)
        if count == 1, last[number] != nil, Int.random(in: 0..<3, using: &corpus.random) == 0 {
          try Self.delete(number, from: test)
          last[number] = nil
        } else if !readings.contains(where: { $0.id == TestStore.reading("\(number)").id }) {
          let reading = TestStore.reading("\(number)", corpus.speech())
          readings.append(reading)
          last[number] = reading
        }
      }
      _ = try ImportRepository(test.store).keep(readings, at: test.time)
      let levels = try Self.numbers("SELECT level FROM search_segment WHERE state = 'live' ORDER BY first", test)
      #expect(levels.count <= 7 * 4 + 8)
    }
    // What is dead leaves with the next writes.
    let dead = try Self.numbers("SELECT count(*) FROM search_dead", test)[0]
    let documents = try Self.numbers("SELECT sum(documents) FROM search_segment WHERE state = 'live'", test)[0]
    #expect(dead * 4 <= documents)
    #expect(try Self.numbers("SELECT sum(dead) FROM search_segment WHERE state = 'live'", test) == [dead])
    #expect(
      try Self.numbers("SELECT count(*) FROM search_block", test)
        == Self.numbers("SELECT sum(blocks) FROM search_segment", test))
    #expect(try IntegrityRepository(test.store).check() == [])
    let plain = try TestStore()
    for reading in last.values { try plain.keep(reading) }
    #expect(try test.store.searchTokens() == plain.store.searchTokens())

    try test.store.compactSearch { _, _ in }
    #expect(try Self.numbers("SELECT count(*) FROM search_segment", test) == [1])
    #expect(try Self.numbers("SELECT count(*) FROM search_dead", test) == [0])
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
  }

  @Test("stay beside each other while parts of a large import come, and are put together behind it")
  func parts() throws {
    let (test, plain) = (try TestStore(), try TestStore())
    try test.store.keepPages(32 << 20)
    var corpus = RandomCorpus(seed: 4)
    let whole = LargeImport(mostBytes: 1 << 20)
    func keep(_ part: Int) throws {
      let readings = (0..<6).map { TestStore.reading("\(part * 6 + $0)", corpus.speech()) }
      _ = try ImportRepository(test.store).keep(readings, at: test.time, partOf: whole)
      for reading in readings { try plain.keep(reading) }
    }
    for part in 0..<20 { try keep(part) }
    func segments() throws -> [Int] { try Self.numbers("SELECT documents FROM search_segment ORDER BY first", test) }
    #expect(try segments() == Array(repeating: 6, count: 20))
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
    // A small part of what was there: what is due, and no more.
    try test.store.compactSearch(after: 6) { _, _ in }
    #expect(try segments().count > 1 && segments().count < 8)
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
    try keep(20)
    try test.store.compactSearch(after: 120) { _, _ in }
    #expect(try segments() == [126])
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("that are put together step by step are read as they were, and take in what dies meanwhile")
  func steps() throws {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: 8)
    // Some hundred blocks of pairs that hardly come twice, in segments that are due to be put together: a write gets a part
    // of it done only.
    for batch in 0..<8 {
      let readings = (0..<10).map { number in
        var speech = Speech()
        let characters = (0..<1_000).compactMap { _ in
          Unicode.Scalar(UInt32.random(in: 0x4E00...0x9FA5, using: &corpus.random))
        }
        (speech.title, speech.language, speech.text) = ("题", "zh-Hans", String(String.UnicodeScalarView(characters)))
        speech.sections = [Section(kind: .body, span: Span(0, characters.count))]
        return TestStore.reading("\(batch * 10 + number)", speech)
      }
      _ = try ImportRepository(test.store).keep(readings, at: test.time)
    }
    try test.store.execute("UPDATE search_segment SET level = 0")
    var wasHalf = false
    for number in 0..<40 {
      try Self.delete(number * 2, from: test)
      try test.keep(TestStore.reading("new \(number)", corpus.speech()))
      wasHalf = try wasHalf || !test.store.rows("SELECT 1 FROM search_segment WHERE state = 'written'").isEmpty
      if number % 8 == 0 { #expect(try IntegrityRepository(test.store).check() == []) }
    }
    #expect(wasHalf)
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("keep words apart that begin alike, also where they are put together")
  func prefixes() throws {
    let (test, plain) = (try TestStore(), try TestStore())
    var random = SeededGenerator(seed: 21)
    let word = "internationalisation"
    let words = (1...word.count).map { String(word.prefix($0)) } + ["internatx", "internata", "道", "道路", "路"]
    for part in 0..<12 {
      let readings = (0..<4).map { number in
        var speech = Speech()
        let text = words.shuffled(using: &random).prefix(.random(in: 1...words.count, using: &random)).joined(
          separator: " ")
        (speech.title, speech.language, speech.text) = ("题", "zh-Hans", text)
        speech.sections = [Section(kind: .body, span: Span(0, text.unicodeScalars.count))]
        return TestStore.reading("\(part * 4 + number)", speech)
      }
      _ = try ImportRepository(test.store).keep(readings, at: test.time)
      for reading in readings { try plain.keep(reading) }
    }
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
    try test.store.compactSearch { _, _ in }
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
    #expect(try IntegrityRepository(test.store).check() == [])
    let searches = SearchRepository(test.store)
    for word in words {
      let found = try searches.search(SearchRequest(.term(Term(word)))).page.total
      #expect(try found == SearchRepository(plain.store).search(SearchRequest(.term(Term(word)))).page.total)
    }
  }

  @Test("hold a word longer than a block, and one that a speech has ten thousand times")
  func large() throws {
    let test = try TestStore()
    let word = String(repeating: "abcdefghij", count: 900)
    let often = String(repeating: "好，", count: 10_000)
    for (number, text) in [word, often, "又\(word)尾", "好", word + "x"].enumerated() {
      var speech = Speech()
      (speech.title, speech.language, speech.text) = ("题", "zh-Hans", text)
      speech.sections = [Section(kind: .body, span: Span(0, text.unicodeScalars.count))]
      try test.keep(TestStore.reading("\(number)", speech))
    }
    for _ in 0..<2 {
      let searches = SearchRepository(test.store)
      let found = try searches.search(SearchRequest(.term(Term("好"))))
      #expect(found.page.total == 2 && found.totalMatches == 10_001)
      #expect(try searches.search(SearchRequest(.term(Term(word)))).page.total == 2)
      #expect(try searches.search(SearchRequest(.term(Term(word + "x")))).page.total == 1)
      #expect(try searches.search(SearchRequest(.term(Term("abc", isPrefix: true)))).page.total == 3)
      #expect(try searches.search(SearchRequest(.term(Term("好，好，好")))).totalMatches == 9_998)
      #expect(try IntegrityRepository(test.store).check() == [])
      try test.store.compactSearch { _, _ in }
    }
  }

  @Test("that are damaged are said to be, and bring nothing down", arguments: 1...4)
  func damaged(seed: Int) throws {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: seed)
    for number in 0..<12 { try test.keep(TestStore.reading("\(number)", corpus.speech())) }
    let terms = ["春", "发展", "的", "a", "高质量", "一", "，"].map { Term($0) }
    for _ in 0..<60 {
      // A byte somewhere becomes another one, or the rest is gone.
      let place = Int.random(in: 1...200, using: &corpus.random)
      let byte = String(format: "%02X", Int.random(in: 0...255, using: &corpus.random))
      let rest = Bool.random(using: &corpus.random) ? "|| substr(content, \(place) + 1)" : ""
      try test.store.execute(
        "UPDATE search_block SET content = CAST(substr(content, 1, \(place) - 1) || x'\(byte)' \(rest) AS BLOB)")
      for term in terms {
        for query in [Query.term(term), .near(Query.Proximity(terms: [term, Term("春")], distance: 9))] {
          do { _ = try SearchRepository(test.store).search(SearchRequest(query)) } catch is StorageError {}
        }
      }
      _ = try IntegrityRepository(test.store).check()
    }
    #expect(try !IntegrityRepository(test.store).check().isEmpty)
  }

  @Test("become one to an end, though others go on writing")
  func busy() throws {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: 5)
    for number in 0..<4 { try test.keep(TestStore.reading("\(number)", corpus.speech())) }
    try Self.delete(0, from: test)
    var steps = 0
    try test.store.compactSearch { _, _ in
      steps += 1
      // More than it may need, so that a mistake is not waited for.
      if steps < 20 { _ = try? test.keep(TestStore.reading("new \(steps)", corpus.speech())) }
    }
    #expect(steps < 20)
    #expect(try Self.numbers("SELECT count(*) FROM search_dead", test) == [0])
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("that are damaged keep nobody from writing")
  func damagedWhileWritten() throws {
    let test = try TestStore()
    var corpus = RandomCorpus(seed: 6)
    for number in 0..<6 { try test.keep(TestStore.reading("\(number)", corpus.speech())) }
    try test.store.execute("UPDATE search_block SET content = x'05E698A5'")
    for number in 6..<20 { try test.keep(TestStore.reading("\(number)", corpus.speech())) }
    #expect(try test.identity(TestStore.reading("19").id) != nil)
    #expect(throws: StorageError.self) { try SearchRepository(test.store).search(SearchRequest(.term(Term("春")))) }
    #expect(try IntegrityRepository(test.store).check().contains { $0.subject == "search" })
  }

  @Test(
    "are damaged too where their rows, or those of documents, have numbers that cannot be",
    arguments: [
      "search_document SET nodes = x'FFFFFFFFFF000000'",
      "search_document SET document = document + 9223372036854770000",
      "search_segment SET dead = 9223372036854775807", "search_segment SET level = -9223372036854775807",
      "search_segment SET documents = -1", "search_term SET block = 9223372036854775807",
    ])
  func numbers(change: String) throws {
    let test = try TestStore()
    for number in 0..<9 { try test.keep(TestStore.reading("\(number)")) }
    let path = test.store.path
    try test.store.close()
    try Store.execute(at: path, "UPDATE \(change)")
    let store = try Store(path: path)
    for text in ["春", "同志们", "的"] {
      do { _ = try SearchRepository(store).search(SearchRequest(.term(Term(text)))) } catch is StorageError {}
    }
    #expect(try !IntegrityRepository(store).check().isEmpty)
    for number in 9..<20 {
      do { _ = try ImportRepository(store).keep([TestStore.reading("\(number)")], at: test.time) } catch is StorageError
      {}
    }
    try store.close()
  }

  @Test("take in tens of thousands of words that begin alike", .timeLimit(.minutes(3)))
  func alike() throws {
    let test = try TestStore()
    var speech = Speech()
    let text = (0..<60_000).map { "aaaaaaaa\(100_000 + $0)" }.joined(separator: " ")
    (speech.title, speech.language, speech.text) = ("t", "en", text)
    speech.sections = [Section(kind: .body, span: Span(0, text.unicodeScalars.count))]
    try test.keep(TestStore.reading("long", speech))
    #expect(try SearchRepository(test.store).search(SearchRequest(.term(Term("aaaaaaaa159999")))).page.total == 1)
  }

  @Test(
    "whose documents are out of order, twice there or beyond the last are damaged",
    arguments: [
      "06E698A5E5A4A90A01000500FFFFFFFF1F00",
      "06E698A5E5A4A90401000100",
      "06E698A5E5A4A90781808080804000",
      "06E698A5E5A4A902050006E698A5E5A4A9020500",
    ])
  func order(content: String) throws {
    let test = try TestStore()
    _ = try ImportRepository(test.store).keep((0..<9).map { TestStore.reading("\($0)") }, at: test.time)
    try test.store.execute("UPDATE search_block SET content = x'\(content)'")
    for query in [Query.term(Term("春天")), .near(Query.Proximity(terms: [Term("春天"), Term("春")], distance: 9))] {
      #expect(throws: StorageError.self) { try SearchRepository(test.store).search(SearchRequest(query)) }
    }
    #expect(try !IntegrityRepository(test.store).check().isEmpty)
  }
}
