import Corpus
import Glibc
import Interchange

/// Gives libFuzzer the parser: the first byte says what the document is called, the rest is the document.
///
/// Whatever the bytes, there must be an answer, every speech must be built as the model says, and the explanation must
/// be of the same speech.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

let names = ["page.txt", "page.md", "page.html", "speech.json", "speeches.ndjson", "page"]

func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let bytes, count > 1 else { return 0 }
  let buffer = UnsafeBufferPointer(start: bytes, count: count)
  let document = RawDocument(bytes: Array(buffer.dropFirst()), fileName: names[Int(buffer[0]) % names.count])
  let outcomes = DocumentReader().read(document)
  precondition(!outcomes.isEmpty, "a document without an outcome")
  for case .read(let reading) in outcomes {
    let faults = reading.speech.violations
    precondition(faults.isEmpty, faults.joined(separator: "; "))
  }
  if case .success(let explanations) = DocumentReader().explain(document) {
    for explanation in explanations { _ = explanation.table(width: 80) }
  }
  return 0
}

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments, test))
