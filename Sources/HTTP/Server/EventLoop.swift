import Dispatch
import Logging

/// One serial queue on which the sockets of many connections are read, answered and written.
///
/// The loop is the actor; its connections are plain objects that never leave it, which the compiler checks. Dispatch
/// enters through `assumeIsolated`, so a request that is answered at once costs no hop at all.
actor EventLoop {
  /// What all loops of a server share.
  struct Site: Sendable {
    let application: any Application
    let limits: Limits
    let capacity: Capacity
    let workers: Workers
    let logger: Logger
  }

  nonisolated let site: Site
  nonisolated private let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  nonisolated var queue: DispatchQueue { executor.queue }

  /// Whether answers are to be the last of their connection.
  private(set) var isDraining = false
  /// Where every connection of the loop reads into, before its parser takes what came.
  var scratch = [UInt8](repeating: 0, count: 64 * 1024)
  var encoder = ResponseEncoder()

  private var connections: [Int: Connection] = [:]
  private var lastID = 0
  private var isSweepDue = false
  private let sweepInterval: DispatchTimeInterval

  init(_ index: Int, site: Site) {
    self.site = site
    executor = QueueExecutor(label: "http.loop.\(index)")
    let limits = site.limits
    let shortest = min(
      limits.headerTime, limits.bodyGrace, limits.idleTime, limits.writeTime, limits.lingerTime)
    sweepInterval = .milliseconds(Int(max(10, min(500, shortest.nanoseconds / 4_000_000))))
  }

  /// Runs work on the loop, from anywhere.
  nonisolated func run(_ work: @escaping @Sendable (isolated EventLoop) -> Void) {
    queue.async { @Sendable [self] in assumeIsolated { work($0) } }
  }

  /// Takes a connection that was accepted.
  nonisolated func adopt(_ descriptor: Int32, peer: String, isWelcome: Bool) {
    run { $0.open(descriptor, peer: peer, isWelcome: isWelcome) }
  }

  func connection(_ id: Int) -> Connection? { connections[id] }

  /// Forgets a connection whose descriptor has been closed.
  func forget(_ id: Int) { connections[id] = nil }

  /// Lets every request in hand be the last of its connection, and closes those that have none.
  func beginDrain() {
    isDraining = true
    for connection in connections.values { connection.beginDrain(self) }
  }

  /// Closes every connection.
  func closeAll() {
    isDraining = true
    for connection in connections.values { connection.close(self) }
  }

  private func open(_ descriptor: Int32, peer: String, isWelcome: Bool) {
    lastID += 1
    let connection = Connection(id: lastID, descriptor: descriptor, peer: peer, limits: site.limits)
    connections[lastID] = connection
    connection.open(self, isWelcome: isWelcome)
    dueSweep()
  }

  /// Looks for what has taken too long, as long as there are connections. Coarse, and no timer for each of them.
  private func dueSweep() {
    guard !isSweepDue, !connections.isEmpty else { return }
    isSweepDue = true
    queue.asyncAfter(deadline: .now() + sweepInterval) { @Sendable [self] in assumeIsolated { $0.sweep() } }
  }

  private func sweep() {
    isSweepDue = false
    let now = Uptime.now
    for connection in connections.values { connection.sweep(self, now: now) }
    dueSweep()
  }
}
