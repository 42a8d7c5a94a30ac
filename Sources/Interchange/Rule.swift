/// The rules by which a document is read, under the numbers that `docs/parser.md` describes them by.
public enum Rule: Int, CaseIterable, Sendable {
  case decoding = 1
  case paragraphs, furniture, title, subtitle, occasion, speaker, level, dates, place, salutation, labels, nesting
  case heading, sectionEnd, closing, opening, notes, lists, marks, several, warnings

  /// `R3 furniture`.
  public var name: String { "R\(rawValue) \(word)" }

  private var word: String {
    switch self {
    case .occasion: "occasion and genre"
    case .sectionEnd: "end of a section"
    case .several: "several speeches"
    default: "\(self)"
    }
  }

  /// The rule that takes a line away under a kind.
  static func removing(_ kind: String) -> Rule {
    switch kind {
    case "title", "page_title", "chapter", "original_title": .title
    case "subtitle": .subtitle
    case "speaker_line", "signature": .speaker
    case "date_line", "time_line", "dateline": .dates
    case "note", "appendix": .notes
    case "markup", "front_matter": .paragraphs
    case "report": .occasion
    default: .furniture
    }
  }
}
