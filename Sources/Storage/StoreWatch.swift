import Glibc
import Synchronization

/// What a store counts of its own work.
final class StoreWatch: Sendable {
  /// Connections that are lent at a moment.
  final class Loans: Sendable {
    let limit: Int
    private let count = Atomic(0)

    init(limit: Int) { self.limit = limit }

    var inUse: Int { count.load(ordering: .relaxed) }
    func begin() { count.add(1, ordering: .relaxed) }
    func end() { count.subtract(1, ordering: .relaxed) }
  }

  let readers: Loans
  private let searched = Atomic(0)

  init(readers: Int) { self.readers = Loans(limit: readers) }

  /// Searches that were evaluated.
  var searches: Int { searched.load(ordering: .relaxed) }

  /// Notes that a search is evaluated.
  func noteSearch() { searched.add(1, ordering: .relaxed) }
}

/// The sizes of a store, and its work at a moment.
public struct StoreStatistics: Sendable {
  /// Bytes of the database file.
  public var databaseBytes: Int
  /// Bytes of its write-ahead log.
  public var walBytes: Int
  /// Bytes that are free for the process on the disk with the file; nil where the system does not say.
  public var freeBytes: Int?
  /// Bytes of that disk.
  public var diskBytes: Int?
  /// Connections for reading there are.
  public var readers: Int
  /// Connections for reading that are lent.
  public var readersInUse: Int
  /// Searches that were evaluated.
  public var searches: Int
  /// Transactions since the store was opened, the failed ones too.
  public var transactions: Int
}

extension Store {
  /// The sizes of the store, and its work at this moment.
  public var statistics: StoreStatistics {
    func size(_ path: String) -> Int {
      var status = stat()
      return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
    let disk = disk
    return StoreStatistics(
      databaseBytes: size(path), walBytes: size(path + "-wal"), freeBytes: disk?.free, diskBytes: disk?.all,
      readers: watch.readers.limit, readersInUse: watch.readers.inUse,
      searches: watch.searches,
      transactions: commits)
  }

  /// The disk with the file, in bytes.
  var disk: (free: Int, all: Int)? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let unit = Int(clamping: status.f_frsize)
    return (Int(clamping: status.f_bavail) * unit, Int(clamping: status.f_blocks) * unit)
  }
}
