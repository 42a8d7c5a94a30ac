/// What can be corrected of a speech, as JSON: of each member its value, null where it is not known.
struct HeadMembers {
  /// The members in the shape that a speech has in JSON.
  private(set) var json: [String: JSONValue]

  init(_ speech: Speech) {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    json = [
      "title": text(speech.title), "clean_title": text(speech.cleanTitle), "subtitle": text(speech.subtitle),
      "language": text(speech.language), "occasion": text(speech.occasion), "genre": text(speech.genre),
      "location": text(speech.location), "delivered": speech.delivered?.json ?? .null,
      "published": speech.published?.json ?? .null,
      "announced_sections": speech.announcedSections.map(JSONValue.integer) ?? .null,
      "speaker": .object([
        .init("name", text(speech.speaker.name)), .init("role", text(speech.speaker.role)),
        .init("organisation", text(speech.speaker.organisation)), .init("level", text(speech.speaker.level?.rawValue)),
      ]),
      "source": .object([
        .init("name", text(speech.provenance.name)), .init("site", text(speech.provenance.site)),
        .init("url", text(speech.provenance.url)), .init("author", text(speech.provenance.author)),
        .init("editor", text(speech.provenance.editor)), .init("disclaimer", text(speech.provenance.disclaimer)),
      ]),
      "metadata": .object(speech.metadata.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
    ]
  }

  /// A value by its name; null takes it away.
  subscript(_ name: String) -> JSONValue {
    get {
      let (member, part) = Self.path(name)
      return (part.map { json[member]?[$0] } ?? json[member]) ?? .null
    }
    set {
      let (member, part) = Self.path(name)
      guard let part else {
        // Every speech has a language; the tag for one that is not known is “und”.
        json[member] = name == "language" && newValue == .null ? .string("und") : newValue
        return
      }
      guard case .object(var members) = json[member] else { return }
      members.removeAll { $0.name == part }
      if newValue != .null { members.append(.init(part, newValue)) }
      json[member] = .object(members)
    }
  }

  /// The names of the parts of a member that has some now.
  func parts(of member: String) -> [String] {
    guard case .object(let members) = json[member] else { return [] }
    return members.map { member + "." + $0.name }
  }

  /// The speech with these members.
  func put(over speech: Speech) throws(SchemaError) -> Speech {
    try speech.overlaid(with: JSONCursor(.object(json.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })))
  }

  /// `speaker.name` is a part of `speaker`; a key of the metadata may have dots of its own.
  static func path(_ name: String) -> (member: String, part: String?) {
    guard let dot = name.firstIndex(of: "."), Correction.parts[String(name[..<dot])] != nil else { return (name, nil) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}

extension SpeechDate {
  fileprivate var json: JSONValue {
    .object([
      .init("value", .string(value)), .init("precision", .string(precision.rawValue)),
      .init("earliest", earliest.map(JSONValue.string) ?? .null),
      .init("latest", latest.map(JSONValue.string) ?? .null),
    ])
  }
}
