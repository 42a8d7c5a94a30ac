import Corpus
import GRDB

extension Database {
  /// Makes the card of a speech again: the row that lists, filters and facets read.
  func derive(_ entry: RevisionEntry, key: Int64) throws {
    try run("DELETE FROM card WHERE speech = ?") { $0.integer(key) }
    let speech = entry.speech
    var json = JSONWriter(capacity: 1024)
    json.object { speech.writeCard(to: &$0, summary: entry.summary) }
    let date = speech.date?.value
    try run(
      """
      INSERT INTO card (speech, id, revision, title, language, speaker, role, organisation, level, occasion, genre,
        location, source, site, date_key, date_latest, delivered_earliest, delivered_latest, published_earliest,
        published_latest, year, sections, characters, title_key, json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ) { values in
      values.integer(key)
      values.text(entry.id)
      values.integer(entry.number)
      values.text(speech.title)
      values.text(speech.language)
      values.text(speech.speaker.name)
      values.text(speech.speaker.role)
      values.text(speech.speaker.organisation)
      values.text(speech.speaker.level?.rawValue)
      values.text(speech.occasion)
      values.text(speech.genre)
      values.text(speech.location)
      values.text(speech.provenance.name)
      values.text(speech.provenance.site)
      values.text(date?.earliest)
      values.text(date?.latest)
      values.text(speech.delivered?.earliest)
      values.text(speech.delivered?.latest)
      values.text(speech.published?.earliest)
      values.text(speech.published?.latest)
      values.text(date?.earliest.map { String($0.prefix(4)) })
      values.integer(speech.sectionCount)
      values.integer(entry.summary.measure.characters)
      values.text(speech.cleanTitle ?? speech.title ?? "")
      // The braces are left out: the writer of an answer puts the members among others.
      json.bytes.dropFirst().dropLast().withUnsafeBufferPointer { values.text($0) }
    }
    for (name, value) in speech.metadata {
      guard let text = value.filterText else { continue }
      try run("INSERT INTO metadata (speech, key, value) VALUES (?, ?, ?)") {
        $0.integer(key)
        $0.text(name)
        $0.text(text)
      }
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
