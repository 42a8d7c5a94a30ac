import Foundation

/// A line on a terminal that says how far a long work is; nothing where standard error is no terminal.
final class Progress {
  private let total: Int
  private let verb: String
  private let isTerminal = isatty(2) == 1
  private var shown = ContinuousClock.now - .seconds(1)

  init(total: Int, verb: String) {
    self.total = total
    self.verb = verb
  }

  /// Shows how many are done, at most ten times a second.
  func show(_ done: Int) {
    guard isTerminal, done == total || ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    write("\r\(done) of \(total) \(verb)")
  }

  /// Takes the line away.
  func end() { if isTerminal { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
