import Corpus
import TestSupport
import Testing

@Suite("Sets of numbers")
struct NumberSetTests {
  @Test("do what sets do", arguments: [1, 63, 64, 65, 200])
  func operations(bound: Int) {
    var random = SeededGenerator(seed: bound)
    func some() -> (NumberSet, Set<Int>) {
      var (one, other) = (NumberSet(bound: bound), Set<Int>())
      for _ in 0..<(bound / 2 + 1) {
        let number = Int.random(in: 0..<bound, using: &random)
        one.insert(number)
        other.insert(number)
      }
      return (one, other)
    }
    func elements(_ set: NumberSet) -> [Int] {
      var all: [Int] = []
      set.forEach { all.append($0) }
      return all
    }
    for _ in 0..<20 {
      let ((a, setA), (b, setB)) = (some(), some())
      #expect(elements(a) == setA.sorted() && a.count == setA.count)
      var (intersection, union, difference) = (a, a, a)
      intersection.formIntersection(b)
      union.formUnion(b)
      difference.subtract(b)
      #expect(elements(intersection) == setA.intersection(setB).sorted())
      #expect(elements(union) == setA.union(setB).sorted())
      #expect(elements(difference) == setA.subtracting(setB).sorted())
      #expect(difference.isEmpty == setA.subtracting(setB).isEmpty)
    }
    var whole = NumberSet(bound: bound)
    whole.insert(0..<bound)
    #expect(whole.count == bound && whole.contains(bound - 1))
  }

  @Test("are gone through in part, made of numbers, and made larger", arguments: [1, 63, 64, 65, 200])
  func parts(bound: Int) {
    var random = SeededGenerator(seed: bound)
    let numbers = (0..<UInt32(bound)).filter { _ in Bool.random(using: &random) }
    var set = NumberSet(numbers, bound: bound)
    for first in stride(from: 0, to: bound, by: 64) {
      for end in [first + 64, first + 128] {
        var part: [Int] = []
        set.forEach(from: first, to: end) { part.append($0) }
        #expect(part == numbers.map { Int($0) }.filter { (first..<end).contains($0) })
      }
    }
    set.extend(to: bound + 100)
    set.insert(bound + 99)
    #expect(set.count == numbers.count + 1 && set.contains(bound + 99))
    set.extend(to: 1)
    #expect(set.contains(bound + 99))
  }

  @Test("count the groups that they have something of", arguments: [1, 63, 64, 65, 300])
  func groups(bound: Int) {
    var random = SeededGenerator(seed: bound)
    for longest in [1, 3, 40, 150] {
      var (set, starts) = (NumberSet(bound: bound), NumberSet(bound: bound))
      var expected = 0
      var first = 0
      while first < bound {
        starts.insert(first)
        let group = first..<min(bound, first + Int.random(in: 1...longest, using: &random))
        let chosen = group.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        for number in chosen { set.insert(number) }
        if !chosen.isEmpty { expected += 1 }
        first = group.upperBound
      }
      #expect(set.groupCount(starts) == expected)
    }
  }

  @Test("hold for a query, and everything is asked for only where it has to be")
  func query() throws {
    var asked = 0
    func numbers(_ text: String) throws -> [Int] {
      let set = try QueryParser.parse(text).numbers(
        everything: {
          asked += 1
          var all = NumberSet(bound: 12)
          all.insert(0..<12)
          return all
        },
        term: { term in
          let divisor = try #require(Int(term.text))
          var set = NumberSet(bound: 12)
          for number in 0..<12 where number % divisor == 0 { set.insert(number) }
          return set
        }, near: { _ in NumberSet(bound: 12) })
      var all: [Int] = []
      set.forEach { all.append($0) }
      return all
    }
    #expect(try numbers("2 3") == [0, 6])
    #expect(try numbers("4 OR 6") == [0, 4, 6, 8])
    #expect(try numbers("2 -3") == [2, 4, 8, 10])
    #expect(try numbers("-3 2") == [2, 4, 8, 10])
    #expect(asked == 0)
    #expect(try numbers("-2 -3") == [1, 5, 7, 11])
    #expect(try numbers("NOT NOT 6") == [0, 6])
    #expect(try numbers("4 OR -2") == [0, 1, 3, 4, 5, 7, 8, 9, 11])
  }
}
