import Corpus
import Foundation
import Locking
import Storage
import TestSupport
import Testing

@Suite("The index of search")
struct SearchIndexTests {
  private static func fill(_ test: TestStore, _ numbers: Range<Int>, seed: Int = 5) throws {
    var corpus = RandomCorpus(seed: seed)
    for number in numbers { try test.keep(TestStore.reading("\(number)", corpus.speech())) }
  }

  @Test("a speech that is revised or taken out leaves exactly nothing of what it was", arguments: 1...3)
  func exact(seed: Int) throws {
    let (test, plain) = (try TestStore(), try TestStore())
    var corpus = RandomCorpus(seed: seed)
    var last: [Int: Reading] = [:]
    for _ in 0..<60 {
      let number = Int.random(in: 0..<8, using: &corpus.random)
      let reading = TestStore.reading("\(number)", corpus.speech())
      if Int.random(in: 0..<3, using: &corpus.random) > 0 {
        try test.keep(reading)
        last[number] = reading
      } else if try ImportRepository(test.store).delete(reading.id, at: test.time) {
        last[number] = nil
      }
    }
    for reading in last.values { try plain.keep(reading) }
    #expect(try test.store.searchTokens() == plain.store.searchTokens())
    #expect(try !test.store.searchTokens().isEmpty)
    let sums = "SELECT nodes, tokens, (SELECT count(*) FROM search_document) FROM search_state"
    #expect(try test.store.rows(sums) == plain.store.rows(sums))
    for reading in last.values { #expect(try ImportRepository(test.store).delete(reading.id, at: test.time)) }
    #expect(try test.store.searchTokens() == [])
    #expect(try test.store.rows(sums) == ["0|0|0"])
  }

  @Test("the same document again, and a batch that fails, leave it as it was")
  func untouched() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let before = try test.store.rows("SELECT * FROM search_document") + test.store.searchTokens()
    try test.keep(TestStore.reading("a"))
    var broken = TestStore.reading("b")
    broken.speech.sections[1].span.end = broken.speech.sections[1].span.start
    #expect(throws: StorageError.self) { try test.keep(TestStore.reading("c"), broken) }
    _ = try ImportRepository(test.store).preview([TestStore.reading("d")])
    #expect(try test.store.rows("SELECT * FROM search_document") + test.store.searchTokens() == before)
    #expect(try SearchRepository(test.store).search(SearchRequest(.term(Term("例外")))).page.total == 2)
  }

  @Test("is put together into one without another answer, and speeches can be taken out of it afterwards")
  func compact() throws {
    let test = try TestStore()
    try Self.fill(test, 0..<60)
    let tokens = try test.store.searchTokens()
    let calls = Locked(0)
    try test.store.compactSearch { _, _ in calls.withLock { $0 += 1 } }
    #expect(try test.store.searchTokens() == tokens)
    try test.store.compactSearch { _, _ in }
    for number in 0..<60 {
      #expect(try ImportRepository(test.store).delete(TestStore.reading("\(number)").id, at: test.time))
    }
    #expect(try test.store.searchTokens() == [])
    #expect(try IntegrityRepository(test.store).check() == [])
  }

