import Foundation
import Testing

@testable import Interchange

/// Holds `docs/parser.md` to the code: every rule, every warning code and every test it names.
@Suite("The parser's document")
struct ParserDocumentTests {
  private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func sources(_ folder: String) throws -> [(name: String, text: String)] {
    let root = Self.project.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".swift") }.map {
      ($0, try String(contentsOf: root.appending(path: $0), encoding: .utf8))
    }
  }

  /// The rows of the document's tables, each as the texts of its cells.
  private func rows() throws -> [[String]] {
    let text = try String(contentsOf: Self.project.appending(path: "docs/parser.md"), encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private func codeWords(_ cell: String?) -> [String] {
    (cell ?? "").split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }

  @Test("has a row for every rule, with a file that exists and a test")
  func rules() throws {
    let rows = try rows().filter { $0.first?.wholeMatch(of: /R\d+ .*/) != nil }
    #expect(rows.compactMap(\.first) == Rule.allCases.map(\.name))
    let files = Set(try sources("Sources/Interchange").map(\.name))
    for row in rows {
      #expect(row.count == 5, "\(row)")
      let named = codeWords(row.dropLast().last)
      #expect(!named.isEmpty && named.allSatisfy { files.contains($0) }, "\(row.first ?? "") names a file that is none")
    }
  }

  @Test("names tests that exist, and at least one in every row")
  func tests() throws {
    var known: Set<String> = []
    for (_, text) in try sources("Tests/InterchangeTests") {
      var suite = ""
      for line in text.split(separator: "\n") {
        if let match = line.firstMatch(of: /^struct (\w+)/) { suite = String(match.1) }
        if let match = line.firstMatch(of: /^  func (\w+)/) { known.insert("\(suite).\(match.1)") }
      }
    }
    for row in try rows() where row.first != "Rule" && row.first != "Code" && row.first?.hasPrefix("-") == false {
      let named = codeWords(row.last)
      #expect(!named.isEmpty, "\(row.first ?? "") has no test")
      for test in named { #expect(known.contains(test), "there is no test \(test)") }
    }
  }

  @Test("describes every warning code of the sources and no other")
  func codes() throws {
    var given: Set<String> = []
    for (_, text) in try sources("Sources/Interchange") {
      for match in text.matches(of: /warn\("([a-z_]+)"\)|warnings(?:\.append\(| = \[| \+= \[)"([a-z_]+)"/) {
        if let code = match.1 ?? match.2 { given.insert(String(code)) }
      }
    }
    let described = try rows().compactMap { codeWords($0.first).first }
    #expect(Set(described) == given)
    #expect(described.count == given.count)
  }
}
