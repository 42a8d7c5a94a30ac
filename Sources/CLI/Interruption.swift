import Dispatch
import Foundation
import Synchronization

/// Whether SIGTERM or SIGINT has come: both ask for an end in good order.
final class Interruption {
  private final class Signal: Sendable {
    let hasCome = Atomic(false)
    let semaphore = DispatchSemaphore(value: 0)
  }

  private let signal = Signal()
  private let sources: [any DispatchSourceSignal]

  /// Takes the signals over.
  init() {
    sources = [SIGTERM, SIGINT].map { [signal] number in
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        signal.hasCome.store(true, ordering: .sequentiallyConsistent)
        signal.semaphore.signal()
      }
      source.resume()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// Whether a signal has come.
  var hasCome: Bool { signal.hasCome.load(ordering: .sequentiallyConsistent) }

  /// Waits for a signal.
  func wait() { signal.semaphore.wait() }

  /// Waits for a signal; false where none comes in so many seconds.
  func wait(seconds: Double) -> Bool { hasCome || signal.semaphore.wait(timeout: .now() + seconds) == .success }
}
