import Corpus
import HTTP
import HTTPTypes
import Interchange
import Storage

/// `POST /v1/speeches` and `DELETE /v1/speeches/ID`: what changes the corpus.
struct ImportRoutes {
  let imports: ImportRepository
  let cards: CardRepository
  let speeches: SpeechRepository
  let reader: DocumentReader
  let now: @Sendable () -> String

  private static let id: Parameter<String> = .path("id", "Id of the speech.")

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .post, "/v1/speeches", name: "importSpeeches", summary: "Imports one document, or many.",
        body: .init(
          mediaTypes: DocumentReader.mediaTypes,
          summary: "A document; a JSON array or NDJSON for many. The least JSON is {\"text\": \"…\"}."),
        writes: true,
        results: [
          .init(201, "The speech is new.", schema: "Receipt"),
          .init(200, "It was revised or known already; of many, the report.", schema: "ImportReport"),
        ],
        problems: [
          .init(415, "unsupported_media_type", "The document is of a kind that is not read."),
          .init(422, "no_text", "The document is well formed, but cannot be a speech."),
          .init(507, "storage_full", "There is no room left; nothing was kept."),
        ],
        handler: .worker(post)),
      Endpoint(
        .delete, "/v1/speeches/{id}", name: "deleteSpeech", summary: "Takes a speech out of the corpus.",
        parameters: [Self.id.specification], writes: true,
        results: [.init(204, "It is out; its address answers 410 from now on.")],
        problems: [SpeechRoutes.missing, SpeechRoutes.gone], handler: .worker(delete)),
    ]
  }

  private func post(_ call: Call) throws -> Response {
    let request = call.request
    let declared = request.headerFields[.contentType]?.prefix { $0 != ";" }.trimmed.lowercased()
    guard let mediaType = declared, DocumentReader.mediaTypes.contains(mediaType) else {
      throw Problem(
        .unsupportedMediaType, code: "unsupported_media_type",
        detail: "Content-Type has to be one of \(DocumentReader.mediaTypes.joined(separator: ", ")).",
        headerFields: [.accept: DocumentReader.mediaTypes.joined(separator: ", ")])
    }
    let outcomes = reader.read(
      RawDocument(bytes: request.body, mediaType: mediaType, fileName: nil, sidecar: nil))
    let isBatch =
      outcomes.count > 1 || mediaType == "application/x-ndjson"
      || mediaType == "application/json" && request.body.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "[")
    if !isBatch, case .refused(let refusal) = outcomes.first { throw ErrorAnswers.problem(for: refusal) }

    let deposits = outcomes.compactMap { outcome -> Deposit? in
      guard case .read(let reading) = outcome else { return nil }
      return Deposit(id: reading.id, speech: reading.speech, document: reading.document)
    }
    let receipts = try imports.keep(deposits, at: now())
    if !isBatch, let receipt = receipts.first { return try answer(receipt) }
    return ImportReport(outcomes: outcomes, receipts: receipts).response
  }

  /// The answer to a single document: its card.
  private func answer(_ receipt: Receipt) throws -> Response {
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
    if try imports.delete(id, at: now()) { return Response(status: .noContent) }
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

extension Refusal {
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("code", code)
    writer.member("reason", reason)
    writer.member("pointer", pointer)
    writer.member("line", line)
  }
}
