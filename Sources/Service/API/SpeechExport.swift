import Corpus
import HTTP
import HTTPTypes
public import Storage

/// Speeches as they leave the corpus in lists of any length.
public enum SpeechExport {
  /// The forms of a list.
  public enum Form: String, CaseIterable, Sendable {
    /// Whole speeches, one JSON object a line: what an import reads again.
    case ndjson
    /// A table for spreadsheets: the members of cards.
    case csv
  }

  /// The whole speech as one JSON object without a line break.
  public static func json(_ stored: StoredSpeech) -> [UInt8] { SpeechResource(stored: stored).json(.everything) }

  /// Hands an export in a form to `send`, in pieces; `after` is called behind each speech.
  public static func write(
    _ export: Export<StoredSpeech>, as form: Form, after: () -> Void = {}, _ send: ([UInt8]) throws -> Void
  ) throws {
    switch form {
    case .ndjson:
      try write(export, after: after, send) { json($0) + [10] }
    case .csv:
      let table = SpeechTable(members: SpeechResource.cardMembers)
      try write(export, head: table.head, after: after, send, table.row)
    }
  }

  /// Hands what is written of each item to `send`, some of it at a time: what is held is a piece and an item.
  static func write<Item>(
    _ export: Export<Item>, head: [UInt8] = [], after: () -> Void = {}, _ send: ([UInt8]) throws -> Void,
    _ line: (Item) throws -> [UInt8]
  ) throws {
    var piece = head
    try export.each { item in
      piece += try line(item)
      if piece.count >= 32 << 10 {
        try send(piece)
        piece = []
      }
      after()
    }
    if !piece.isEmpty { try send(piece) }
  }
}

extension Format {
  /// TEI P5, as RFC 6129 names it.
  static let tei = Format(name: "tei", mediaType: "application/tei+xml")
  /// Akoma Ntoso.
  static let akomaNtoso = Format(name: "akn", mediaType: "application/akn+xml")
  /// JSON, one value a line.
  static let ndjson = Format(name: "ndjson", mediaType: "application/x-ndjson")
  /// A table (RFC 4180).
  static let csv = Format(name: "csv", mediaType: "text/csv")
}

extension Call {
  /// Whether the answer is to be the whole list as a stream, and not a page of it.
  var isExport: Bool { format == .ndjson || format == .csv }

  /// Refuses parameters that say nothing of an export.
  func refuse(_ parameters: [String], _ reason: String) throws {
    for item in request.target.query where parameters.contains(item.name) {
      throw Problem(
        .badRequest, code: "invalid_parameter",
        detail: "“\(item.name)” does not go with \(format.mediaType): \(reason)",
        parameter: item.name)
    }
  }

  /// Refuses pages of what comes whole.
  func refusePaging() throws {
    try refuse(["limit", "cursor"], "all that is found comes in one answer; narrow it by filters.")
  }

  /// An answer that is made while it is sent.
  func stream<Item>(
    _ export: Export<Item>, head: [UInt8] = [], _ line: @escaping @Sendable (Item) throws -> [UInt8]
  ) -> Response {
    Response(
      status: .ok, headerFields: [.contentType: format.contentType],
      body: .stream { body in try SpeechExport.write(export, head: head, { try body.write($0) }, line) }
    ).tagged(export.state)
  }
}
