import Foundation
import Interchange

/// What lies beside TEI documents and says who speaks in them: the root of the corpus, a `listPerson`, a `listOrg`.
///
/// They are looked for in the folder of a document and, as ParlaMint keeps a folder for each year, in the one above.
struct Companions: Sendable {
  private var folders: [String: TEICompanion] = [:]

  /// Looks beside the files that may be TEI.
  init(of files: [DocumentFiles.File], maximumBytes: Int) {
    for file in files where file.refusal == nil && Self.isXML(file.path) {
      let folder = URL(filePath: file.path).deletingLastPathComponent()
      let key = folder.path(percentEncoded: false)
      guard folders[key] == nil else { continue }
      var found = Self.look(in: folder, maximumBytes)
      if found.isEmpty { found = Self.look(in: folder.deletingLastPathComponent(), maximumBytes) }
      folders[key] = found
    }
  }

  /// What is known of those who speak in a document, to be kept with it; nil where that is nothing.
  func sidecar(of path: String, _ bytes: [UInt8]) -> [UInt8]? {
    guard Self.isXML(path) else { return nil }
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    guard let companion = folders[folder], !companion.isEmpty else { return nil }
    return companion.sidecar(for: bytes)
  }

  private static func isXML(_ path: String) -> Bool {
    let path = path.lowercased()
    return path.hasSuffix(".xml") || path.hasSuffix(".tei")
  }

  private static func look(in folder: URL, _ maximumBytes: Int) -> TEICompanion {
    var companion = TEICompanion()
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    for file in files.sorted(by: { $0.path < $1.path }) where isXML(file.path) {
      // A pipe without a writer would be waited for.
      guard (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true,
        let handle = try? FileHandle(forReadingFrom: file)
      else { continue }
      defer { try? handle.close() }
      guard let head = try? handle.read(upToCount: 4096), TEICompanion.isLikely(Array(head)) else { continue }
      let rest = (try? handle.read(upToCount: maximumBytes)) ?? Data()
      companion.add(Array(head + rest))
    }
    return companion
  }
}
