import Foundation
import Interchange

/// Measures the parser alone: bytes of documents read per second of processor time, over a folder, and over one
/// document that doubles up to 50 MB, by which a cost that grows faster than the length is seen.
///
///     ParserSpeed folder FOLDER…     every document of a folder, read in turn until ten seconds are used
///     ParserSpeed doubling [FILE]    generated text, or a saved page repeated, from 1 to 50 MB
@main
enum ParserSpeed {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "folder" where arguments.count > 1: arguments.dropFirst().forEach(measureFolder)
    case "doubling":
      if let file = arguments.dropFirst().first {
        guard let page = FileManager.default.contents(atPath: file) else { return complain("\(file) cannot be read.") }
        measureDoubling("the page repeated", type: DocumentReader.mediaType(forFileName: file)) {
          Array(page) + [10]
        }
      } else {
        var part = 0
        measureDoubling("generated text", type: "text/plain") {
          part += 1
          return Array(GeneratedText.part(part).utf8)
        }
      }
    default: complain("usage: ParserSpeed folder FOLDER… | doubling [FILE]")
    }
  }

  private static let reader = DocumentReader(maximumBytes: 1 << 30)

  /// Reads all documents of a folder again and again, so that the clock's step and the first run do not matter.
  private static func measureFolder(_ folder: String) {
    var documents: [RawDocument] = []
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for name in names.sorted() where !name.hasSuffix(".meta.json") && !name.lowercased().contains("readme") {
      guard let type = DocumentReader.mediaType(forFileName: name),
        let data = FileManager.default.contents(atPath: folder + "/" + name)
      else { continue }
      documents.append(RawDocument(bytes: Array(data), mediaType: type, fileName: name))
    }
    let size = documents.reduce(0) { $0 + $1.bytes.count }
    guard size > 0 else { return complain("\(folder) holds no document.") }
    var (rounds, used, speeches) = (0, 0.0, 0)
    while used < 10 {
      used += processorSeconds { speeches += documents.reduce(0) { $0 + reader.read($1).count } }
      rounds += 1
    }
    report("\(documents.count) documents, \(speeches / rounds) outcomes", size * rounds, used)
  }

  private static func measureDoubling(_ name: String, type: String?, _ next: () -> [UInt8]) {
    var bytes: [UInt8] = []
    for size in [1, 2, 4, 8, 16, 32, 50] {
      while bytes.count < size << 20 { bytes += next() }
      let document = RawDocument(bytes: bytes, mediaType: type)
      var sections = 0
      let used = processorSeconds {
        for case .read(let reading) in reader.read(document) { sections += reading.speech.sectionCount }
      }
      report("\(name), \(sections) sections", bytes.count, used)
    }
  }

  private static func processorSeconds(_ work: () -> Void) -> Double {
    let start = clock()
    work()
    return Double(clock() - start) / Double(CLOCKS_PER_SEC)
  }

  private static func report(_ name: String, _ bytes: Int, _ seconds: Double) {
    let (size, speed) = (Double(bytes) / 1e6, Double(bytes) / 1e6 / max(seconds, 1e-6))
    print(String(format: "%8.1f MB %8.2f s %8.1f MB/s  ", size, seconds, speed) + name)
  }

  private static func complain(_ sentence: String) {
    FileHandle.standardError.write(Data((sentence + "\n").utf8))
  }
}
