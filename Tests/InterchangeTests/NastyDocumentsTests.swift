import Corpus
import Testing

@testable import Interchange

/// Documents that are one thing over and over: each is refused or read soundly, and none costs more than its length.
@Suite("Nasty documents")
struct NastyDocumentsTests {
  private static let patterns: [(name: String, pieces: [String])] = [
    (
      "page.txt",
      [
        "（",
        "《",
        "一、\n",
        "一、甲\n二、乙\n",
        "一、二、三、",
        "第一，好。第二，好。",
        "一是好；二是好。\n",
        "2020年1月1日",
        "第二点，第一点。\n第三点，好。\n",
        "一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n第一，己\n一是庚\n一要辛\n",
        "各位代表！",
        "在大会上的讲话（1）\n",
        "篇1\n篇2\n",
        "（新华社发）",
        "〔1〕注\n",
        "某某。新华社记者 某某 摄\n",
        "×某XX__**",
        "\u{3000}\u{3000}文",
      ]
    ),
    (
      "page.md",
      [
        "[",
        "[文](u)",
        "**",
        ">",
        "# 文 #",
        "## 一\n文字\n",
      ]
    ),
    (
      "page.html",
      [
        "<div>文",
        "<b>文",
        "<a <a ",
        "&#25991;",
        "文&nbsp;字。各位代表！",
        "<!--",
        "<p a=\"",
        "<td>文字",
      ]
    ),
    (
      "page.json",
      [
        "[",
        "{\"text\":",
      ]
    ),
    (
      "page.xml",
      [
        "<u>"
      ]
    ),
  ]

  @Test("are refused or read soundly", arguments: patterns.indices)
  func sound(_ index: Int) {
    let (name, pieces) = Self.patterns[index]
    for piece in pieces {
      for head in ["", "在大会上的讲话\n同志们：\n" + filler("开会") + "\n"] where head.isEmpty || name != "page.json" {
        let text = head + String(repeating: piece, count: 3_000 / piece.unicodeScalars.count)
        let result = DocumentReader().soundness(of: RawDocument(bytes: Array(text.utf8), fileName: name))
        #expect(result.faults == [], "\(piece)")
        #expect(result.speeches + result.refusals.count > 0, "\(piece)")
      }
    }
  }
}
