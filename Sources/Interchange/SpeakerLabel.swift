import Corpus

/// The line that a record prints before a speech: `O señor CONSELLEIRO DE FACENDA (Martínez García):`.
struct SpeakerLabel {
  /// The line as written.
  var text: String
  /// The line without brackets, colon and the words of address before it.
  var outer: String
  /// What stands in brackets.
  var inner: String?

  init(_ text: String) {
    self.text = text
    var line = text.trimmed
    while let last = line.last, ":：–—-.".contains(last) { line = String(line.dropLast()).trimmed }
    if let open = line.firstIndex(where: { "(（".contains($0) }), let close = line.last, ")）".contains(close) {
      let bracketed = String(line[line.index(after: open)...].dropLast()).trimmed
      inner = bracketed.isEmpty ? nil : bracketed
      line = String(line[..<open]).trimmed
    }
    let words = line.split(separator: " ")
    // O señor PRESIDENTE: what is set in capitals is the name or the office.
    let capitals = words.firstIndex { $0.count > 1 && $0 == $0.uppercased() && $0 != $0.lowercased() }
    outer = capitals.map { words[$0...].joined(separator: " ") } ?? line
  }

  /// Whether the line says who speaks by office and in brackets by name.
  var isOffice: Bool { inner != nil }

  /// Whether a word of the line, whatever its case, is `name`.
  func names(_ name: String) -> Bool {
    let name = name.lowercased()
    return (outer + " " + (inner ?? "")).lowercased().split { " -,.".contains($0) }.contains { $0 == name }
  }
}

/// Ids that are made of a person's name: `Durmuş.Yılmaz`, `SantalicesMiguelÁngel`.
enum PersonID {
  /// The words of the id; empty unless it is evidently a name.
  static func parts(_ id: String) -> [String] {
    let isSpelt = id.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.isDiacritic || " ._-'’·".unicodeScalars.contains($0)
    }
    guard isSpelt else { return [] }
    var parts: [String] = []
    for chunk in id.split(whereSeparator: { ". _".contains($0) }) {
      var word = ""
      for character in chunk {
        // A hump begins a word; capitals after one another are an abbreviation.
        if character.isUppercase, let last = word.last, last.isLowercase {
          parts.append(word)
          word = ""
        }
        word.append(character)
      }
      parts.append(word)
    }
    let isName =
      parts.count > 1 && parts.contains { $0.contains(where: \.isLowercase) }
      && parts.allSatisfy { $0.first?.isUppercase == true && !($0.count > 2 && $0 == $0.uppercased()) }
    guard isName else { return [] }
    return parts.map(spaced)
  }

  /// The name that an id spells.
  /// - Parameter surnames: how many of its first words are surnames.
  static func name(_ id: String, surnames: Int = 0) -> String? {
    let isHan = (2...4).contains(id.count) && id.unicodeScalars.allSatisfy { (0x3400...0x9FFF).contains($0.value) }
    if isHan { return id }
    let parts = parts(id)
    return parts.isEmpty ? nil : (parts.dropFirst(surnames) + parts.prefix(surnames)).joined(separator: " ")
  }

  /// María do Carme, run together in an id as `MaríadoCarme`.
  private static func spaced(_ part: String) -> String {
    for particle in ["delos", "delas", "dela", "del", "dos", "das", "do", "da", "de"] where part == "María" + particle {
      let words = ["delos": "de los", "delas": "de las", "dela": "de la"][particle] ?? particle
      return "María " + words
    }
    return part
  }
}
