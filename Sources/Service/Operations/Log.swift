import Corpus
import Glibc
import HTTP
import Locking
public import Logging
import Synchronization

/// Where the program's messages go: standard error, as text for people or as a line of JSON each. Form and least level may
/// change while the program runs.
public final class Log: Sendable {
  /// How messages are written.
  public enum Form: String, CaseIterable, Sendable {
    /// For people.
    case text
    /// For programs: an object on each line.
    case json
  }

  fileprivate struct Manner: Sendable {
    var form: Form
    var level: Logger.Level
  }

  fileprivate let manner: Locked<Manner>
  private let descriptor: Int32

  /// A log that is written to a descriptor, which stays open.
  public init(descriptor: Int32 = 2, form: Form = .text, level: Logger.Level = .info) {
    self.descriptor = descriptor
    manner = Locked(Manner(form: form, level: level))
  }

  /// Changes form and level, for all loggers at once.
  public func set(form: Form, level: Logger.Level) { manner.withLock { $0 = Manner(form: form, level: level) } }

  /// What writes to this log under a name.
  public func handler(label: String) -> some LogHandler { Handler(log: self, label: label) }

  fileprivate func write(_ line: [UInt8]) {
    var rest = line[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  fileprivate struct Handler: LogHandler {
    let log: Log
    let label: String
    var metadata = Logger.Metadata()

    var logLevel: Logger.Level {
      get { log.manner.withLock { $0.level } }
      // The level is that of the log, for every logger.
      set { log.manner.withLock { $0.level = newValue } }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      var all = metadata.merging(event.metadata ?? [:]) { $1 }
      if let error = event.error { all["error"] = "\(error)" }
      let line =
        switch log.manner.withLock({ $0.form }) {
        case .text: Log.text(event.level, label, "\(event.message)", all)
        case .json: Log.json(event.level, label, "\(event.message)", all)
        }
      log.write(line)
    }
  }
}

extension Log {
  /// A message as a line for people.
  static func text(_ level: Logger.Level, _ label: String, _ message: String, _ metadata: Logger.Metadata) -> [UInt8] {
    let details = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(text($0.key, $0.value))" }.joined()
    let line = "\(Timestamp.withMilliseconds) \(level.rawValue) \(label):\(details) \(message)"
    return Array(oneLine(line).utf8) + [UInt8(ascii: "\n")]
  }

  private static func text(_ name: String, _ value: Logger.MetadataValue) -> String {
    if isSecret(name) { return hidden }
    switch value {
    case .string(let text): return text
    case .stringConvertible(let value): return "\(value)"
    case .array(let values): return "[" + values.map { text(name, $0) }.joined(separator: ", ") + "]"
    case .dictionary(let values):
      return "{"
        + values.sorted { $0.key < $1.key }.map { "\($0.key)=\(text($0.key, $0.value))" }.joined(separator: " ")
        + "}"
    }
  }

  /// A message as a line of JSON: time, level, logger and message first, then what comes with it.
  static func json(_ level: Logger.Level, _ label: String, _ message: String, _ metadata: Logger.Metadata) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object { writer in
      writer.member("time", Timestamp.withMilliseconds)
      writer.member("level", level.rawValue)
      writer.member("logger", label)
      writer.member("message", message)
      for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { write(name, value, to: &writer) }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ name: String, _ value: Logger.MetadataValue, to writer: inout JSONWriter) {
    writer.name(name)
    if isSecret(name) { writer.string(hidden) } else { write(value, to: &writer) }
  }

  private static func write(_ value: Logger.MetadataValue, to writer: inout JSONWriter) {
    switch value {
    case .string(let text): writer.string(text)
    case .stringConvertible(let number as Int): writer.integer(number)
    case .stringConvertible(let number as Double): writer.number(number)
    case .stringConvertible(let value): writer.string("\(value)")
    case .array(let values): writer.array { writer in for value in values { write(value, to: &writer) } }
    case .dictionary(let values):
      writer.object { writer in
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { write(name, value, to: &writer) }
      }
    }
  }

  private static let hidden = "…"

  private static func isSecret(_ name: String) -> Bool { Target.isSecret(name) }

  /// A text in which nothing ends the line: what a client sent cannot make a line that nobody wrote.
  private static func oneLine(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: result.append(contentsOf: "\\n".unicodeScalars)
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
