import Corpus

/// Reads the dates that pages and head blocks write (R9): digits of both widths, Chinese numerals with every zero.
///
/// Works on the folded shadow. Masked dates such as 20xx年 are no dates.
enum DateReading {
  /// A date and the index after it.
  struct Found {
    var date: SpeechDate
    var end: Int
  }

  /// The date that stands at `start`, as precise as it is written.
  static func read(_ text: Scalars, at start: Int) -> Found? {
    guard let first = written(text, at: start) ?? punctuated(text, at: start) else {
      return monthAndDay(text, at: start)
    }
    return range(text, from: first, start: start) ?? withTime(text, first)
  }

  /// The first date in a text.
  static func first(in text: Scalars, from start: Int = 0) -> (range: Range<Int>, date: SpeechDate)? {
    var index = start
    while index < text.count {
      if couldBegin(text, index), let found = read(text, at: index) { return (index..<found.end, found.date) }
      index += 1
    }
    return nil
  }

  private static func couldBegin(_ text: Scalars, _ index: Int) -> Bool {
    if text[index].isDigit { return index == 0 || !text[index - 1].isDigit }
    return digit(text[index]) != nil || text[index] == "十"
  }

  /// A digit of a year written out digit by digit.
  private static func digit(_ scalar: Unicode.Scalar) -> Int? {
    if scalar.isDigit { return Int(scalar.value - 48) }
    switch scalar {
    case "〇", "○", "◯", "零", "O", "o": return 0
    case "两": return nil
    default: return Numeral.digit(scalar)
    }
  }

  private static func skipBlanks(_ text: Scalars, _ index: Int) -> Int {
    var index = index
    while index < text.count, text[index].isBlank { index += 1 }
    return index
  }

  /// 2021年10月13日, 二○一三年十月七日, 1942年5月, 1998年.
  private static func written(_ text: Scalars, at start: Int) -> Found? {
    var (year, index) = (0, start)
    while index < text.count, let digit = digit(text[index]), index - start < 5 {
      year = year * 10 + digit
      index += 1
    }
    guard index - start == 4, (1000...2999).contains(year) else { return nil }
    index = skipBlanks(text, index)
    guard index < text.count, text[index] == "年" else { return nil }
    index += 1
    guard let month = number(text, skipBlanks(text, index)), mark(text, month.end, "月") else {
      return SpeechDate(year: year).map { Found(date: $0, end: index) }
    }
    let monthEnd = skipBlanks(text, month.end) + 1
    guard let day = number(text, skipBlanks(text, monthEnd)),
      mark(text, day.end, "日") || mark(text, day.end, "号")
    else {
      return SpeechDate(year: year, month: month.value).map { Found(date: $0, end: monthEnd) }
    }
    let end = skipBlanks(text, day.end) + 1
    return SpeechDate(year: year, month: month.value, day: day.value).map { Found(date: $0, end: end) }
  }

  private static func mark(_ text: Scalars, _ index: Int, _ mark: Unicode.Scalar) -> Bool {
    let index = skipBlanks(text, index)
    return index < text.count && text[index] == mark
  }

  /// A month or a day: 10, 十, 三十一, 廿五, 二○.
  private static func number(_ text: Scalars, _ start: Int) -> (value: Int, end: Int)? {
    if let (value, end) = Numeral.digits(text, at: start), end - start <= 2 { return (value, end) }
    guard start < text.count else { return nil }
    if text[start] == "廿" || text[start] == "卅" {
      let tens = text[start] == "廿" ? 20 : 30
      if let (value, end) = Numeral.chinese(text, at: start + 1), value < 10 { return (tens + value, end) }
      return (tens, start + 1)
    }
    return Numeral.chinese(text, at: start).map { ($0.0, $0.1) }
  }

  /// 2021-10-13, 2021/10/13, 2021.10.13; a month alone is not believed in this form.
  private static func punctuated(_ text: Scalars, at start: Int) -> Found? {
    guard start == 0 || !text[start - 1].isDigit, let (year, yearEnd) = Numeral.digits(text, at: start),
      yearEnd - start == 4, (1000...2999).contains(year), yearEnd < text.count
    else { return nil }
    let separator = text[yearEnd]
    guard separator == "-" || separator == "/" || separator == "." else { return nil }
    guard let (month, monthEnd) = Numeral.digits(text, at: yearEnd + 1), monthEnd < text.count,
      text[monthEnd] == separator,
      let (day, end) = Numeral.digits(text, at: monthEnd + 1), end - monthEnd <= 3
    else { return nil }
    return SpeechDate(year: year, month: month, day: day).map { Found(date: $0, end: end) }
  }

