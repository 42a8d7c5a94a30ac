import Corpus
import Foundation
import GRDB
import Glibc
import Locking

/// The corpus as one file, as it was at one moment. The file has no name: it is gone with the last who reads it.
public final class CorpusSnapshot: Sendable {
  /// The state that it holds.
  public let state: CorpusState
  /// SHA-256 of its bytes.
  public let digest: [UInt8]
  /// How many bytes it has.
  public let length: Int
  private let file: Int32

  fileprivate init(unlinking path: String, state: CorpusState) throws {
    self.state = state
    file = open(path, O_RDONLY | O_CLOEXEC)
    unlink(path)
    guard file >= 0 else { throw StorageError.failed("\(path): \(String(cString: strerror(errno)))") }
    var (hash, length) = (SHA256(), 0)
    while case let piece = try Self.piece(of: file, from: length, count: Self.pieceSize), !piece.isEmpty {
      hash.update(piece)
      length += piece.count
    }
    self.length = length
    digest = hash.digest
  }

  deinit { close(file) }

  /// Gives a range of the bytes, piece by piece.
  public func read(_ range: Range<Int>, _ body: ([UInt8]) throws -> Void) throws {
    var position = range.lowerBound
    while position < range.upperBound {
      let piece = try Self.piece(of: file, from: position, count: min(Self.pieceSize, range.upperBound - position))
      guard !piece.isEmpty else { throw StorageError.corrupt("a snapshot that became shorter") }
      try body(piece)
      position += piece.count
    }
  }

  private static let pieceSize = 256 << 10

  private static func piece(of file: Int32, from position: Int, count: Int) throws -> [UInt8] {
    let piece = [UInt8](unsafeUninitializedCapacity: count) {
      $1 = max(0, pread(file, $0.baseAddress, count, position))
    }
    return piece
  }
}

/// Makes snapshots of a store while it is written.
public final class SnapshotRepository: Sendable {
  private struct Latest: Sendable {
    var snapshot: CorpusSnapshot?
    var isMaking = false
  }

  private let store: Store
  private let latest = Locked(Latest())

  /// The repository of a store. Its files need as much room beside the database as the database has.
  public init(_ store: Store) { self.store = store }

  /// The corpus as it is: the snapshot made last where nothing was written since, so that a download can be gone on with.
  ///
  /// Takes seconds for each gigabyte; who asks meanwhile is told that the database is busy.
  public func current() throws -> CorpusSnapshot {
    let state = try store.readByKey(CardRepository.state)
    let known: CorpusSnapshot? = try latest.withLock { latest in
      if let snapshot = latest.snapshot, snapshot.state == state { return snapshot }
      if latest.isMaking { throw StorageError.busy }
      latest.isMaking = true
      latest.snapshot = nil
      return nil
    }
    if let known { return known }
    defer { latest.withLock { $0.isMaking = false } }
    let snapshot = try make()
    latest.withLock { $0.snapshot = snapshot }
    return snapshot
  }

  /// Gives up the snapshot made last: it may hold what was taken out for good.
  public func forget() { latest.withLock { $0.snapshot = nil } }

  private func make() throws -> CorpusSnapshot {
    let path = store.path + ".snapshot-\(UUID())"
    do {
      try Store.copy(store.path, to: path)
      let state = try Store.edit(path) { db in
        let deleted = "SELECT key FROM speech WHERE deleted_at IS NOT NULL"
        guard try Int.fetchOne(db, sql: "SELECT EXISTS (\(deleted))") == 1 else { return try CardRepository.state(db) }
        // One transaction, of a file that is thrown away where it fails.
        try db.execute(sql: "PRAGMA synchronous = OFF")
        try db.inTransaction {
          try db.execute(
            sql: """
              DELETE FROM section WHERE speech IN (\(deleted));
              DELETE FROM revision WHERE speech IN (\(deleted));
              DELETE FROM source WHERE key NOT IN (SELECT source FROM revision);
              """)
          // What is dead in the index leaves it too.
          while try db.mergeSegments(blocks: 1 << 20, whole: .max) > 0 {}
          return .commit
        }
        try db.execute(sql: "VACUUM")
        return try CardRepository.state(db)
      }
      return try CorpusSnapshot(unlinking: path, state: state)
    } catch {
      for suffix in ["", "-journal"] { unlink(path + suffix) }
      throw error
    }
  }
}
