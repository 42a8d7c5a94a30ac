import Foundation
import Testing

@Suite("docs/threat-model.md")
struct ThreatModelTests {
  private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("names only tests and scripts that there are, and at least one for each risk and bound")
  func files() throws {
    let text = try String(contentsOf: Self.project.appending(path: "docs/threat-model.md"), encoding: .utf8)
    let files = text.matches(of: /`((?:Tests|scripts|\.ci)\/[^`]+)`/).map { String($0.output.1) }
    #expect(Set(files).count > 15)
    for file in files {
      #expect(FileManager.default.fileExists(atPath: Self.project.appending(path: file).path), "\(file)")
    }
    for number in 1...10 {
      let line = text.split(separator: "\n").first { $0.hasPrefix("| API\(number) ") }
      #expect(line?.contains("`Tests/") == true, "API\(number)")
    }
    let bounds = text.split(separator: "## Bounds of imports").last ?? ""
    for line in bounds.split(separator: "\n").filter({ $0.hasPrefix("| ") }).dropFirst() {
      #expect(line.contains("`Tests/"), "\(line)")
    }
  }
}
