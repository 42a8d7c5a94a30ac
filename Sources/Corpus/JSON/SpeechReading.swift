extension Speech {
  /// The members that a speech may have in JSON. Those that only the server sets are accepted and not kept.
  public static let jsonMembers: Set<String> = givenMembers.union(serverMembers)

  /// The members that a document gives: all that is kept of JSON besides the id.
  public static let givenMembers: Set<String> = [
    "title", "clean_title", "subtitle", "language", "speaker", "occasion", "genre", "location", "delivered",
    "published", "source", "text", "sections", "announced_sections", "annotations", "notes", "appendices",
    "related_links", "removed", "inferred", "warnings", "metadata", "corrections",
  ]

  /// Members for which null is a value: that they are not known.
  private static let nullable: Set<String> = [
    "title", "clean_title", "subtitle", "speaker", "occasion", "genre", "location", "delivered", "published", "source",
    "announced_sections",
  ]

  static let serverMembers: Set<String> = [
    "id", "url", "date", "site", "section_count", "characters", "excerpt", "revision", "speaking_time_seconds",
    "masked_characters",
    "collections", "created_at", "updated_at", "links",
  ]

  /// This speech with the members of a JSON object put over it.
  ///
  /// `sections`, where given, must tile `text` as the model has it.
  public func overlaid(with cursor: JSONCursor) throws(SchemaError) -> Speech {
    var speech = self
    var divides: JSONCursor?
    // Null is absent: the member stays as it was.
    for (name, cursor) in try cursor.members(known: Self.jsonMembers)
    where cursor.value != .null || Self.nullable.contains(name) {
      switch name {
      case "title": speech.title = try cursor.optionalString()
      case "clean_title": speech.cleanTitle = try cursor.optionalString()
      case "subtitle": speech.subtitle = try cursor.optionalString()
      case "language": speech.language = try cursor.languageTag()
      case "speaker": speech.speaker = try Speaker(cursor)
      case "occasion": speech.occasion = try cursor.optionalString()
      case "genre": speech.genre = try cursor.optionalString()
      case "location": speech.location = try cursor.optionalString()
      case "delivered": speech.delivered = try SpeechDate.optional(cursor)
      case "published": speech.published = try SpeechDate.optional(cursor)
      case "source": speech.provenance = try Provenance(cursor)
      case "text": speech.text = try cursor.string()
      case "sections":
        speech.sections = try cursor.list { (cursor) throws(SchemaError) in try Section(cursor, depth: 1) }
        divides = cursor
      case "announced_sections": speech.announcedSections = try cursor.optionalInteger(in: 0...10_000)
      case "annotations":
        speech.annotations = try cursor.list { (cursor) throws(SchemaError) in try Annotation(cursor) }
      case "notes": speech.notes = try cursor.list { (cursor) throws(SchemaError) in try Evidence(cursor) }
      case "appendices":
        speech.appendices = try cursor.list { (cursor) throws(SchemaError) in try Evidence(cursor) }
      case "related_links":
        speech.relatedLinks = try cursor.list { (cursor) throws(SchemaError) in try RelatedLink(cursor) }
      case "removed":
        speech.removed = try cursor.list { (cursor) throws(SchemaError) in try RemovedLine(cursor) }
      case "inferred":
        speech.inferred = [:]
        for (field, cursor) in try cursor.members() { speech.inferred[field] = try Inference(cursor) }
      case "warnings": speech.warnings = try cursor.list { (cursor) throws(SchemaError) in try cursor.string() }
      case "metadata":
        speech.metadata = [:]
        for (key, cursor) in try cursor.members() {
          guard speech.metadata.updateValue(cursor.value, forKey: key) == nil else {
            throw cursor.error("member “\(key)” is given twice")
          }
        }
      case "corrections": speech.corrections = try Self.readCorrections(cursor)
      default: break
      }
    }
    if let fault = speech.violations.first {
      throw (divides ?? cursor).error(fault)
    }
    return speech
  }
}

extension JSONCursor {
  /// A language tag of BCP 47, as far as its form goes.
  func languageTag() throws(SchemaError) -> String {
    let tag = try string()
    let parts = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let isTag = parts.enumerated().allSatisfy { place, part in
      part.allSatisfy { (48...57).contains($0) && place > 0 || (65...90).contains($0) || (97...122).contains($0) }
        && (place == 0 ? 2...3 : 1...8).contains(part.count)
    }
    guard isTag else { throw error("“\(tag)” is no language tag such as zh-Hans, zh-Hant, en or und") }
    return tag
  }
}

extension Speaker {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    self.init()
    if case .null = cursor.value { return }
    for (name, cursor) in try cursor.members(known: ["name", "role", "organisation", "level"]) {
      switch name {
      case "name": self.name = try cursor.optionalString()
      case "role": role = try cursor.optionalString()
      case "organisation": organisation = try cursor.optionalString()
      default: level = try cursor.optionalString() == nil ? nil : try cursor.word(Level.self)
      }
    }
  }
}

