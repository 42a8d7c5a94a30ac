public import Corpus

/// What is cited of a speech, and where it is found: ready as GB/T 7714-2015, BibTeX and CSL-JSON.
public struct Citation: Sendable {
  /// A part of the speech.
  public enum Part: Sendable, Hashable {
    /// A node by its path.
    case section(path: String, label: String?, heading: String?)
    /// A passage by its place.
    case passage(Span)
  }

  private let speech: Speech
  private let id: String
  private let revision: Int
  private let part: Part?
  private let address: String?
  private let accessed: SpeechDate

  /// A citation.
  /// - Parameters:
  ///   - id: the id of the speech.
  ///   - part: what of the speech is cited; nil for all of it.
  ///   - address: where that is found for good; nil where nobody knows, and the address of the source takes its place.
  ///   - accessed: the day on which it was seen there.
  public init(
    of speech: Speech, id: String, revision: Int, part: Part?, address: String?, accessed: SpeechDate
  ) {
    (self.speech, self.id, self.revision, self.part, self.accessed) = (speech, id, revision, part, accessed)
    self.address = address ?? speech.provenance.url
  }

  // MARK: The parts of a reference

  /// What it is filed under: letters, digits, hyphens, and dots of a path.
  private var key: String {
    let place =
      switch part {
      case nil: ""
      case .section(let path, _, _): "-" + path
      case .passage(let span): "-\(span.start)-\(span.end)"
      }
    return "rostrum-\(id)-\(revision)\(place)"
  }

  private var author: String? { speech.speaker.name ?? speech.speaker.organisation }

  private var title: String {
    (speech.cleanTitle ?? speech.title ?? speech.occasion ?? speech.genre ?? "无题").oneLine
  }

  /// Who published it: the source that the page names, or the site that carried it.
  private var publisher: String? { speech.provenance.name ?? speech.provenance.site }

  /// The day of publication; where it is not known, that of delivery.
  private var issued: SpeechDate? {
    [speech.published, speech.delivered].compactMap { $0 }.first { $0.precision != .monthDay }
  }

  private var isReport: Bool { speech.genre?.hasSuffix("报告") ?? false || speech.genre?.hasSuffix("報告") ?? false }

  /// How the cited part is called.
  private var partName: String? {
    guard case .section(let path, let label, let heading)? = part else { return nil }
    let name = [label, heading].compactMap { $0 }.joined().oneLine
    return name.isEmpty ? path : name
  }

  /// What identifies the text whatever becomes of addresses.
  private var note: String {
    var note = "Rostrum \(id), revision \(revision)"
    switch part {
    case nil: break
    case .section(let path, _, _): note += ", section \(path)"
    case .passage(let span): note += ", characters \(span.start)–\(span.end)"
    }
    if let source = speech.provenance.url, source != address { note += "; source: \(source.oneLine)" }
    return note
  }

  // MARK: GB/T 7714-2015

  /// The reference as GB/T 7714-2015 has it for electronic resources (4.6), a section as a part of a work (4.2):
  /// `主要责任者. 题名[文献类型标识/OL]. 出版者, 出版年(发布日期)[引用日期]. 获取和访问路径.`
  ///
  /// The type (appendix B) is R for reports, EB for a page of the web and Z, others, for what came as a file of no address;
  /// `/OL` where an address is given.
  public var gbt7714: String {
    let isOfWeb = speech.provenance.url?.hasPrefix("http") ?? false
    let type = (isReport ? "R" : isOfWeb ? "EB" : "Z") + (address == nil ? "" : "/OL")
    var sentences: [String] = []
    if let author { sentences.append(PersonName(author).gbt7714) }
    var name = title
    if let subtitle = speech.subtitle { name += ": " + subtitle.oneLine }
    sentences.append(partName.map { "\($0)[\(type)]//\(name)" } ?? "\(name)[\(type)]")
    var imprint = ""
    if let publisher { imprint = publisher.oneLine + (issued.map { ", " + $0.value.prefix(4) } ?? "") }
    if let issued { imprint += "(\(issued.value.prefix(10)))" }
    sentences.append(imprint + "[\(accessed.value.prefix(10))]")
    if let address { sentences.append(address.asAddress) }
    return sentences.joined(separator: ". ") + "."
  }

  // MARK: BibTeX

  /// One entry: `@online` (BibLaTeX) where there is an address, else `@misc`. Text is UTF-8; what TeX would read as a command
  /// is written as one.
  public var bibtex: String {
    var fields: [(String, String)] = []
    func add(_ name: String, _ value: String?) { if let value { fields.append((name, "{\(value.asTeX)}")) } }
    // In braces of its own, so that nobody divides the name of an office at `and` or turns a Chinese name around.
    if let author { fields.append(("author", PersonName(author).bibtex)) }
    fields.append(("title", "{{\(title.asTeX)}}"))
    add("subtitle", speech.subtitle?.oneLine)
    add("titleaddon", partName)
    if let issued {
      // BibLaTeX reads a date, BibTeX a year.
      fields.append(
        address == nil ? ("year", "{\(issued.value.prefix(4))}") : ("date", "{\(issued.value.prefix(10))}"))
    }
    add(address == nil ? "howpublished" : "organization", publisher?.oneLine)
    if let address {
      fields.append(("url", "{\(address.asAddress)}"))
      fields.append(("urldate", "{\(accessed.value.prefix(10))}"))
    }
    if let language = Self.babel[String(speech.language.prefix(2))] { fields.append(("langid", "{\(language)}")) }
    add("note", note)
    let lines = fields.map { "  \($0.0) = \($0.1)" }.joined(separator: ",\n")
    return "@\(address == nil ? "misc" : "online"){\(key),\n\(lines)\n}\n"
  }

