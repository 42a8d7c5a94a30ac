import Corpus
import Foundation
import HTTP
import HTTPTypes

/// Brings an origin's snapshot into a file: `<database>.partial` while it comes, `<database>.new` once its bytes are those of
/// the digest that the origin gave. What has come is kept when the connection or the process ends, and gone on with.
struct SnapshotDownload {
  let origin: Origin
  let database: String

  private static let mostAttempts = 5
  private var partial: String { database + ".partial" }
  /// Where the whole file is.
  var whole: String { database + ".new" }

  /// Downloads what is not there yet.
  func run(_ record: inout MirrorRecord) throws {
    if FileManager.default.fileExists(atPath: whole) { return }
    var (attempt, isSecond) = (1, false)
    while true {
      let before = size
      if let known = record.download, before == known.length {
        if try Self.sha256(of: partial) == known.sha256 { break }
        record.download = nil
        try record.save(beside: database)
        let fault = "The snapshot is not the one whose SHA-256 \(origin.address) gave; it was thrown away"
        guard !isSecond else { throw Failure(fault + " twice.") }
        say(fault + ", and is downloaded again.")
        isSecond = true
        continue
      }
      do { try receive(&record) } catch let error as UserAgentError {
        guard case .unreachable = error else { throw error }
        attempt = size > before ? 1 : attempt + 1
        guard attempt <= Self.mostAttempts else { throw error }
        let place = record.download.map { " after \(size) of \($0.length) bytes" } ?? ""
        try origin.pause(Double(1 << attempt) / 2, "the download broke off\(place) (\(error))")
      }
    }
    guard rename(partial, whole) == 0 else {
      throw Failure("\(whole) cannot be written: \(String(cString: strerror(errno))).")
    }
    record.download = nil
    try record.save(beside: database)
  }

  private var size: Int {
    (try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? Int) ?? 0
  }

  /// Asks for the snapshot, or for what of it has not come yet.
  private func receive(_ record: inout MirrorRecord) throws {
    let (size, path) = (size, "/v1/snapshot")
    var fields: HTTPFields = [:]
    if let known = record.download, size > 0, size < known.length {
      fields = [.range: "bytes=\(size)-", .ifRange: known.tag]
    }
    var file: FileHandle?
    defer { try? file?.close() }
    var (progress, done): (Progress?, Int) = (nil, 0)
    defer { progress?.end() }
    // It makes the file first: seconds for each gigabyte.
    let head = try origin.send(path, fields: fields, patience: .seconds(600), restarts: false) { head in
      let isRest = head.status == .partialContent && !fields.isEmpty
      guard head.status == .ok || isRest else { return { _ in } }
      if isRest {
        guard let known = record.download, head.headerFields[.eTag] == known.tag,
          head.headerFields[.contentRange] == "bytes \(size)-\(known.length - 1)/\(known.length)"
        else { throw origin.refusal(path, head, []) }
        say("going on with the snapshot after \(size) of \(known.length) bytes")
        done = size
      } else {
        if !fields.isEmpty { say("The origin has another snapshot by now: its download starts over.") }
        try begin(head, &record)
      }
      let opened = try opened()
      try opened.seekToEnd()
      file = opened
      progress = record.download.map { Progress(total: $0.length, verb: "bytes of the snapshot received") }
      return { piece in
        try opened.write(contentsOf: Data(piece))
        done += piece.count
        progress?.show(done)
      }
    }
    guard let file else { throw origin.refusal(path, head, []) }
    try file.synchronize()
  }

  /// Notes which snapshot comes, and empties the file: the other way round, a part of one could be taken for another's.
  private func begin(_ head: HTTPResponse, _ record: inout MirrorRecord) throws {
    guard let tag = head.headerFields[.eTag], let length = head.headerFields[.contentLength].flatMap({ Int($0) }),
      let digest = head.field("Repr-Digest").flatMap(Self.sha256(in:))
    else {
      throw Origin.Refusal(
        status: 200, description: "\(origin.address)/v1/snapshot comes without ETag, Content-Length or Repr-Digest")
    }
    guard FileManager.default.createFile(atPath: partial, contents: nil) else {
      throw Failure("\(partial) cannot be written: \(String(cString: strerror(errno))).")
    }
    record.download = .init(tag: tag, sha256: digest, length: length)
    try record.save(beside: database)
  }

  private func opened() throws -> FileHandle {
    guard let file = FileHandle(forWritingAtPath: partial) else {
      throw Failure("\(partial) cannot be written: \(String(cString: strerror(errno))).")
    }
    return file
  }

  /// The SHA-256 of a `Repr-Digest` field in hexadecimal (RFC 9530 §2): `sha-256=:…:`, among others perhaps.
  static func sha256(in field: String) -> String? {
    for member in field.split(separator: ",") {
      let text = member.trimmingCharacters(in: .whitespaces)
      guard text.hasPrefix("sha-256=:"), text.hasSuffix(":"), text.count > 10,
        let digest = Data(base64Encoded: String(text.dropFirst(9).dropLast())), digest.count == 32
      else { continue }
      return digest.hexadecimal
    }
    return nil
  }

  private static func sha256(of path: String) throws -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    var hash = SHA256()
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(Array(piece)) }
    return hash.digest.hexadecimal
  }
}
