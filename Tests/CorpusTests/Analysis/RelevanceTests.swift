import Corpus
import TestSupport
import Testing

@Suite("Relevance")
struct RelevanceTests {
  @Test("grows with occurrences and rarity, falls with length, and is never negative")
  func order() {
    let rare = Relevance(found: 2, of: 1_000, meanLength: 100)
    let common = Relevance(found: 900, of: 1_000, meanLength: 100)
    #expect(rare.score(frequency: 1, length: 100) > common.score(frequency: 1, length: 100))
    #expect(rare.score(frequency: 2, length: 100) > rare.score(frequency: 1, length: 100))
    #expect(rare.score(frequency: 1, length: 50) > rare.score(frequency: 1, length: 200))
    // More occurrences add less and less.
    let scores = (1...5).map { rare.score(frequency: Float($0), length: 100) }
    let steps = zip(scores, scores.dropFirst()).map { $1 - $0 }
    #expect(steps == steps.sorted(by: >))
    // What is very short is not taken for more pointed still.
    #expect(rare.score(frequency: 1, length: 1) == rare.score(frequency: 1, length: 30))
    for found in [0, 1, 1_000, 2_000] {
      let score = Relevance(found: found, of: 1_000, meanLength: 0).score(frequency: 1, length: 0)
      #expect(score > 0 && score.isFinite)
    }
  }

  @Test("what a place can have at most is what no length exceeds")
  func most() {
    let relevance = Relevance(found: 70, of: 1_000, meanLength: 83.7)
    let most = relevance.most(below: 300)
    for (frequency, most) in most.enumerated() {
      for length: UInt32 in [0, 1, 30, 50, 51, 84, 500, 70_000] {
        #expect(relevance.score(frequency: Float(frequency), length: length) <= most)
      }
    }
  }

  @Test("a heading and the title count more than the text")
  func weights() {
    #expect(Relevance.weight(of: .text) < Relevance.weight(of: .heading))
    #expect(Relevance.weight(of: .text) < Relevance.weight(of: .title))
  }

  @Test("the best are those that sorting gives, equals by number", arguments: [0, 1, 5, 20, 100])
  func best(limit: Int) {
    var random = SeededGenerator(seed: limit)
    for count in [0, 1, 19, 60] {
      let entries = (0..<count).map {
        Best.Entry(score: Float(Int.random(in: 0...6, using: &random)), number: $0)
      }.shuffled(using: &random)
      var best = Best(limit: limit)
      for entry in entries { best.offer(entry) }
      let sorted = entries.sorted { ($1.score, $0.number) < ($0.score, $1.number) }
      #expect(best.sorted == Array(sorted.prefix(limit)))
      #expect(best.least == (count < limit ? -.infinity : sorted.prefix(limit).last?.score ?? .infinity))
      for (index, entry) in sorted.enumerated().prefix(5) {
        var next = Best(limit: limit, after: entry)
        for entry in entries { next.offer(entry) }
        #expect(next.sorted == Array(sorted.dropFirst(index + 1).prefix(limit)))
      }
    }
  }
}
