import Corpus
import Storage

/// Rows of a table as CSV (RFC 4180) that spreadsheets open as they should: UTF-8 with a byte-order mark, lines ended by
/// CRLF, and no cell that they would take for a formula.
enum Table {
  /// The byte-order mark and the line with the names of the columns.
  static func head(_ names: [String]) -> [UInt8] { [0xEF, 0xBB, 0xBF] + row(names) }

  /// A line.
  static func row(_ cells: [String]) -> [UInt8] {
    var line: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      append(cell, to: &line)
    }
    return line + [13, 10]
  }

  private static func append(_ cell: String, to line: inout [UInt8]) {
    let isFormula = cell.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    let isQuoted = cell.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") || $0 == 10 || $0 == 13 }
    if isQuoted { line.append(UInt8(ascii: "\"")) }
    if isFormula { line.append(UInt8(ascii: "'")) }
    for byte in cell.utf8 {
      if byte == UInt8(ascii: "\"") { line.append(byte) }
      line.append(byte)
    }
    if isQuoted { line.append(UInt8(ascii: "\"")) }
  }

  /// What a value is in a cell: nothing for null, JSON for lists and objects.
  static func cell(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: return ""
    case .string(let text): return text
    case .some(let value):
      var writer = JSONWriter()
      writer.value(value)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }
}

/// Members of speeches as columns: each part of an object has its own, such as `speaker_name`.
struct SpeechTable {
  private static let parts = [
    "speaker": ["name", "role", "organisation", "level"],
    "date": ["value", "precision", "earliest", "latest", "kind"],
    "delivered": ["value", "precision", "earliest", "latest"],
    "published": ["value", "precision", "earliest", "latest"],
    "source": [
      "name", "site", "url", "author", "editor", "disclaimer", "media_type", "encoding", "file_name", "sha256",
      "imported_at",
    ],
  ]

  private let columns: [(member: String, part: String?)]
  private let selection: Selection

  /// The columns of some members, in their order.
  init(members: [String]) {
    columns = members.flatMap { member in
      Self.parts[member].map { $0.map { part in (member, part) } } ?? [(member, nil)]
    }
    selection = Selection(fields: members)
  }

  /// The line with the names. A date's value has the name of the date.
  var head: [UInt8] {
    Table.head(columns.map { $0.part == nil || $0.part == "value" ? $0.member : "\($0.member)_\($0.part ?? "")" })
  }

  /// The line of a speech.
  func row(_ stored: StoredSpeech) throws -> [UInt8] {
    let value = try JSONReader.read(SpeechResource(stored: stored).json(selection))
    return Table.row(
      columns.map { column in
        let member = value[column.member]
        return Table.cell(column.part.map { member?[$0] } ?? member)
      })
  }
}
