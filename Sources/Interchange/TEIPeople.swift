import Corpus

/// The people and organisations that a TEI corpus declares (`listPerson`, `listOrg`), by their `xml:id`.
struct TEIPeople {
  /// Someone who speaks.
  struct Person: Hashable {
    var name: String?
    var sex: String?
    var affiliations: [Affiliation] = []
  }

  /// What somebody is in an organisation, and when.
  struct Affiliation: Hashable {
    var role: String?
    var type: String?
    var organisation: String?
    var roleName: String?
    var from: String?
    var to: String?

    func holds(on day: String?) -> Bool {
      guard let day else { return true }
      if let from, from > day { return false }
      if let to, day.prefix(to.count) > to { return false }
      return true
    }
  }

  /// A party, a parliament, a government.
  struct Organisation: Hashable {
    var role: String?
    var ana: String?
    /// Full names with their language.
    var names: [TEIWords] = []
    var short: String?

    func name(in language: String?) -> String? { names.best(in: language) ?? short }
    var isParty: Bool { role == "politicalParty" || role == "party" }
    var isGroup: Bool { role == "parliamentaryGroup" || role == "politicalGroup" || role == "ethnicCommunity" }
  }

  var persons: [String: Person] = [:]
  var organisations: [String: Organisation] = [:]

  /// Reads the `person` that just began.
  mutating func readPerson(_ stream: XMLStream) throws(Refusal) {
    guard let id = stream.attribute("xml:id") else { return try stream.skip() }
    var person = Person()
    let depth = stream.depth
    while true {
      switch try stream.next() {
      case .start:
        switch stream.name {
        case "persName":
          let name = try TEINames.read(stream)
          if person.name == nil { person.name = name }
        case "sex", "gender":
          person.sex = stream.attribute("value")
          let text = try stream.flatText()
          if person.sex == nil, !text.isEmpty { person.sex = text }
        case "affiliation": person.affiliations.append(try Self.readAffiliation(stream))
        case "person", "personGrp": break
        default: try stream.skip()
        }
      case .end:
        if stream.depth < depth {
          persons[id] = person
          return
        }
      case .finish: return
      case .text: break
      }
    }
  }

  private static func readAffiliation(_ stream: XMLStream) throws(Refusal) -> Affiliation {
    let when = stream.attribute("when")
    var affiliation = Affiliation(
      role: stream.attribute("role"), type: stream.attribute("type"),
      organisation: stream.attribute("ref").map(TEINames.id),
      from: stream.attribute("from") ?? stream.attribute("notBefore") ?? when,
      to: stream.attribute("to") ?? stream.attribute("notAfter") ?? when)
    let depth = stream.depth
    var names: [TEIWords] = []
    while true {
      switch try stream.next() {
      case .start:
        let language = stream.language
        if stream.name == "orgName", affiliation.organisation == nil {
          affiliation.organisation = try stream.flatText()
        } else if stream.name == "roleName" {
          names.append(TEIWords(language: language, text: try stream.flatText()))
        }
      case .end:
        if stream.depth < depth {
          affiliation.roleName = names.best(in: nil)
          return affiliation
        }
      case .text: break
      case .finish: return affiliation
      }
    }
  }

  /// Reads the `org` that just began.
  mutating func readOrganisation(_ stream: XMLStream) throws(Refusal) {
    guard let id = stream.attribute("xml:id") else { return try stream.skip() }
    var organisation = Organisation(role: stream.attribute("role"), ana: stream.attribute("ana"))
    let depth = stream.depth
    while true {
      switch try stream.next() {
      case .start:
        guard stream.name == "orgName" else {
          try stream.skip()
          continue
        }
        let (full, language) = (stream.attribute("full"), stream.language)
        let text = try stream.flatText()
        if text.isEmpty { continue }
        if full == "init" || full == "abb" {
          if organisation.short == nil { organisation.short = text }
        } else {
          organisation.names.append(TEIWords(language: language, text: text))
        }
      case .end:
        if stream.depth < depth {
          organisations[id] = organisation
          return
        }
      case .text: break
      case .finish: return
      }
    }
  }
}

/// A text and the language it is in.
struct TEIWords: Hashable {
  var language: String?
  var text: String
}

extension [TEIWords] {
  /// The text in the language asked for, else the first.
  func best(in language: String?) -> String? {
    let texts = filter { !$0.text.isEmpty }
    return (texts.first { language != nil && $0.language == language } ?? texts.first)?.text
  }
}

/// Names of people as TEI gives them.
enum TEINames {
  /// The id that a pointer leads to: of `#Id`, `people.xml#Id` and `spk:Id` it is `Id`.
  static func id(_ pointer: String) -> String {
    if let mark = pointer.lastIndex(of: "#") { return String(pointer[pointer.index(after: mark)...]).trimmed }
    if let mark = pointer.firstIndex(of: ":"), !pointer.contains("/") {
      return String(pointer[pointer.index(after: mark)...])
    }
    return pointer
  }

  /// Reads the `persName` that just began: forenames before surnames, in Chinese the other way round.
  static func read(_ stream: XMLStream) throws(Refusal) -> String? {
    var parts: [(kind: String, text: String)] = []
    var whole = XMLText()
    let depth = stream.depth
    reading: while true {
      switch try stream.next() {
      case .start:
        switch stream.name {
        case "forename", "surname", "nameLink", "addName", "genName", "roleName":
          let kind = stream.name
          let text = try stream.flatText()
          if !text.isEmpty { parts.append((kind, text)) }
        default: break
        }
      case .text: stream.withText { whole.append($0) }
      case .end: if stream.depth < depth { break reading }
      case .finish: break reading
      }
    }
    func texts(_ kinds: String...) -> [String] { parts.filter { kinds.contains($0.kind) }.map(\.text) }
    let (given, family) = (texts("forename"), texts("nameLink", "surname"))
    if given.isEmpty && family.isEmpty {
      whole.endParagraph()
      return whole.isEmpty ? parts.first { $0.kind == "addName" }?.text : whole.string
    }
    if (given + family).allSatisfy({ $0.unicodeScalars.allSatisfy { (0x3400...0x9FFF).contains($0.value) } }) {
      return (family + given).joined()
    }
    return (given + family + texts("genName")).joined(separator: " ")
  }
}
