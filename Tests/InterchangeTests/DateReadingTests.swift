import Corpus
import Testing

@testable import Interchange

@Suite("Dates")
struct DateReadingTests {
  private func value(_ text: String) -> String? {
    DateReading.first(in: Shadow.fold(text.scalars))?.date.value
  }

  @Test(
    "reads every spelling of zero",
    arguments: [
      "二〇〇六年三月五日", "二○○六年三月五日", "二００六年三月五日", "二零零六年三月五日", "二OO六年三月五日", "二ＯＯ六年三月五日", "2006年3月5日",
      "２００６年３月５日", "2006-03-05", "2006/3/5", "2006.3.5", "2006年 3月 5日",
    ])
  func zeros(_ text: String) {
    #expect(value(text) == "2006-03-05")
  }

  @Test("reads months and days in numerals up to 三十一")
  func numerals() {
    #expect(value("一九九八年十二月三十一日") == "1998-12-31")
    #expect(value("一九九八年十月二十日") == "1998-10-20")
    #expect(value("一九四二年五月") == "1942-05")
    #expect(value("一九四二年") == "1942")
    #expect(value("三月廿五日") == "--03-25")
  }

  @Test("reads the time of day where it is written")
  func times() {
    #expect(value("时间:2021-10-13 16:48:47") == "2021-10-13T16:48:47")
    #expect(value("2015年07月21日14:07") == "2015-07-21T14:07")
  }

  @Test("reads a range as its first day with both ends")
  func ranges() {
    let date = DateReading.first(in: "2020年3月30日至4月2日".scalars)?.date
    #expect(date?.value == "2020-03-30")
    #expect(date?.latest == "2020-04-02")
  }

  @Test(
    "takes masked and impossible dates for none",
    arguments: ["20xx年3月5日会", "202x年", "2021年13月", "2021-02-30"])
  func none(_ text: String) {
    #expect(value(text)?.hasPrefix("20") != true || value(text) == "2021")
  }

  @Test("reads the bare digits of databases")
  func compact() {
    #expect(DateReading.compact("19981215".scalars)?.value == "1998-12-15")
    #expect(DateReading.compact("199812".scalars)?.value == "1998-12")
    #expect(DateReading.compact("第12号".scalars) == nil)
  }
}