  /// 5月15日 without a year.
  private static func monthAndDay(_ text: Scalars, at start: Int) -> Found? {
    guard start == 0 || digit(text[start - 1]) == nil && text[start - 1] != "年",
      let month = number(text, start),
      mark(text, month.end, "月"), let day = number(text, skipBlanks(text, month.end) + 1),
      mark(text, day.end, "日")
    else { return nil }
    let end = skipBlanks(text, day.end) + 1
    return SpeechDate(year: nil, month: month.value, day: day.value).map { Found(date: $0, end: end) }
  }

  /// A time of day after a day: 16:48:47, 14:07.
  private static func withTime(_ text: Scalars, _ found: Found) -> Found {
    guard found.date.precision == .day else { return found }
    var index = skipBlanks(text, found.end)
    if index < text.count, text[index] == "T" { index += 1 }
    guard let (hour, hourEnd) = Numeral.digits(text, at: index), hourEnd - index <= 2, hourEnd < text.count,
      text[hourEnd] == ":", let (minute, minuteEnd) = Numeral.digits(text, at: hourEnd + 1),
      minuteEnd - hourEnd == 3
    else { return found }
    var value = found.date.value + "T" + padded(hour) + ":" + padded(minute)
    var end = minuteEnd
    if minuteEnd < text.count, text[minuteEnd] == ":",
      let (second, secondEnd) = Numeral.digits(text, at: minuteEnd + 1), secondEnd - minuteEnd == 3
    {
      value += ":" + padded(second)
      end = secondEnd
    }
    return SpeechDate(value).map { Found(date: $0, end: end) } ?? found
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// 2020年3月1日至3日, 2020年3月30日—4月2日.
  private static func range(_ text: Scalars, from first: Found, start: Int) -> Found? {
    guard first.date.precision == .day else { return nil }
    var index = skipBlanks(text, first.end)
    guard index < text.count, ["至", "到", "—", "-", "~"].contains(text[index]) else { return nil }
    while index < text.count, ["至", "到", "—", "-", "~"].contains(text[index]) { index += 1 }
    index = skipBlanks(text, index)
    let parts = first.date.value.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    if let whole = written(text, at: index), let range = SpeechDate(from: first.date, through: whole.date) {
      return Found(date: range, end: whole.end)
    }
    guard let one = number(text, index) else { return nil }
    var last: SpeechDate?
    var end = one.end
    if mark(text, one.end, "日") {
      last = SpeechDate(year: parts[0], month: parts[1], day: one.value)
      end = skipBlanks(text, one.end) + 1
    } else if mark(text, one.end, "月"), let day = number(text, one.end + 1), mark(text, day.end, "日") {
      last = SpeechDate(year: parts[0], month: one.value, day: day.value)
      end = skipBlanks(text, day.end) + 1
    }
    guard let last, let range = SpeechDate(from: first.date, through: last) else { return nil }
    return Found(date: range, end: end)
  }

  /// The bare digits of databases: 19950713, 199505, 1995.
  static func compact(_ text: Scalars) -> SpeechDate? {
    let digits = text.filter(\.isDigit).map { Int($0.value - 48) }
    guard digits.count == text.unspaced.count, digits.count == 8 || digits.count == 6 || digits.count == 4
    else {
      return nil
    }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    return SpeechDate(
      year: number(0..<4), month: digits.count > 4 ? number(4..<6) : nil,
      day: digits.count > 6 ? number(6..<8) : nil)
  }
}

/// The dateline of a news agency: 新华社北京11月11日电.
enum Dateline {
  private static let agencies = WordList([
    "新华社", "新华网", "中新社", "中新网", "人民网", "本报", "据新华社", "央视网", "中国新闻网",
  ])

  /// Length of the dateline at the beginning of a line, up to and with 电 or 讯.
  static func length(_ text: Scalars) -> Int? {
    var start = 0
    while start < text.count, text[start].isBlank || text[start] == "(" { start += 1 }
    guard let agency = agencies.match(text, at: start) else { return nil }
    var index = start + agency
    let limit = min(text.count, start + 40)
    while index < limit {
      if text[index] == "电" || text[index] == "讯" { return index + 1 }
      if text[index] == "。" || text[index] == "," && index > start + 24 { return nil }
      index += 1
    }
    return nil
  }

  /// The agency's name.
  static func agency(_ text: Scalars) -> String? {
    var start = 0
    while start < text.count, text[start].isBlank || text[start] == "(" { start += 1 }
    guard let length = agencies.match(text, at: start) else { return nil }
    let name = text[start..<start + length].string
    return name == "本报" ? nil : name.hasPrefix("据") ? String(name.dropFirst()) : name
  }
}
