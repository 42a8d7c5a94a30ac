import Corpus

/// Sections by their headings alone (R12, R14): `##` and `<h2>`, underlined lines, CAPITALS, `I.` and `1.` on a line.
///
/// English speeches have no other sections. A style that appears for the first time below another lies inside it.
enum Headings {
  /// A heading: what it is written like, and the label before its words.
  struct Found {
    /// Headings of equal style stand at equal depth.
    var style: Int
    var label: Label
  }

  /// The outline of a text by its headings; `markupOnly` believes nothing but what the markup says.
  static func outline(_ body: [Paragraph], from start: Int, markupOnly: Bool) -> Outline {
    var found: [(index: Int, heading: Found)] = []
    for index in start..<max(start, body.count) {
      guard let heading = markup(body[index]) ?? (markupOnly ? nil : plain(body, index)) else { continue }
      found.append((index, heading))
    }
    found = withoutLone(found)
    let written = found.contains { !$0.heading.isMarkup }
    guard found.count >= 2 || found.count == 1 && !written else { return Outline([], from: 0) }
    var items: [Outline.Item] = []
    var roots: [Int] = []
    var open: [(style: Int, item: Int)] = []
    func close(to depth: Int, at index: Int) {
      while open.count > depth, let last = open.popLast() { items[last.item].end = index }
    }
    for (index, heading) in found {
      let same = open.firstIndex { $0.style == heading.style }
      // A deeper heading of the markup that comes before a higher one stood beside it.
      let higher = heading.isMarkup ? open.firstIndex { $0.style > heading.style && $0.style <= 6 } : nil
      close(to: min(same ?? open.count, higher ?? open.count, Outline.maximumDepth - 1), at: index)
      let item = Outline.Item(
        label: heading.label, start: index, end: index + 1, depth: open.count + 1, series: items.count)
      if let parent = open.last { items[parent.item].children.append(items.count) } else { roots.append(items.count) }
      open.append((heading.style, items.count))
      items.append(item)
    }
    close(to: 0, at: body.count)
    return Outline(items: items, roots: roots)
  }

  private static func markup(_ paragraph: Paragraph) -> Found? {
    guard let level = paragraph.headingLevel, paragraph.count <= 200 else { return nil }
    return Found(style: level, label: Label(style: .heading, number: 0, length: 0))
  }

  /// A heading that only its look tells: capitals, or a number before a few words.
  private static func plain(_ body: [Paragraph], _ index: Int) -> Found? {
    let text = body[index].shadow
    guard text.count <= 100, index + 1 < body.count, let last = text.last, !",;:-".unicodeScalars.contains(last)
    else { return nil }
    if let (number, end) = numbered(text) {
      let rest = Array(text[end...]).trimmed
      let style = text[0].isDigit ? 9 : 8
      guard rest.isEmpty || rest.count(where: \.isLatin) >= 3 && isTitle(rest) else { return nil }
      return Found(style: style, label: Label(style: .heading, number: number, length: end))
    }
    // SANDERS: OK. is somebody's turn.
    guard isCapital(text), !text.contains(where: { ":?>|".unicodeScalars.contains($0) }),
      last != "." || text.count <= 60, !Salutation.beginsEnglish(text), leadsOn(body[index + 1].shadow)
    else { return nil }
    return Found(style: 7, label: Label(style: .heading, number: 0, length: 0))
  }

  /// A name over a place and a date is a signature; under a heading stands text or another heading.
  private static func leadsOn(_ next: Scalars) -> Bool { next.count >= 40 || isCapital(next) || numbered(next) != nil }

  private static func isTitle(_ text: Scalars) -> Bool {
    guard text.count <= 80, let last = text.last, last != ".", let first = text.first else { return false }
    return first.value < 97 && !text.contains("?") && !text.contains(";")
  }

  /// At least two words, or one of six letters, and none of them small.
  static func isCapital(_ text: Scalars) -> Bool {
    let letters = text.filter(\.isLatin)
    guard letters.count >= 4, letters.allSatisfy({ $0.value < 97 }), text.first?.isLatin == true else { return false }
    let words = text.split(whereSeparator: \.isBlank)
    return words.count >= 2 && letters.count >= 6 || words.count == 1 && letters.count >= 6
  }

  /// `IV.`, `12.` and the index after the mark.
  static func numbered(_ text: Scalars) -> (number: Int, end: Int)? {
    if let (number, end) = Numeral.digits(text, at: 0) {
      guard number > 0, number < 100, end < text.count, text[end] == ".",
        end + 1 == text.count || !text[end + 1].isDigit
      else { return nil }
      return (number, end + 1)
    }
    let values: [Unicode.Scalar: Int] = ["I": 1, "V": 5, "X": 10]
    var (total, previous, end) = (0, 0, 0)
    while end < text.count, end < 7, let value = values[text[end]] {
      total += value - (value > previous ? 2 * previous : 0)
      previous = value
      end += 1
    }
    guard end > 0, end < text.count, text[end] == "." else { return nil }
    return (total, end + 1)
  }

  /// A number that nothing follows or leads to is no series (R12).
  private static func withoutLone(_ found: [(index: Int, heading: Found)]) -> [(index: Int, heading: Found)] {
    var numbers: [Int: Set<Int>] = [:]
    for (_, heading) in found { numbers[heading.style, default: []].insert(heading.label.number) }
    return found.filter { _, heading in
      guard heading.label.number > 0, let series = numbers[heading.style] else { return true }
      return series.contains(heading.label.number + 1) || series.contains(heading.label.number - 1)
    }
  }
}

extension Headings.Found {
  fileprivate var isMarkup: Bool { style <= 6 }
}
