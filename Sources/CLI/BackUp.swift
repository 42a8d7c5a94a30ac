import ArgumentParser
import Foundation
import Service
import Storage

/// `rostrum backup`: copies the whole database, beside a running server too.
struct BackUp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copies the whole database into a file, beside a running server too.",
    discussion: """
      rostrum backup /mnt/backups --keep 14

      The copy holds everything: older revisions, and the texts of deleted speeches unless they were purged. It gets its \
      name when it is on the disk and was held against what rostrum check looks at; with --quick against the file, the \
      history and 200 speeches. A folder gets a file with the time and the corpus revision in its name.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "Of the backups of this database in the folder, keep so many and remove older ones.")
  var keep: Int?

  @Flag(name: .long, help: "Replace a file that is there.")
  var force = false

  @Flag(name: .long, help: "Look at some speeches only when the copy is checked.")
  var quick = false

  @Argument(help: "The file to be made, or a folder.")
  var target: String

  func validate() throws {
    if let keep, keep < 1 { throw ValidationError("--keep takes at least 1.") }
  }

  func run() throws {
    let database = try common.settings().text(.database)
    let began = ContinuousClock.now
    var isFolder = ObjCBool(false)
    let isThere = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
    let verification: Backup.Verification = quick ? .bounded : .whole
    let progress = BackupProgress()
    defer { progress.end() }
    let backup: Backup
    if isThere, isFolder.boolValue {
      let folder = BackupFolder(
        target.count > 1 && target.hasSuffix("/") ? String(target.dropLast()) : target, of: database)
      backup = try folder.make(
        of: database, at: Timestamp.now, keeping: keep, verification: verification, progress: progress.show)
    } else {
      guard keep == nil else { throw Failure("--keep is for a folder, and \(target) is none.") }
      do {
        backup = try Backup.make(
          of: database, at: target, overwrites: force, verification: verification, progress: progress.show)
      } catch StorageError.exists(let path) { throw Failure("\(path) is there already; --force replaces it.") }
    }
    progress.end()
    let seconds = ((ContinuousClock.now - began) / .milliseconds(100)).rounded() / 10
    print("\(backup.path): \(backup.content.summary), \(backup.bytes) bytes in \(seconds) s")
  }
}

/// `rostrum restore`: puts a backup in the place of the database.
struct RestoreBackup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in the place of the database, which is moved aside.",
    discussion: """
      Stop the server first. The backup is checked before anything is touched; the database that was there is kept as \
      <database>.before-<time>, with its -wal. A process that is killed leaves the old one or the new one.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(name: .long, help: "Look at some speeches only when the backup is checked.")
  var quick = false

  @Argument(help: "The backup.")
  var backup: String

  func run() throws {
    let database = try common.settings().text(.database)
    let progress = BackupProgress()
    defer { progress.end() }
    let restore: Restore
    do {
      restore = try Store.restore(
        backup, to: database, verification: quick ? .bounded : .whole, progress: progress.show)
    } catch StorageError.locked(let path) {
      throw Failure("\(path) is held by another Rostrum process; stop it first. Nothing was changed.")
    }
    progress.end()
    print("\(database): \(restore.content.summary), from \(backup)")
    if let aside = restore.aside { print("what was there before: \(aside)") }
    if restore.content.isOlder {
      print("It has schema \(restore.content.schema) and is brought up to date when it is opened the next time.")
    }
  }
}

extension DatabaseContent {
  fileprivate var summary: String { "\(speeches) speeches at corpus revision \(state.revision), state \(state.digest)" }
}

/// The progress of a copy, which is first made and then looked at.
private final class BackupProgress {
  private var shown: (step: Backup.Step, progress: Progress)?

  func show(_ step: Backup.Step, _ done: Int, _ total: Int) {
    if shown?.step != step {
      end()
      shown = (step, Progress(total: total, verb: step == .copying ? "bytes copied" : "speeches checked"))
    }
    shown?.progress.show(done)
  }

  func end() {
    shown?.progress.end()
    shown = nil
  }
}
