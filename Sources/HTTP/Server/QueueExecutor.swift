import Dispatch

/// Lets an actor live on a serial queue, so that what Dispatch calls there may enter it without a hop.
///
/// `assumeIsolated` asks `checkIsolated`, which Dispatch answers: a call from any other queue stops the program.
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { @Sendable in job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
