import Foundation
import HTTP
import HTTPTypes
import Service
import TestSupport
import Testing

@Suite("docs/api.md")
struct DocumentationTests {
  private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("has every route, and no other")
  func routes() throws {
    let text = try String(contentsOf: Self.project.appending(path: "docs/api.md"), encoding: .utf8)
    let documented = Set(
      text.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains(" /") }
        .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) })
    let declared = Set(try TestSite().site.endpoints.map { "\($0.method.rawValue) \($0.path)" })
    #expect(documented == declared)
  }

  @Test("has every code of a problem that the sources know")
  func codes() throws {
    let text = try String(contentsOf: Self.project.appending(path: "docs/api.md"), encoding: .utf8)
    let sources = Self.project.appending(path: "Sources")
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
    var codes: Set<String> = []
    for file in files {
      let source = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      for match in source.matches(of: /code: "([a-z_]+)"/) { codes.insert(String(match.output.1)) }
      guard file.hasSuffix("WireError.swift") else { continue }
      for match in source.matches(of: /: "([a-z]+_[a-z_]+|overloaded)"/) { codes.insert(String(match.output.1)) }
    }
    #expect(codes.count > 30)
    for code in codes { #expect(text.contains("`\(code)`"), "\(code)") }
  }
}
