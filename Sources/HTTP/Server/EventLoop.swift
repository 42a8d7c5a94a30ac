import CEpoll
import Logging

/// One thread on which the sockets of many connections are read, answered and written.
///
/// The loop is the actor; its connections are plain objects that never leave it, which the compiler checks. It is
/// entered once and then runs, so a request that is answered at once costs neither a hop nor a lock.
///
/// The sockets are watched with epoll, not with dispatch sources: on Linux libdispatch takes a source out of its
/// books on the source's own queue when the peer resets the connection, while its manager thread reads them (its
/// issue 949). Any client could stop the process that way.
actor EventLoop {
  /// What all loops of a server share.
  struct Site: Sendable {
    let application: any Application
    let limits: Limits
    let capacity: Capacity
    let workers: Workers
    /// Threads for what has to be answered however busy the workers are.
    let aside: Workers
    let logger: Logger
  }

  nonisolated let site: Site
  nonisolated private let executor: LoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  nonisolated var poller: Poller { executor.poller }

  /// Whether answers are to be the last of their connection.
  private(set) var isDraining = false
  /// The time, read once for everything that is ready at the same moment.
  private(set) var now = Uptime.now
  /// Where every connection of the loop reads into, before its parser takes what came.
  var scratch = [UInt8](repeating: 0, count: 64 * 1024)
  var encoder = ResponseEncoder()

  private var connections: [Int: Connection] = [:]
  private var lastID = 0
  /// Their ids are below zero, those of connections above; zero is the bell.
  private var listeners: [Int: Listener] = [:]
  private var isEnding = false
  private var nextSweep: UInt64 = 0
  private let sweepInterval: UInt64

  init(_ index: Int, site: Site) {
    self.site = site
    executor = LoopExecutor(label: "http.loop.\(index)")
    let limits = site.limits
    let shortest = min(
      limits.headerTime, limits.bodyGrace, limits.idleTime, limits.writeTime, limits.lingerTime)
    sweepInterval = max(10_000_000, min(500_000_000, shortest.nanoseconds / 4))
  }

  /// Begins to run, until `end`.
  nonisolated func start() {
    executor.start { [self] in assumeIsolated { $0.serve() } }
  }

  /// Runs work on the loop, from anywhere; false where the loop has ended.
  @discardableResult
  nonisolated func run(_ work: @escaping @Sendable (isolated EventLoop) -> Void) -> Bool {
    executor.post { [self] in assumeIsolated { work($0) } }
  }

  /// Takes a connection that was accepted.
  nonisolated func adopt(_ descriptor: Int32, peer: String, isWelcome: Bool) {
    run { $0.open(descriptor, peer: peer, isWelcome: isWelcome) }
  }

  func connection(_ id: Int) -> Connection? { connections[id] }

  /// How many connections are in each state.
  var states: [ConnectionState: Int] { connections.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }

  /// Forgets a connection that has been closed.
  func forget(_ id: Int) { connections[id] = nil }

  /// Accepts connections from now on, for all these loops.
  func listen(_ descriptor: Int32, file: UnixSocketFile? = nil, for loops: [EventLoop]) {
    let id = -1 - listeners.count
    let listener = Listener(id: id, descriptor: descriptor, file: file, loops: loops)
    listeners[id] = listener
    listener.open(self)
  }

  /// Accepts no more than what waits to be, for requests may have come with it; the sockets are closed when this returns.
  func stopListening() {
    for listener in listeners.values {
      listener.accept(self, atMost: 4096)
      listener.close()
    }
    listeners = [:]
  }

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

  /// Closes every connection and lets the thread go.
  func end() {
    stopListening()
    closeAll()
    isEnding = true
  }

  private func open(_ descriptor: Int32, peer: String, isWelcome: Bool) {
    lastID += 1
    let connection = Connection(id: lastID, descriptor: descriptor, peer: peer, limits: site.limits)
    connections[lastID] = connection
    connection.open(self, isWelcome: isWelcome)
  }

  private func serve() {
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    while !isEnding {
      let count = poller.wait(&events, milliseconds: patience)
      now = Uptime.now
      for index in 0..<count { ready(Poller.Event(events[index])) }
      for work in executor.take() { work() }
      if now >= nextSweep {
        nextSweep = now + sweepInterval
        for connection in connections.values { connection.sweep(self, now: now) }
      }
      for listener in listeners.values where listener.isPaused { listener.sweep(self) }
    }
    for work in executor.close() { work() }
    closeAll()
  }

  private func ready(_ event: Poller.Event) {
    switch event.id {
    case 1...: connections[event.id]?.ready(event, self)
    case 0: poller.silence()
    default: listeners[event.id]?.accept(self)
    }
  }

  /// How long to wait for something to happen: for ever where there is nothing that could take too long.
  private var patience: Int32 {
    if listeners.values.contains(where: \.isPaused) { return 100 }
    return connections.isEmpty ? -1 : Int32(sweepInterval / 1_000_000)
  }
}
