import Dispatch

/// Does something a little later, on a thread of its own.
struct Opener {
  private let action: @Sendable () -> Void

  init(_ action: @escaping @Sendable () -> Void) { self.action = action }

  func start() {
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { @Sendable [action] in action() }
  }
}