  @Test("of another version is made again when the database is opened, and not searched before")
  func version() throws {
    let test = try TestStore()
    try Self.fill(test, 0..<30)
    let tokens = try test.store.searchTokens()
    let copy = test.folder.appending(path: "copy.sqlite").path
    try test.store.execute("VACUUM INTO '\(copy)'")
    try Store.execute(
      at: copy,
      """
      UPDATE search_state SET version = '0-of-old', nodes = 1;
      DELETE FROM search_document WHERE document % 2 = 0;
      DELETE FROM search_block WHERE number % 2 = 0;
      """)
    let early = try Store(reading: copy)
    let query = SearchRequest(.term(Term("春")))
    #expect(throws: StorageError.indexIncomplete) { try SearchRepository(early).search(query) }
    #expect(throws: StorageError.indexIncomplete) { try SearchRepository(early).speeches(query) }
    #expect(throws: Never.self) { try CardRepository(early).list(SpeechFilter(), sort: .added, limit: 1) }
    #expect(try IntegrityRepository(early).check().contains { $0.detail.contains("another version") })
    try early.close()
    let calls = Locked<[Int]>([])
    let again = try Store(path: copy) { done, total in calls.withLock { $0 += [done, total] } }
    #expect(calls.withLock { $0 } == [30, 30])
    #expect(try again.searchTokens() == tokens)
    #expect(try IntegrityRepository(again).check() == [])
    #expect(
      try SearchRepository(again).search(query).page.total == SearchRepository(test.store).search(query).page.total)
    try again.close()
    // Opened once more, there is nothing to do.
    let third = try Store(path: copy) { _, _ in Issue.record("made again") }
    try third.close()
  }

  @Test("of an earlier schema is made again when the database is opened")
  func upgrade() throws {
    let test = try TestStore()
    try Self.fill(test, 0..<20)
    let tokens = try test.store.searchTokens()
    let copy = test.folder.appending(path: "copy.sqlite").path
    try test.store.execute("VACUUM INTO '\(copy)'")
    try Store.execute(
      at: copy,
      """
      DROP TABLE search_segment;
      DROP TABLE search_block;
      DROP TABLE search_term;
      DROP TABLE search_dead;
      CREATE VIRTUAL TABLE search_index
        USING fts5 (body, heading, title, content = '', tokenize = 'ascii', detail = full);
      INSERT INTO search_index (rowid, body, heading, title) VALUES (1, '春耕', '春', '春');
      UPDATE search_state SET version = '2-of-before';
      DELETE FROM grdb_migrations WHERE identifier IN ('0004_search_tokens', '0008_index_segments');
      """)
    let again = try Store(path: copy)
    #expect(try again.searchTokens() == tokens)
    #expect(try IntegrityRepository(again).check() == [])
    try again.close()
  }

  @Test("goes on where it was interrupted when it is made again")
  func interrupted() throws {
    let test = try TestStore()
    try Self.fill(test, 0..<1_100)
    for number in [3, 650, 1_099] {
      #expect(try ImportRepository(test.store).delete(TestStore.reading("\(number)").id, at: test.time))
    }
    let tokens = try test.store.searchTokens()
    let whole = test.folder.appending(path: "whole.sqlite").path
    let part = test.folder.appending(path: "part.sqlite").path
    try test.store.execute("VACUUM INTO '\(whole)'")
    try Store.execute(at: whole, "UPDATE search_state SET version = 'old'")
    let first = Locked<[Int]>([])
    let store = try Store(path: whole) { done, _ in
      // What a process leaves behind that ends here.
      if done == 400 { try? Store.execute(at: whole, "VACUUM INTO '\(part)'") }
      first.withLock { $0.append(done) }
    }
    try store.close()
    #expect(first.withLock { $0 } == [200, 400, 600, 800, 1_000, 1_097])
    let early = try Store(reading: part)
    #expect(throws: StorageError.indexIncomplete) {
      try SearchRepository(early).search(SearchRequest(.term(Term("春"))))
    }
    try early.close()
    let second = Locked<[Int]>([])
    let rest = try Store(path: part) { done, _ in second.withLock { $0.append(done) } }
    #expect(second.withLock { $0 } == [600, 800, 1_000, 1_097])
    #expect(try rest.searchTokens() == tokens)
    #expect(try IntegrityRepository(rest).check() == [])
    try rest.close()
  }

  @Test("is made again while lists are read and speeches written, and what was begun is gone on with")
  func meanwhile() throws {
    let test = try TestStore()
    try Self.fill(test, 0..<500)
    let path = test.store.path
    try test.store.execute("UPDATE search_state SET version = 'old'")
    try test.store.close()
    let store = try Store(path: path, indexes: false)
    let query = SearchRequest(.term(Term("春")))
    let calls = Locked<[Int]>([])
    try store.rebuildSearch {
      calls.withLock { $0.count == 1 }
    } progress: { done, total in
      calls.withLock { $0.append(done) }
      #expect(total == 500)
    }
    #expect(calls.withLock { $0 } == [200])
    #expect(throws: StorageError.indexIncomplete) { try SearchRepository(store).search(query) }
    #expect(throws: StorageError.indexIncomplete) { try PurgeRepository(store).purge([], at: test.time) }
    #expect(try CardRepository(store).list(SpeechFilter(), sort: .added, limit: 1).page.total == 500)
    // One that the index has again, one that it has not, and a new one.
    let imports = ImportRepository(store)
    for number in [3, 450, 900] {
      _ = try imports.keep([TestStore.reading("\(number)", .make(title: "改过的第\(number)篇"))], at: test.time)
    }
    #expect(try imports.delete(TestStore.reading("4").id, at: test.time))
    #expect(try imports.delete(TestStore.reading("451").id, at: test.time))
    try store.rebuildSearch()
    #expect(try IntegrityRepository(store).check() == [])
    #expect(throws: Never.self) { try SearchRepository(store).search(query) }
    try store.close()
  }

  @Test("is there at once where there is nothing to put in it")
  func empty() throws {
    let test = try TestStore()
    let store = try Store(path: test.folder.appending(path: "new.sqlite").path, indexes: false)
    #expect(store.checks(leastFree: 0).allSatisfy { $0.reason == nil })
    #expect(try SearchRepository(store).search(SearchRequest(.term(Term("春")))).page.total == 0)
    try store.close()
  }

  @Test("numbers of documents never come to stand for others, also after it was made again")
  func numbers() throws {
    let test = try TestStore()
    try Self.fill(test, 0..<3)
    let reader = try Store(reading: test.store.path)
    let query = SearchRequest(.not(.term(Term("鸿雁"))), limit: 1_000)
    for round in 0..<5 {
      try Self.fill(test, 2..<3, seed: 100 + round)
      let (mine, its) = (
        try SearchRepository(test.store).search(query).page, try SearchRepository(reader).search(query).page
      )
      #expect(mine.total == its.total && mine.items.map(\.node.path) == its.items.map(\.node.path))
      #expect(mine.items.map(\.passage) == its.items.map(\.passage))
      #expect(try ImportRepository(test.store).delete(TestStore.reading("2").id, at: test.time))
    }
    let documents = try test.store.rows("SELECT max(document) FROM search_document")
    #expect(documents == ["2"])
    #expect(try test.store.rows("SELECT seq FROM sqlite_sequence WHERE name = 'search_document'") != documents)
    try reader.close()
  }

  @Test("has more than one chunk of documents", .timeLimit(.minutes(20)))
  func chunks() throws {
    let test = try TestStore()
    var speech = Speech()
    speech.title = "题"
    speech.language = "zh-Hans"
    let imports = ImportRepository(test.store)
    for batch in 0..<10 {
      let readings = (0..<420).map { number in
        speech.text = "第\(batch * 420 + number)号\n尾"
        let end = speech.text.unicodeScalars.count
        speech.sections = [
          Section(kind: .body, span: Span(0, end - 2)), Section(kind: .closing, span: Span(end - 1, end)),
        ]
        return TestStore.reading("\(batch)-\(number)", speech)
      }
      _ = try imports.keep(readings, at: test.time)
    }
    let searches = SearchRepository(test.store)
    #expect(try searches.search(SearchRequest(.term(Term("尾")))).page.total == 4_200)
    for number in [0, 4_094, 4_095, 4_096, 4_199] {
      let page = try searches.search(SearchRequest(QueryParser.parse("第\(number)号"))).page
      #expect(page.total == 1 && page.items.first?.passage == "第\(number)号")
    }
    let rest = try searches.search(SearchRequest(QueryParser.parse("NOT 尾"), sort: .field(.addedDescending), limit: 1))
    #expect(rest.page.total == 4_200 && rest.page.items.first?.passage == "第4199号")
  }
}
