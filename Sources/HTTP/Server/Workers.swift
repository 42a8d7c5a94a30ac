import Dispatch
import Glibc
import Locking

/// Threads for what takes long, a fixed number of them, with a short line before them.
///
/// Each worker is a serial queue of its own. A concurrent queue would share the threads of the global pool, which on
/// Linux are as many as cores, and a worker that waits for a slow peer would keep one of them.
///
/// What changes something waits for whoever changes something else, and for the disk. It may have half of the workers and of
/// the line, so that a disk that stands still does not keep those who read from being answered; and what stood in the line
/// for longer than the patience is refused, since it would go on standing there.
///
/// Their threads give way to those of the loops: where all processors are busy, a quick answer does not wait for the
/// slice of a long one to end.
final class Workers: Sendable {
  typealias Job = @Sendable () -> Void

  private struct Waiting: Sendable {
    var number: Int
    var changes: Bool
    var job: Job
    var refuse: Job
  }

  private struct State: Sendable {
    var idle: [DispatchQueue]
    var waiting: [Waiting] = []
    /// How many ever waited.
    var arrivals = 0
    /// How many of those at work change something.
    var changing = 0
    var streams = 0
    var refused = 0
    var refusedStreams = 0
  }

  private let count: Int
  private let state: Locked<State>
  private let backlog: Int
  private let patience: DispatchTimeInterval
  private let clock: DispatchQueue
  /// How many may make streams, and how many may change something, at a time.
  private let half: Int
  /// How nice the threads of workers are.
  private let niceness: Int32

  /// - Parameter patience: how long what changes something may stand in the line.
  init(count: Int, backlog: Int, patience: DispatchTimeInterval = .seconds(5), label: String = "http.worker") {
    self.count = max(1, count)
    let queues = (0..<max(1, count)).map { DispatchQueue(label: "\(label).\($0)") }
    state = Locked(State(idle: queues))
    self.backlog = backlog
    self.patience = patience
    clock = DispatchQueue(label: "\(label).patience")
    half = max(1, count / 2)
    niceness = min(19, getpriority(Int32(PRIO_PROCESS.rawValue), 0) + 5)
  }

  /// Takes a job, or says false where all workers are busy and the line is full.
  /// - Parameters:
  ///   - changes: whether it changes something.
  ///   - refuse: called in the place of a job that changes something and stood in the line for too long.
  func submit(changes: Bool = false, _ job: @escaping Job, refuse: @escaping Job = {}) -> Bool {
    let (queue, place): (DispatchQueue?, Int?) = state.withLock { state in
      if !changes || state.changing < half, let queue = state.idle.popLast() {
        if changes { state.changing += 1 }
        return (queue, nil)
      }
      let isFull = state.waiting.count >= backlog
      guard !isFull, !changes || state.waiting.count(where: \.changes) < max(1, backlog / 2) else {
        state.refused += 1
        return (nil, nil)
      }
      state.arrivals += 1
      state.waiting.append(Waiting(number: state.arrivals, changes: changes, job: job, refuse: refuse))
      return (nil, state.arrivals)
    }
    if let queue {
      queue.async { @Sendable [self] in run(job, changes: changes, on: queue) }
    } else if let place, changes {
      clock.asyncAfter(deadline: .now() + patience) { @Sendable [self] in giveUp(place) }
    }
    return queue != nil || place != nil
  }

  /// Refuses what still stands in the line.
  private func giveUp(_ number: Int) {
    let waiting = state.withLock { state in
      let index = state.waiting.firstIndex { $0.number == number }
      if index != nil { state.refused += 1 }
      return index.map { state.waiting.remove(at: $0) }
    }
    waiting?.refuse()
  }

  /// Whether one more stream may occupy the worker it is asked on. Half of the workers are kept for other work.
  func beginStream() -> Bool {
    state.withLock { state in
      guard state.streams < half else {
        state.refusedStreams += 1
        return false
      }
      state.streams += 1
      return true
    }
  }

  func endStream() {
    state.withLock { $0.streams -= 1 }
  }

  /// Writes what it is doing and what it has counted.
  func write(to statistics: inout ServerStatistics) {
    let state = state.withLock { $0 }
    statistics.workers = count
    statistics.busyWorkers = count - state.idle.count
    statistics.waitingRequests = state.waiting.count
    statistics.refusedRequests = state.refused
    statistics.streams = state.streams
    statistics.refusedStreams = state.refusedStreams
  }

  private func run(_ job: Job, changes: Bool, on queue: DispatchQueue) {
    // On Linux 0 is the calling thread, not the process. Dispatch may lend the worker another thread each time; loops do not
    // come to share one that has become nice, for each keeps the thread that it got at the start.
    setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness)
    job()
    var hasChanged = changes
    while let next = next(after: hasChanged, or: queue) {
      next.job()
      hasChanged = next.changes
    }
  }

  /// The job that has waited longest of those that may be taken up; where there is none, the worker is idle again.
  private func next(after hasChanged: Bool, or queue: DispatchQueue) -> Waiting? {
    state.withLock { state in
      if hasChanged { state.changing -= 1 }
      guard let index = state.waiting.firstIndex(where: { !$0.changes || state.changing < half }) else {
        state.idle.append(queue)
        return nil
      }
      let next = state.waiting.remove(at: index)
      if next.changes { state.changing += 1 }
      return next
    }
  }
}
