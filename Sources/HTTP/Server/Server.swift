import Dispatch
import Foundation
import Glibc
import Locking
public import Logging
import Synchronization

/// Serves HTTP/1.1 on sockets: gives whole requests to an `Application` and sends what it answers.
///
/// Nothing happens until `listen`; `drain` ends it. The server handles no signals, but ignores SIGPIPE.
public final class Server: Sendable {
  private let site: EventLoop.Site
  private let loops: [EventLoop]
  private let draining = Atomic(false)

  /// A server that does not listen yet.
  ///
  /// - Parameters:
  ///   - loops: event loops; nil for one per core.
  ///   - workers: threads for `Answer.onWorkers` and for streams, which may take half of them.
  public init(
    application: any Application, limits: Limits = Limits(), loops: Int? = nil, workers: Int = 8,
    logger: Logger = Logger(label: "http")
  ) {
    signal(SIGPIPE, SIG_IGN)
    let site = EventLoop.Site(
      application: application, limits: limits, capacity: Capacity(limits: limits),
      workers: Workers(count: workers, backlog: limits.waitingRequests),
      aside: Workers(count: 1, backlog: 16, label: "http.aside"), logger: logger)
    self.site = site
    let count = loops ?? ProcessInfo.processInfo.activeProcessorCount
    self.loops = (0..<max(1, count)).map { EventLoop($0, site: site) }
    for loop in self.loops { loop.start() }
  }

  deinit {
    for loop in loops { loop.run { $0.end() } }
  }

  /// Connections at present, those that are being closed among them.
  public var connectionCount: Int { site.capacity.connectionCount }

  /// Whether `drain` was called.
  public var isDraining: Bool { draining.load(ordering: .relaxed) }

  /// What the server is doing and has done so far. Asks every loop, so it may not be called from one.
  public func statistics() -> ServerStatistics {
    var statistics = ServerStatistics()
    let states = Locked<[ConnectionState: Int]>([:])
    let answers = DispatchGroup()
    for loop in loops {
      answers.enter()
      let isAsked = loop.run { loop in
        let found = loop.states
        states.withLock { $0.merge(found, uniquingKeysWith: +) }
        answers.leave()
      }
      if !isAsked { answers.leave() }
    }
    _ = answers.wait(timeout: .now() + 1)
    statistics.connections = states.withLock { $0 }
    site.capacity.write(to: &statistics)
    site.workers.write(to: &statistics)
    return statistics
  }

  /// Listens on every address that the host stands for: a name, an address, or `0.0.0.0` and `::` for all.
  ///
  /// A port of 0 lets the system pick one. May be called again for more addresses.
  @discardableResult
  public func listen(host: String, port: Int) throws(ListenError) -> [ListeningAddress] {
    try checkLoops("\(host), port \(port)")
    let sockets = try ListeningSocket.open(host: host, port: port)
    for socket in sockets {
      loops[0].run { [loops] in $0.listen(socket.descriptor, for: loops) }
    }
    return sockets.map(\.address)
  }

  /// Listens on a Unix-domain socket, for a proxy on the same machine. The file is removed when the server ends.
  ///
  /// - Parameter mode: the permission bits of the file: whoever is to connect has to be able to write it.
  public func listen(unixSocket path: String, mode: UInt32 = 0o660) throws(ListenError) {
    try checkLoops(path)
    let (descriptor, file) = try UnixSocketFile.listen(on: path, mode: mode)
    loops[0].run { [loops] in $0.listen(descriptor, file: file, for: loops) }
  }

  private func checkLoops(_ place: String) throws(ListenError) {
    guard loops.allSatisfy(\.poller.isWhole) else {
      throw ListenError(place, "the process has no descriptors left", code: EMFILE)
    }
  }

  /// Accepts no more, lets the requests in hand be answered, closes the rest, and returns when all have gone.
  ///
  /// Waits at most as long as given, or as the limits say; then what is left is closed. Says whether nothing was
  /// left. Not to be called from inside the application.
  @discardableResult
  public func drain(within time: Duration? = nil) -> Bool {
    draining.store(true, ordering: .relaxed)
    stopListening()
    for loop in loops { loop.run { $0.beginDrain() } }
    let wait = (time ?? site.limits.drainTime).nanoseconds
    let everyone = site.capacity.everyone
    if everyone.wait(timeout: .now() + .nanoseconds(Int(clamping: wait))) == .success { return true }
    for loop in loops { loop.run { $0.closeAll() } }
    _ = everyone.wait(timeout: .now() + .seconds(1))
    return false
  }

  private func stopListening() {
    let done = DispatchSemaphore(value: 0)
    loops[0].run {
      $0.stopListening()
      done.signal()
    }
    done.wait()
  }
}
