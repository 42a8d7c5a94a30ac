import ArgumentParser
import Service

/// The program: every subcommand is a file of this folder.
@main
struct Rostrum: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rostrum",
    abstract: "Keeps a corpus of speeches and answers questions about it over an HTTP JSON API.",
    discussion: """
      Settings come from a flag, else from a variable ROSTRUM_…, else from the file named by --config, else from the \
      defaults that config/rostrum.yaml lists.
      """,
    version: Version.text,
    subcommands: [
      Serve.self, Import.self, Parse.self, Export.self, Reparse.self, Collection.self, Check.self, Replay.self,
      Mirror.self, BackUp.self, RestoreBackup.self, PurgeSpeeches.self, Token.self, Health.self,
    ])
}

/// Why a command gives up: one sentence, written to standard error with `Error: ` before it.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
