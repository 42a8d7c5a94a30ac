import ArgumentParser
import Corpus
import Foundation
import Interchange
import Locking
import Service
import Storage

/// `rostrum import`: documents in, a report out. What is reported as kept is on the disk.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Imports documents: files, folders with everything below them, or - for standard input.",
    discussion: """
      Reads .txt, .md, .html, .json, .ndjson and .xml (TEI, Akoma Ntoso), each with the <file>.meta.json beside it; of \
      TEI, who speaks is looked up in the corpus root or listPerson beside it. A document that was imported before \
      changes nothing. A file that cannot be read is reported and the others are kept.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(name: .long, help: "Say what would be done, and do nothing.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Print a line for each document once it is kept.")
  var verbose = false

  @Option(name: .long, help: "Media type of standard input.")
  var type: String = "text/plain"

  @Argument(help: "Files, folders, or - for standard input.")
  var paths: [String]

  /// Files that are read at the same time.
  private static let filesAtOnce = 32

  func run() throws {
    Allocator.keep()
    let settings = try common.settings()
    let maximum = settings.integer(.documentBytes)
    let database = settings.text(.database)
    // A dry run beside no database is one against an empty one, in a folder that is gone afterwards.
    let folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let memory = Memory.available / 8
    let store: Store
    if !dryRun {
      store = try settings.openedStore()
      try store.keepPages(min(max(memory, 32 << 20), 128 << 20))
    } else if FileManager.default.fileExists(atPath: database) {
      store = try Store(reading: database)
    } else {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      store = try Store(path: folder.appending(path: "empty.sqlite").path)
    }
    var batch = Batch(
      imports: ImportRepository(store), whole: LargeImport(mostBytes: memory), report: Report(isVerbose: verbose),
      dryRun: dryRun)
    let reader = DocumentReader(maximumBytes: maximum)

    if paths.contains("-"), type == "application/x-ndjson" {
      try DocumentFiles.readLines("-", reader, maximumBytes: maximum) { outcomes in
        try batch.add(outcomes.map { ("-", $0) })
      }
    } else if paths.contains("-") {
      let bytes = Array(try FileHandle.standardInput.read(upToCount: maximum + 1) ?? Data())
      let outcomes = reader.read(RawDocument(bytes: bytes, mediaType: type, fileName: nil, sidecar: nil))
      try batch.add(outcomes.map { ("-", $0) })
    }
    let found = DocumentFiles(paths.filter { $0 != "-" })
    let files = found.files
    let companions = Companions(of: files, maximumBytes: maximum)
    batch.report.passedOver = found.passedOver
    batch.report.annotated = found.annotated
    let progress = Progress(total: files.count, verb: "read")
    var start = 0
    while start < files.count {
      if files[start].refusal == nil, DocumentReader.mediaType(forFileName: files[start].path) == "application/x-ndjson"
      {
        let path = files[start].path
        try DocumentFiles.readLines(path, reader, maximumBytes: maximum) { outcomes in
          try batch.add(outcomes.map { (path, $0) })
        }
        start += 1
      } else {
        let some = files[start...].prefix(Self.filesAtOnce).prefix {
          DocumentReader.mediaType(forFileName: $0.path) != "application/x-ndjson"
        }
        try batch.add(Self.read(Array(some), reader, companions, maximum))
        start += some.count
      }
      progress.show(start)
    }
    progress.end()
    try batch.keep()
    batch.report.finish(dryRun: dryRun)
    if !dryRun, batch.isLarge { try Self.compact(store, after: batch.report.kept) }
    try store.close()
    if batch.report.kept == 0 && batch.report.refused > 0 { throw ExitCode(1) }
  }

  /// Reads a batch on all processors; the order stays.
  private static func read(
    _ files: [DocumentFiles.File], _ reader: DocumentReader, _ companions: Companions, _ maximum: Int
  ) -> [(String, Outcome)] {
    let results = Locked([[Outcome]](repeating: [], count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { @Sendable index in
      let file = files[index]
      let outcomes: [Outcome]
      if let refusal = file.refusal {
        outcomes = [.refused(refusal)]
      } else {
        switch DocumentFiles.read(file.path, companions: companions, maximumBytes: maximum) {
        case .success(let document): outcomes = reader.read(document)
        case .failure(let refusal): outcomes = [.refused(refusal)]
        }
      }
      results.withLock { $0[index] = outcomes }
    }
    return zip(files, results.withLock { $0 }).flatMap { file, outcomes in outcomes.map { (file.path, $0) } }
  }

  /// Puts the parts of the index together: it is smaller then and is read faster.
  private static func compact(_ store: Store, after kept: Int) throws {
    var progress: Progress?
    try store.compactSearch(after: kept) { done, total in
      if progress == nil { progress = Progress(total: total, verb: "parts of the index put together") }
      progress?.show(done)
    }
    progress?.end()
  }
}

/// Documents that are kept in one transaction: enough to share its cost and to give the index large pieces, few enough to
/// lose little to a fault.
private struct Batch {
  private static let mostDocuments = 1_500
  private static let mostBytes = 6 << 20

  let imports: ImportRepository
  let whole: LargeImport
  var report: Report
  let dryRun: Bool
  /// Whether more was kept than goes into one transaction.
  private(set) var isLarge = false
  private var outcomes: [(path: String, outcome: Outcome)] = []
  private var bytes = 0

  init(imports: ImportRepository, whole: LargeImport, report: Report, dryRun: Bool) {
    (self.imports, self.whole, self.report, self.dryRun) = (imports, whole, report, dryRun)
  }

  /// Takes in what was read, and keeps what has come together where it is enough.
  mutating func add(_ more: [(String, Outcome)]) throws {
    for (path, outcome) in more {
      outcomes.append((path, outcome))
      if case .read(let reading) = outcome { bytes += reading.speech.text.utf8.count }
      guard bytes >= Self.mostBytes || outcomes.count >= Self.mostDocuments else { continue }
      isLarge = true
      try keep()
    }
  }

  /// Keeps what has come together.
  mutating func keep() throws {
    let readings = outcomes.compactMap { if case .read(let reading) = $0.outcome { reading } else { nil } }
    let receipts: [Receipt]
    do {
      receipts =
        try dryRun
        ? imports.preview(readings) : imports.keep(readings, at: Timestamp.now, partOf: isLarge ? whole : nil)
    } catch let error as StorageError {
      report.finish(dryRun: dryRun)
      throw Failure("\(error) What is reported above was kept; import again to go on from there.")
    }
    var next = receipts.makeIterator()
    for (path, outcome) in outcomes {
      switch outcome {
      case .refused(let refusal): report.add(path, refusal)
      case .read: if let receipt = next.next() { report.add(path, receipt) }
      }
    }
    outcomes = []
    bytes = 0
  }
}

/// What became of the documents of an import, printed as it is known.
private struct Report {
  let isVerbose: Bool
  /// Files of folders that were not looked at, by their suffix.
  var passedOver: [String: Int] = [:]
  /// Annotated files beside their plain ones.
  var annotated = 0
  private var counts: [Receipt.Status: Int] = [:]
  private var warnings: [String: Int] = [:]
  private var refusals: [(path: String, refusal: Refusal)] = []

  init(isVerbose: Bool) { self.isVerbose = isVerbose }

  var kept: Int { counts.values.reduce(0, +) }
  var refused: Int { refusals.count }

  mutating func add(_ path: String, _ receipt: Receipt) {
    counts[receipt.status, default: 0] += 1
    for warning in receipt.warnings { warnings[warning, default: 0] += 1 }
    guard isVerbose else { return }
    print("\(receipt.status.rawValue)\t\(receipt.id.text)\t\(path)\t\(receipt.warnings.joined(separator: ","))")
    fflush(nil)
  }

  mutating func add(_ path: String, _ refusal: Refusal) {
    refusals.append((path, refusal))
    guard isVerbose else { return }
    print("refused\t-\t\(path)\t\(refusal.code)")
    fflush(nil)
  }

  func finish(dryRun: Bool) {
    for (path, refusal) in refusals {
      print("refused: \(path)\(refusal.line.map { " (line \($0))" } ?? ""): \(refusal.reason)")
    }
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    if !passedOver.isEmpty { print("passed over, of kinds that are not read: \(list(passedOver))") }
    if annotated > 0 { print("passed over, annotated files whose plain file is imported: \(annotated)") }
    if !warnings.isEmpty { print("warnings: \(list(warnings))") }
    let numbers = Receipt.Status.allCases.map { "\(counts[$0, default: 0]) \($0.rawValue)" }
    print(
      "\(numbers.joined(separator: ", ")), \(refusals.count) refused\(dryRun ? " (dry run: nothing was changed)" : "")")
    fflush(nil)
  }
}
