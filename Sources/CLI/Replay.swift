import ArgumentParser
import Storage

/// `rostrum replay`: applies the change log of one database to an empty one.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Applies the change log of the database, in order, to a new one, which then answers alike.")

  @OptionGroup var common: CommonOptions

  @Argument(help: "The new database.")
  var target: String

  func run() throws {
    let settings = try common.settings()
    let source = try Store(reading: settings.text(.database))
    let target = try Store(path: target)
    var progress: Progress?
    try ChangeRepository(source).replay(into: target) { done, total in
      if progress == nil { progress = Progress(total: total, verb: "replayed") }
      progress?.show(done)
    }
    progress?.end()
    let (before, after) = (try CardRepository(source).state(), try CardRepository(target).state())
    try target.close()
    guard before == after else {
      throw Failure("The copy is at \(after.revision) (\(after.digest)), not at \(before.revision) (\(before.digest)).")
    }
    print("replayed \(after.revision) writes; state \(after.digest)")
  }
}
