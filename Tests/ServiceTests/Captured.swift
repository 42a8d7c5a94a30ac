import Corpus
import Foundation
import Glibc
import Logging
import Service

/// What is written to a log meanwhile.
final class Captured {
  private let path = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())").path
  private let descriptor: Int32
  let log: Log

  init(form: Log.Form = .json, level: Logger.Level = .trace) {
    descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    log = Log(descriptor: descriptor, form: form, level: level)
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  /// What writes to it.
  var logger: Logger { Logger(label: "test") { [log] in log.handler(label: $0) } }

  /// All of it.
  var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  /// Its lines read as JSON.
  var lines: [JSONValue] {
    get throws { try text.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) } }
  }
}
