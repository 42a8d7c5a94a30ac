import Foundation
import Glibc

/// What is done with whole files so that a process that is killed, or a machine that stops, leaves either what was or what
/// is to be.
enum FileSteps {
  /// Waits until the bytes of a file are on the disk.
  static func sync(_ path: String) throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure(path) }
  }

  /// Waits until the names of the folder that a file is in are on the disk.
  static func syncFolder(of path: String) throws { try sync(folder(of: path)) }

  /// Gives a file another name, at once, in the place of what had it.
  static func rename(_ path: String, to name: String) throws {
    guard Glibc.rename(path, name) == 0 else { throw failure(name) }
  }

  /// How many bytes a file has; nil where there is none.
  static func size(of path: String) -> Int? {
    var facts = stat()
    return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
  }

  /// How many bytes may still be written beside a file.
  static func room(beside path: String) throws -> Int {
    var facts = statvfs()
    guard statvfs(folder(of: path), &facts) == 0 else { throw failure(folder(of: path)) }
    return Int(clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue)
  }

  static func folder(of path: String) -> String {
    URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
  }

  /// What the system says of its last failure, about a file.
  static func failure(_ path: String) -> StorageError {
    switch errno {
    case ENOSPC, EDQUOT: .full
    case EROFS: .readOnly
    default: .failed("\(path): \(String(cString: strerror(errno)))")
    }
  }
}
