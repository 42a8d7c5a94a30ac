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

  @Flag(name: .long, help: "Shows line by line what each line was taken for and by which rule, instead of JSON.")
  var explain = false

  @Flag(
    name: .long,
    help: """
      Instead of JSON, says whether what is promised of every document holds: nodes tile and nest, places cut what they \
      claim, it is read alike twice, and its JSON is read as the same speech.
      """)
  var check = false

  @Option(
    name: .long,
    help: "With --check, reads twice and from JSON only one document of so many; all are read, and their nodes tried.")
  var every = 1

  @Option(name: .long, help: "Columns of the explanation.")
  var width: Int = 100

  @Argument(help: "Files, folders, or - for standard input.")
  var paths: [String]

  func run() throws {
    let maximum = try Settings(file: config).integer(.documentBytes)
    let reader = DocumentReader(maximumBytes: maximum)
    var refused = 0
    func tell(_ refusal: Refusal, _ path: String) {
      refused += 1
      let text = "\(path)\(refusal.line.map { " (line \($0))" } ?? ""): \(refusal.reason)\n"
      FileHandle.standardError.write(Data(text.utf8))
    }
    func write(_ outcomes: [Outcome], _ path: String) {
      for outcome in outcomes {
        switch outcome {
        case .refused(let refusal): tell(refusal, path)
        case .read(let reading):
          var writer = JSONWriter(capacity: 65_536)
          reading.speech.write(
            to: &writer, id: reading.id, facts: SourceFacts(reading.document, importedAt: nil))
          FileHandle.standardOutput.write(Data(writer.bytes + [10]))
        }
      }
    }
    func explainDocument(_ document: RawDocument, _ path: String) {
      switch reader.explain(document) {
      case .failure(let refusal): tell(refusal, path)
      case .success(let explanations):
        for (index, explanation) in explanations.enumerated() {
          let ordinal = explanations.count > 1 ? ", speech \(index + 1) of \(explanations.count) (R21)" : ""
          let text = "\(path)\(ordinal)\n" + explanation.table(width: max(40, min(width, 400))) + "\n"
          FileHandle.standardOutput.write(Data(text.utf8))
        }
      }
    }
    func use(_ document: RawDocument, _ path: String) {
      if explain { explainDocument(document, path) } else { write(reader.read(document), path) }
    }
    if paths.contains("-"), type == "application/x-ndjson", !explain {
      try DocumentFiles.readLines("-", reader, maximumBytes: maximum) { write($0, "-") }
    } else if paths.contains("-") {
      let bytes = Array(try FileHandle.standardInput.read(upToCount: maximum + 1) ?? Data())
      use(RawDocument(bytes: bytes, mediaType: type, fileName: nil, sidecar: nil), "-")
    }
    let files = DocumentFiles(paths.filter { $0 != "-" }).files
    if check {
      let check = ParseCheck(reader: reader, maximumBytes: maximum, every: max(1, every))
      guard check.run(files) else { throw ExitCode(1) }
      return
    }
    let companions = Companions(of: files, maximumBytes: maximum)
    for file in files {
      if let refusal = file.refusal {
        tell(refusal, file.path)
        continue
      }
      if !explain, DocumentReader.mediaType(forFileName: file.path) == "application/x-ndjson" {
        try DocumentFiles.readLines(file.path, reader, maximumBytes: maximum) { write($0, file.path) }
        continue
      }
      switch DocumentFiles.read(file.path, companions: companions, maximumBytes: maximum) {
      case .success(let document): use(document, file.path)
      case .failure(let refusal): tell(refusal, file.path)
      }
    }
    if refused > 0 { throw ExitCode(1) }
  }
}
