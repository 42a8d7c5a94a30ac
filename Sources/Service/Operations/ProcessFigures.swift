import Foundation
import Glibc

/// What the system says of this process (proc(5)).
struct ProcessFigures {
  /// Memory that it has of the machine, in bytes.
  var residentBytes: Double?
  /// Memory that it has addresses for, in bytes.
  var virtualBytes: Double?
  /// Seconds of processors that it has used.
  var processorSeconds: Double?
  /// When it began, in seconds since 1970.
  var start: Double?
  /// Descriptors that are open.
  var openFiles: Double?
  /// Descriptors that it may open.
  var maximumFiles: Double?

  /// The figures of this moment.
  init() {
    // The name of the program stands in parentheses and may hold anything; what follows has no more of them.
    let fields = Self.text("/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
    func field(_ number: Int) -> Double? { fields.count > number - 3 ? Double(fields[number - 3]) : nil }
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    residentBytes = field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    virtualBytes = field(23)
    if let user = field(14), let system = field(15) { processorSeconds = (user + system) / ticks }
    if let began = field(22), let boot = Self.boot { start = boot + began / ticks }
    openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { maximumFiles = Double(limit.rlim_cur) }
  }

  private static let boot: Double? = text("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
    .flatMap { Double($0.dropFirst(6)) }

  private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}
