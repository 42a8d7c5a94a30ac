import Corpus
import HTTP
import HTTPTypes
import Storage

/// `PATCH /v1/speeches/ID`: what a person decides about a speech.
struct CorrectionRoutes {
  let imports: ImportRepository
  let cards: CardRepository
  let speeches: SpeechRepository
  let collections: CollectionRepository
  let now: @Sendable () -> String

  /// The media types of a correction; RFC 7396 names the first.
  static let mediaTypes = ["application/merge-patch+json", "application/json"]

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .patch, "/v1/speeches/{id}", name: "correctSpeech",
        summary: "Corrects fields of a speech: decisions that stand whatever is read from its document.",
        parameters: [SpeechRoutes.id.specification],
        body: .init(
          mediaTypes: Self.mediaTypes,
          summary:
            "A JSON merge patch (RFC 7396): the fields with the values that they are to have, null for what is not "
            + "known. `corrections` with null for a name takes that correction back.",
          schema: "Correction", check: Self.checkType),
        access: .write,
        results: [.init(200, "It was revised; or unchanged, where it was so already.", schema: "Receipt")],
        problems: [
          SpeechRoutes.missing, SpeechRoutes.gone, SpeechRoutes.changed,
          .init(415, "unsupported_media_type", "The body is no JSON; `Accept-Patch` names what is read."),
          .init(422, "invalid_member", "A field cannot be corrected, or has a wrong value; `pointer` names it."),
        ], handler: .worker(patch))
    ]
  }

  private func patch(_ call: Call) throws -> Response {
    let text = try call[SpeechRoutes.id]
    let value: JSONValue
    do { value = try JSONReader.read(call.request.body) } catch {
      throw Problem(
        .badRequest, code: "malformed_json", detail: "The body is not JSON: \(error.message) (byte \(error.offset)).")
    }
    let slugs = try collections.memberships(of: [text]).slugs[text] ?? []
    let time = now()
    let receipt = try call.found { id in
      try imports.correct(id, at: time, check: { try SpeechRoutes.require(call, $0, slugs) }) {
        try $0.corrected(by: JSONCursor(value), at: time)
      }
    }
    var response = try ImportRoutes.answer(receipt, cards)
    // The tag is that of the speech as it is now (RFC 9110 §8.8.3): whoever goes on correcting it needs no GET between.
    let identity = try speeches.identity(call, revision: receipt.revision)
    let now = try collections.memberships(of: [text]).slugs[text] ?? []
    response.headerFields[.eTag] = Response.tag(SpeechRoutes.digest(identity, now), form: Format.json.contentType)
    return response
  }

  /// Throws where a body of that kind is no correction.
  @Sendable private static func checkType(of request: Request) throws {
    let type = (request.headerFields[.contentType] ?? "").prefix { $0 != ";" }.trimmed.lowercased()
    guard mediaTypes.contains(type) else {
      // RFC 5789 §2.2
      throw Problem(
        .unsupportedMediaType, code: "unsupported_media_type",
        detail: "Content-Type has to be one of \(mediaTypes.joined(separator: ", ")).",
        headerFields: [.acceptPatch: mediaTypes.joined(separator: ", ")])
    }
  }
}
