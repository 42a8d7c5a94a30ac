import ArgumentParser
import Corpus
import Foundation
import Interchange

/// `rostrum parse`: what a document is read as, one JSON object a speech, without a database.
struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what documents are read as: one JSON object a speech, in the shape of the API.")

  @Option(name: .long, help: "A file with settings, such as config/rostrum.yaml.")
  var config: String?

  @Option(name: .long, help: "Media type of standard input.")
  var type: String = "text/plain"

  @Argument(help: "Files, folders, or - for standard input.")
  var paths: [String]

  func run() throws {
    let maximum = try Settings(file: config).integer(.documentBytes)
    let reader = DocumentReader(maximumBytes: maximum)
    var refused = 0
    func write(_ outcomes: [Outcome], _ path: String) {
      for outcome in outcomes {
        switch outcome {
        case .refused(let refusal):
          refused += 1
          let text = "\(path)\(refusal.line.map { " (line \($0))" } ?? ""): \(refusal.reason)\n"
          FileHandle.standardError.write(Data(text.utf8))
        case .read(let reading):
          var writer = JSONWriter(capacity: 65_536)
          reading.speech.write(
            to: &writer, id: reading.id, facts: SourceFacts(reading.document, importedAt: nil))
          FileHandle.standardOutput.write(Data(writer.bytes + [10]))
        }
      }
    }
    if paths.contains("-") {
      let bytes = Array(try FileHandle.standardInput.read(upToCount: maximum + 1) ?? Data())
      write(reader.read(RawDocument(bytes: bytes, mediaType: type, fileName: nil, sidecar: nil)), "-")
    }
    let files = DocumentFiles(paths.filter { $0 != "-" }).files
    let companions = Companions(of: files, maximumBytes: maximum)
    for file in files {
      if let refusal = file.refusal {
        write([.refused(refusal)], file.path)
        continue
      }
      if DocumentReader.mediaType(forFileName: file.path) == "application/x-ndjson" {
        try DocumentFiles.readLines(file.path, reader, maximumBytes: maximum) { write($0, file.path) }
        continue
      }
      switch DocumentFiles.read(file.path, companions: companions, maximumBytes: maximum) {
      case .success(let document): write(reader.read(document), file.path)
      case .failure(let refusal): write([.refused(refusal)], file.path)
      }
    }
    if refused > 0 { throw ExitCode(1) }
  }
}
