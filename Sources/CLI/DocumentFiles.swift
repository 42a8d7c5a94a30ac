import Corpus
import Foundation
import Interchange

/// The documents that paths lead to: files, and folders with everything below them.
struct DocumentFiles {
  /// A file that is a document, or why it is none.
  struct File: Sendable {
    var path: String
    /// Why it is not read; nil where it is.
    var refusal: Refusal?
  }

  /// What is found, in the order of the paths and of the names below them.
  private(set) var files: [File] = []
  /// How many files of folders are of kinds that are not read, by their suffix.
  private(set) var passedOver: [String: Int] = [:]
  /// How many annotated files were left out, since the plain file of the same sitting is among those found.
  private(set) var annotated = 0

  /// Looks for documents.
  init(_ paths: [String]) {
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        files.append(File(path: path, refusal: Refusal(code: "not_found", reason: "There is no such file.")))
        continue
      }
      if isFolder.boolValue { look(below: path) } else { files.append(File(path: path)) }
    }
    leaveOutAnnotated()
  }

  /// `sitting.ana.xml` holds the same words as `sitting.xml`; both would give every speech twice. ParlaMint keeps them in
  /// one folder or in `….TEI.ana` and `….TEI`.
  private mutating func leaveOutAnnotated() {
    let paths = Set(files.lazy.filter { $0.refusal == nil }.map(\.path))
    let kept = files.filter { file in
      guard file.path.hasSuffix(".ana.xml") else { return true }
      let plain = String(file.path.dropLast(8)) + ".xml"
      return !paths.contains(plain) && !paths.contains(plain.replacing(".ana/", with: "/"))
    }
    annotated = files.count - kept.count
    files = kept
  }

  private mutating func look(below folder: String) {
    // A worklist, not recursion: a tree of folders may be deep. Links to folders are not followed.
    var folders = [folder]
    while let folder = folders.popLast() {
      guard let names = Self.names(in: folder) else {
        let reason = "The folder cannot be read: \(String(cString: strerror(errno)))."
        files.append(File(path: folder, refusal: Refusal(code: "unreadable", reason: reason)))
        continue
      }
      var inner: [String] = []
      for name in names where !name.hasPrefix(".") {
        let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
        let type = (try? FileManager.default.attributesOfItem(atPath: path)[.type]) as? FileAttributeType
        if type == .typeDirectory {
          inner.append(path)
        } else if DocumentReader.mediaType(forFileName: name) == nil {
          passedOver[name.lastIndex(of: ".").map { String(name[$0...]).lowercased() } ?? "no suffix", default: 0] += 1
        } else if !Self.isCompanion(name) {
          files.append(File(path: path))
        }
      }
      folders += inner.reversed()
    }
  }

  /// Whether a file speaks of documents and is none: a sidecar or a read-me.
  private static func isCompanion(_ name: String) -> Bool {
    let lower = name.lowercased()
    return lower.hasSuffix(".meta.json") || lower.hasPrefix("readme.")
  }

  /// The names of what is in a folder, in order; nil where it cannot be read, and `errno` says why.
  private static func names(in folder: String) -> [String]? {
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Reads a file with its sidecar or, without one, with what its companions say; its kind and its size are looked at
  /// before.
  static func read(_ path: String, companions: Companions, maximumBytes: Int) -> Result<RawDocument, Refusal> {
    let name = URL(filePath: path).lastPathComponent
    return bytes(of: path, maximumBytes: maximumBytes).flatMap { bytes in
      sidecar(of: path, maximumBytes: maximumBytes).map { sidecar in
        RawDocument(
          bytes: bytes, mediaType: DocumentReader.mediaType(forFileName: name), fileName: name,
          sidecar: sidecar ?? companions.sidecar(of: path, bytes))
      }
    }
  }

  private static func bytes(of path: String, maximumBytes: Int) -> Result<[UInt8], Refusal> {
    func unreadable() -> Refusal {
      Refusal(code: "unreadable", reason: "The file cannot be read: \(String(cString: strerror(errno))).")
    }
    // Without O_NONBLOCK a pipe without a writer would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return .failure(unreadable()) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { return .failure(unreadable()) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      return .failure(Refusal(code: "unreadable", reason: "It is no regular file."))
    }
    let size = Int(facts.st_size)
    guard size <= maximumBytes else {
      return .failure(
        Refusal(
          code: "too_large",
          reason: "The file has \(size) bytes; at most \(maximumBytes) are read (setting max_document_bytes)."))
    }
    do {
      let data =
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).read(upToCount: maximumBytes) ?? Data()
      return .success(Array(data))
    } catch { return .failure(unreadable()) }
  }

  /// The bytes of `name.txt.meta.json` or `name.meta.json` beside `name.txt`.
  private static func sidecar(of path: String, maximumBytes: Int) -> Result<[UInt8]?, Refusal> {
    let bare = URL(filePath: path).deletingPathExtension().path(percentEncoded: false)
    for candidate in [path + ".meta.json", bare + ".meta.json"]
    where candidate != path && FileManager.default.fileExists(atPath: candidate) {
      return bytes(of: candidate, maximumBytes: maximumBytes).map(Optional.some).mapError {
        Refusal(code: $0.code, reason: "Its sidecar \(candidate): \($0.reason)")
      }
    }
    return .success(nil)
  }

  /// Reads a list of records a part at a time, so that neither its size nor their number is bounded: hands the outcomes
  /// of each part to `body`.
  static func readLines(
    _ path: String, _ reader: DocumentReader, maximumBytes: Int, _ body: ([Outcome]) throws -> Void
  ) throws {
    guard let file = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path) else {
      let reason = "The file cannot be read: \(String(cString: strerror(errno)))."
      return try body([.refused(Refusal(code: "unreadable", reason: reason))])
    }
    defer { try? file.close() }
    let name = path == "-" ? nil : URL(filePath: path).lastPathComponent
    var rest: [UInt8] = []
    var line = 0
    var isEnd = false
    while !isEnd {
      let data = try file.read(upToCount: 1 << 20) ?? Data()
      isEnd = data.isEmpty
      rest += data
      // Up to the last line that is whole; at the end of the file all of it.
      guard let end = isEnd ? rest.count : rest.lastIndex(of: 10).map({ $0 + 1 }) else {
        if rest.count <= maximumBytes { continue }
        let reason = "Line \(line + 1) has more than \(maximumBytes) bytes (setting max_document_bytes)."
        return try body([.refused(Refusal(code: "too_large", reason: reason, line: line + 1))])
      }
      let whole = Array(rest[..<end])
      rest = Array(rest[end...])
      let before = line
      line += whole.lineRanges.count - 1
      if whole.allSatisfy({ $0 == 10 || $0 == 13 || $0 == 32 || $0 == 9 }), before > 0 || !isEnd { continue }
      let document = RawDocument(bytes: whole, mediaType: "application/x-ndjson", fileName: name, sidecar: nil)
      try body(
        reader.read(document).map { outcome in
          guard case .refused(var refusal) = outcome else { return outcome }
          refusal.line = refusal.line.map { $0 + before }
          return .refused(refusal)
        })
    }
  }
}
