import ArgumentParser
import Corpus
import Foundation
import Interchange
import Locking
import Service
import Storage

/// `rostrum reparse`: reads the kept documents again, as the parser of this version does.
struct Reparse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Reads the documents of the corpus again, and makes a revision of each speech that is read otherwise now.",
    discussion: """
      Corrections stay. A speech that is read as before stays as it is, so that an interrupted run is gone on with by \
      another one. Prints each speech that changed with its fields and sections.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(name: .long, help: "Say what would be done, and do nothing.")
  var dryRun = false

  @Flag(name: .long, help: "Print a line of JSON for each speech that changed, and one with the numbers at the end.")
  var json = false

  @Argument(help: "Ids of speeches; all unless given.")
  var ids: [String] = []

  /// Documents that are kept in one transaction, and how much they may hold.
  private static let documentsAtOnce = 256
  private static let bytesAtOnce = 16 << 20

  func run() throws {
    let wanted = try ids.map { text in
      guard let id = SpeechID(text) else { throw Failure("“\(text)” is no id of a speech.") }
      return id
    }
    let settings = try common.settings()
    let path = settings.text(.database)
    let store = try dryRun ? Store(reading: path) : settings.openedStore()
    let documents = ReparseRepository(store)
    let (keys, missing) = try documents.documents(of: wanted.isEmpty ? nil : wanted)
    if let id = missing.first { throw Failure("There is no speech \(id.text).") }
    var report = ReparseReport(isJSON: json)
    let progress = Progress(total: keys.count, verb: "documents read again")
    var (batch, bytes) = ([KeptDocument](), 0)
    func keep() throws {
      let readings = Self.read(batch)
      let results = try documents.keep(
        zip(batch, readings).map { ($0, $1) }, at: Timestamp.now, isDry: dryRun)
      for result in results { report.add(result) }
      (batch, bytes) = ([], 0)
    }
    do {
      for (index, key) in keys.enumerated() {
        batch.append(try documents.document(key, of: wanted.isEmpty ? nil : Set(wanted)))
        bytes += batch.last?.document.bytes.count ?? 0
        if batch.count == Self.documentsAtOnce || bytes >= Self.bytesAtOnce || index == keys.count - 1 { try keep() }
        progress.show(index + 1)
      }
    } catch let error as StorageError {
      report.finish(isDry: dryRun)
      throw Failure("\(error) What is reported above was kept; run it again to go on from there.")
    }
    progress.end()
    report.finish(isDry: dryRun)
    try store.close()
  }

  /// Reads documents on all processors; the order stays.
  private static func read(_ documents: [KeptDocument]) -> [[Reading]] {
    let results = Locked([[Reading]](repeating: [], count: documents.count))
    // They were read once, so their size is no reason to refuse them now.
    let reader = DocumentReader(maximumBytes: .max, maximumRecords: .max)
    DispatchQueue.concurrentPerform(iterations: documents.count) { @Sendable index in
      let readings = reader.read(again: documents[index].document).compactMap { outcome in
        if case .read(let reading) = outcome { reading } else { nil }
      }
      results.withLock { $0[index] = readings }
    }
    return results.withLock { $0 }
  }
}

/// What became of the speeches, printed as it is known.
private struct ReparseReport {
  let isJSON: Bool
  private var counts: [Reparsed.Status: Int] = [:]

  init(isJSON: Bool) { self.isJSON = isJSON }

  mutating func add(_ result: Reparsed) {
    counts[result.status, default: 0] += 1
    if result.status == .unchanged { return }
    print(isJSON ? Self.line(result) : Self.text(result))
    fflush(nil)
  }

  func finish(isDry: Bool) {
    if isJSON {
      var writer = JSONWriter()
      writer.object { writer in
        for status in Reparsed.Status.allCases {
          writer.name(status.rawValue)
          writer.integer(counts[status, default: 0])
        }
        writer.member("dry_run", isDry)
      }
      print(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      var line = "\(counts[.revised, default: 0]) revised, \(counts[.unchanged, default: 0]) unchanged"
      if let count = counts[.notRead] { line += ", \(count) no longer read" }
      if let count = counts[.new] { line += ", \(count) found that are not in the corpus" }
      print(line + (isDry ? " (dry run: nothing was changed)" : ""))
    }
    fflush(nil)
  }

  private static func text(_ result: Reparsed) -> String {
    switch result.status {
    case .unchanged: return "\(result.id.text)\tunchanged"
    case .notRead: return "\(result.id.text)\tno longer read from its document; it stays as it is"
    case .new: return "\(result.id.text)\tis in the document, but not in the corpus; import the document to add it"
    case .revised:
      var fields = result.changed.filter { $0 != "sections" }
      let sections = differences(result).map { "\($0.after ?? $0.before ?? "") \($0.status.rawValue)" }
      if result.changed.contains("sections") || !sections.isEmpty {
        fields.append("sections" + (sections.isEmpty ? "" : " (\(sections.joined(separator: ", ")))"))
      }
      return "\(result.id.text)\trevision \(result.revision ?? 0)\t\(fields.joined(separator: ", "))"
    }
  }

  private static func line(_ result: Reparsed) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("id", result.id.text)
      writer.member("status", result.status.rawValue)
      writer.member("revision", result.revision)
      writer.array("changed") { for name in result.changed { $0.string(name) } }
      writer.array("sections") { writer in
        for (status, before, after) in differences(result) {
          writer.object {
            $0.member("status", status.rawValue)
            $0.member("path_before", before)
            $0.member("path_after", after)
          }
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func differences(
    _ result: Reparsed
  ) -> [(status: SpeechComparison.Status, before: String?, after: String?)] {
    guard let comparison = result.comparison else { return [] }
    return comparison.differences.map { match in
      (
        match.status, match.before.map { comparison.before.nodes[$0].path },
        match.after.map { comparison.after.nodes[$0].path }
      )
    }
  }
}
