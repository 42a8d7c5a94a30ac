import Corpus
import Foundation
import GRDB

/// A field that two speeches may have the same value of.
public enum RelatedField: String, CaseIterable, Sendable {
  case title, speaker, occasion, date, genre

  /// How much the same value says, from 0 to 1, where nobody else has it.
  fileprivate var weight: Double {
    switch self {
    case .title: 0.7
    case .occasion, .date: 0.3
    case .speaker: 0.15
    case .genre: 0.1
    }
  }

  /// Where the value stands in a card.
  fileprivate var sql: String {
    switch self {
    case .title: "nullif(card.title_key, '')"
    // A day, and not a month or a year.
    case .date:
      "CASE substr(card.date_latest, 1, 10) WHEN substr(card.date_key, 1, 10) THEN substr(card.date_key, 1, 10) END"
    case .speaker, .occasion, .genre: "card.\(rawValue)"
    }
  }

  /// The column by which the speeches with a value are counted; nil where none has an index, and where a value is of few anyhow.
  fileprivate var countedColumn: String? {
    switch self {
    case .title: "title_key"
    case .speaker, .genre: rawValue
    case .occasion, .date: nil
    }
  }
}

/// The fields of a speech beside those of others.
struct RelatedFields {
  private let values: [String?]
  /// How much each says, the less the more speeches have its value.
  private var weights: [Double]

  /// - Parameter count: how many speeches there are.
  init(of document: Int, among count: Int, _ db: Database) throws {
    values = try Self.values(of: document, db)
    weights = []
    for (field, value) in zip(RelatedField.allCases, values) {
      var weight = field.weight
      if let value, let column = field.countedColumn {
        let same = try Int.fetchOne(
          db.cachedStatement(sql: "SELECT count(*) FROM card WHERE \(column) = ?"), arguments: [value])
        // 1 where it is of two speeches, 0 where it is of all.
        let all = Double(max(count, 3))
        weight *= max(0, log(all / Double(max(2, same ?? 2))) / log(all / 2))
      }
      weights.append(weight)
    }
  }

  /// The fields that have the same value in another speech.
  func same(as document: Int, _ db: Database) throws -> [RelatedField] {
    let others = try Self.values(of: document, db)
    return zip(RelatedField.allCases, zip(values, others)).filter { $1.0 != nil && $1.0 == $1.1 }.map(\.0)
  }

  /// A score with what the same fields add to it: as if each were a reason of its own to take two speeches for related.
  func score(_ score: Float, _ same: [RelatedField]) -> Float {
    var unlike = Double(1 - score)
    for (field, weight) in zip(RelatedField.allCases, weights) where same.contains(field) { unlike *= 1 - weight }
    return Float(1 - unlike)
  }

  /// The documents of the same title, some of them where they are more than `most`.
  func documentsOfSameTitle(atMost most: Int, _ db: Database) throws -> [Int] {
    guard let title = values.first ?? nil else { return [] }
    let sql = """
      SELECT d.document FROM card JOIN search_document d ON d.speech = card.speech WHERE card.title_key = ?
      ORDER BY card.id LIMIT ?
      """
    return try Int.fetchAll(db.cachedStatement(sql: sql), arguments: [title, most])
  }

  /// The values of the fields, in the order of their cases.
  private static func values(of document: Int, _ db: Database) throws -> [String?] {
    let columns = RelatedField.allCases.map(\.sql).joined(separator: ", ")
    let sql = "SELECT \(columns) FROM card JOIN search_document d ON d.speech = card.speech WHERE d.document = ?"
    return try db.firstRow(sql, [document]) { row in
      RelatedField.allCases.indices.map { row.optionalText(CInt($0)) }
    } ?? RelatedField.allCases.map { _ in nil }
  }
}
