import Corpus
import Testing

@Suite("Dates as precise as a document gives them")
struct SpeechDateTests {
  @Test(
    "reads every form and knows its ends",
    arguments: [
      ("2021", "year", "2021-01-01", "2021-12-31"),
      ("2021-02", "month", "2021-02-01", "2021-02-28"),
      ("2024-02", "month", "2024-02-01", "2024-02-29"),
      ("2021-10-13", "day", "2021-10-13", "2021-10-13"),
      ("2021-10-13T16:48", "minute", "2021-10-13T16:48", "2021-10-13T16:48"),
      ("2021-10-13T16:48:47", "second", "2021-10-13T16:48:47", "2021-10-13T16:48:47"),
    ])
  func forms(value: String, precision: String, earliest: String, latest: String) throws {
    let date = try #require(SpeechDate(value))
    #expect(date.value == value)
    #expect(date.precision.rawValue == precision)
    #expect(date.earliest == earliest)
    #expect(date.latest == latest)
  }

  @Test("a month and day without a year has no ends")
  func monthDay() throws {
    let date = try #require(SpeechDate("--05-15"))
    #expect(date.precision == .monthDay)
    #expect(date.earliest == nil && date.latest == nil)
  }

  @Test(
    "refuses what is no day of the calendar",
    arguments: [
      "", "20", "0000", "2021-13", "2021-02-29", "2021-2-9", "2021-10-32", "2021-10-13 16:48", "2021-10-13T24:00",
      "--02-30", "2003-11-78", "２０２１",
    ])
  func refused(value: String) { #expect(SpeechDate(value) == nil) }

  @Test("a range keeps its first day as value and both its ends")
  func range() throws {
    let first = try #require(SpeechDate("2021-10-13"))
    let last = try #require(SpeechDate("2021-10-15"))
    let range = try #require(SpeechDate(from: first, through: last))
    #expect(range.value == "2021-10-13")
    #expect(range.latest == "2021-10-15")
    #expect(SpeechDate(from: last, through: first) == nil)
  }

  @Test("is made of the parts that a document names")
  func parts() {
    #expect(SpeechDate(year: 1998, month: 3, day: 5)?.value == "1998-03-05")
    #expect(SpeechDate(year: 1998, month: 3)?.value == "1998-03")
    #expect(SpeechDate(year: nil, month: 5, day: 15)?.value == "--05-15")
    #expect(SpeechDate(year: 1998, month: 2, day: 30) == nil)
  }
}
