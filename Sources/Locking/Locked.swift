import Foundation

/// A value that threads take turns with.
///
/// It is what `Mutex` of the standard library is, on a lock that ThreadSanitizer knows: on Linux it does not see the
/// futex inside `Mutex` and reports races where there are none, which would bury the real ones.
///
/// Unchecked, since the compiler cannot know that `value` is touched only between `lock` and `unlock`; it is
/// private, and `withLock` is the only way to it.
package final class Locked<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) { self.value = value }

  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
