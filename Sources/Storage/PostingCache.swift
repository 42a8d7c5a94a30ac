import Corpus
import Synchronization

/// Where terms stand that were looked for a short while ago, in one state of the corpus: the next page of a search, its
/// facets and its repetition cost less. Every write empties it.
final class PostingCache: Sendable {
  private struct State {
    var corpus = ""
    var entries: [Term: (postings: Postings, used: Int)] = [:]
    var bytes = 0
    var clock = 0
  }

  /// The most that is kept, in bytes.
  private static let capacity = 32 << 20
  /// What takes less is read again sooner than it is looked up among many.
  private static let least = 16 << 10

  private let state = Mutex(State())

  /// Where a term stands in a state of the corpus, if that is known.
  func postings(of term: Term, in corpus: CorpusState) -> Postings? {
    state.withLock { state in
      guard state.corpus == corpus.digest, let found = state.entries[term]?.postings else { return nil }
      state.clock += 1
      state.entries[term]?.used = state.clock
      return found
    }
  }

  /// Keeps where a term stands, and gives up what was not asked for longest.
  func keep(_ postings: Postings, of term: Term, in corpus: CorpusState) {
    guard Self.least <= postings.bytes, postings.bytes < Self.capacity / 2 else { return }
    state.withLock { state in
      if state.corpus != corpus.digest { state = State(corpus: corpus.digest) }
      guard state.entries[term] == nil else { return }
      state.clock += 1
      state.entries[term] = (postings, state.clock)
      state.bytes += postings.bytes
      while state.bytes > Self.capacity, let oldest = state.entries.min(by: { $0.value.used < $1.value.used }) {
        state.entries[oldest.key] = nil
        state.bytes -= oldest.value.postings.bytes
      }
    }
  }
}
