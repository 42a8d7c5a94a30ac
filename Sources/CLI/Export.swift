import ArgumentParser
import Corpus
import Foundation
import Service
import Storage

/// `rostrum export`: the corpus as NDJSON, one speech a line, or as a table, from one snapshot.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes speeches as NDJSON, one a line, in a shape that import reads again, or as a table.",
    discussion: "Reads the database beside a running server.")

  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "A file to write to; standard output unless given.")
  var output: String?

  @Option(name: .shortAndLong, help: "Only speeches for which a query holds, in the language of the API's “q”.")
  var query: String?

  @Option(
    name: .shortAndLong, help: "ndjson for whole speeches, csv for a table of what lists show of them.",
    transform: { word in
      guard let form = SpeechExport.Form(rawValue: word) else { throw ValidationError("There are ndjson and csv.") }
      return form
    })
  var format = SpeechExport.Form.ndjson

  func run() throws {
    let settings = try common.settings()
    let store = try Store(reading: settings.text(.database))
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
    let export = try ExportRepository(store, deadline: 3_600).speeches(query, sort: .field(.added))
    let progress = Progress(total: export.total, verb: "written")
    var done = 0
    try SpeechExport.write(export, as: format) {
      done += 1
      progress.show(done)
    } _: {
      try handle.write(contentsOf: $0)
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
