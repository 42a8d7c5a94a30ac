import Corpus

/// What a page sets around a text (R3): navigation, time and source lines, captions, wire marks, links, licences.
///
/// Whole lines only, and at the two ends; in the middle only captions and repeated titles are believed.
enum Furniture {
  /// Buttons and labels that stand alone on a line.
  private static let controls = WordList([
    "下载", "打印", "全屏", "收藏", "加大", "还原", "减小", "】", "【", "关闭窗口", "关闭", "首页", ">", "»", "云南要闻", "分享到", "分享到:",
    "分享到微信", "分享", "×", "大", "中", "小", "打印本页", "关闭本页", "字号", "【字号:", "【字体:", "【字体", "【字号", "字体:", "纠错",
    "扫一扫", "扫一扫在手机打开当前页", "您的位置:", "当前位置:", "您现在的位置:", "您的位置", "当前位置", "返回首页", "返回顶部", "手机看新闻",
    "我要评论", "微信", "微博", "Public domain", "false", "true", "繁體", "繁体", "简体", "无障碍", "进入关怀版", "登录", "注册",
    "TXT下载", "Word下载", "资源描述", "资源简介", "文档介绍", "文档简介", "文档描述", "文档预览", "正文内容", "复制全文", "下载全文", "字体大小", "A+", "A-",
    "English", "加入收藏", "设为首页", "编辑", "打印文章",
  ])
  private static let relatedHeads = WordList([
    "相关报道", "相关阅读", "相关链接", "相关文档", "相关新闻", "相关附件", "相关文章", "相关专题", "相关推荐", "最近更新", "推荐专题", "推荐阅读",
    "猜你喜欢", "上一篇", "下一篇", "延伸阅读", "热门文章", "热门推荐", "更多相关", "精彩推荐", "拓展阅读", "最新文章", "热点专题",
  ])
  private static let disclaimers = WordList([
    "免责声明", "由互联网用户", "版权声明", "转载分享请", "如产生版权", "侵权", "仅供参考", "本站", "请联系我们", "转载请注明", "未经授权",
    "特别声明", "郑重声明", "站长",
  ])

  /// Whether a line is nothing but a control of the page.
  static func isControl(_ text: Scalars) -> Bool {
    guard text.count <= 24 else { return false }
    if text.last == "|" { return isControl(Array(text.dropLast())) }
    if text.contains(word: "点击图片") || text.contains(word: "点击进入") { return true }
    if controls.contains(text) || controls.contains(text.unspaced) { return true }
    // 【字体：大 中 小】
    let words = text.filter { !"【】:|/ ".unicodeScalars.contains($0) }
    if text.begins(with: "【字") || text.begins(with: "[字") || text.begins(with: "字体:")
      || text.begins(with: "字号:")
    {
      return true
    }
    return words.isEmpty
  }

  /// 东方文库 > 致辞稿 > 开幕致辞, 公文素材库 首页.
  static func isBreadcrumb(_ text: Scalars) -> Bool {
    guard text.count <= 80 else { return false }
    if text.contains(where: { $0 == ">" || $0 == "»" || $0 == "›" }), !text.contains("。") { return true }
    return text.count <= 24
      && (text.ends(with: " 首页") || text.begins(with: "首页 ") || text.begins(with: "您的位置")
        || text.begins(with: "当前位置"))
  }

  /// A heading over links to other documents.
  static func isRelatedHead(_ text: Scalars) -> Bool {
    text.count <= 40 && relatedHeads.match(text, at: 0) != nil
  }

  /// A line that is an address.
  static func address(_ text: Scalars) -> String? {
    guard text.begins(with: "http://") || text.begins(with: "https://"), !text.contains(where: \.isBlank),
      text.count < 2000
    else { return nil }
    return text.string
  }

  /// A line by which a site speaks for itself.
  static func isDisclaimer(_ text: Scalars) -> Bool {
    text.count <= 160 && disclaimers.first(in: text) != nil
  }

