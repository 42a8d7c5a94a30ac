/// A date as precise as a document gives it, in local time without offset.
public struct SpeechDate: Hashable, Sendable {
  /// How much of a date is known.
  public enum Precision: String, CaseIterable, Sendable {
    case year, month, day, minute, second
    /// Month and day without a year.
    case monthDay = "month_day"
  }

  /// `2021`, `2021-10`, `2021-10-13`, `2021-10-13T16:48`, `2021-10-13T16:48:47`, or `--05-15`; of a range, its first day.
  public let value: String
  /// How much is known.
  public let precision: Precision
  /// The first moment it may mean, nil where the year is unknown.
  public let earliest: String?
  /// The last moment it may mean, nil where the year is unknown.
  public let latest: String?

  /// Reads one of the forms of `value`; nil where it is none of them or names no day of the calendar.
  public init?(_ value: String) {
    let bytes = Array(value.utf8)
    func number(_ from: Int, _ count: Int) -> Int? {
      guard from + count <= bytes.count else { return nil }
      var result = 0
      for byte in bytes[from..<from + count] {
        guard (48...57).contains(byte) else { return nil }
        result = result * 10 + Int(byte - 48)
      }
      return result
    }
    func mark(_ at: Int, _ character: Unicode.Scalar) -> Bool {
      at < bytes.count && bytes[at] == UInt8(ascii: character)
    }
    if mark(0, "-"), mark(1, "-"), mark(4, "-"), bytes.count == 7,
      let month = number(2, 2), let day = number(5, 2), (1...12).contains(month),
      (1...Self.days(in: month, of: 2000)).contains(day)
    {
      (self.value, precision, earliest, latest) = (value, .monthDay, nil, nil)
      return
    }
    guard let year = number(0, 4), year > 0 else { return nil }
    if bytes.count == 4 {
      (self.value, precision) = (value, .year)
      (earliest, latest) = (value + "-01-01", value + "-12-31")
      return
    }
    guard mark(4, "-"), let month = number(5, 2), (1...12).contains(month) else { return nil }
    let lastDay = Self.days(in: month, of: year)
    if bytes.count == 7 {
      (self.value, precision) = (value, .month)
      (earliest, latest) = (value + "-01", value + "-\(lastDay)")
      return
    }
    guard mark(7, "-"), let day = number(8, 2), (1...lastDay).contains(day) else { return nil }
    (self.value, earliest, latest) = (value, value, value)
    if bytes.count == 10 {
      precision = .day
      return
    }
    guard mark(10, "T"), let hour = number(11, 2), hour < 24, mark(13, ":"),
      let minute = number(14, 2), minute < 60
    else { return nil }
    if bytes.count == 16 {
      precision = .minute
      return
    }
    guard mark(16, ":"), let second = number(17, 2), second < 60, bytes.count == 19 else { return nil }
    precision = .second
  }

  /// The parts of a date as a document names them; nil where they name no day of the calendar.
  public init?(year: Int?, month: Int? = nil, day: Int? = nil) {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    var value = year.map { padded($0, 4) } ?? "-"
    if let month { value += "-" + padded(month, 2) }
    if let day { value += "-" + padded(day, 2) }
    self.init(value)
  }

  /// A range of days: the first is the value, both ends are kept.
  public init?(from first: SpeechDate, through last: SpeechDate) {
    guard let earliest = first.earliest, let latest = last.latest, earliest <= latest else { return nil }
    (value, precision, self.earliest, self.latest) = (first.value, first.precision, earliest, latest)
  }

  /// Number of days of a month of the Gregorian calendar.
  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
