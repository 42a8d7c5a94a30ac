import Foundation

/// The memory of this machine.
enum Memory {
  /// Bytes that may be taken without harm to others: what the system calls available, or what a container may have where that
  /// is less.
  static var available: Int {
    var bounds: [Int] = []
    for line in text(of: "/proc/meminfo").split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      if let kibibytes { bounds.append(kibibytes * 1024) }
    }
    // Of control groups, version 2 and version 1; "max", or a number beyond all memory, where there is no bound.
    for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let bytes = Int(text(of: file).trimmingCharacters(in: .whitespacesAndNewlines)) { bounds.append(bytes) }
    }
    return bounds.min() ?? 0
  }

  private static func text(of file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
}
