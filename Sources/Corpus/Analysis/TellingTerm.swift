import Foundation

/// A word of a speech that may say what it is about, judged by the speech alone.
public struct TellingTerm: Sendable {
  /// The word, as it first stands in the speech.
  public let term: Term
  /// Occurrences, those in the title and in headings weighted as search weighs them, on a logarithmic scale from 1 on.
  public let frequency: Float
  /// How little it is to be expected in any text.
  public let surprise: Float

  /// The same on a scale from 0.1, what is to be expected anywhere, to 1. So a common word counts little also where a corpus
  /// happens to have few speeches in its language.
  public var share: Float { min(1, max(0.1, (surprise - Self.plain) / (Self.telling - Self.plain))) }

  /// What is no less to be expected than 发展 or `with` says next to nothing.
  private static let plain: Float = 6
  /// What is less to be expected than 环境保护 or `parliament` says all that a word can say.
  private static let telling: Float = 12
  /// Where no list says how usual a word is.
  private static let usualSurprise: Float = 10

  /// How many occurrences come to, since the tenth says less than the first.
  public static func scale(_ occurrences: Float) -> Float { 1 + log(max(1, occurrences)) }

  /// The words of a speech, those that say most first.
  ///
  /// Chinese is divided by the list of words. Characters side by side that the list leaves alone are a word of their own if
  /// they stand so again and again (新冠, 雄安). Without a list, and in scripts that it does not know, all neighbouring
  /// characters count as words.
  public static func terms(
    title: String?, text: TextIndex, nodes: [OutlineNode], lexicon: Lexicon?
  ) -> [TellingTerm] {
    var words = Words(lexicon: lexicon)
    words.add(text, Span(0, text.count), weight: 1)
    for node in nodes {
      if let span = node.section.headingSpan { words.add(text, span, weight: Relevance.headingWeight - 1) }
    }
    if let title {
      let title = TextIndex(title)
      words.add(title, Span(0, title.count), weight: Relevance.titleWeight)
    }
    return words.terms
  }

  /// What it says, as far as the speech alone tells.
  private var weight: Float { frequency * surprise }

  /// The words that were seen so far.
  private struct Words {
    /// A word with the number of its first occurrence, so that equals stay in order.
    struct Entry {
      var text: String
      var weight: Float
      var surprise: Float
      var isListed: Bool
      let number: Int
    }

    let lexicon: Lexicon?
    private var entries: [ArraySlice<Folding.Folded>: Entry] = [:]

    /// Pairs of characters that no list knows count from so many occurrences on.
    private static let fewestPairs: Float = 3
    /// A character that is more usual than this is a particle rather than a part of an unknown word.
    private static let leastSurprise = 6.8
    /// Letters say so much each up to the longest: the shorter a word the commoner it is (Zipf, 1935).
    private static let surpriseOfLetter: Float = 1.2
    private static let lettersAtMost = 10
    /// Words of so few letters are particles, unless they are written as names: WTO, 5G.
    private static let lettersOfParticle = 3

    init(lexicon: Lexicon?) { self.lexicon = lexicon }

    mutating func add(_ text: TextIndex, _ span: Span, weight: Float) {
      let folded = Folding.fold(utf8: text.slice(span))
      for run in folded.runs {
        switch run.first?.kind {
        case .word:
          // Numbers and single letters say little, and the same ones stand everywhere.
          guard run.count > 1, run.contains(where: { !(0x30...0x39).contains($0.value) }) else { continue }
          if run.count > Self.lettersOfParticle {
            let surprise = Float(min(run.count, Self.lettersAtMost)) * Self.surpriseOfLetter
            count(run, surprise, true, text, span.start, weight)
          } else if isName(text.text(Span(run.startIndex + span.start, run.endIndex + span.start))) {
            count(run, TellingTerm.usualSurprise, true, text, span.start, weight)
          }
        case .character:
          guard let lexicon else {
            for pair in pairs(in: run) { count(pair, TellingTerm.usualSurprise, true, text, span.start, weight) }
            continue
          }
          var alone = run.startIndex
          var start = run.startIndex
          for end in lexicon.division(of: run) {
            let word = run[start..<end]
            let surprise = lexicon.surprise(of: word)
            let isParticle = word.count == 1 && (surprise ?? .infinity) < Self.leastSurprise
            if word.count > 1 || isParticle {
              addUnlisted(run[alone..<start], text, span.start, weight)
              alone = end
            }
            if word.count > 1 {
              count(word, Float(surprise ?? Double(TellingTerm.usualSurprise)), true, text, span.start, weight)
            }
            start = end
          }
          addUnlisted(run[alone..<run.endIndex], text, span.start, weight)
        default: break
        }
      }
    }

    private func isName(_ word: String) -> Bool { word.allSatisfy { $0.isUppercase || $0.isNumber } }

    /// Characters that stand alone side by side.
    private mutating func addUnlisted(
      _ run: ArraySlice<Folding.Folded>, _ text: TextIndex, _ offset: Int, _ weight: Float
    ) {
      for pair in pairs(in: run) { count(pair, TellingTerm.usualSurprise, false, text, offset, weight) }
    }

    private func pairs(in run: ArraySlice<Folding.Folded>) -> [ArraySlice<Folding.Folded>] {
      run.indices.dropLast().map { run[$0...($0 + 1)] }
    }

    private mutating func count(
      _ word: ArraySlice<Folding.Folded>, _ surprise: Float, _ isListed: Bool, _ text: TextIndex, _ offset: Int,
      _ weight: Float
    ) {
      if entries[word] != nil {
        entries[word]?.weight += weight
      } else {
        entries[word] = Entry(
          text: text.text(Span(word.startIndex + offset, word.endIndex + offset)), weight: weight, surprise: surprise,
          isListed: isListed, number: entries.count)
      }
    }

    var terms: [TellingTerm] {
      entries.values.filter { $0.isListed || $0.weight >= Self.fewestPairs }.sorted { $0.number < $1.number }
        .map { TellingTerm(term: Term($0.text), frequency: TellingTerm.scale($0.weight), surprise: $0.surprise) }
        .sorted { $0.weight > $1.weight }
    }
  }
}
