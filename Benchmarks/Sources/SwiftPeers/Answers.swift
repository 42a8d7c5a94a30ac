/// The answer of `/health`.
struct Health: Encodable {
  var status: String
}

/// A node of a speech.
struct SectionAnswer: Encodable {
  var path: String
  var level: Int
  var ordinal: Int
  var kind: String
  @Nullable var label: String?
  @Nullable var number: Int?
  @Nullable var heading: String?
  var start: Int
  var end: Int
  @Nullable var headingSpan: [Int]?
  var bodySpans: [[Int]]
  var text: String
  var characters: Int
  @Nullable var parent: String?
  var url: String
  /// Left out of a flat list.
  var children: [SectionAnswer]?

  enum CodingKeys: String, CodingKey {
    case path, level, ordinal, kind, label, number, heading, start, end, text, characters, parent, url, children
    case headingSpan = "heading_span"
    case bodySpans = "body_spans"
  }

  init(_ row: SectionRow, of id: String, text: inout TextCursor) {
    path = row.path
    level = row.level
    ordinal = row.ordinal
    kind = row.kind
    label = row.label
    number = row.number
    heading = row.heading
    start = row.spanStart
    end = row.spanEnd
    if let start = row.headingStart, let end = row.headingEnd { headingSpan = [start, end] }
    bodySpans = row.bodySpans
    self.text = row.bodySpans.map { text.text($0[0], $0[1]) }.joined(separator: "\n")
    characters = row.characters
    parent = row.parent
    url = "/v1/speeches/\(id)/sections/\(row.path)"
  }
}

extension [SectionAnswer] {
  /// The nodes, given in reading order, each with its children in it.
  var tree: [SectionAnswer] {
    var remaining = self[...]
    func children(of parent: String?) -> [SectionAnswer] {
      var siblings: [SectionAnswer] = []
      while var node = remaining.first, node.parent == parent {
        remaining.removeFirst()
        node.children = children(of: node.path)
        siblings.append(node)
      }
      return siblings
    }
    return children(of: nil)
  }
}

/// Gives out passages of a text by code points, fast where they are asked for in reading order.
struct TextCursor {
  private let scalars: String.UnicodeScalarView
  private var position = 0
  private var index: String.Index

  init(_ text: String) {
    scalars = text.unicodeScalars
    index = scalars.startIndex
  }

  mutating func text(_ start: Int, _ end: Int) -> String {
    let first = move(to: start)
    return String(scalars[first..<move(to: end)])
  }

  private mutating func move(to target: Int) -> String.Index {
    index = scalars.index(index, offsetBy: target - position)
    position = target
    return index
  }
}

/// The answer of `/v1/speeches/{id}`: the record, the text, the sections as a tree, and addresses.
struct SpeechAnswer: Encodable {
  struct Links: Encodable {
    var own: String
    var sections: String
    var text: String
    var source: String
    var revisions: String

    enum CodingKeys: String, CodingKey {
      case own = "self"
      case sections, text, source, revisions
    }
  }

  var id: String
  var url: String
  var revision: Int
  var record: SpeechRecord
  var text: String
  var sections: [SectionAnswer]
  var collections: [String] = []
  var createdAt: String
  var updatedAt: String
  var links: Links

  enum CodingKeys: String, CodingKey {
    case id, url, revision, text, sections, collections, links
    case createdAt = "created_at"
    case updatedAt = "updated_at"
  }

  init(_ stored: StoredSpeech) {
    let speech = stored.speech
    id = speech.id
    url = "/v1/speeches/\(speech.id)"
    revision = speech.revision
    record = speech.record
    text = speech.text
    var cursor = TextCursor(speech.text)
    sections = stored.sections.map { SectionAnswer($0, of: speech.id, text: &cursor) }.tree
    createdAt = speech.createdAt
    updatedAt = speech.updatedAt
    links = Links(
      own: url, sections: url + "/sections", text: url + "/text", source: url + "/source",
      revisions: url + "/revisions")
  }

  /// The members of the record stand among the others.
  func encode(to encoder: any Encoder) throws {
    try record.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(url, forKey: .url)
    try container.encode(revision, forKey: .revision)
    try container.encode(text, forKey: .text)
    try container.encode(sections, forKey: .sections)
    try container.encode(collections, forKey: .collections)
    try container.encode(createdAt, forKey: .createdAt)
    try container.encode(updatedAt, forKey: .updatedAt)
    try container.encode(links, forKey: .links)
  }
}

/// The answer of `/v1/speeches`.
struct CardList: Encodable {
  struct Item: Encodable {
    var card: CardRow

    enum CodingKeys: String, CodingKey {
      case id, url, revision
    }

    /// The members of the card stand among the others.
    func encode(to encoder: any Encoder) throws {
      try card.members.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(card.id, forKey: .id)
      try container.encode("/v1/speeches/\(card.id)", forKey: .url)
      try container.encode(card.revision, forKey: .revision)
    }
  }

  struct Query: Encodable {
    var sort = "-date"
    var limit: Int
  }

  var items: [Item]
  var total: Int
  @Nullable var next: String?
  var query: Query
  var corpusRevision: Int

  enum CodingKeys: String, CodingKey {
    case items, total, next, query
    case corpusRevision = "corpus_revision"
  }

  init(_ page: StoredPage, limit: Int) {
    items = page.cards.map(Item.init)
    total = page.total
    next = page.next?.text
    query = Query(limit: limit)
    corpusRevision = page.corpusRevision
  }
}
