import Corpus
import HTTP
import HTTPTypes
import Storage

/// `/v1/speeches/ID/text`: the canonical text, and passages of it that can be cited and asked after.
struct TextRoutes {
  let speeches: SpeechRepository

  static let start: Parameter<Int?> = .optional(
    "start", .integer(0...Int.max), "First code point of the passage.", convert: { Int($0) }
  ).example("0")
  static let end: Parameter<Int?> = .optional(
    "end", .integer(0...Int.max), "Code point after the passage.", convert: { Int($0) }
  ).example("40")
  private static let sha256: Parameter<String?> = .optional(
    "sha256", .text(maximum: 64),
    "SHA-256 of the passage's UTF-8 as it was quoted, in hexadecimal: asks whether it still stands there.",
    convert: { text in
      let digits = Array(text.lowercased().utf8)
      let isDigest = digits.count == 64 && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
      return isDigest ? text.lowercased() : nil
    }
  ).example(Array("各位乡亲：".utf8).sha256)

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1/speeches/{id}/text", name: "getText",
        summary: "The canonical text; with start and end a passage of it and its permanent address; with sha256, "
          + "whether that still stands there, and where else.",
        parameters: [
          SpeechRoutes.id.specification, SpeechRoutes.revision.specification, Self.start.specification,
          Self.end.specification, Self.sha256.specification,
        ],
        formats: [.plainText, .json],
        results: [.init(200, "The text, or the passage as JSON.", schema: "Passage")],
        problems: [SpeechRoutes.missing, SpeechRoutes.gone, SpeechRoutes.noRevision], handler: .quick(text))
    ]
  }

  private func text(_ call: Call) throws -> Endpoint.Reply {
    let (start, end) = (try call[Self.start], try call[Self.end])
    let isWhole = start == nil && end == nil
    if let sha256 = try call[Self.sha256] {
      guard call.format == .json || !call.isFormatAsked else {
        throw Self.sha256.problem("what became of a passage is told as JSON only")
      }
      return .onWorkers { try checked(call, start: start, end: end, sha256) }
    }
    // A passage comes as JSON unless plain text was asked for by name.
    let isPlain = call.format == .plainText && (isWhole || call.isFormatAsked)
    return try speeches.answer(
      call, revision: call[SpeechRoutes.revision], tag: isWhole && isPlain ? \.digest : nil
    ) { reader in
      let stored = try reader.content()
      let span = try Self.span(start, end, of: stored)
      guard isPlain else {
        return Response.json(PassageResource(stored: stored, span: span).json)
          .tagged(stored.identity.digest + " \(span.start) \(span.end)").dated(stored.identity.updatedAt)
      }
      return Response(
        status: .ok, headerFields: [.contentType: call.format.contentType],
        body: .bytes(Array(stored.text.slice(span)))
      ).tagged(isWhole ? stored.identity.digest : stored.identity.digest + " \(span.start) \(span.end)")
        .dated(stored.identity.updatedAt)
    }
  }

  /// What became of a passage.
  private func checked(_ call: Call, start: Int?, end: Int?, _ sha256: String) throws -> Response {
    let revision = try call[SpeechRoutes.revision]
    let check = try call.found {
      try speeches.check($0, revision: revision, start: start ?? 0, end: end, sha256: sha256)
    }
    let span = try Self.span(start, end, of: check.speech)
    return Response.json(PassageResource(stored: check.speech, span: span, check: check).json)
      .tagged("\(check.current.digest) \(check.speech.identity.digest) \(span.start) \(span.end) \(sha256)")
  }

  /// The passage that is asked for, if the text has it.
  static func span(_ start: Int?, _ end: Int?, of stored: StoredSpeech) throws -> Span {
    let span = Span(start ?? 0, end ?? stored.text.count)
    guard span.start < span.end, span.end <= stored.text.count else {
      throw (span.end > stored.text.count ? Self.end : Self.start).problem(
        "the text has \(stored.text.count) characters; [\(span.start), \(span.end)) is no passage of it")
    }
    return span
  }
}
