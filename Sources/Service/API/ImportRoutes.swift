import Corpus
import Dispatch
import HTTP
import HTTPTypes
import Interchange
import Storage

/// `POST /v1/speeches` and `DELETE /v1/speeches/ID`: what changes the corpus.
struct ImportRoutes {
  let imports: ImportRepository
  let purges: PurgeRepository
  /// Gives up what is kept outside of the database.
  let forget: @Sendable () -> Void
  let cards: CardRepository
  let speeches: SpeechRepository
  let collections: CollectionRepository
  let reader: DocumentReader
  let metrics: ImportMetrics
  let now: @Sendable () -> String

  private static let id: Parameter<String> = .path("id", "Id of the speech.").example("d35ntcd9an8f")

  private static let purge: Parameter<Bool> = .once(
    "purge", .boolean, default: "false",
    "Whether text, source, older revisions and index entries are taken out for good too, also of a speech that was deleted "
      + "before; the change log goes on telling that it was there. Needs a token of scope admin.",
    convert: { $0 == "true" })

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .post, "/v1/speeches", name: "importSpeeches", summary: "Imports one document, or many.",
        body: .init(
          mediaTypes: DocumentReader.mediaTypes,
          summary: "A document; a JSON array or NDJSON for many. The least JSON is {\"text\": \"…\"}.",
          schema: "Documents", check: Self.checkType),
        access: .write,
        results: [
          .init(201, "The speech is new.", schema: "Receipt"),
          .init(200, "It was revised or known already; of many, the report.", schema: "Receipt", "ImportReport"),
        ],
        problems: [
          .init(400, "malformed_xml", "The document is not well-formed XML, or nests too deep."),
          .init(400, "invalid_encoding", "The bytes are not in the encoding that they should be in."),
          .init(413, "too_large", "The document is larger, or holds more records, than is read at once."),
          .init(415, "unsupported_media_type", "The document is of a kind that is not read."),
          .init(415, "unsupported_content_encoding", "The body is compressed."),
          .init(415, "unsupported_charset", "`charset` names an encoding that is not read."),
          .init(422, "no_text", "The document is well formed, but cannot be a speech."),
          .init(422, "empty_document", "The document holds nothing but white space, or no record."),
          .init(422, "binary_document", "The document is not text."),
          .init(507, "storage_full", "There is no room left; nothing was kept."),
        ],
        handler: .worker(post)),
      Endpoint(
        .delete, "/v1/speeches/{id}", name: "deleteSpeech", summary: "Takes a speech out of the corpus.",
        parameters: [Self.id.specification, Self.purge.specification], access: .write, adminParameters: ["purge"],
        results: [
          .init(204, "It is out; its address answers 410 from now on. After a purge no byte of it is in the database.")
        ],
        problems: [
          SpeechRoutes.missing, SpeechRoutes.gone, SpeechRoutes.changed,
          .init(
            409, "document_shared",
            "The speech was to be purged, and other speeches were read from its document: the detail names them."),
        ], handler: .worker(delete)),
    ]
  }

  private func post(_ call: Call) throws -> Response {
    let began = DispatchTime.now().uptimeNanoseconds
    var counts: [ImportMetrics.Result: Int] = [:]
    defer { metrics.record(counts, seconds: Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9) }
    let request = call.request
    let contentType = request.headerFields[.contentType] ?? ""
    let outcomes = reader.read(
      RawDocument(bytes: request.body, mediaType: contentType, fileName: nil, sidecar: nil))
    // What is wrong with a document as a whole is a problem; a list of records has a report.
    let isList = outcomes.count > 1 || Self.isList(contentType, request.body)
    if case .refused(let refusal) = outcomes.first, outcomes.count == 1,
      !isList || refusal.pointer == nil && refusal.line == nil
        || refusal.code == "malformed_json" && !Self.isLines(contentType)
    {
      counts[.refused] = 1
      throw ErrorAnswers.problem(for: refusal)
    }

    counts[.refused] = outcomes.count { if case .refused = $0 { true } else { false } }
    let readings = outcomes.compactMap { if case .read(let reading) = $0 { reading } else { nil } }
    let receipts = try imports.keep(readings, at: now(), reverts: !isList)
    for receipt in receipts { counts[ImportMetrics.Result(receipt.status), default: 0] += 1 }
    if !isList, let receipt = receipts.first { return try Self.answer(receipt, cards) }
    return ImportReport(outcomes: outcomes, receipts: receipts).response
  }

  /// Throws where documents of that kind, or coded that way, are not read.
  @Sendable private static func checkType(of request: Request) throws {
    if let coding = request.headerFields[.contentEncoding]?.trimmed.lowercased(), coding != "identity", !coding.isEmpty
    {
      throw Problem(
        .unsupportedMediaType, code: "unsupported_content_encoding",
        detail: "Bodies are taken as they are, not compressed: Content-Encoding “\(coding)” is not read.",
        headerFields: [.acceptEncoding: "identity"])
    }
    let field = request.headerFields[.contentType] ?? ""
    guard DocumentReader.mediaTypes.contains(name(of: field)) else {
      throw Problem(
        .unsupportedMediaType, code: "unsupported_media_type",
        detail: "Content-Type has to be one of \(DocumentReader.mediaTypes.joined(separator: ", ")).",
        headerFields: [.accept: DocumentReader.mediaTypes.joined(separator: ", ")])
    }
    let charset = field.lowercased().firstRange(of: "charset=").map { field.lowercased()[$0.upperBound...] }
    if let charset = charset?.prefix(while: { $0 != ";" }).filter({ $0 != "\"" && $0 != " " }),
      name(of: field).contains("json") && charset != "utf-8" || !charsets.contains(charset)
    {
      throw Problem(
        .unsupportedMediaType, code: "unsupported_charset",
        detail: "The charset “\(charset.prefix(40))” is not read here; JSON is UTF-8, text may be "
          + charsets.joined(separator: ", ") + ".")
    }
  }

  private static let charsets = [
    "utf-8", "utf8", "us-ascii", "utf-16", "utf-16le", "utf-16be", "gb18030", "gbk", "gb2312",
  ]

  private static func name(of contentType: String) -> String { contentType.prefix { $0 != ";" }.trimmed.lowercased() }

  private static func isList(_ contentType: String, _ body: [UInt8]) -> Bool {
    isLines(contentType)
      || name(of: contentType) == "application/json"
        && body.first { ![9, 10, 13, 32, 0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "[")
  }

  private static func isLines(_ contentType: String) -> Bool { name(of: contentType) == "application/x-ndjson" }

  /// The answer to who wrote a single speech: what was done, and its card.
  static func answer(_ receipt: Receipt, _ cards: CardRepository) throws -> Response {
    let card = try cards.card(receipt.id)
    var writer = JSONWriter(capacity: 1024)
    writer.object { writer in
      writer.member("status", receipt.status.rawValue)
      writer.member("id", receipt.id.text)
      writer.member("url", SpeechResource.url(receipt.id.text))
      writer.member("revision", receipt.revision)
      writer.json(Array((card?.members ?? "").utf8))
      writer.array("warnings") { for warning in receipt.warnings { $0.string(warning) } }
    }
    var response = Response.json(writer.bytes, status: receipt.status == .created ? .created : .ok)
    response.headerFields[.location] = SpeechResource.url(receipt.id.text)
    return response
  }

  private func delete(_ call: Call) throws -> Response {
    let text = try call[Self.id]
    guard let id = SpeechID(text) else { throw SpeechRoutes.missingProblem(text) }
    let slugs = try collections.memberships(of: [text]).slugs[text] ?? []
    let isDeleted: Bool
    if try call[Self.purge] {
      defer { forget() }
      isDeleted = try !purges.purge([id], at: now()) { try SpeechRoutes.require(call, $0, slugs) }.purged.isEmpty
    } else {
      isDeleted = try imports.delete(id, at: now()) { try SpeechRoutes.require(call, $0, slugs) }
    }
    if isDeleted { return Response(status: .noContent) }
    if case .deleted(let time) = try speeches.identity(of: id) { throw SpeechRoutes.goneProblem(text, at: time) }
    throw SpeechRoutes.missingProblem(text)
  }
}

