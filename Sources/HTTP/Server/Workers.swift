import Dispatch
import Glibc

/// Threads for what takes long, a fixed number of them, with a short line before them.
///
/// Each worker is a serial queue of its own. A concurrent queue would share the threads of the global pool, which on
/// Linux are as many as cores, and a worker that waits for a slow peer would keep one of them.
///
/// Their threads give way to those of the loops: where all processors are busy, a quick answer does not wait for the
/// slice of a long one to end.
final class Workers: Sendable {
  typealias Job = @Sendable () -> Void

  private struct State: Sendable {
    var idle: [DispatchQueue]
    var waiting: [Job] = []
    /// Where `waiting` begins; moved instead of the elements.
    var first = 0
    var streams = 0
    var refused = 0
    var refusedStreams = 0
  }

  private let count: Int
  private let state: Locked<State>
  private let backlog: Int
  private let streamLimit: Int
  /// How nice the threads of workers are.
  private let niceness: Int32

  init(count: Int, backlog: Int, label: String = "http.worker") {
    self.count = max(1, count)
    let queues = (0..<max(1, count)).map { DispatchQueue(label: "\(label).\($0)") }
    state = Locked(State(idle: queues))
    self.backlog = backlog
    streamLimit = max(1, count / 2)
    niceness = min(19, getpriority(Int32(PRIO_PROCESS.rawValue), 0) + 5)
  }

  /// Takes a job, or says false where all workers are busy and the line is full.
  func submit(_ job: @escaping Job) -> Bool {
    let (queue, isTaken): (DispatchQueue?, Bool) = state.withLock { state in
      if let queue = state.idle.popLast() { return (queue, true) }
      guard state.waiting.count - state.first < backlog else {
        state.refused += 1
        return (nil, false)
      }
      state.waiting.append(job)
      return (nil, true)
    }
    queue?.async { @Sendable [self] in run(job, on: queue) }
    return isTaken
  }

  /// Whether one more stream may occupy the worker it is asked on. Half of the workers are kept for other work.
  func beginStream() -> Bool {
    state.withLock { state in
      guard state.streams < streamLimit else {
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
    statistics.waitingRequests = state.waiting.count - state.first
    statistics.refusedRequests = state.refused
    statistics.streams = state.streams
    statistics.refusedStreams = state.refusedStreams
  }

  private func run(_ job: Job, on queue: DispatchQueue?) {
    // On Linux 0 is the calling thread, not the process. Dispatch may lend the worker another thread each time; loops do not
    // come to share one that has become nice, for each keeps the thread that it got at the start.
    setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness)
    job()
    while let next = next(or: queue) { next() }
  }

  /// The job that has waited longest; where there is none, the worker is idle again.
  private func next(or queue: DispatchQueue?) -> Job? {
    state.withLock { state in
      guard state.first < state.waiting.count else {
        state.waiting.removeAll(keepingCapacity: true)
        state.first = 0
        if let queue { state.idle.append(queue) }
        return nil
      }
      let job = state.waiting[state.first]
      state.waiting[state.first] = {}
      state.first += 1
      if state.first > 64, state.first > state.waiting.count / 2 {
        state.waiting.removeFirst(state.first)
        state.first = 0
      }
      return job
    }
  }
}
