import Driver
import HTTPTypes

@testable import HTTP

/// Gives libFuzzer the decoder of chunked bodies: the first byte says where the others are cut.
///
/// Whole, and however they are cut, the outcome is the same; and what is taken for a body is the one that a reader without
/// any care would find.
enum Outcome: Equatable {
  case whole([UInt8], rest: Int)
  case waits
  case refused(Int)
}

let limits = {
  var limits = Limits()
  (limits.body, limits.chunkExtensions, limits.trailers, limits.fields) = (100, 60, 60, 4)
  return limits
}()

func decode(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
  var decoder = ChunkedDecoder()
  var input = InputBuffer()
  var body = BodyBuffer()
  var left = pieces.reduce(0) { $0 + $1.count }
  do throws(WireError) {
    for piece in pieces {
      piece.withUnsafeBytes { input.append($0) }
      left -= piece.count
      if try decoder.decode(&input, into: &body, limits: limits) {
        return .whole(body.bytes, rest: input.count + left)
      }
      precondition(body.bytes.count <= limits.body, "more than the limit")
    }
  } catch {
    return .refused(error.status.code)
  }
  return .waits
}

/// The body of chunks that are known to be well formed.
func plainly(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  var rest = bytes
  var body: [UInt8] = []
  while let end = rest.firstIndex(of: 10) {
    let digits = String(decoding: rest[..<end].prefix { Octet.hexValue($0) != nil }, as: UTF8.self)
    guard let size = Int(digits, radix: 16), size > 0 else { break }
    body += rest[(end + 1)...].prefix(size)
    rest = rest[(end + 1)...].dropFirst(size + 2)
  }
  return body
}

fuzz { bytes, count in
  guard let bytes, count > 1 else { return 0 }
  let all = Array(UnsafeBufferPointer(start: bytes, count: count))
  let whole = decode([all[1...]])
  precondition(whole == decode(cut(all[1...], by: all[0])), "another body where the bytes are cut")
  if case .whole(let body, _) = whole { precondition(body == plainly(all[1...]), "another body than there is") }
  return 0
}
