/// What the database keeps of a speech as JSON: everything but its text and its sections.
///
/// The members that may be absent are answered as null, which synthesised conformances leave out; hence `Nullable`.
struct SpeechRecord: Codable, Sendable {
  struct Speaker: Codable, Sendable {
    @Nullable var name: String?
    @Nullable var role: String?
    @Nullable var organisation: String?
    @Nullable var level: String?
  }

  struct Date: Codable, Sendable {
    var value: String
    var precision: String
    @Nullable var earliest: String?
    @Nullable var latest: String?
  }

  struct CardDate: Codable, Sendable {
    var value: String
    var precision: String
    @Nullable var earliest: String?
    @Nullable var latest: String?
    var kind: String
  }

  struct Source: Codable, Sendable {
    @Nullable var name: String?
    @Nullable var site: String?
    @Nullable var url: String?
    @Nullable var author: String?
    @Nullable var editor: String?
    @Nullable var disclaimer: String?
    @Nullable var mediaType: String?
    @Nullable var encoding: String?
    @Nullable var fileName: String?
    @Nullable var sha256: String?
    @Nullable var importedAt: String?

    enum CodingKeys: String, CodingKey {
      case name, site, url, author, editor, disclaimer, encoding, sha256
      case mediaType = "media_type"
      case fileName = "file_name"
      case importedAt = "imported_at"
    }
  }

  struct Annotation: Codable, Sendable {
    var kind: String
    var start: Int
    var end: Int
    @Nullable var value: String?
  }

  struct Evidence: Codable, Sendable {
    var text: String
    @Nullable var sourceStart: Int?
    @Nullable var sourceEnd: Int?

    enum CodingKeys: String, CodingKey {
      case text
      case sourceStart = "source_start"
      case sourceEnd = "source_end"
    }
  }

  struct RemovedLine: Codable, Sendable {
    var kind: String
    var text: String
    @Nullable var sourceStart: Int?
    @Nullable var sourceEnd: Int?

    enum CodingKeys: String, CodingKey {
      case kind, text
      case sourceStart = "source_start"
      case sourceEnd = "source_end"
    }
  }

  struct Link: Codable, Sendable {
    var title: String
    @Nullable var url: String?
  }

  struct Conflict: Codable, Sendable {
    var reason: String
    var text: String
    @Nullable var sourceStart: Int?
    @Nullable var sourceEnd: Int?

    enum CodingKeys: String, CodingKey {
      case reason, text
      case sourceStart = "source_start"
      case sourceEnd = "source_end"
    }
  }

  struct Inference: Codable, Sendable {
    var confidence: Double
    var evidence: [Evidence]
    var conflicts: [Conflict]
  }

  @Nullable var title: String?
  @Nullable var cleanTitle: String?
  var language: String
  var speaker: Speaker
  @Nullable var occasion: String?
  @Nullable var genre: String?
  @Nullable var location: String?
  @Nullable var date: CardDate?
  @Nullable var site: String?
  var sectionCount: Int
  var characters: Int
  var excerpt: String
  @Nullable var subtitle: String?
  @Nullable var delivered: Date?
  @Nullable var published: Date?
  var source: Source
  @Nullable var announcedSections: Int?
  var annotations: [Annotation]
  var notes: [Evidence]
  var appendices: [Evidence]
  var relatedLinks: [Link]
  var removed: [RemovedLine]
  var inferred: [String: Inference]
  var warnings: [String]
  var speakingTimeSeconds: Int
  var metadata: [String: FreeValue]

  enum CodingKeys: String, CodingKey {
    case title, language, speaker, occasion, genre, location, date, site, characters, excerpt, subtitle
    case delivered, published, source, annotations, notes, appendices, removed, inferred, warnings, metadata
    case cleanTitle = "clean_title"
    case sectionCount = "section_count"
    case announcedSections = "announced_sections"
    case relatedLinks = "related_links"
    case speakingTimeSeconds = "speaking_time_seconds"
  }
}

/// What the database keeps of a card as JSON.
struct CardMembers: Codable, Sendable {
  @Nullable var title: String?
  @Nullable var cleanTitle: String?
  var language: String
  var speaker: SpeechRecord.Speaker
  @Nullable var occasion: String?
  @Nullable var genre: String?
  @Nullable var location: String?
  @Nullable var date: SpeechRecord.CardDate?
  @Nullable var site: String?
  var sectionCount: Int
  var characters: Int
  var excerpt: String

  enum CodingKeys: String, CodingKey {
    case title, language, speaker, occasion, genre, location, date, site, characters, excerpt
    case cleanTitle = "clean_title"
    case sectionCount = "section_count"
  }
}
