import Corpus
import Storage
import TestSupport
import Testing

@Suite("Lists of speeches")
struct CardRepositoryTests {
  private static func fill(_ test: TestStore, _ count: Int) throws {
    for number in 0..<count {
      var speech = Speech.make(
        title: "第\(number)篇",
        delivered: number % 5 == 0 ? nil : "20\(10 + number % 7)-0\(1 + number % 3)-1\(number % 4)",
        genre: number % 2 == 0 ? "讲话" : "致辞", level: number % 3 == 0 ? .county : .provincial,
        metadata: ["batch": .integer(number % 2)])
      if number % 10 == 0 { speech.published = SpeechDate("2015-06-01T10:00:00") }
      try test.keep(TestStore.reading("\(number)", speech))
    }
  }

  @Test("a walk by cursor sees every speech once, whatever the order", arguments: SpeechSort.allCases)
  func walk(sort: SpeechSort) throws {
    let test = try TestStore()
    try Self.fill(test, 40)
    let cards = CardRepository(test.store)
    let whole = try cards.list(SpeechFilter(), sort: sort, limit: 100).page
    #expect(whole.total == 40 && whole.items.count == 40 && whole.next == nil)
    var seen: [String] = []
    var position: ListPosition?
    repeat {
      let page = try cards.list(SpeechFilter(), sort: sort, after: position, limit: 7).page
      seen += page.items.map(\.id)
      position = page.next
    } while position != nil
    #expect(seen == whole.items.map(\.id))
    #expect(Set(seen).count == 40)
  }

  @Test("undated speeches come last in both directions")
  func undatedLast() throws {
    let test = try TestStore()
    try Self.fill(test, 20)
    for sort in [SpeechSort.date, .dateDescending] {
      let cards = try CardRepository(test.store).list(SpeechFilter(), sort: sort, limit: 100).page.items
      let dated = cards.map { !$0.members.contains("\"date\":null") }
      #expect(dated == dated.sorted { $0 && !$1 })
      #expect(dated.contains(false) && dated.contains(true))
    }
  }

  @Test("a cursor stays valid while the corpus grows")
  func growing() throws {
    let test = try TestStore()
    try Self.fill(test, 20)
    let cards = CardRepository(test.store)
    let first = try cards.list(SpeechFilter(), sort: .dateDescending, limit: 10).page
    try test.keep(TestStore.reading("late", .make(delivered: "2030-01-01")))
    let second = try cards.list(SpeechFilter(), sort: .dateDescending, after: first.next, limit: 20).page
    #expect(first.items.count + second.items.count == 20)
    #expect(Set(first.items.map(\.id)).isDisjoint(with: second.items.map(\.id)))
  }

  @Test("filters mean what they say")
  func filters() throws {
    let test = try TestStore()
    try Self.fill(test, 40)
    func total(_ change: (inout SpeechFilter) -> Void) throws -> Int {
      var filter = SpeechFilter()
      change(&filter)
      return try CardRepository(test.store).list(filter, sort: .date, limit: 1).page.total
    }
    #expect(try total { $0.equal[.genre] = ["致辞"] } == 20)
    #expect(try total { $0.equal[.genre] = ["致辞", "讲话"] } == 40)
    #expect(try total { $0.equal[.genre] = ["'; DROP TABLE card; --"] } == 0)
    #expect(try total { $0.containing[.title] = ["第1"] } == 11)
    #expect(try total { $0.metadata["batch"] = ["1"] } == 20)
    #expect(try total { $0.metadata["none"] = ["1"] } == 0)
    #expect(try total { $0.hasSections = false } == 0)
    #expect(try total { $0.minimumCharacters = 10_000 } == 0)
    // Eight have no day of delivery; four of those a day of publication.
    #expect(try total { $0.undated = .only } == 4)
    #expect(try total { $0.undated = .exclude } == 36)
    #expect(try total { ($0.undated, $0.dateChoice) = (.only, .delivered) } == 8)
    #expect(try total { ($0.from, $0.to) = ("2015-06-01", "2015-06-01") } == 4)
    #expect(try total { ($0.from, $0.to, $0.undated) = ("2015-06-01", "2015-06-01", .include) } == 8)
    #expect(try total { $0.from = "2031-01-01" } == 0)
  }

  @Test("facets count the whole result, and values are listed the most frequent first, page by page")
  func facets() throws {
    let test = try TestStore()
    try Self.fill(test, 40)
    let cards = CardRepository(test.store)
    let counts = try cards.list(SpeechFilter(), sort: .date, limit: 1, facets: [.genre, .level]).facets
    #expect(counts[0] == [ValueCount(value: "致辞", count: 20), ValueCount(value: "讲话", count: 20)])
    #expect(counts[1].map(\.count) == [26, 14])
    var years: [ValueCount] = []
    var position: ValueCount?
    repeat {
      let page = try cards.values(of: .card(.year), prefix: "20", after: position, limit: 2)
      years += page.items
      position = page.next
    } while position != nil
    #expect(years.map(\.count) == years.map(\.count).sorted(by: >))
    #expect(years.reduce(0) { $0 + $1.count } == 36)
    #expect(try cards.values(of: .card(.year), prefix: "19", after: nil, limit: 10).total == 0)
  }

  @Test("a query that takes longer than it may is interrupted")
  func deadline() throws {
    let test = try TestStore()
    try Self.fill(test, 300)
    #expect(throws: StorageError.deadlineExceeded) {
      // A deadline that has passed already.
      _ = try CardRepository(test.store, deadline: 0).list(
        SpeechFilter(), sort: .title, limit: 100, facets: FacetField.allCases, withContent: true)
    }
    #expect(throws: Never.self) { try CardRepository(test.store).list(SpeechFilter(), sort: .title, limit: 1) }
  }
}
