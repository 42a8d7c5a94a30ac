import Foundation

/// The program as a process of its own, as its users run it.
struct Program {
  /// What a run ended with.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The binary that was built with the tests.
  static let path: String = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "rostrum").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return "rostrum"
  }()

  /// A folder that is gone when `body` ends.
  static func inFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Starts the program; its output goes to files of the folder.
  static func start(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: String? = nil,
    by executable: String = path
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var all = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROSTRUM_") }
    all.merge(environment) { $1 }
    process.environment = all
    for (name, stream) in [("out", \Process.standardOutput), ("err", \Process.standardError)] {
      let file = folder.appending(path: name)
      guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
        throw CocoaError(.fileWriteUnknown)
      }
      process[keyPath: stream] = try FileHandle(forWritingTo: file)
    }
    process.standardInput = try input.map { try FileHandle(forReadingFrom: folder.appending(path: $0)) } ?? .nullDevice
    try process.run()
    return process
  }

  /// What a process of the folder has written so far.
  static func text(_ name: String, in folder: URL) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: String? = nil
  ) throws -> Outcome {
    let process = try start(arguments, in: folder, environment: environment, input: input)
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try text("out", in: folder), errors: try text("err", in: folder))
  }
}
