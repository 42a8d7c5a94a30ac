import Driver
import HTTPTypes

@testable import HTTP

/// Gives libFuzzer the request parser: the first byte says where the others are cut.
///
/// Whole, and however they are cut, the bytes are the same requests or the same refusal, no body is longer than its limit,
/// and a body that is dropped ends where one that is kept does.
struct Seen: Equatable {
  var requests: [String] = []
  var bodies: [[UInt8]] = []
  var refusal: Int?
}

/// So short that a fuzzer reaches them.
let limits = {
  var limits = Limits()
  (limits.requestLine, limits.headerSection, limits.fields) = (60, 200, 6)
  (limits.body, limits.chunkExtensions, limits.trailers) = (80, 40, 40)
  return limits
}()

func read(_ pieces: [ArraySlice<UInt8>], dropping: Bool) -> Seen {
  var parser = RequestParser(limits: limits)
  var seen = Seen()
  do throws(WireError) {
    for piece in pieces {
      piece.withUnsafeBytes { parser.append($0) }
      while let event = try parser.next() {
        switch event {
        case .head(let request, let isHTTP10, _):
          seen.requests.append("head \(request.method) \(request.target.raw) \(isHTTP10)")
          if dropping { parser.dropBody() }
        case .request(let request, let isHTTP10, let keepsAlive):
          let fields = request.headerFields.map { "\($0.name.rawName): \($0.value)" }
          seen.requests.append("\(request.method) \(request.target.raw) \(fields) \(isHTTP10) \(keepsAlive)")
          seen.requests.append(request.authority ?? "-")
          if !dropping { seen.bodies.append(request.body) }
          precondition(request.body.count <= limits.body, "a body over its limit")
        }
      }
      precondition(parser.heldBytes <= limits.body, "more of a body than its limit")
    }
  } catch {
    seen.refusal = error.status.code
  }
  return seen
}

fuzz { bytes, count in
  guard let bytes, count > 1 else { return 0 }
  let all = Array(UnsafeBufferPointer(start: bytes, count: count))
  var whole = read([all[1...]], dropping: false)
  precondition(whole == read(cut(all[1...], by: all[0]), dropping: false), "other requests where the bytes are cut")
  whole.bodies = []
  precondition(whole == read(cut(all[1...], by: all[0]), dropping: true), "other requests where bodies are dropped")
  return 0
}