  /// A photo caption: …新华社记者 刘彬/摄.
  static func isCaption(_ text: Scalars) -> Bool {
    guard text.count <= 220 else { return false }
    var end = text.count
    while end > 0, text[end - 1].isBlank || text[end - 1] == ")" || text[end - 1] == "。" { end -= 1 }
    guard end > 2 else { return false }
    if text[end - 1] == "摄",
      text.contains(word: "记者") || text[max(0, end - 2)] == "/" || text.contains(word: "新华社")
        || text[max(0, end - 2)].isBlank
    {
      return true
    }
    guard let reporter = text.find("记者".scalars), reporter > 4, end - reporter <= 12 else { return false }
    return text[..<reporter].string.hasSuffix("新闻") || text.contains(word: "日报") || text.contains(word: "新华社")
  }

  /// What a wire mark or paper line says: （新华社北京11月24日电）, 《 人民日报 》（ 2013年10月08日 02 版）, （完）.
  struct Wire {
    var source: String?
    var published: SpeechDate?
  }

  /// Reads a whole line as a wire mark or paper line.
  static func wire(_ text: Scalars) -> Wire? {
    let line = text.trimmed
    guard let first = line.first, let last = line.last, line.count <= 80 else { return nil }
    if first == "《", last == ")", let close = line.find("》".scalars), let open = line.find("(".scalars),
      open > close,
      line[close + 1..<open].allSatisfy(\.isBlank), line.contains("版"),
      let date = DateReading.first(in: line, from: open)
    {
      return Wire(source: Array(line[1..<close]).trimmed.string, published: date.date)
    }
    // 人民日报/2016年/3月/5日/第001版
    if last == "版", let slash = line.firstIndex(of: "/"), slash >= 2, line[..<slash].allSatisfy(\.isHan) {
      let date = DateReading.first(in: line[slash...].filter { $0 != "/" && !$0.isBlank })
      return date.map { Wire(source: line[..<slash].string, published: $0.date) }
    }
    guard first == "(", last == ")", !line.dropFirst().dropLast().contains("(") else { return nil }
    let inner = Array(line.dropFirst().dropLast()).trimmed
    if inner.string == "完" || inner.string == "全文完" || inner.ends(with: "另发") { return Wire() }
    if inner.begins(with: "新华社") || inner.begins(with: "本报") || inner.begins(with: "据新华社")
      || inner.begins(with: "新华网")
      || inner.begins(with: "中新社")
    {
      return Wire(source: Dateline.agency(inner))
    }
    if inner.begins(with: "来源:") { return Wire(source: Array(inner.dropFirst(3)).trimmed.string) }
    if inner.begins(with: "责任编辑") || inner.begins(with: "责编") || inner.begins(with: "编辑:") { return Wire() }
    return nil
  }

  /// （原标题：…）
  static func isOriginalTitle(_ text: Scalars) -> Bool {
    text.count <= 160 && (text.begins(with: "原标题") || text.begins(with: "(原标题"))
  }

  /// Where a trailing mark begins that is glued to the end of a paragraph: （新华社发）, （完）, ＊.
  static func gluedEnd(_ text: Scalars) -> Int? {
    guard let last = text.last else { return nil }
    if last == "*" || last == "※" { return text.count - 1 }
    guard last == ")" else { return nil }
    guard let open = text.suffix(80).lastIndex(of: "(") else { return nil }
    if wire(Array(text[open...])) != nil { return open }
    // 《 人民日报 》（…版）
    var start = open
    while start > 0, text[start - 1].isBlank { start -= 1 }
    if start > 0, text[start - 1] == "》", let quote = text[..<start].suffix(24).lastIndex(of: "《"),
      wire(Array(text[quote...])) != nil
    {
      return quote
    }
    return nil
  }

  /// The line with which a site's licence begins.
  static func beginsLicence(_ text: Scalars) -> Bool {
    (text.begins(with: "本作品") || text.begins(with: "此作品") || text.begins(with: "本譯文")
      || text.begins(with: "这部作品"))
      && text.count <= 200
  }

  /// Whether a line holds no letter and no digit.
  static func isRule(_ text: Scalars) -> Bool {
    text.allSatisfy { !$0.isHan && !$0.isDigit && !$0.isLatin && !$0.properties.isAlphabetic }
  }
}
