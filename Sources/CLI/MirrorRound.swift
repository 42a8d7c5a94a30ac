import Foundation
import HTTP
import Service
import Storage

/// Brings a copy to where its origin is: by a snapshot where that is needed, else by the changes since.
struct MirrorRound {
  /// That steps do not lead to the origin's state: why a snapshot is needed.
  private struct SnapshotNeeded: Error {
    let reason: String
  }

  private let origin: Origin
  private let database: String
  private let interruption: Interruption
  private var record: MirrorRecord
  /// The tag of the origin's last answer, and the revision that was asked about: where nothing changed it says so and no more.
  private var last: (since: Int, tag: String)?
  private var wasCopied = false

  /// Steps that are taken at most instead of a snapshot, or a tenth of the history where that is more: a step costs three
  /// requests, a snapshot the whole corpus.
  private static let mostSteps = 500
  /// Bytes of documents that are taken in one transaction.
  private static let batchBytes = 4 << 20

  /// Throws where the database is no copy of the origin's.
  init(origin: Origin, database: String, _ interruption: Interruption) throws {
    (self.origin, self.database, self.interruption) = (origin, database, interruption)
    let known = try MirrorRecord(of: database)
    guard FileManager.default.fileExists(atPath: database) else {
      if let known, known.origin != origin.address { Self.removeDownloads(database) }
      record = known.flatMap { $0.origin == origin.address ? $0 : nil } ?? MirrorRecord(origin: origin.address)
      return
    }
    guard let known else {
      throw Failure("\(database) is no copy that this command made; it is left as it is. Name another --database.")
    }
    guard known.origin == origin.address else {
      throw Failure(
        "\(database) is a copy of \(known.origin), not of \(origin.address). Name another --database, or, where the server "
          + "has moved, change “origin” in \(MirrorRecord.path(of: database)).")
    }
    record = known
  }

  /// One round.
  /// - Returns: a line that says what was done; nil where nothing was to be done and that has been said already.
  mutating func run() throws -> String? {
    let isFirst = last == nil
    wasCopied = false
    if !FileManager.default.fileExists(atPath: database) { try copy() }
    var (steps, state): (Int, CorpusState)
    do { (steps, state) = try catchUp() } catch let need as SnapshotNeeded {
      say("\(need.reason); taking a snapshot")
      try copy()
      // Once: a snapshot that needs another would go on for ever.
      do { (steps, state) = try catchUp() } catch let need as SnapshotNeeded {
        throw Origin.Refusal(status: 200, description: "\(origin.address): right after its snapshot, \(need.reason)")
      }
    }
    guard isFirst || wasCopied || steps > 0 else { return nil }
    let done =
      (wasCopied ? ["copied by a snapshot"] : [])
      + (steps > 0 ? ["\(steps) changes taken"] : wasCopied ? [] : ["unchanged"])
    return
      "\(database) is as \(origin.address): \(done.joined(separator: ", ")); corpus revision \(state.revision), state "
      + state.digest
  }

  // MARK: By a snapshot

  private static func removeDownloads(_ database: String) {
    for suffix in [".partial", ".new", ".new-wal", ".new-shm", ".new.lock"] { unlink(database + suffix) }
  }

  /// Puts the origin's snapshot in the place of the copy, once it is known to be whole and sound.
  private mutating func copy() throws {
    wasCopied = true
    let download = SnapshotDownload(origin: origin, database: database)
    try download.run(&record)
    let new = try Store(path: download.whole, backsUp: false) { done, total in
      say("making the index of search: \(done) of \(total) speeches")
    }
    var progress: Progress?
    defer { progress?.end() }
    let findings = try IntegrityRepository(new).check { done, total in
      if interruption.hasCome { throw UserAgentError.stopped }
      if progress == nil { progress = Progress(total: total, verb: "checked") }
      progress?.show(done)
    }
    let state = try CardRepository(new).state()
    try new.close()
    if let finding = findings.first {
      Self.removeDownloads(database)
      throw Origin.Refusal(
        status: 200,
        description: "The snapshot of \(origin.address) is not sound, and was thrown away: \(finding.subject): "
          + "\(finding.detail) (\(findings.count) findings)")
    }
    let before = record.states
    record.states.append(state.digest)
    try record.save(beside: database)
    try Store.replace(database, by: download.whole) { state in
      guard before.contains(state.digest) else { throw foreign }
    }
    try settle(at: state)
  }

