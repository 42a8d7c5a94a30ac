import Corpus
import Locking

/// Where terms stand that were looked for a short while ago, alone or near each other, in one state of the corpus: the next
/// page of a search, its facets and its repetition cost less. Every write empties it.
///
/// What took long to find for the memory it takes is kept longest (GreedyDual-Size; Cao and Irani, 1997): the few commonest
/// characters cost a hundred times what other terms do.
final class PostingCache: Sendable {
  private struct Entry {
    let postings: Postings
    /// Time to find a byte of it.
    let value: Double
    /// What an entry has to fall below to be given up: what that was when this one was last used, and its value.
    var standing: Double
  }

  private struct State {
    var corpus = ""
    var entries: [Query: Entry] = [:]
    var bytes = 0
    /// The standing of the last entry that was given up.
    var level = 0.0
  }

  /// The most that is kept, in bytes.
  private static let capacity = 48 << 20
  /// What an entry takes besides, in bytes.
  private static let overhead = 1 << 10
  /// What is found sooner is found again, in nanoseconds.
  private static let least: UInt64 = 500_000

  private let state = Locked(State())

  /// The nodes of a term or a proximity in a state of the corpus, if they are known.
  func nodes(of query: Query, in corpus: CorpusState) -> Postings? {
    state.withLock { state in
      guard state.corpus == corpus.digest, let found = state.entries[query] else { return nil }
      state.entries[query]?.standing = state.level + found.value
      return found.postings
    }
  }

  /// Keeps the nodes of a term or a proximity, and gives up what is least worth it.
  /// - Parameter cost: how long it took to find, in nanoseconds.
  func keep(_ postings: Postings, of query: Query, in corpus: CorpusState, cost: UInt64) {
    let bytes = postings.bytes + Self.overhead
    guard cost >= Self.least, bytes < Self.capacity / 2 else { return }
    state.withLock { state in
      if state.corpus != corpus.digest { state = State(corpus: corpus.digest) }
      guard state.entries[query] == nil else { return }
      let value = Double(cost) / Double(bytes)
      state.entries[query] = Entry(postings: postings, value: value, standing: state.level + value)
      state.bytes += bytes
      while state.bytes > Self.capacity,
        let least = state.entries.min(by: { $0.value.standing < $1.value.standing })
      {
        state.entries[least.key] = nil
        state.bytes -= least.value.postings.bytes + Self.overhead
        state.level = least.value.standing
      }
    }
  }
}
