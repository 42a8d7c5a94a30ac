import Driver
import HTTPTypes

@testable import HTTP

/// Gives libFuzzer what is read of the values of fields: hosts, dates, ranges, who forwarded, what is accepted.
///
/// Nothing may crash, a date is read again as it is written, a range lies within its content, and a client is always named.
let proxies = (try? TrustedProxies("unix, 10.0.0.0/8, 2001:db8::/32")) ?? TrustedProxies()
let names = ["Forwarded", "X-Forwarded-For"].compactMap { HTTPField.Name($0) }

fuzz { bytes, count in
  guard let bytes, count > 1, let target = Target("/") else { return 0 }
  let text = String(decoding: UnsafeBufferPointer(start: bytes + 1, count: count - 1), as: UTF8.self)
  switch bytes[0] % 5 {
  case 0: _ = Authority.isValid(text.utf8.span)
  case 1:
    if let date = HTTPDate(text) { precondition(HTTPDate(date.text) == date, "another date: \(text)") }
  case 2:
    if case .part(let range) = ByteRange(text, length: 100) {
      precondition(range.lowerBound >= 0 && range.upperBound <= 100 && !range.isEmpty, "a range of nothing")
    }
  case 3:
    for name in names {
      let request = Request(target: target, headerFields: [name: text], peer: "unix")
      precondition(!proxies.client(of: request).isEmpty, "nobody")
    }
    _ = try? TrustedProxies(text)
  default:
    let quality = Negotiation(accept: text).quality(of: "text/html")
    precondition(quality >= 0 && quality <= 1, "a quality of \(quality)")
  }
  return 0
}
