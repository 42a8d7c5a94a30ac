import ArgumentParser
import Foundation
import HTTP
import Storage

/// `rostrum mirror`: keeps a copy of another server's corpus.
struct Mirror: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copies the corpus of another Rostrum server, and brings the copy up to date when it runs again.",
    discussion: """
      rostrum mirror --database copy.sqlite http://speeches.example.org

      Where there is no copy, or too much was written since, the server's snapshot is downloaded; else what was written is \
      taken step by step. Either can be broken off at any moment and is gone on with. A database that holds anything else \
      is never touched. The copy is held while it is brought up to date, not in between.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "Go on, and ask again after so many seconds; ends on SIGTERM and SIGINT.")
  var every: Int?

  @Argument(help: "Address of the server, http://HOST:PORT.")
  var origin: String

  /// The longest time between two rounds where the origin fails, in seconds, unless --every is longer.
  private static let longestPause = 3_600

  func validate() throws {
    if let every, every < 1 { throw ValidationError("--every takes at least one second.") }
  }

  func run() throws {
    let interruption = Interruption()
    let settings = try common.settings()
    let token = settings.text(.originToken)
    var round = try MirrorRound(
      origin: Origin(origin, token: token.isEmpty ? nil : token, interruption), database: settings.text(.database),
      interruption)
    var failures = 0
    while true {
      var pause = every ?? 0
      do {
        if let report = try round.run() {
          print(report)
          fflush(nil)
        }
        failures = 0
      } catch UserAgentError.stopped {
        break
      } catch {
        guard let every, Self.mayPass(error) else { throw error }
        failures += 1
        pause = max(every, min(every << min(failures, 20), Self.longestPause))
        say("\(error); trying again in \(pause) s")
      }
      if every == nil { return }
      if interruption.wait(seconds: Double(pause)) { break }
    }
    say("stopped; the copy is sound")
    if every == nil { throw ExitCode(1) }
  }

  /// Whether it is worth trying again later: nothing is wrong with the copy.
  private static func mayPass(_ error: any Error) -> Bool {
    switch error {
    case is UserAgentError, is Origin.Refusal: true
    case StorageError.locked, StorageError.busy, StorageError.full: true
    default: false
    }
  }
}
