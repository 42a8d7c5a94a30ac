import ArgumentParser
import Storage

/// `rostrum check`: holds the database against everything that must be true of it.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks the database: the file, the references, the history, and that sections tile their texts.",
    discussion: "Reads the database beside a running server. Ends with status 1 where something is wrong.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let settings = try common.settings()
    let store = try Store(reading: settings.text(.database))
    let state = try CardRepository(store).state()
    var progress: Progress?
    var checked = 0
    let findings = try IntegrityRepository(store).check { done, total in
      if progress == nil { progress = Progress(total: total, verb: "checked") }
      progress?.show(done)
      checked = done
    }
    progress?.end()
    for finding in findings { print("\(finding.subject): \(finding.detail)") }
    print(
      "\(checked) speeches at corpus revision \(state.revision): \(findings.isEmpty ? "all is well" : "\(findings.count) findings")"
    )
    if !findings.isEmpty { throw ExitCode(1) }
  }
}
