import Corpus
import Driver
import Interchange

/// Gives libFuzzer the parser: the first byte says what the document is called, the rest is the document.
///
/// Whatever the bytes, there must be an answer, every speech must be built as the model says, survive its own JSON and cut
/// exactly what its places claim; and the explanation must print.
let names = ["page.txt", "page.md", "page.html", "speech.json", "speeches.ndjson", "page", "record.xml"]

func checkPlaces(_ speech: Speech, _ bytes: [UInt8]) {
  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let text = String(decoding: bytes.starts(with: mark) ? bytes[3...] : bytes[...], as: UTF8.self)
  let source = Array(text.unicodeScalars)
  var passages = speech.removed.map(\.line) + speech.notes + speech.appendices
  for inference in speech.inferred.values {
    passages += inference.evidence + inference.conflicts.compactMap(\.evidence)
  }
  for passage in passages {
    guard let place = passage.source else { continue }
    precondition(place.end <= source.count, "a place outside of the source")
    precondition(
      passage.text.unicodeScalars.elementsEqual(source[place.start..<place.end]), "a place that cuts another text")
  }
}

func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let bytes, count > 1 else { return 0 }
  let buffer = UnsafeBufferPointer(start: bytes, count: count)
  let document = RawDocument(bytes: Array(buffer.dropFirst()), fileName: names[Int(buffer[0]) % names.count])
  let outcomes = DocumentReader().read(document)
  precondition(!outcomes.isEmpty, "a document without an outcome")
  for case .read(let reading) in outcomes {
    let faults = reading.speech.violations
    precondition(faults.isEmpty, faults.joined(separator: "; "))
    var writer = JSONWriter()
    reading.speech.write(to: &writer, id: reading.id, facts: SourceFacts(reading.document, importedAt: nil))
    let value = try? JSONReader.read(writer.bytes)
    precondition(value != nil, "JSON that is none")
    let again = value.flatMap { try? Speech().overlaid(with: JSONCursor($0)) }
    precondition(again == reading.speech, "another speech after its own JSON")
    if reading.document.encoding == "UTF-8" { checkPlaces(reading.speech, document.bytes) }
  }
  if case .success(let explanations) = DocumentReader().explain(document) {
    for explanation in explanations { _ = explanation.table(width: 80) }
  }
  return 0
}

fuzz(test)