/// What became of many documents.
struct ImportReport {
  let outcomes: [Outcome]
  let receipts: [Receipt]

  var response: Response {
    var writer = JSONWriter(capacity: 256 * outcomes.count)
    writer.object { writer in
      for status in Receipt.Status.allCases {
        writer.name(status.rawValue)
        writer.integer(receipts.count { $0.status == status })
      }
      writer.array("refused") { writer in
        for (index, outcome) in outcomes.enumerated() {
          guard case .refused(let refusal) = outcome else { continue }
          writer.object { writer in
            writer.member("index", index)
            refusal.writeMembers(to: &writer)
          }
        }
      }
      writer.array("items") { writer in
        var next = receipts.makeIterator()
        for outcome in outcomes {
          writer.object { writer in
            switch outcome {
            case .refused(let refusal):
              writer.member("status", "refused")
              writer.member("id", String?.none)
              writer.array("warnings") { _ in }
              refusal.writeMembers(to: &writer)
            case .read:
              guard let receipt = next.next() else { return }
              writer.member("status", receipt.status.rawValue)
              writer.member("id", receipt.id.text)
              writer.array("warnings") { for warning in receipt.warnings { $0.string(warning) } }
              writer.member("reason", String?.none)
            }
          }
        }
      }
    }
    return .json(writer.bytes)
  }
}

extension ImportMetrics.Result {
  fileprivate init(_ status: Receipt.Status) {
    self =
      switch status {
      case .created: .created
      case .revised: .revised
      case .unchanged: .unchanged
      }
  }
}

extension Refusal {
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("code", code)
    writer.member("reason", reason)
    writer.member("pointer", pointer)
    writer.member("line", line)
  }
}
