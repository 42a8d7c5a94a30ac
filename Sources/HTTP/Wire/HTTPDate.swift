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
        let now = Self.thisYear
        year += now - now % 100
        if year > now + 50 { year -= 100 }
      }
      self.init(
        year: year, month: month + 1, day: Int(parts[1]), hour: Int(parts[4]), minute: Int(parts[5]),
        second: Int(parts[6]))
      // The form that everybody writes is held to every letter.
      if text.utf8.count == 29, self.text != text { return nil }
    } else if parts.count == 7, let month = Self.months.firstIndex(of: parts[1]), let year = Int(parts[6]) {
      self.init(
        year: year, month: month + 1, day: Int(parts[2]), hour: Int(parts[3]), minute: Int(parts[4]),
        second: Int(parts[5]))
    } else {
      return nil
    }
  }

  /// Reads a time of ISO 8601 in UTC, `1994-11-06T08:49:37Z`; nil where it is another form.
  public init?(iso8601 text: String) {
    let bytes = text.utf8.span
    guard bytes.count == 20 else { return nil }
    for (place, mark) in zip([4, 7, 10, 13, 16, 19], "--T::Z".utf8) where bytes[place] != mark { return nil }
    func number(_ places: Range<Int>) -> Int? {
      var number = 0
      for place in places {
        guard Octet.isDigit(bytes[place]) else { return nil }
        number = number * 10 + Int(bytes[place] - 48)
      }
      return number
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }

  private init?(year: Int, month: Int, day: Int?, hour: Int?, minute: Int?, second: Int?) {
    guard let day, let hour, let minute, let second, (1583...9999).contains(year), (1...12).contains(month),
      (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    self.second = ((Self.days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
  }

  /// Days since 1970 of a day of the Gregorian calendar, with years that begin in March, so that the leap day is the last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = (year / 400, year % 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`. Written by hand, since `strftime` speaks the language of the process.
  public var text: String {
    var second = time_t(second)
    var parts = tm()
    gmtime_r(&second, &parts)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(29)
    func append(_ number: Int32) {
      bytes.append(UInt8(truncatingIfNeeded: 48 + number / 10))
      bytes.append(UInt8(truncatingIfNeeded: 48 + number % 10))
    }
    bytes += Self.weekdays[Int(parts.tm_wday)].utf8
    bytes += ", ".utf8
    append(parts.tm_mday)
    bytes.append(Octet.space)
    bytes += Self.months[Int(parts.tm_mon)].utf8
    bytes.append(Octet.space)
    append((parts.tm_year + 1900) / 100)
    append((parts.tm_year + 1900) % 100)
    for number in [parts.tm_hour, parts.tm_min, parts.tm_sec] {
      bytes.append(bytes.count == 16 ? Octet.space : Octet.colon)
      append(number)
    }
    bytes += " GMT".utf8
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether one moment is before the other.
  public static func < (one: HTTPDate, other: HTTPDate) -> Bool { one.second < other.second }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static var thisYear: Int {
    var second = time(nil)
    var parts = tm()
    gmtime_r(&second, &parts)
    return Int(parts.tm_year) + 1900
  }
}
