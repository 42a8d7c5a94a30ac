import Corpus
import GRDB

extension Database {
  /// Makes the card of a speech again: the row that lists, filters and facets read.
  func derive(_ speech: Speech, key: Int64, id: String, revision: Int) throws {
    try cachedStatement(sql: "DELETE FROM card WHERE speech = ?").execute(arguments: [key])
    var json = JSONWriter(capacity: 1024)
    json.object { speech.writeCard(to: &$0) }
    let date = speech.date?.value
    let title = speech.cleanTitle ?? speech.title ?? ""
    let columns: [(String, (any DatabaseValueConvertible)?)] = [
      ("speech", key), ("id", id), ("revision", revision),
      ("title", speech.title), ("language", speech.language),
      ("speaker", speech.speaker.name), ("role", speech.speaker.role),
      ("organisation", speech.speaker.organisation), ("level", speech.speaker.level?.rawValue),
      ("occasion", speech.occasion), ("genre", speech.genre), ("location", speech.location),
      ("source", speech.provenance.name), ("site", speech.provenance.site),
      ("date_key", date?.earliest), ("date_latest", date?.latest),
      ("delivered_earliest", speech.delivered?.earliest), ("delivered_latest", speech.delivered?.latest),
      ("published_earliest", speech.published?.earliest), ("published_latest", speech.published?.latest),
      ("year", date?.earliest.map { String($0.prefix(4)) }),
      ("sections", speech.sectionCount), ("characters", TextMeasure(speech.text).characters),
      ("title_key", title),
      // The braces are left out: the writer of an answer puts the members among others.
      ("json", String(decoding: json.bytes.dropFirst().dropLast(), as: UTF8.self)),
    ]
    let names = columns.map(\.0).joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    try cachedStatement(sql: "INSERT INTO card (\(names)) VALUES (\(marks))")
      .execute(arguments: StatementArguments(columns.map(\.1)))
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
