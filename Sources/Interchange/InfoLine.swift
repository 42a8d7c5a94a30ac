import Corpus

/// Lines of the form 时间：… 来源：… (R3, R9): what a page says of its own time, source and site.
struct InfoLine {
  /// What a value is about.
  enum Subject {
    case published, source, site, author, editor, url, disclaimer, originalTitle, ignored
  }

  /// The values in order, each with its place in the line.
  var values: [(subject: Subject, range: Range<Int>)] = []
  /// A date without a key: `2015年07月21日13:51   来源：…`.
  var date: (range: Range<Int>, date: SpeechDate)?

  private static let words: [(Subject, [String])] = [
    (.published, ["发布时间", "发表时间", "发布日期", "更新时间", "时间", "日期"]),
    (.source, ["文章来源", "信息来源", "稿件来源", "来源"]),
    (.site, ["网站", "站点"]),
    (.author, ["作者"]),
    (.editor, ["责任编辑", "责编", "编辑"]),
    (.url, ["原文链接", "网址", "链接"]),
    (.disclaimer, ["免责声明"]),
    (.originalTitle, ["原标题"]),
    (
      .ignored,
      [
        "点击数", "点击", "浏览次数", "浏览量", "浏览", "阅读量", "阅读", "字体", "字号", "上传人", "文档编号", "录入", "访问量", "关键词",
        "栏目", "分类", "下载次数", "发布人", "发布机构", "索引号", "信息索引号", "审核",
      ]
    ),
  ]
  private static let keys: [(word: Scalars, subject: Subject)] = words.flatMap { subject, words in
    words.map { ($0.scalars, subject) }
  }

  /// Reads a line; nil where it does not begin with a key or a date that a key or nothing follows.
  init?(_ text: Scalars) {
    guard text.count <= 240 else { return nil }
    var index = 0
    while index < text.count,
      text[index] == "【" || text[index] == "[" || text[index] == "(" || text[index].isBlank
    { index += 1 }
    if let found = DateReading.read(text, at: index), found.date.precision != .year,
      found.date.precision != .month, found.date.precision != .monthDay
    {
      var next = found.end
      while next < text.count, text[next].isBlank || text[next] == "|" { next += 1 }
      guard next == text.count && found.date.precision != .day || Self.key(text, next) != nil else {
        return nil
      }
      date = (index..<found.end, found.date)
      index = next
    } else if Self.key(text, index) == nil {
      return nil
    }
    while index < text.count {
      guard let key = Self.key(text, index) else {
        index += 1
        continue
      }
      let start = key.end
      var end = start
      var seen = false
      while end < text.count {
        if Self.key(text, end) != nil, end > start, text[end - 1].isBlank || text[end - 1] == "|" { break }
        if text[end].isBlank, end + 1 < text.count, text[end + 1].isBlank, seen { break }
        if !text[end].isBlank { seen = true }
        end += 1
      }
      var (first, last) = (start, end)
      while first < last, text[first].isBlank { first += 1 }
      while last > first, text[last - 1].isBlank || "】])|".unicodeScalars.contains(text[last - 1]) {
        last -= 1
      }
      values.append((key.subject, first..<last))
      index = max(end, start)
    }
  }

  /// A key with its colon at `index`.
  private static func key(_ text: Scalars, _ index: Int) -> (subject: Subject, end: Int)? {
    for key in keys where text.has(key.word, at: index) {
      var end = index + key.word.count
      while end < text.count, text[end].isBlank { end += 1 }
      if end < text.count, text[end] == ":" { return (key.subject, end + 1) }
    }
    return nil
  }
}

/// The record header of the periodicals' database: 【 标  题 】…, 【 作  者 】….
enum RecordHeader {
  /// The name between 【 and 】 without white space, and where the value begins.
  static func read(_ text: Scalars) -> (name: String, value: Int)? {
    guard text.first == "【", let close = text.prefix(20).firstIndex(of: "】"), close > 1 else { return nil }
    let name = Array(text[1..<close]).unspaced.string
    return names.contains(name) ? (name, close + 1) : nil
  }

  private static let names: Set<String> = [
    "文献号", "原文出处", "原刊地名", "原刊期号", "原刊页号", "分类号", "分类名", "作者", "复印期号", "标题", "正文", "作者简介", "内容提要",
    "文章日期", "责任编辑", "关键词", "副标题", "摘要", "日期", "来源", "译者", "英文标题", "参考文献", "注释", "法宝引证码", "发布部门",
    "发文字号", "发布日期", "实施日期", "时效性", "效力级别",
  ]
}
