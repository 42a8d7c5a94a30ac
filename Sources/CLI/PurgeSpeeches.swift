import ArgumentParser
import Corpus
import Foundation
import Service
import Storage

/// `rostrum purge`: takes speeches out for good.
struct PurgeSpeeches: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge", abstract: "Takes speeches out for good: texts, documents, older revisions, index entries.",
    discussion: """
      Speeches that are not deleted yet are deleted with it. The change log goes on telling that they were there. Needs \
      the database for itself; while a server has it, send DELETE /v1/speeches/ID?purge=true.
      """)

  @OptionGroup var common: CommonOptions

  @Option(
    name: .customLong("deleted-before"),
    help: "Also every speech that was deleted before this date, 2026-01-31 or with a time, in UTC.")
  var deletedBefore: String?

  @Flag(name: .long, help: "Do not ask.")
  var yes = false

  @Argument(help: "Ids of speeches.")
  var ids: [String] = []

  func validate() throws {
    if ids.isEmpty, deletedBefore == nil { throw ValidationError("Name speeches, or --deleted-before a date.") }
    if let deletedBefore, deletedBefore.wholeMatch(of: /\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z?)?/) == nil {
      throw ValidationError("--deleted-before: expected a date such as 2026-01-31, found “\(deletedBefore)”.")
    }
  }

  func run() throws {
    var wanted = try ids.map { text in
      guard let id = SpeechID(text) else { throw Failure("“\(text)” is no id of a speech.") }
      return id
    }
    let store = try common.settings().openedStore()
    let purges = PurgeRepository(store)
    if let deletedBefore { wanted += try purges.deleted(before: deletedBefore) }
    if !wanted.isEmpty, !yes { try confirm(wanted) }
    let purge: Purge
    do { purge = try purges.purge(wanted, at: Timestamp.now) } catch StorageError.busy {
      throw Failure(
        "The speeches are purged, but another process goes on reading the database as it was before, so that the file holds "
          + "their bytes until it is opened to be written the next time.")
    }
    if !purge.missing.isEmpty {
      throw Failure("There is no speech \(purge.missing.joined(separator: ", ")); nothing was done.")
    }
    try store.close()
    for id in purge.purged { print("\(id)\tpurged") }
    for id in purge.earlier { print("\(id)\tpurged before") }
    print("\(purge.purged.count) purged")
    if !purge.copies.isEmpty {
      say("Copies of them, or what they are copies of, stay: \(purge.copies.joined(separator: ", ")).")
    }
    if !purge.purged.isEmpty { say("Backups, snapshots and exports made before still hold what was purged.") }
  }

  private func confirm(_ ids: [SpeechID]) throws {
    guard isatty(0) == 1 else { throw Failure("Purging cannot be undone; say --yes where nobody can be asked.") }
    let names = ids.count > 10 ? "\(ids.count) speeches" : ids.map(\.text).joined(separator: ", ")
    FileHandle.standardError.write(Data("Take out \(names) for good? This cannot be undone. [y/N] ".utf8))
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      throw Failure("Nothing was done.")
    }
  }
}
