import ArgumentParser
import Corpus
import Foundation
import Service
import Storage

/// `rostrum export`: the corpus as NDJSON, one speech a line, from one snapshot.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes speeches as NDJSON, one a line, in a shape that import reads again.",
    discussion: "Reads the database beside a running server.")

  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "A file to write to; standard output unless given.")
  var output: String?

  @Option(name: .shortAndLong, help: "Only speeches for which a query holds, in the language of the API's “q”.")
  var query: String?

  func run() throws {
    let settings = try common.settings()
    let store = try Store(reading: settings.text(.database))
    let cards = CardRepository(store)
    let searches = SearchRepository(store, deadline: 3_600)
    let query: Query?
    do { query = try self.query.map { try QueryParser.parse($0) } } catch let error as QueryError {
      throw Failure("--query: \(error.detail) (at character \(error.position + 1))")
    }
    // Written beside its final place and renamed: a file of that name is whole.
    let partial = output.map { $0 + ".partial" }
    let handle: FileHandle
    if let partial {
      guard FileManager.default.createFile(atPath: partial, contents: nil),
        let file = FileHandle(forWritingAtPath: partial)
      else { throw Failure("\(partial) cannot be written.") }
      handle = file
    } else {
      handle = .standardOutput
    }
    let total: Int
    if let query {
      total = try searches.speeches(SearchRequest(query, limit: 1, mode: .exact)).page.total
    } else {
      total = try cards.list(SpeechFilter(), sort: .added, limit: 1).page.total
    }
    let progress = Progress(total: total, verb: "written")
    var done = 0
    func write(_ card: Card) throws {
      guard let content = card.content else { return }
      try handle.write(contentsOf: SpeechExport.json(content) + [10])
      done += 1
      progress.show(done)
    }
    if let query {
      try searches.each(query, SpeechFilter(), write)
    } else {
      try cards.each(SpeechFilter(), sort: .added, write)
    }
    progress.end()
    if let partial, let output {
      try handle.synchronize()
      try handle.close()
      guard rename(partial, output) == 0 else {
        throw Failure("\(output) cannot be written: \(String(cString: strerror(errno))).")
      }
    }
  }
}
