import Foundation

/// A folder of backups of one database: their names have the time and the corpus revision, `rostrum-20261126T083000Z-r42.sqlite`.
public struct BackupFolder: Sendable {
  /// Where it is.
  public let path: String
  /// What the names begin with: the name of the database without its extension.
  private let stem: String

  /// The backups of a database in a folder.
  public init(_ path: String, of database: String) {
    self.path = path
    stem = URL(filePath: database).deletingPathExtension().lastPathComponent
  }

  /// Makes another backup, and then removes the oldest beyond those that are kept.
  /// - Parameters:
  ///   - time: ISO 8601 in UTC.
  ///   - keep: how many stay; nil for all. No other file is ever removed.
  public func make(
    of database: String, at time: String, keeping keep: Int? = nil, isOpen: Bool = false,
    verification: Backup.Verification = .bounded, progress: (Backup.Step, Int, Int) throws -> Void = { _, _, _ in }
  ) throws -> Backup {
    removeRemains()
    let growing = "\(path)/\(stem)-\(time.filter { $0 != "-" && $0 != ":" })"
    let backup = try Backup.make(
      of: database, growing: growing + ".partial", isOpen: isOpen, verification: verification, progress: progress
    ) { content in "\(growing)-r\(content.state.revision).sqlite" }
    if let keep { for name in names.dropLast(max(1, keep)) { unlink("\(path)/\(name)") } }
    return backup
  }

  /// Its backups, the oldest first.
  public var names: [String] { ours { $0.wholeMatch(of: /\d{8}T\d{6}Z-r\d+\.sqlite/) != nil } }

  /// When the last backup was made, ISO 8601 in UTC; nil where there is none.
  public var lastTime: String? {
    names.last.map { name in
      let digits = Array(name.dropFirst(stem.count + 1))
      let parts = [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15].map { String(digits[$0]) }
      return parts[..<3].joined(separator: "-") + "T" + parts[3...].joined(separator: ":") + "Z"
    }
  }

  /// The files whose names go on after the name of the database in a way of ours, in order.
  private func ours(_ isOurs: (Substring) -> Bool) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { $0.hasPrefix(stem + "-") && isOurs($0.dropFirst(stem.count + 1)) }.sorted()
  }

  /// Removes what a killed process left of a backup: a file that nobody writes any more.
  private func removeRemains() {
    for name in ours({ $0.wholeMatch(of: /\d{8}T\d{6}Z\.partial/) != nil }) {
      let descriptor = open("\(path)/\(name)", O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink("\(path)/\(name)") }
      close(descriptor)
    }
  }
}