extension SpeechDate {
  static func optional(_ cursor: JSONCursor) throws(SchemaError) -> SpeechDate? {
    switch cursor.value {
    case .null: return nil
    case .string(let text): return try SpeechDate(text, cursor)
    default: break
    }
    var value: SpeechDate?
    var precision: Precision?
    var ends: [String: SpeechDate] = [:]
    for (name, cursor) in try cursor.members(known: ["value", "precision", "earliest", "latest", "kind"]) {
      switch name {
      case "value": value = try SpeechDate(cursor.string(), cursor)
      case "earliest", "latest":
        if let text = try cursor.optionalString() { ends[name] = try SpeechDate(text, cursor) }
      case "precision": if try cursor.optionalString() != nil { precision = try cursor.word(Precision.self) }
      default: if try cursor.optionalString() != nil { _ = try cursor.word(DateKind.self) }
      }
    }
    guard let value else { throw cursor.error("a date needs its “value”") }
    if let precision, precision != value.precision {
      throw cursor.error("“\(value.value)” has the precision \(value.precision.rawValue), not \(precision.rawValue)")
    }
    // Only a range has ends that its value alone does not give.
    guard let earliest = ends["earliest"], let latest = ends["latest"],
      latest.latest != value.latest
    else { return value }
    guard earliest.earliest == value.earliest, let range = SpeechDate(from: value, through: latest) else {
      throw cursor.error("“earliest” and “latest” must be the ends of a range that begins with “value”")
    }
    return range
  }

  private init(_ text: String, _ cursor: JSONCursor) throws(SchemaError) {
    guard let date = SpeechDate(text) else {
      throw cursor.error(
        "“\(text)” is no date: write YYYY, YYYY-MM, YYYY-MM-DD, YYYY-MM-DDTHH:MM:SS or --MM-DD")
    }
    self = date
  }
}

extension Provenance {
  private static let jsonMembers = [
    "name", "site", "url", "author", "editor", "disclaimer", "media_type", "encoding", "file_name", "sha256",
    "imported_at",
  ]

  init(_ cursor: JSONCursor) throws(SchemaError) {
    self.init()
    if case .null = cursor.value { return }
    for (name, cursor) in try cursor.members(known: Self.jsonMembers) {
      switch name {
      case "name": self.name = try cursor.optionalString()
      case "site": site = try cursor.optionalString()
      case "url": url = try cursor.optionalString()
      case "author": author = try cursor.optionalString()
      case "editor": editor = try cursor.optionalString()
      case "disclaimer": disclaimer = try cursor.optionalString()
      default: break
      }
    }
  }
}

extension Annotation {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    self.init(kind: "", span: Span(-1, -1))
    for (name, cursor) in try cursor.members(known: ["kind", "start", "end", "value"]) {
      switch name {
      case "kind": kind = try cursor.string()
      case "start": span.start = try cursor.integer()
      case "end": span.end = try cursor.integer()
      default: value = try cursor.optionalString()
      }
    }
    guard !kind.isEmpty, span.start >= 0 else { throw cursor.error("needs “kind”, “start” and “end”") }
  }
}

extension Evidence {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    self.init(text: "")
    var start: Int?
    var end: Int?
    for (name, cursor) in try cursor.members(known: ["text", "source_start", "source_end"]) {
      switch name {
      case "text": text = try cursor.string()
      case "source_start": start = try cursor.optionalInteger()
      default: end = try cursor.optionalInteger()
      }
    }
    if let start, let end {
      guard 0 <= start, start <= end, end <= 1 << 40 else { throw cursor.error("[\(start), \(end)) is no range") }
      source = Span(start, end)
    }
  }

  /// Reads the members of a passage from an object that has others too.
  init(among cursor: JSONCursor, known: Set<String>) throws(SchemaError) {
    let own = try cursor.members(known: known.union(["text", "source_start", "source_end"]))
      .filter { !known.contains($0.name) }
    try self.init(
      JSONCursor(.object(own.map { .init($0.name, $0.cursor.value) }), pointer: cursor.pointer))
  }
}

extension RemovedLine {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    guard let kind = cursor.value["kind"] else { throw cursor.error("needs “kind” and “text”") }
    self.init(
      kind: try JSONCursor(kind, pointer: cursor.pointer + "/kind").string(),
      line: try Evidence(among: cursor, known: ["kind"]))
  }
}

extension RelatedLink {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    self.init(title: "")
    for (name, cursor) in try cursor.members(known: ["title", "url"]) {
      if name == "title" { title = try cursor.string() } else { url = try cursor.optionalString() }
    }
  }
}

extension Inference {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    self.init(confidence: 0, evidence: [])
    for (name, cursor) in try cursor.members(known: ["confidence", "evidence", "conflicts"]) {
      switch name {
      case "confidence":
        confidence = try cursor.number()
        guard (0...1).contains(confidence) else { throw cursor.error("a confidence is from 0 to 1") }
      case "evidence": evidence = try cursor.list { (cursor) throws(SchemaError) in try Evidence(cursor) }
      default: conflicts = try cursor.list { (cursor) throws(SchemaError) in try Conflict(cursor) }
      }
    }
  }
}

extension Conflict {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    guard let reason = cursor.value["reason"] else { throw cursor.error("needs “reason”") }
    self.init(reason: try JSONCursor(reason, pointer: cursor.pointer + "/reason").string())
    let evidence = try Evidence(among: cursor, known: ["reason"])
    if !evidence.text.isEmpty { self.evidence = evidence }
  }
}
