import Foundation
import Glibc
import Locking
public import Logging
public import Storage
import Synchronization

/// What a server does beside answering: it makes the index again where that is needed, then backups at intervals, on a thread
/// of its own.
public final class Upkeep: Sendable {
  /// Where backups go, and when.
  public struct BackupPlan: Sendable {
    /// The folder.
    public var folder: BackupFolder
    /// Hours from one backup to the next.
    public var hours: Int
    /// How many are kept.
    public var keep: Int

    /// A backup every so many hours.
    public init(folder: BackupFolder, hours: Int, keep: Int) {
      (self.folder, self.hours, self.keep) = (folder, hours, keep)
    }
  }

  /// How the backups go.
  public struct BackupStatus: Hashable, Sendable {
    /// When the last one was made, ISO 8601 in UTC, by an earlier process perhaps; nil where there is none.
    public var lastSuccess: String?
    /// Its bytes; nil where this process did not make it.
    public var bytes: Int?
    /// How long it took, in seconds.
    public var seconds: Double?
    /// Why the last attempt failed; nil where it did not.
    public var lastError: String?
    /// How many attempts of this process failed.
    public var failures = 0
    /// Seconds from one backup to the next.
    public var interval: Double
  }

  private enum Stop: Error { case asked }

  private struct State: Sendable {
    var backups: BackupStatus?
    var isIndexing = true
  }

  private let store: Store
  private let plan: BackupPlan?
  private let logger: Logger
  private let state: Locked<State>
  private let isStopped = Atomic(false)
  /// Signalled once when the work is to end, and once when it has ended.
  private let (told, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))

  /// After a failure it is tried again after so many seconds, or after the usual time if that is shorter.
  private static let pauseAfterFailure = 600.0

  /// The upkeep of a store.
  /// - Parameter backups: nil for none.
  public init(_ store: Store, backups plan: BackupPlan?, logger: Logger) {
    (self.store, self.plan, self.logger) = (store, plan, logger)
    state = Locked(
      State(backups: plan.map { BackupStatus(lastSuccess: $0.folder.lastTime, interval: Double($0.hours) * 3_600) }))
  }

  /// How the backups go; nil where none are made.
  public var backups: BackupStatus? { state.withLock { $0.backups } }

  /// Whether the index is being made, or is not known to be complete yet.
  public var isIndexing: Bool { state.withLock { $0.isIndexing } }

  /// Begins.
  public func start() { Thread { self.run() }.start() }

  /// Ends, at the latest after the step at hand: a backup is given up, the index is gone on with the next time.
  public func stop() {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    told.signal()
    ended.wait()
  }

  private var isAsked: Bool { isStopped.load(ordering: .sequentiallyConsistent) }

  private func run() {
    defer { ended.signal() }
    index()
    guard let plan else { return }
    // Of this thread alone, as Linux has it: what is answered comes first.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    var pause = Self.pause(until: plan)
    while !isAsked, told.wait(timeout: .now() + pause) == .timedOut {
      pause = makeBackup(plan) ? Self.pause(until: plan) : min(Self.pauseAfterFailure, Double(plan.hours) * 3_600)
    }
  }

  private func index() {
    do {
      try store.rebuildSearch {
        isAsked
      } progress: { done, total in
        if total > 0 { logger.notice("making the index of search: \(done) of \(total) speeches") }
      }
      if !isAsked { state.withLock { $0.isIndexing = false } }
    } catch { logger.error("the index of search could not be made: \(error)") }
  }

  /// Seconds until the next backup.
  private static func pause(until plan: BackupPlan) -> Double {
    let last = plan.folder.lastTime.flatMap { try? Date($0, strategy: .iso8601) }
    return last.map { max(0, Double(plan.hours) * 3_600 - Date.now.timeIntervalSince($0)) } ?? 0
  }

  private func makeBackup(_ plan: BackupPlan) -> Bool {
    let (began, time) = (ContinuousClock.now, Timestamp.now)
    do {
      let backup = try plan.folder.make(of: store.path, at: time, keeping: plan.keep, isOpen: true) { _, _, _ in
        if isAsked { throw Stop.asked }
      }
      let seconds = ((ContinuousClock.now - began) / .milliseconds(1)).rounded() / 1000
      state.withLock { state in
        state.backups?.lastSuccess = time
        state.backups?.bytes = backup.bytes
        state.backups?.seconds = seconds
        state.backups?.lastError = nil
      }
      logger.info("backup \(backup.path): \(backup.bytes) bytes, \(backup.content.speeches) speeches, \(seconds) s")
      return true
    } catch Stop.asked {
      return true
    } catch {
      state.withLock { state in
        state.backups?.lastError = "\(error)"
        state.backups?.failures += 1
      }
      logger.error("no backup was made in \(plan.folder.path): \(error)")
      return false
    }
  }
}