  private static let babel = ["zh": "chinese", "en": "english"]

  // MARK: CSL-JSON

  /// One item of CSL-JSON, of the type `speech`, or `report`.
  public var csl: JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", .string(key)), .init("type", .string(isReport ? "report" : "speech")),
      .init("title", .string(speech.subtitle.map { "\(title): \($0.oneLine)" } ?? title)),
    ]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { members.append(.init(name, .string(value.oneLine))) }
    }
    if let author { members.append(.init("author", .array([PersonName(author).csl]))) }
    if let issued { members.append(.init("issued", Self.date(issued))) }
    if let delivered = speech.delivered, delivered.precision != .monthDay {
      members.append(.init("event-date", Self.date(delivered)))
    }
    add("event-title", speech.occasion)
    add("event-place", speech.location)
    add("genre", speech.genre)
    add("publisher", publisher)
    add("section", partName)
    if let address {
      add("URL", address.asAddress)
      members.append(.init("accessed", Self.date(accessed)))
    }
    if speech.language != "und" { add("language", speech.language) }
    add("note", note)
    return .object(members)
  }

  /// A date in parts; a range has two.
  private static func date(_ date: SpeechDate) -> JSONValue {
    func parts(_ text: String, _ count: Int) -> JSONValue {
      .array(text.prefix(10).split(separator: "-").prefix(count).compactMap { Int($0) }.map(JSONValue.integer))
    }
    let count = date.value.prefix(10).split(separator: "-").count
    var all = [parts(date.value, count)]
    // Of a single date the ends follow from its precision.
    if let plain = SpeechDate(date.value), let latest = date.latest, latest != plain.latest {
      all.append(parts(latest, 3))
    }
    return .object([.init("date-parts", .array(all))])
  }
}

/// The name of a person or an office, as the styles want it.
struct PersonName {
  private let whole: String
  /// The parts of a name in Latin letters that evidently is a given and a family name.
  private var parts: (given: [Substring], family: String)?

  /// Reads `John F. Kennedy` and `Ursula von der Leyen` as given and family name, all else as one.
  init(_ name: String) {
    whole = name.oneLine
    let words = whole.split(separator: " ")
    let isLatin = words.allSatisfy { word in
      word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic && $0.value < 0x250 || ".'’-".unicodeScalars.contains($0)
      }
    }
    guard isLatin, (2...5).contains(words.count), words[0].first?.isUppercase == true, words[0] != "The",
      words.last?.first?.isUppercase == true, !whole.contains(where: { $0 == "," }), words.last?.hasSuffix(".") == false
    else { return }
    // What is written small belongs to the family name.
    let start = words.firstIndex { $0.first?.isLowercase == true } ?? words.count - 1
    guard start > 0 else { return }
    parts = (Array(words[..<start]), words[start...].joined(separator: " "))
  }

  /// Family name first, in capitals, then initials (8.1.1).
  var gbt7714: String {
    guard let parts else { return whole }
    return parts.family.uppercased() + " " + parts.given.compactMap { $0.first?.uppercased() }.joined(separator: " ")
  }

  var bibtex: String {
    guard let parts else { return "{{\(whole.asTeX)}}" }
    return "{\(parts.family.asTeX), \(parts.given.joined(separator: " ").asTeX)}"
  }

  var csl: JSONValue {
    guard let parts else { return .object([.init("literal", .string(whole))]) }
    return .object([
      .init("family", .string(parts.family)), .init("given", .string(parts.given.joined(separator: " "))),
    ])
  }
}

extension String {
  /// Without line breaks and doubled spaces.
  fileprivate var oneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  /// With whatever TeX or BibTeX would take for its own written as a command. A brace after a backslash would still count for
  /// BibTeX, so braces are named.
  fileprivate var asTeX: String {
    var result = ""
    for character in self {
      switch character {
      case "\\": result += "\\textbackslash{}"
      case "{": result += "\\textbraceleft{}"
      case "}": result += "\\textbraceright{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "$", "&", "#", "%", "_": result += "\\" + String(character)
      default: result.append(character)
      }
    }
    return result
  }

  /// As an address without what ends one in a text or a field of BibTeX.
  fileprivate var asAddress: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar {
      case "\0"..." ", "\"", "<", ">", "\\", "^", "`", "{"..."}", "\u{7F}":
        let code = [UInt8(truncatingIfNeeded: scalar.value)].hexadecimal.uppercased()
        result.append(contentsOf: ("%" + code).unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
