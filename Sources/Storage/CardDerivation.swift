import Corpus
import GRDB

extension Database {
  /// Makes the card of a speech again: the row that lists, filters and facets read.
  func derive(_ speech: Speech, key: Int64, id: String, revision: Int) throws {
    try cachedStatement(sql: "DELETE FROM card WHERE speech = ?").execute(arguments: [key])
    let measure = TextMeasure(speech.text)
    var json = JSONWriter(capacity: 1024)
    json.object { speech.writeCard(to: &$0, measure: measure) }
    let date = speech.date?.value
    try cachedStatement(
      sql: """
        INSERT INTO card (speech, id, revision, title, language, speaker, role, organisation, level, occasion, genre,
          location, source, site, date_key, date_latest, delivered_earliest, delivered_latest, published_earliest,
          published_latest, year, sections, characters, title_key, json)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      key, id, revision, speech.title, speech.language, speech.speaker.name, speech.speaker.role,
      speech.speaker.organisation, speech.speaker.level?.rawValue, speech.occasion, speech.genre, speech.location,
      speech.provenance.name, speech.provenance.site, date?.earliest, date?.latest, speech.delivered?.earliest,
      speech.delivered?.latest, speech.published?.earliest, speech.published?.latest,
      date?.earliest.map { String($0.prefix(4)) }, speech.sectionCount, measure.characters,
      speech.cleanTitle ?? speech.title ?? "",
      // The braces are left out: the writer of an answer puts the members among others.
      String(decoding: json.bytes.dropFirst().dropLast(), as: UTF8.self),
    ])
    for (name, value) in speech.metadata {
      guard let text = value.filterText else { continue }
      try cachedStatement(sql: "INSERT INTO metadata (speech, key, value) VALUES (?, ?, ?)")
        .execute(arguments: [key, name, text])
    }
  }
}

extension JSONValue {
  /// What a filter `meta.KEY=VALUE` compares with; nil for arrays, objects and null.
  var filterText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): String(number)
    case .number(let number): String(number)
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
