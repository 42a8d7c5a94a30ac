import Corpus

/// The address at the end (R16): from the first vocative, 最后， or 总之 after the last label, if it is short enough.
enum Closing {
  private static let openers = WordList([
    "最后,", "最後,", "总之,", "最后我", "最后让", "总而言之,", "现在,我提议", "现在,我提議", "让我们", "讓我們", "借此机会", "预祝", "谢谢",
    "我的讲话完了", "我的发言完了",
  ])
  private static let formulas = WordList(["谢谢", "謝謝", "多谢", "我的讲话完了", "我的发言完了", "完了"])

  /// Index of the first paragraph of the closing, nil where there is none.
  static func start(in body: [Paragraph], after last: Int) -> Int? {
    let total = body.reduce(0) { $0 + $1.count }
    var rest = 0
    var found: Int?
    var index = body.count - 1
    while index > last {
      rest += body[index].count
      // R16: at most a fifth of the text; a short speech may close with a few lines anyway.
      if rest * 5 > total, rest > 400 || rest * 2 > total { break }
      if isOpener(body[index].shadow) { found = index }
      index -= 1
    }
    return found
  }

  private static func isOpener(_ text: Scalars) -> Bool {
    if Salutation.vocative(text, at: 0) != nil { return true }
    return text.begins(with: "最后,") || text.begins(with: "总之,") || text.begins(with: "最後,")
      || text.begins(with: "最后我")
      || text.begins(with: "总而言之,") || text.begins(with: "现在,我提议")
  }

  /// 结束语 as a heading of its own.
  static func heading(in body: [Paragraph], after last: Int) -> Int? {
    let words: Set<String> = ["结束语", "结语", "结 语"]
    return body.indices.last {
      $0 > last && body[$0].count <= 6 && words.contains(body[$0].shadow.unspaced.string)
        && $0 + 1 < body.count
    }
  }

  /// 谢谢大家！ as the last lines.
  static func thanks(in body: [Paragraph], after last: Int) -> Int? {
    guard let line = body.last, body.count - 1 > last, line.count <= 16,
      formulas.match(line.shadow, at: 0) != nil
    else { return nil }
    return body.count - 1
  }
}
