import Driver
import HTTPTypes

@testable import HTTP

/// Gives libFuzzer the parser of answers: the first byte says where the others are cut.
///
/// Whole, and however they are cut, the bytes are the same answer or the same refusal.
struct Seen: Equatable {
  var head = ""
  var body: [UInt8] = []
  var isWhole = false
  var keepsAlive = false
  var refusal: Int?
}

/// So short that a fuzzer reaches them.
let limits = {
  var limits = Limits()
  (limits.requestLine, limits.headerSection) = (60, 200)
  (limits.chunkExtensions, limits.trailers, limits.fields) = (40, 40, 6)
  return limits
}()

func read(_ pieces: [ArraySlice<UInt8>]) -> Seen {
  var parser = ResponseParser(limits: limits)
  var seen = Seen()
  do throws(WireError) {
    for piece in pieces {
      piece.withUnsafeBytes { parser.append($0) }
      while let event = try parser.next() {
        switch event {
        case .head(let response):
          precondition(seen.head.isEmpty, "a second answer")
          seen.head = "\(response.status.code) \(response.headerFields.map { "\($0.name.rawName): \($0.value)" })"
        case .body(let piece):
          precondition(!piece.isEmpty && !seen.head.isEmpty && !seen.isWhole, "a body where there is none")
          seen.body += piece
        case .end: seen.isWhole = true
        }
      }
    }
    seen.isWhole = seen.isWhole || parser.endsWithConnection()
    seen.keepsAlive = parser.keepsAlive
  } catch {
    seen.refusal = error.status.code
    // How much of a body came before its fault depends on how it came.
    seen.body = []
  }
  return seen
}

fuzz { bytes, count in
  guard let bytes, count > 1 else { return 0 }
  let all = Array(UnsafeBufferPointer(start: bytes, count: count))
  precondition(read([all[1...]]) == read(cut(all[1...], by: all[0])), "another answer where the bytes are cut")
  return 0
}
