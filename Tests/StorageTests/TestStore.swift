import Corpus
import Foundation
import Storage
import TestSupport

/// A database in a folder of its own, gone with the value.
final class TestStore {
  let folder: URL
  let store: Store
  let time = "2026-01-02T03:04:05Z"

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Store(path: folder.appending(path: "corpus.sqlite").path)
  }

  deinit {
    try? store.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// A reading whose id comes from the address.
  static func reading(_ address: String, _ speech: Speech = .make(), bytes: String? = nil) -> Reading {
    Reading(
      id: SpeechID(address: "https://example.org/" + address, decodedSource: ""), speech: speech,
      document: .make(bytes ?? address + speech.text))
  }

  @discardableResult
  func keep(_ readings: Reading..., at time: String? = nil) throws -> [Receipt] {
    try ImportRepository(store).keep(readings, at: time ?? self.time)
  }

  func identity(_ id: SpeechID, revision: Int? = nil) throws -> RevisionIdentity? {
    if case .found(let identity) = try SpeechRepository(store).identity(of: id, revision: revision) {
      identity
    } else {
      nil
    }
  }
}
