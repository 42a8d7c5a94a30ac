import Dispatch
import Foundation
import Interchange
import Locking

/// `rostrum parse --check`: tries on documents what is promised of every document, on all processors.
struct ParseCheck {
  let reader: DocumentReader
  let maximumBytes: Int
  /// Of how many documents one is looked at thoroughly.
  let every: Int

  private struct Sum {
    var documents = 0
    var speeches = 0
    var refused = 0
    var lines: [String] = []
  }

  /// Prints what does not hold and a line of figures; true where everything holds.
  func run(_ files: [DocumentFiles.File]) -> Bool {
    let companions = Companions(of: files, maximumBytes: maximumBytes)
    let sum = Locked(Sum())
    DispatchQueue.concurrentPerform(iterations: files.count) { @Sendable index in
      let file = files[index]
      var result = Soundness()
      if let refusal = file.refusal {
        result.refusals = [refusal]
      } else {
        switch DocumentFiles.read(file.path, companions: companions, maximumBytes: maximumBytes) {
        case .success(let document): result = reader.soundness(of: document, thoroughly: index % every == 0)
        case .failure(let refusal): result.refusals = [refusal]
        }
      }
      sum.withLock { sum in
        sum.documents += 1
        sum.speeches += result.speeches
        sum.refused += result.refusals.count
        sum.lines += result.faults.prefix(5).map { "\(file.path): \($0)" }
      }
    }
    let total = sum.withLock { $0 }
    for line in total.lines.sorted() { print(line) }
    print(
      "\(total.documents) documents, \(total.speeches) speeches, \(total.refused) refused, "
        + (total.lines.isEmpty ? "all sound" : "\(total.lines.count) faults"))
    return total.lines.isEmpty
  }
}
