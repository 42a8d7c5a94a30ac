import Corpus

/// The `<file>.meta.json` beside a document: what its container said about it.
enum Sidecar {
  /// Takes the members that have a field; all others are kept as metadata. A malformed one is a warning.
  static func read(_ bytes: [UInt8], into page: inout Page) {
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
    guard let value = try? JSONReader.read(content), case .object(let members) = value else {
      page.warnings.append("sidecar_unreadable")
      return
    }
    for member in members {
      if case .string(let text) = member.value, take(member.name, text.trimmed, &page) { continue }
      if case .null = member.value { continue }
      page.hints.metadata[member.name] = member.value
    }
  }

  private static func take(_ name: String, _ text: String, _ page: inout Page) -> Bool {
    guard !text.isEmpty else { return true }
    switch name {
    case "title": page.hints.title = text
    case "source_url", "url": page.hints.url = text
    case "publish_date", "published", "date":
      guard let date = SpeechDate(text) ?? DateReading.first(in: Shadow.fold(text.scalars))?.date else {
        return false
      }
      page.hints.published = date
    case "site": page.hints.site = text
    case "source": page.hints.source = text
    case "author", "authors": page.hints.author = text
    default: return false
    }
    return true
  }
}
