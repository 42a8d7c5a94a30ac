import Corpus
import GRDB

/// A condition in SQL with its values: nothing that a user typed is part of the text.
struct Condition {
  private(set) var terms: [String] = []
  private(set) var arguments: [(any DatabaseValueConvertible)?] = []

  mutating func add(_ term: String, _ values: (any DatabaseValueConvertible)?...) { add(term, values) }

  mutating func add(_ term: String, _ values: [(any DatabaseValueConvertible)?]) {
    terms.append(term)
    arguments += values
  }

  /// ` WHERE …`, or nothing.
  var whereClause: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

  var statementArguments: StatementArguments { StatementArguments(arguments) }
}

extension Condition {
  /// The condition that a filter is on the rows of `card`.
  init(_ filter: SpeechFilter) {
    self.init()
    // Values go in as one JSON array each, so the text of a statement does not depend on how many there are.
    for (field, values) in filter.equal.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where !values.isEmpty {
      add("card.\(field.rawValue) IN (SELECT value FROM json_each(?))", Self.array(values))
    }
    for (field, values) in filter.containing.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where !values.isEmpty {
      add(
        "EXISTS (SELECT 1 FROM json_each(?) WHERE instr(lower(card.\(field.rawValue)), lower(value)) > 0)",
        Self.array(values))
    }
    for (key, values) in filter.metadata.sorted(by: { $0.key < $1.key }) where !values.isEmpty {
      add(
        "card.speech IN (SELECT speech FROM metadata WHERE key = ? AND value IN (SELECT value FROM json_each(?)))",
        [key, Self.array(values)])
    }
    if let sets = filter.sets { add(sets) }
    if let hasSections = filter.hasSections { add(hasSections ? "card.sections > 0" : "card.sections = 0") }
    if let minimum = filter.minimumCharacters { add("card.characters >= ?", minimum) }
    if let maximum = filter.maximumCharacters { add("card.characters <= ?", maximum) }
    addDates(filter)
    if filter.copies == .collapsed { collapse() }
  }

  /// The head of a family before the others, those in the order of their import.
  private static let rankInFamily = "iif(card.speech = card.family, 0, card.speech)"

  /// Lets of each family only the first pass for which the condition holds so far.
  private mutating func collapse() {
    let copies = (terms + ["card.family IS NOT NULL"]).joined(separator: " AND ")
    add(
      """
      (card.family IS NULL OR card.speech IN (SELECT speech FROM
        (SELECT card.speech, min(\(Self.rankInFamily)) FROM card WHERE \(copies) GROUP BY card.family)))
      """, arguments)
  }

  private mutating func add(_ sets: [SpeechSet]) {
    var (alternatives, values): ([String], [(any DatabaseValueConvertible)?]) = (["0"], [])
    for set in sets {
      switch set {
      case .listed(let slug):
        alternatives.append("card.id IN (SELECT id FROM collection_item WHERE slug = ?)")
        values.append(slug)
      case .passing(let filter):
        let condition = Condition(filter)
        alternatives.append((["1"] + condition.terms).joined(separator: " AND "))
        values += condition.arguments
      }
    }
    add("(\(alternatives.joined(separator: " OR ")))", values)
  }

  /// Values as the JSON array that `json_each` takes.
  static func array(_ values: [String]) -> String {
    var writer = JSONWriter()
    writer.array { for value in values { $0.string(value) } }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private mutating func addDates(_ filter: SpeechFilter) {
    let (earliest, latest) =
      switch filter.dateChoice {
      case .any: ("card.date_key", "card.date_latest")
      case .delivered: ("card.delivered_earliest", "card.delivered_latest")
      case .published: ("card.published_earliest", "card.published_latest")
      }
    var overlaps: [String] = []
    var values: [String] = []
    // A moment of the last day is greater than the day itself: compare days with days.
    if let from = filter.from {
      overlaps.append("substr(\(latest), 1, 10) >= ?")
      values.append(from)
    }
    if let to = filter.to {
      overlaps.append("substr(\(earliest), 1, 10) <= ?")
      values.append(to)
    }
    let range = overlaps.joined(separator: " AND ")
    switch filter.effectiveUndated {
    case .only: add("\(earliest) IS NULL")
    case .exclude:
      add("\(earliest) IS NOT NULL")
      if !overlaps.isEmpty { add(range, values) }
    case .include: if !overlaps.isEmpty { add("(\(earliest) IS NULL OR (\(range)))", values) }
    }
  }
}
