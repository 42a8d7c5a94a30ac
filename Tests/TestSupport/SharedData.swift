public import Foundation

/// The real documents that live beside the project, in `../shared`.
///
/// Tests that need them are skipped where they are absent, unless `REQUIRE_SHARED_DATA` is set, as `.ci/run` does.
public enum SharedData {
  /// The folder, or nil where it is absent.
  public static let folder: URL? = {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["SHARED_DATA"].map { URL(filePath: $0) }
    let folder = named ?? project.deletingLastPathComponent().appending(path: "shared")
    return FileManager.default.fileExists(atPath: folder.appending(path: "corpora").path) ? folder : nil
  }()

  /// Whether tests that need the folder run: it is there, or its absence is to be a failure.
  public static let isExpected: Bool =
    folder != nil || ProcessInfo.processInfo.environment["REQUIRE_SHARED_DATA"] != nil

  /// A file or folder of it, by its path inside.
  public static func path(_ path: String) throws -> URL {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return folder.appending(path: path)
  }
}
