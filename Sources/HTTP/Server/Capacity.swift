import Dispatch
import Synchronization

/// What all connections share and none may take for itself: their number, and the memory of bodies.
final class Capacity: Sendable {
  private let limits: Limits
  private let connections = Atomic(0)
  private let bodyBytes = Atomic(0)
  private let answerBytes = Atomic(0)
  private let accepted = Atomic(0)
  private let refused = Atomic(0)
  private let refusedBodies = Atomic(0)
  /// Empty once every connection has gone; a drain waits for that.
  let everyone = DispatchGroup()

  /// Refusals that may be under way above the limit of connections; what comes beyond them is closed at once.
  private static let refusals = 32

  /// What becomes of a connection that has just been accepted.
  enum Admission {
    case welcome, refuse, drop
  }

  init(limits: Limits) { self.limits = limits }

  var connectionCount: Int { connections.load(ordering: .relaxed) }

  /// Writes what it has counted.
  func write(to statistics: inout ServerStatistics) {
    statistics.acceptedConnections = accepted.load(ordering: .relaxed)
    statistics.refusedConnections = refused.load(ordering: .relaxed)
    statistics.bodyBytes = bodyBytes.load(ordering: .relaxed)
    statistics.refusedBodies = refusedBodies.load(ordering: .relaxed)
  }

  /// Counts a connection in, unless it is to be dropped.
  func admit() -> Admission {
    accepted.add(1, ordering: .relaxed)
    let count = connections.wrappingAdd(1, ordering: .relaxed).newValue
    if count > limits.connections { refused.add(1, ordering: .relaxed) }
    if count > limits.connections + Self.refusals {
      connections.wrappingSubtract(1, ordering: .relaxed)
      return .drop
    }
    everyone.enter()
    return count > limits.connections ? .refuse : .welcome
  }

  /// A connection has gone.
  func leave() {
    connections.wrappingSubtract(1, ordering: .relaxed)
    everyone.leave()
  }

  /// Takes memory for a body; false where there is none left.
  func takeBody(_ count: Int) -> Bool {
    if bodyBytes.wrappingAdd(count, ordering: .relaxed).newValue <= limits.bodyMemory { return true }
    bodyBytes.wrappingSubtract(count, ordering: .relaxed)
    refusedBodies.add(1, ordering: .relaxed)
    return false
  }

  func giveBackBody(_ count: Int) {
    bodyBytes.wrappingSubtract(count, ordering: .relaxed)
  }

  /// Takes memory for a long answer until its peer has it; false where others wait already and there is none left.
  func takeAnswer(_ count: Int) -> Bool {
    let all = answerBytes.wrappingAdd(count, ordering: .relaxed).newValue
    if all <= limits.bodyMemory || all == count { return true }
    answerBytes.wrappingSubtract(count, ordering: .relaxed)
    return false
  }

  func giveBackAnswer(_ count: Int) {
    answerBytes.wrappingSubtract(count, ordering: .relaxed)
  }
}
