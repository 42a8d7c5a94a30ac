import Driver

@testable import HTTP

/// Gives libFuzzer targets with their queries and percent codes.
///
/// Written again with a code for every byte, the parts of a target are the parts of the target; and no part holds more
/// than was sent.
func encoded(_ text: String) -> String {
  text.utf8.map { byte in
    let digits = String(byte, radix: 16)
    return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
  }.joined()
}

fuzz { bytes, count in
  guard let bytes, count > 0 else { return 0 }
  // What no request line lets through never becomes a target.
  let sent = UnsafeBufferPointer(start: bytes, count: count).filter { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }
  let text = String(decoding: sent, as: UTF8.self)
  guard let target = Target(text) else { return 0 }
  let parts = target.segments + target.query.flatMap { [$0.name, $0.value] }
  // U+FFFD has three bytes where there was one that is no UTF-8.
  precondition(
    parts.reduce(0) { $0 + $1.utf8.count } <= (target.isUTF8 ? 1 : 3) * text.utf8.count, "more than was sent")
  guard target.raw != "*" else { return 0 }
  let path = "/" + target.segments.map(encoded).joined(separator: "/")
  let query = target.query.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
  let again = Target(path + "?" + query)
  precondition(again?.segments == target.segments, "another path")
  precondition(again?.query == target.query && again?.isUTF8 == true, "another query")
  return 0
}