  private var foreign: Failure {
    Failure(
      "\(database) was changed by others since it was copied from \(origin.address): it holds what the origin may not have, "
        + "and is left as it is. Name another --database.")
  }

  /// Notes that the copy is in this state and no other.
  private mutating func settle(at state: CorpusState) throws {
    guard record.states != [state.digest] else { return }
    record.states = [state.digest]
    try record.save(beside: database)
  }

  // MARK: By steps

  /// Takes what was written since, and the collections.
  /// - Returns: how many changes were taken, where all collections together count for one, and where the copy is then.
  private mutating func catchUp() throws -> (Int, CorpusState) {
    let store = try Store(path: database, backsUp: false)
    defer { try? store.close() }
    var state = try CardRepository(store).state()
    guard record.states.contains(state.digest) else { throw foreign }
    var done = 0
    var progress: Progress?
    defer { progress?.end() }
    while true {
      // From the last write that is here, so that the answer tells whether it is the same there.
      let since = max(0, state.revision - 1)
      guard let page = try origin.changes(since: since, unless: last?.since == since ? last?.tag : nil) else { break }
      var items = page.items
      if state.revision > 0 {
        guard let first = items.first, first.corpusRevision == state.revision, first.state == state.history else {
          throw SnapshotNeeded(reason: "the history of \(origin.address) is another one than that of the copy")
        }
        items.removeFirst()
      }
      let outstanding = page.revision - state.revision
      if outstanding > max(Self.mostSteps, state.revision / 10) {
        throw SnapshotNeeded(reason: "\(outstanding) changes were made since")
      }
      if items.isEmpty {
        last = page.tag.map { (since, $0) }
        let theirs = try origin.collections()
        if try take(theirs, store, &state) { done += 1 }
        // Where something was written in between, the next page has it.
        if theirs.revision == state.revision { break }
        continue
      }
      if progress == nil { progress = Progress(total: outstanding, verb: "changes taken") }
      try take(items, store, &state) {
        done += $0
        progress?.show(done)
      }
    }
    try settle(at: state)
    return (done, state)
  }

  /// Takes changes in order, some in each transaction.
  private mutating func take(
    _ items: [ChangeEntry], _ store: Store, _ state: inout CorpusState, after: (Int) -> Void
  ) throws {
    var (steps, bytes): ([ChangeStep], Int) = ([], 0)
    for item in items {
      guard let step = try origin.step(item) else {
        throw SnapshotNeeded(reason: "the speech \(item.id) was taken out after it was written")
      }
      steps.append(step)
      bytes += step.size
      guard bytes >= Self.batchBytes || item == items.last else { continue }
      if interruption.hasCome { throw UserAgentError.stopped }
      let next = CorpusState(revision: item.corpusRevision, history: item.state, edits: state.edits)
      try expect(next, after: state)
      do { try ChangeRepository(store).apply(steps) } catch let error as StorageError {
        switch error {
        case .diverged, .incomplete: throw SnapshotNeeded(reason: error.description)
        default: throw error
        }
      }
      state = next
      after(steps.count)
      (steps, bytes) = ([], 0)
    }
  }

  /// Takes the origin's collections.
  /// - Returns: whether they were others than here.
  private mutating func take(
    _ theirs: Origin.Collections, _ store: Store, _ state: inout CorpusState
  ) throws -> Bool {
    let repository = CollectionRepository(store, read: SpeechCollection.filter)
    let ours = try repository.all()
    let isSame =
      ours.editedAt == theirs.editedAt && ours.collections.map(\.collection) == theirs.items.map(\.collection)
    if !isSame || state.edits != theirs.edits {
      let next = CorpusState(revision: state.revision, history: state.history, edits: theirs.edits)
      try expect(next, after: state)
      try repository.replaceAll(
        with: theirs.items.map(\.collection), edits: theirs.edits, editedAt: theirs.editedAt)
      state = next
    }
    let taken = try repository.all()
    if theirs.revision == state.revision, taken.collections.map(\.speeches) != theirs.items.map(\.speeches) {
      throw SnapshotNeeded(reason: "the collections have other speeches here than at \(origin.address)")
    }
    return !isSame
  }

  /// Notes the state that the next transaction leads to, and the one that stays where it does not come about.
  private mutating func expect(_ next: CorpusState, after state: CorpusState) throws {
    record.states = [state.digest, next.digest]
    try record.save(beside: database)
  }
}
