import Glibc

/// A moment as HTTP writes it, in whole seconds (RFC 9110 §5.6.7).
public struct HTTPDate: Hashable, Comparable, Sendable {
  /// Seconds since 1970 in UTC.
  public let second: Int

  /// A moment in seconds since 1970.
  public init(second: Int) { self.second = second }

  /// Reads any of the three forms that a recipient has to know: `Sun, 06 Nov 1994 08:49:37 GMT`,
  /// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`; nil where it is none of them.
  public init?(_ text: String) {
    let parts = text.split { " ,-:".contains($0) }.map(String.init)
    if parts.count == 8, parts[7] == "GMT", let month = Self.months.firstIndex(of: parts[2]) {
      guard var year = Int(parts[3]) else { return nil }
      if parts[3].utf8.count == 2 {
        // RFC 9110: two digits that would be more than fifty years ahead mean the last year with those digits.
        let now = Self.now.year
        year += now - now % 100
        if year > now + 50 { year -= 100 }
      }
      self.init(year: year, month: month + 1, day: parts[1], hour: parts[4], minute: parts[5], second: parts[6])
      // The form that everybody writes is held to every letter.
      if text.utf8.count == 29, self.text != text { return nil }
    } else if parts.count == 7, let month = Self.months.firstIndex(of: parts[1]), let year = Int(parts[6]) {
      self.init(year: year, month: month + 1, day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
    } else {
      return nil
    }
  }

  /// Reads a time of ISO 8601 in UTC, `1994-11-06T08:49:37Z`; nil where it is another form.
  public init?(iso8601 text: String) {
    let parts = text.split { "-T:Z".contains($0) }.map(String.init)
    guard parts.count == 6, text.utf8.count == 20, let year = Int(parts[0]), let month = Int(parts[1]) else {
      return nil
    }
    self.init(year: year, month: month, day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
  }

  private init?(year: Int, month: Int, day: String, hour: String, minute: String, second: String) {
    guard let day = Int(day), let hour = Int(hour), let minute = Int(minute), let second = Int(second),
      (1583...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
    self.second = timegm(&parts)
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`. Written by hand, since `strftime` speaks the language of the process.
  public var text: String {
    var second = time_t(second)
    var parts = tm()
    gmtime_r(&second, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = "\(Self.days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(Self.months[Int(parts.tm_mon)])"
    return "\(day) \(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }

  /// Whether one moment is before the other.
  public static func < (one: HTTPDate, other: HTTPDate) -> Bool { one.second < other.second }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static var now: (year: Int, second: Int) {
    var second = time(nil)
    var parts = tm()
    gmtime_r(&second, &parts)
    return (Int(parts.tm_year) + 1900, second)
  }
}
