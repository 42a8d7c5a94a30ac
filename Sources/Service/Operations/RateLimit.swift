import HTTP
import HTTPTypes
import Locking

/// How often one client may do one thing: a rate, and how much of it at once.
///
/// For each client one number is kept, the time at which it would be at its rate again (GCRA, as ATM cells were policed).
/// Clients are remembered in two generations of bounded size: when the newer is full, the older is forgotten, which can only
/// be to a client's good. No timer runs.
final class RateLimit: Sendable {
  /// Who is limited.
  enum Client: Hashable, Sendable {
    case network(ClientNetwork)
    case token(String)
  }

  /// What a client has left.
  struct Budget: Sendable, Hashable {
    /// Whether there was enough for this request.
    var isGranted: Bool
    /// How many more requests may come at once.
    var remaining: Int
    /// Seconds until all may come at once again.
    var reset: Int
    /// Seconds until one more may come.
    var wait: Int
  }

  fileprivate struct State: Sendable {
    var newer: [Client: UInt64] = [:]
    var older: [Client: UInt64] = [:]
  }

  /// Its name in `RateLimit` fields.
  let name: String
  private let burst: Int
  /// Nanoseconds that one request takes of the rate.
  private let interval: UInt64
  private let capacity: Int
  private let state = Locked(State())

  /// A limit.
  /// - Parameters:
  ///   - perMinute: the rate, at least 1.
  ///   - burst: how many may come at once, at least 1.
  ///   - clients: how many clients are remembered.
  init(name: String, perMinute: Int, burst: Int, clients: Int) {
    self.name = name
    self.burst = burst
    interval = 60_000_000_000 / UInt64(perMinute)
    capacity = max(1, clients / 2)
  }

  /// What a client has at a time, in nanoseconds of a clock that only goes forward.
  /// - Parameter takes: whether a request is made of it now, if there is enough.
  func budget(of client: Client, at now: UInt64, takes: Bool) -> Budget {
    let whole = interval * UInt64(burst)
    return state.withLock { state in
      let due = max(now, state.newer[client] ?? state.older[client] ?? 0)
      let next = due + interval
      let isGranted = next - now <= whole
      let after = isGranted && takes ? next : due
      if isGranted && takes { state.note(client, next, capacity) }
      return Budget(
        isGranted: isGranted, remaining: Int((whole - min(whole, after - now)) / interval),
        reset: Self.seconds(after - now), wait: isGranted ? 0 : max(1, Self.seconds(next - now - whole)))
    }
  }

  /// How many clients it remembers.
  var remembered: Int { state.withLock { $0.newer.count + $0.older.count } }

  private static func seconds(_ nanoseconds: UInt64) -> Int { Int((nanoseconds + 999_999_999) / 1_000_000_000) }

  /// Says in the fields of an answer what a client has left (draft-ietf-httpapi-ratelimit-headers-10).
  func write(_ budget: Budget, to fields: inout HTTPFields) {
    fields[.rateLimitPolicy] = "\"\(name)\";q=\(burst);w=\(max(1, Self.seconds(interval * UInt64(burst))))"
    fields[.rateLimit] = "\"\(name)\";r=\(budget.remaining);t=\(budget.reset)"
  }

  /// The problem of a client that has nothing left.
  func problem(_ budget: Budget, _ detail: String) -> Problem {
    var problem = Problem(
      .tooManyRequests, code: "rate_limited", detail: detail, headerFields: [.retryAfter: String(budget.wait)])
    write(budget, to: &problem.headerFields)
    return problem
  }
}

extension RateLimit.State {
  fileprivate mutating func note(_ client: RateLimit.Client, _ due: UInt64, _ capacity: Int) {
    if newer.count >= capacity, newer[client] == nil { (older, newer) = (newer, [:]) }
    newer[client] = due
  }
}
