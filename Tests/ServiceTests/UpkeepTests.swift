import Foundation
import HTTPTypes
import Logging
import Service
import Storage
import Testing

@Suite("Upkeep")
struct UpkeepTests {
  /// Waits for something, ten seconds at most.
  private static func wait(until isSo: () -> Bool) {
    for _ in 0..<500 where !isSo() { usleep(20_000) }
  }

  private static func quiet() -> Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  @Test("makes a backup at once where the last one is old or none, and none where it is not")
  func backups() throws {
    let test = try TestSite()
    try test.keep("a")
    let path = test.folder.appending(path: "backups").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let folder = BackupFolder(path, of: test.store.path)
    func upkeep() -> Upkeep {
      Upkeep(test.store, backups: .init(folder: folder, hours: 1, keep: 2), logger: Self.quiet())
    }
    let first = upkeep()
    #expect(first.backups?.lastSuccess == nil)
    first.start()
    Self.wait { first.backups?.lastSuccess != nil }
    let status = try #require(first.backups)
    #expect(status.lastSuccess == folder.lastTime && status.lastError == nil && status.bytes ?? 0 > 0)
    #expect(!first.isIndexing)
    first.stop()
    let second = upkeep()
    #expect(second.backups?.lastSuccess == status.lastSuccess)
    second.start()
    Self.wait { !second.isIndexing }
    usleep(200_000)
    second.stop()
    #expect(folder.names.count == 1)
  }

  @Test("tells why a backup failed, goes on, and ends at once when it is asked to")
  func failure() throws {
    let test = try TestSite()
    let folder = BackupFolder(test.folder.appending(path: "nowhere").path, of: test.store.path)
    let upkeep = Upkeep(test.store, backups: .init(folder: folder, hours: 1, keep: 2), logger: Self.quiet())
    upkeep.start()
    Self.wait { upkeep.backups?.lastError != nil }
    #expect(upkeep.backups?.lastError?.contains("No such file") == true, "\(upkeep.backups?.lastError ?? "")")
    #expect(upkeep.backups?.lastSuccess == nil)
    let began = ContinuousClock.now
    upkeep.stop()
    #expect(ContinuousClock.now - began < .seconds(2))
    #expect(try test.send(.get, "/v1").status == 200)
  }

  @Test("without a plan there are no backups to tell of")
  func none() throws {
    let test = try TestSite()
    let upkeep = Upkeep(test.store, backups: nil, logger: Self.quiet())
    upkeep.start()
    upkeep.stop()
    #expect(upkeep.backups == nil)
  }
}
