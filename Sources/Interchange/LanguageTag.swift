import Corpus

extension Language {
  /// The tag that a document gives, in the spelling of BCP 47; without one, what the text looks like.
  static func tag(_ given: String?, of text: String) -> String {
    let parts = (given ?? "").split { $0 == "-" || $0 == "_" }.map(String.init)
    guard let first = parts.first, (2...3).contains(first.count), first.allSatisfy(\.isLetter) else {
      return of(text.scalars)
    }
    let subtags = parts.dropFirst().map { part in
      switch part.count {
      case 2: part.uppercased()
      case 4: part.prefix(1).uppercased() + part.dropFirst().lowercased()
      default: part.lowercased()
      }
    }
    let language = two[first.lowercased()] ?? first.lowercased()
    let tag = ([language] + subtags).joined(separator: "-")
    return tag == "zh" ? of(text.scalars) : tag
  }

  /// ISO 639-2 codes of languages that have two letters, as Akoma Ntoso writes them.
  private static let two = [
    "eng": "en", "zho": "zh", "chi": "zh", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "ita": "it",
    "por": "pt", "jpn": "ja", "kor": "ko", "rus": "ru", "tur": "tr", "glg": "gl", "cat": "ca", "eus": "eu", "baq": "eu",
    "nld": "nl", "dut": "nl", "pol": "pl", "ces": "cs", "cze": "cs", "ara": "ar", "vie": "vi", "mon": "mn", "tib": "bo",
    "bod": "bo", "uig": "ug", "swe": "sv", "fin": "fi", "dan": "da", "nor": "no", "ell": "el", "gre": "el", "hun": "hu",
  ]
}
