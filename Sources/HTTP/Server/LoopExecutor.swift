import Dispatch
import Locking

/// The thread of an event loop: a serial queue that the loop takes up for as long as it runs, and a mailbox.
///
/// Whoever is on the queue is on the loop, which Dispatch checks. Work for the loop from elsewhere, the jobs of
/// `await` among it, goes through the mailbox, since the queue itself is never free.
final class LoopExecutor: SerialExecutor {
  typealias Work = @Sendable () -> Void

  private struct Mailbox: Sendable {
    var work: [Work] = []
    var isOpen = true
  }

  let poller = Poller()
  private let queue: DispatchQueue
  private let mailbox = Locked(Mailbox())

  init(label: String) { queue = DispatchQueue(label: label, qos: .userInitiated) }

  /// Gives the queue to the loop.
  func start(_ loop: @escaping Work) { queue.async(execute: loop) }

  /// Puts work into the mailbox; false where nobody will take it out any more.
  @discardableResult
  func post(_ work: @escaping Work) -> Bool {
    let (isOpen, isFirst) = mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return (false, false) }
      mailbox.work.append(work)
      return (true, mailbox.work.count == 1)
    }
    if isFirst { poller.ring() }
    return isOpen
  }

  /// Takes everything out of the mailbox, on the loop.
  func take() -> [Work] {
    mailbox.withLock { mailbox in
      defer { mailbox.work = [] }
      return mailbox.work
    }
  }

  /// Takes nothing more in, on the loop; what lies there is taken out.
  func close() -> [Work] {
    mailbox.withLock { mailbox in
      defer { mailbox.work = [] }
      mailbox.isOpen = false
      return mailbox.work
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    post { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
