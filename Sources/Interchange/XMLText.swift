import Corpus

/// Text that is put together from the events of an XML document: white space folded, paragraphs joined by LF.
///
/// White space between two characters of East Asian script is dropped where the file merely breaks its line there.
struct XMLText {
  private var bytes: [UInt8] = []
  /// Code points so far.
  private(set) var count = 0
  /// The marked spans.
  private(set) var annotations: [Annotation] = []
  /// A line break beats the spaces around it, and a space between words beats both.
  private enum Gap: Int { case none, space, line, word }
  /// White space that is owed before the next character.
  private var gap = Gap.none
  private var isJoined = false
  private var owesBreak = false

  /// Whether nothing was written.
  var isEmpty: Bool { bytes.isEmpty }

  /// What was written.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds characters of the document.
  mutating func append(_ run: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < run.count {
      let byte = run[index]
      if byte == 32 || (9...13).contains(byte) {
        owe(byte == 32 ? .space : .line)
        index += 1
        continue
      }
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let scalar = UnsafeBufferPointer(rebasing: run[index..<min(index + length, run.count)])
      index += length
      if length > 1, isLineSeparator(scalar) {
        owe(.line)
      } else if length > 1, owesBreak || bytes.isEmpty, isBlank(scalar) {
        continue
      } else {
        settle(before: byte)
        bytes.append(contentsOf: scalar)
        count += 1
      }
    }
  }

  /// Adds a string.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// A space is owed before what comes next, unless it is joined to what was before.
  mutating func space() { owe(.word) }

  private mutating func owe(_ gap: Gap) {
    if !isJoined, gap.rawValue > self.gap.rawValue { self.gap = gap }
  }

  /// What comes next stands without a space after what was before.
  mutating func join() {
    gap = .none
    isJoined = true
  }

  /// The paragraph is over.
  mutating func endParagraph() {
    trimEnd()
    gap = .none
    isJoined = false
    owesBreak = !bytes.isEmpty
  }

  /// Adds the paragraphs of another text.
  mutating func append(paragraphs other: XMLText) {
    guard !other.isEmpty else { return }
    endParagraph()
    let start = bytes.isEmpty ? 0 : count + 1
    if !bytes.isEmpty { bytes.append(10) }
    bytes += other.bytes
    count = start + other.count
    annotations += other.annotations.map { mark in
      var mark = mark
      mark.span = Span(mark.span.start + start, mark.span.end + start)
      return mark
    }
    owesBreak = true
  }

  /// Adds a stage direction as it is written, brackets and all, and marks it.
  mutating func direction(_ text: String, value: String) {
    isJoined = false
    space()
    let (before, place) = (count, bytes.count)
    append(text)
    // A space or a line break may have come before it.
    let start = before + (place < bytes.count && (bytes[place] == 32 || bytes[place] == 10) ? 1 : 0)
    if count > start { annotations.append(Annotation(kind: "stage_direction", span: Span(start, count), value: value)) }
    space()
  }

  private mutating func settle(before next: UInt8) {
    if owesBreak {
      bytes.append(10)
      count += 1
      owesBreak = false
    } else if !bytes.isEmpty, gap != .none, gap != .line || !(isEastAsian(next) && endsEastAsian) {
      bytes.append(32)
      count += 1
    }
    gap = .none
    isJoined = false
  }

  private func isEastAsian(_ lead: UInt8) -> Bool { lead >= 0xE3 && lead <= 0xEA || lead == 0xEF || lead == 0xF0 }

  private var endsEastAsian: Bool {
    guard let lead = bytes.last(where: { $0 & 0xC0 != 0x80 }) else { return false }
    return isEastAsian(lead)
  }

  private func isLineSeparator(_ scalar: UnsafeBufferPointer<UInt8>) -> Bool {
    scalar.elementsEqual([0xC2, 0x85]) || scalar.elementsEqual([0xE2, 0x80, 0xA8])
      || scalar.elementsEqual([0xE2, 0x80, 0xA9])
  }

  private func isBlank(_ scalar: some Sequence<UInt8>) -> Bool {
    String(decoding: Array(scalar), as: UTF8.self).unicodeScalars.allSatisfy(\.isBlank)
  }

  /// Takes blanks that are no ASCII space off the end of the paragraph.
  private mutating func trimEnd() {
    while let start = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[start] >= 0x80, isBlank(bytes[start...]) {
      bytes.removeSubrange(start...)
      count -= 1
      while bytes.last == 32 {
        bytes.removeLast()
        count -= 1
      }
    }
  }
}
