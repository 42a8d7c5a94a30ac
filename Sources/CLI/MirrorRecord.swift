import Corpus
import Foundation

/// What a mirror remembers beside its database, in `<database>.mirror`: whose copy it is, and in which states that may be.
///
/// A state is written here before the database is brought to it, so whatever else is found there was not taken from the
/// origin and is not to be overwritten.
struct MirrorRecord: Equatable {
  /// A snapshot that is being downloaded.
  struct Download: Equatable {
    /// Its entity tag, by which the rest of it is asked for.
    var tag: String
    /// SHA-256 of the whole, in hexadecimal.
    var sha256: String
    /// How many bytes it has.
    var length: Int
  }

  /// The address of the origin, without a slash at its end.
  var origin: String
  /// The states that the database may be in.
  var states: [String] = []
  var download: Download?

  static func path(of database: String) -> String { database + ".mirror" }

  init(origin: String) { self.origin = origin }

  /// What is remembered of a database; nil where it is no mirror.
  init?(of database: String) throws {
    let path = Self.path(of: database)
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let json = try? JSONReader.read(Array(data)), case .string(let origin) = json["origin"],
      case .array(let states) = json["states"]
    else { throw Failure("\(path) cannot be read.") }
    self.origin = origin
    self.states = states.compactMap { if case .string(let text) = $0 { text } else { nil } }
    if let download = json["download"], case .string(let tag) = download["etag"],
      case .string(let sha256) = download["sha256"], case .integer(let length) = download["length"]
    {
      self.download = Download(tag: tag, sha256: sha256, length: length)
    }
  }

  /// Writes it so that after a loss of power it is either as it was or as it is.
  func save(beside database: String) throws {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("origin", origin)
      writer.array("states") { for state in states { $0.string(state) } }
      if let download {
        writer.object("download") {
          $0.member("etag", download.tag)
          $0.member("sha256", download.sha256)
          $0.member("length", download.length)
        }
      }
    }
    let path = Self.path(of: database)
    func failure() -> Failure { Failure("\(path) cannot be written: \(String(cString: strerror(errno))).") }
    guard FileManager.default.createFile(atPath: path + ".new", contents: nil),
      let file = FileHandle(forWritingAtPath: path + ".new")
    else { throw failure() }
    try file.write(contentsOf: Data(writer.bytes + [10]))
    try file.synchronize()
    try file.close()
    guard rename(path + ".new", path) == 0 else { throw failure() }
  }
}
