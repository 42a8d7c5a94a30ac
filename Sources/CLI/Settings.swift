import ArgumentParser
import Corpus
import Foundation
import Storage
import Yams

/// The settings as they take effect: a flag wins over a variable, a variable over the file, the file over the default.
struct Settings: Sendable {
  /// Where a value came from, for messages.
  private struct Given: Sendable {
    var text: String
    var origin: String
  }

  private var given: [String: Given] = [:]

  /// Reads the file and the environment and puts the flags over them; throws a `Failure` that names the key and its
  /// origin for whatever is wrong in any of them.
  init(
    flags: [(Setting, String?)] = [], file: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let path = file ?? environment["ROSTRUM_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
    if let path { try readFile(path) }
    for setting in Setting.all {
      // An empty variable is one that is not set, as shells and compose files write it.
      if let text = environment[setting.variable], !text.isEmpty {
        try take(setting, text, "the variable \(setting.variable)")
      }
    }
    for (setting, text) in flags {
      if let text {
        guard !text.isEmpty else { throw Failure("\(setting.key): the flag --\(setting.key) needs a value.") }
        try take(setting, text, "the flag --\(setting.key.replacing("_", with: "-"))")
      }
    }
  }

  /// Variables that look like settings and are none, with the one that may have been meant.
  static func unknownVariables(in environment: [String: String]) -> [(name: String, nearest: String?)] {
    let known = Set(Setting.all.map(\.variable)).union(["ROSTRUM_CONFIG"])
    return environment.keys.filter { $0.hasPrefix("ROSTRUM_") && !known.contains($0) }.sorted()
      .map { ($0, $0.nearest(in: known)) }
  }

  /// The text of a setting; empty for none.
  func text(_ setting: Setting) -> String { given[setting.key]?.text ?? setting.defaultText }

  /// The number of a setting, which was checked when it was taken.
  func integer(_ setting: Setting) -> Int { Int(text(setting)) ?? 0 }

  /// The permission bits of a setting.
  func permissions(_ setting: Setting) -> UInt32 { UInt32(text(setting), radix: 8) ?? 0 }

  /// Whether a setting is on.
  func boolean(_ setting: Setting) -> Bool { text(setting) == "true" }

  /// A time of a setting in milliseconds.
  func duration(_ setting: Setting) -> Duration { .milliseconds(integer(setting)) }

  private mutating func take(_ setting: Setting, _ text: String, _ origin: String) throws {
    func wrong(_ expected: String) -> Failure {
      Failure("\(setting.key): expected \(expected), found “\(text)” (from \(origin)).")
    }
    switch setting.kind {
    case .text: break
    case .integer(let range):
      guard let number = Int(text), range.contains(number) else {
        throw wrong("an integer from \(range.lowerBound) to \(range.upperBound)")
      }
    case .boolean: guard text == "true" || text == "false" else { throw wrong("true or false") }
    case .word(let words):
      guard words.contains(text) else { throw wrong("one of \(words.joined(separator: ", "))") }
    case .permissions:
      guard (3...4).contains(text.utf8.count), let bits = UInt32(text, radix: 8), bits <= 0o777 else {
        throw wrong("permission bits such as 0660")
      }
    }
    given[setting.key] = Given(text: text, origin: origin)
  }

  private mutating func readFile(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("The settings file \(path) cannot be read.")
    }
    let root: Node?
    do { root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
      throw Failure("The settings file \(path) is not YAML: \(error)")
    }
    guard let root, root.null == nil else { return }
    guard let mapping = root.mapping else { throw Failure("The settings file \(path) has to be a list of key: value.") }
    for (keyNode, value) in mapping {
      let key = keyNode.string ?? ""
      let place = "\(path), line \(keyNode.mark?.line ?? 0)"
      guard let setting = Setting.all.first(where: { $0.key == key }) else {
        let near = key.nearest(in: Setting.all.map(\.key)).map { "; did you mean “\($0)”?" } ?? ""
        throw Failure("There is no setting “\(key)” (in \(place))\(near)")
      }
      guard let text = value.scalar?.string else { throw Failure("\(key): expected one value (in \(place)).") }
      if value.null != nil { continue }
      try take(setting, text, place)
    }
  }
}

extension Settings {
  /// The database, to be written: made where there is none, and brought up to date.
  /// - Parameters:
  ///   - readers: how many connections may read at once.
  ///   - indexes: whether an index of another version is made again now.
  func openedStore(readers: Int = 6, indexes: Bool = true) throws -> Store {
    let path = text(.database)
    // What SQLite puts aside, when it writes the whole file anew, has room where the database has; a container may have no
    // other place that can be written.
    setenv("SQLITE_TMPDIR", URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false), 0)
    let store = try Store(
      path: path, readers: readers, maximumLogBytes: integer(.logBytes), backsUp: boolean(.migrationBackup),
      indexes: indexes
    ) { done, total in
      if total > 0 { say("making the index of search: \(done) of \(total) speeches") }
    }
    if let backup = store.migrationBackup {
      say("the database as it was with schema \(backup.content.schema): \(backup.path)")
    }
    return store
  }
}

/// The flags that most commands share.
struct CommonOptions: ParsableArguments {
  @Option(name: .long, help: "The database file.")
  var database: String?

  @Option(name: .long, help: "A file with settings, such as config/rostrum.yaml.")
  var config: String?

  func settings(_ more: [(Setting, String?)] = []) throws -> Settings {
    try Settings(flags: [(.database, database)] + more, file: config)
  }
}
