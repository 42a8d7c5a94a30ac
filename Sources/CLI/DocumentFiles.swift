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
  }

  private mutating func look(below folder: String) {
    // A worklist, not recursion: a tree of folders may be deep. Links to folders are not followed.
    var folders = [folder]
    while let folder = folders.popLast() {
      let names: [String]
      do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
        files.append(
          File(
            path: folder,
            refusal: Refusal(code: "unreadable", reason: "The folder cannot be read: \(error.posixReason).")))
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

  /// Reads a file with its sidecar; its size is looked at before.
  static func read(_ path: String, maximumBytes: Int) -> Result<RawDocument, Refusal> {
    let url = URL(filePath: path)
    do {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard size <= maximumBytes else {
        return .failure(
          Refusal(
            code: "too_large",
            reason: "The file has \(size) bytes; at most \(maximumBytes) are read (setting max_document_bytes)."))
      }
      let bytes = try Array(Data(contentsOf: url))
      return .success(
        RawDocument(
          bytes: bytes, mediaType: DocumentReader.mediaType(forFileName: url.lastPathComponent),
          fileName: url.lastPathComponent, sidecar: try sidecar(of: path)))
    } catch {
      return .failure(Refusal(code: "unreadable", reason: "The file cannot be read: \(error.posixReason)."))
    }
  }

  /// The bytes of `name.txt.meta.json` or `name.meta.json` beside `name.txt`.
  private static func sidecar(of path: String) throws -> [UInt8]? {
    let bare = URL(filePath: path).deletingPathExtension().path(percentEncoded: false)
    for candidate in [path + ".meta.json", bare + ".meta.json"]
    where candidate != path && FileManager.default.fileExists(atPath: candidate) {
      return try Array(Data(contentsOf: URL(filePath: candidate)))
    }
    return nil
  }
}

extension Error {
  /// What the system says of a file that could not be used.
  var posixReason: String {
    var error: NSError? = self as NSError
    while let current = error {
      if current.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(current.code))) }
      error = current.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    return localizedDescription
  }
}
