import Locking

/// How many results of a search each speech has, for SQL that sorts and counts speeches.
final class SpeechTally: Sendable {
  private let counts: [UInt32]

  /// - Parameter counts: by the key of the speech.
  init(_ counts: [UInt32]) { self.counts = counts }

  func hits(of speech: Int) -> UInt32 { counts.indices.contains(speech) ? counts[speech] : 0 }
}

/// The tallies of the searches under way, by number: SQL can carry a number, and no array.
final class SpeechTallies: Sendable {
  private struct State {
    var next: Int64 = 1
    var tallies: [Int64: SpeechTally] = [:]
  }

  private let state = Locked(State())

  subscript(number: Int64) -> SpeechTally? { state.withLock { $0.tallies[number] } }

  /// Makes a tally known under a number while `body` runs.
  func lending<Value>(_ tally: SpeechTally, _ body: (Int64) throws -> Value) rethrows -> Value {
    let number = state.withLock { state in
      defer { state.next += 1 }
      state.tallies[state.next] = tally
      return state.next
    }
    defer { state.withLock { $0.tallies[number] = nil } }
    return try body(number)
  }
}
