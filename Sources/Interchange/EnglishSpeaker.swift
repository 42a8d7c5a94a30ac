import Corpus

/// Who speaks and on what occasion, as English heads write it: `REMARKS BY MAYOR … AT …`, `Dr. …, Chief Engineer`,
/// `PRESIDENT …'S MESSAGE TO …`, `THE PRESIDENT:` (R6, R7).
enum EnglishSpeaker {
  private static let roles: Set<String> = [
    "president", "mayor", "governor", "senator", "secretary", "chancellor", "principal", "chairman", "chairwoman",
    "chair",
    "minister", "director", "ambassador", "representative", "congressman", "congresswoman", "judge", "justice", "dean",
    "rector", "provost", "commissioner", "councillor", "councilor", "king", "queen", "bishop", "captain", "general",
    "admiral", "professor", "engineer", "librarian", "warden", "headteacher", "headmaster", "headmistress",
  ]
  private static let before: Set<String> = [
    "prime", "vice", "deputy", "lord", "chief", "the", "foreign", "acting", "former",
  ]
  private static let genres = [
    "inaugural address", "commencement address", "keynote address", "remarks", "address", "speech", "message",
    "statement",
    "lecture", "sermon", "eulogy", "toast", "testimony",
  ]
  private static let links: Set<String> = ["at", "on", "to", "before", "in", "for", "delivered", "upon", "during"]

  /// Takes from a title what it says.
  static func take(title: String, _ evidence: Evidence, _ draft: inout Draft) {
    let words = title.split(separator: " ").map(String.init)
    let lower = words.map { $0.lowercased() }
    if draft.speech.genre == nil, let genre = genre(in: lower) {
      draft.speech.genre = genre
      draft.infer("genre", 0.8, evidence)
    }
    if let by = lower.firstIndex(of: "by"), by > 0 {
      let end = lower[(by + 1)...].firstIndex { links.contains($0) } ?? words.count
      take(Array(words[(by + 1)..<end]), evidence, &draft)
    } else if let owner = words.firstIndex(where: {
      $0.lowercased().hasSuffix("'s") || $0.hasSuffix("’s") || $0.hasSuffix("’S")
    }),
      owner <= 6, owner > 0, isRole(lower[0])
    {
      take(Array(words[..<owner]) + [String(words[owner].dropLast(2))], evidence, &draft)
    }
    if draft.speech.occasion == nil, let at = lower.lastIndex(where: { $0 == "at" || $0 == "before" }), at > 0,
      at + 1 < words.count
    {
      draft.speech.occasion = words[(at + 1)...].joined(separator: " ")
      draft.infer("occasion", 0.7, evidence)
    }
  }

  /// The genre word that comes first, with the words that belong to it.
  private static func genre(in words: [String]) -> String? {
    let words = words.map { String($0.filter(\.isLetter)) }
    for index in words.indices {
      if let genre = genres.first(where: { words[index...].starts(with: $0.split(separator: " ").map(String.init)) }) {
        return genre
      }
    }
    return nil
  }

  /// `Dr. Ruth Miller, Chief Engineer, Valley Trust` as a line of the head.
  static func takeLine(_ text: String, _ evidence: Evidence, _ draft: inout Draft) -> Bool {
    let parts = text.split(separator: ",", maxSplits: 1).map { String($0).trimmed }
    guard let first = parts.first else { return false }
    let words = first.split(separator: " ").map(String.init)
    guard (2...5).contains(words.count), words.allSatisfy({ $0.first?.isUppercase == true }) else { return false }
    let role = parts.count > 1 ? parts[1] : nil
    let named = words.map { $0.lowercased() }.contains(where: isRole)
    guard named || role.map({ $0.lowercased().split { !$0.isLetter }.contains { isRole(String($0)) } }) == true else {
      return false
    }
    if named { take(words, evidence, &draft) } else { set(name: first, role: role, evidence, &draft) }
    return true
  }

  /// `THE PRESIDENT: Mr. Speaker, …` at the beginning of the text.
  static func takeTurn(_ paragraph: Paragraph?, _ draft: inout Draft) {
    guard draft.speech.speaker.role == nil, let paragraph,
      let colon = paragraph.shadow.prefix(40).firstIndex(of: ":"), colon > 3
    else { return }
    let words = paragraph.text[..<colon].string.split(separator: " ").map(String.init)
    guard words.count <= 5, words.map({ $0.lowercased() }).contains(where: isRole),
      words.allSatisfy({ $0 == $0.uppercased() })
    else { return }
    if words.first?.lowercased() == "the" {
      set(name: nil, role: words.joined(separator: " "), paragraph.evidence(0..<colon), &draft)
    } else {
      take(words, paragraph.evidence(0..<colon), &draft)
    }
  }

  private static func isRole(_ word: String) -> Bool { roles.contains(word) }

  /// Words of role and name in a row: the role runs to the last word of office, the name is the rest.
  private static func take(_ words: [String], _ evidence: Evidence, _ draft: inout Draft) {
    let lower = words.map { $0.lowercased() }
    var end = 0
    while end < words.count, isRole(lower[end]) || before.contains(lower[end]) { end += 1 }
    guard words.count - end <= 5 else { return }
    let name = words[end...].joined(separator: " ")
    set(
      name: name.isEmpty ? nil : name, role: end > 0 ? words[..<end].joined(separator: " ") : nil, evidence, &draft)
  }

  private static func set(name: String?, role: String?, _ evidence: Evidence, _ draft: inout Draft) {
    if let name, draft.speech.speaker.name == nil {
      draft.speech.speaker.name = name
      draft.infer("speaker.name", 0.8, evidence)
    }
    if let role, draft.speech.speaker.role == nil {
      draft.speech.speaker.role = role
      draft.infer("speaker.role", 0.8, evidence)
    }
  }
}
