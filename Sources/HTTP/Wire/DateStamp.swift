import Glibc

/// The time as HTTP writes it (RFC 9110 §5.6.7), made anew once a second.
struct DateStamp {
  private var second: time_t = -1
  private var bytes: [UInt8] = []

  mutating func append(to out: inout [UInt8]) {
    var now = timespec()
    // The coarse clock costs no more than reading memory; it may be a few milliseconds behind.
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    if now.tv_sec != second {
      second = now.tv_sec
      bytes = Self.text(second)
    }
    out.append(contentsOf: bytes)
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`. Written by hand, since `strftime` speaks the language of the process.
  static func text(_ second: time_t) -> [UInt8] {
    var second = second
    var parts = tm()
    gmtime_r(&second, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
    let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    return Array("\(day) \(parts.tm_year + 1900) \(time) GMT".utf8)
  }
}
