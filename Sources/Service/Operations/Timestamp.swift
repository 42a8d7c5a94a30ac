import Foundation
import Glibc

/// Times as the API gives them.
public enum Timestamp {
  /// Now, ISO 8601 in UTC with seconds.
  public static var now: String { Date().formatted(.iso8601) }

  /// Now, in seconds since 1970.
  public static var seconds: Int { time(nil) }

  /// Now with milliseconds. Written by hand, since the access log asks for it with every request.
  static var withMilliseconds: String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    func padded(_ number: some BinaryInteger, _ count: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
    let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
    let clock = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
    return "\(date)T\(clock).\(padded(time.tv_nsec / 1_000_000, 3))Z"
  }
}
