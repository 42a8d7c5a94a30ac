/// A speech as read from a document: its fields, its canonical text and the sections that divide it.
///
/// Everything here is derived from the imported bytes and from what a person decided about them. The text
/// runs from the salutation to the end of the closing, paragraphs joined by one LF; positions are code points.
public struct Speech: Hashable, Sendable {
  /// The document's own title, as written.
  public var title: String?
  /// The title without search-engine tails and other additions.
  public var cleanTitle: String?
  /// The second line of the title, without the leading dash.
  public var subtitle: String?
  /// BCP 47: `zh-Hans`, `zh-Hant`, `en`, or `und`.
  public var language = "und"
  /// Who speaks.
  public var speaker = Speaker()
  /// The meeting or event, without 在 … 上.
  public var occasion: String?
  /// The genre word: 讲话, 致辞, 政府工作报告.
  public var genre: String?
  /// Where it was spoken.
  public var location: String?
  /// When it was spoken.
  public var delivered: SpeechDate?
  /// When the page or the paper was dated.
  public var published: SpeechDate?
  /// What the document says of its own origin.
  public var provenance = Provenance()
  /// The canonical text.
  public var text = ""
  /// The top-level nodes, which tile the text.
  public var sections: [Section] = []
  /// The number of points that the speech itself announces (我讲五方面意见).
  public var announcedSections: Int?
  /// Marked spans of the text: stage directions, masks, note marks, bullets, inline points.
  public var annotations: [Annotation] = []
  /// Notes that follow the text, not part of it.
  public var notes: [Evidence] = []
  /// Appendices that follow the text, not part of it.
  public var appendices: [Evidence] = []
  /// Links to other documents that stood on the page.
  public var relatedLinks: [RelatedLink] = []
  /// Lines of the source that are not part of the speech, in order.
  public var removed: [RemovedLine] = []
  /// Why a field has the value it has, by the field's name in the API.
  public var inferred: [String: Inference] = [:]
  /// Codes for what was guessed or lost.
  public var warnings: [String] = []
  /// Any key and value that the source or the user gave.
  public var metadata: [String: JSONValue] = [:]
  /// What people decided about it, by the names of the members: `title`, `speaker.name`, `metadata.KEY`.
  public var corrections: [String: Correction] = [:]

  /// A speech of which nothing is known yet.
  public init() {}

  /// The date a list shows: the day of delivery if known, else the day of publication.
  public var date: (value: SpeechDate, kind: DateKind)? {
    if let delivered { return (delivered, .delivered) }
    if let published { return (published, .published) }
    return nil
  }

  /// Number of numbered or headed sections, at every depth.
  public var sectionCount: Int {
    // Depth is bounded by the parser and by the reader of JSON.
    func count(_ sections: [Section]) -> Int {
      sections.reduce(0) { $0 + ($1.kind == .section ? 1 : 0) + count($1.children) }
    }
    return count(sections)
  }
}

/// Which of a speech's dates is meant.
public enum DateKind: String, CaseIterable, Sendable {
  case delivered, published
}

/// Who gives a speech.
public struct Speaker: Hashable, Sendable {
  /// Personal name.
  public var name: String?
  /// The role as written, with its organisation: 海拉尔区人民政府区长.
  public var role: String?
  /// The organisation taken out of the role.
  public var organisation: String?
  /// The level of the role.
  public var level: Level?

  /// A speaker of whom the given is known.
  public init(name: String? = nil, role: String? = nil, organisation: String? = nil, level: Level? = nil) {
    self.name = name
    self.role = role
    self.organisation = organisation
    self.level = level
  }
}

/// What a document says of its own origin.
public struct Provenance: Hashable, Sendable {
  /// The publisher it names as its source (来源).
  public var name: String?
  /// The site that carried it.
  public var site: String?
  /// Its address.
  public var url: String?
  /// Its author, where that is not the speaker.
  public var author: String?
  /// Its editor (责任编辑).
  public var editor: String?
  /// Its disclaimer (免责声明).
  public var disclaimer: String?

  /// An origin of which nothing is known.
  public init() {}
}

/// A marked span of the canonical text.
public struct Annotation: Hashable, Sendable {
  /// `stage_direction`, `mask`, `note_mark`, `bullet`, `inline_point`.
  public var kind: String
  /// Where it stands in the canonical text.
  public var span: Span
  /// What it says, where that is not simply the text: the number of an inline point, the direction without brackets, and of
  /// a mask what it hides (`Mask.Hidden`).
  public var value: String?

  /// A mark of the given kind over `span`.
  public init(kind: String, span: Span, value: String? = nil) {
    self.kind = kind
    self.span = span
    self.value = value
  }
}

/// A passage of the decoded source.
public struct Evidence: Hashable, Sendable {
  /// The passage as written.
  public var text: String
  /// Its place in the decoded source, in code points; nil where the source has no such place.
  public var source: Span?

  /// A passage at its place.
  public init(text: String, source: Span? = nil) {
    self.text = text
    self.source = source
  }
}

/// A line of the source that is not part of the speech.
public struct RemovedLine: Hashable, Sendable {
  /// What it is: `navigation`, `title`, `page_title`, `time_line`, `source_line`, `url`, `disclaimer`, `caption`, …
  public var kind: String
  /// The line and its place.
  public var line: Evidence

  /// A line of the given kind.
  public init(kind: String, line: Evidence) {
    self.kind = kind
    self.line = line
  }
}

/// A link to another document.
public struct RelatedLink: Hashable, Sendable {
  /// What the link says.
  public var title: String
  /// Where it leads.
  public var url: String?

  /// A link as found.
  public init(title: String, url: String? = nil) {
    self.title = title
    self.url = url
  }
}

/// Why an inferred field has its value.
public struct Inference: Hashable, Sendable {
  /// From 0 (a guess) to 1 (the document says so).
  public var confidence: Double
  /// The passages that the value was read from.
  public var evidence: [Evidence]
  /// What speaks against it.
  public var conflicts: [Conflict]

  /// A reason with the passages for and against.
  public init(confidence: Double, evidence: [Evidence], conflicts: [Conflict] = []) {
    self.confidence = confidence
    self.evidence = evidence
    self.conflicts = conflicts
  }
}

/// What speaks against an inferred value.
public struct Conflict: Hashable, Sendable {
  /// One sentence.
  public var reason: String
  /// The passage that says otherwise.
  public var evidence: Evidence?

  /// A conflict and its passage.
  public init(reason: String, evidence: Evidence? = nil) {
    self.reason = reason
    self.evidence = evidence
  }
}

extension Speech {
  /// Code points of the text that are masks of hidden names.
  public var maskedCharacters: Int {
    annotations.reduce(0) { $1.kind == "mask" ? $0 + $1.span.end - $1.span.start : $0 }
  }
}
