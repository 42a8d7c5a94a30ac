public import Corpus

/// One document as it comes from a file or a request body.
public struct RawDocument: Sendable {
  /// The bytes.
  public var bytes: [UInt8]
  /// Media type as declared, parameters and all; nil where nobody said.
  public var mediaType: String?
  /// Name of the file.
  public var fileName: String?
  /// The bytes of the `<file>.meta.json` beside it.
  public var sidecar: [UInt8]?

  /// A document as it came.
  public init(bytes: [UInt8], mediaType: String? = nil, fileName: String? = nil, sidecar: [UInt8]? = nil) {
    self.bytes = bytes
    self.mediaType = mediaType
    self.fileName = fileName
    self.sidecar = sidecar
  }
}

/// What became of one document.
public enum Outcome: Sendable {
  case read(Reading)
  case refused(Refusal)
}

/// Reads documents of every form that is known into speeches: a pure function of the bytes.
public struct DocumentReader: Sendable {
  private let maximumBytes: Int
  private let maximumRecords: Int

  /// A reader that refuses documents above a size, and lists with more records than it may read at once.
  public init(maximumBytes: Int = 16 << 20, maximumRecords: Int = 100_000) {
    self.maximumBytes = maximumBytes
    self.maximumRecords = maximumRecords
  }

  /// Media types that are accepted.
  public static let mediaTypes = [
    "text/plain", "text/markdown", "text/html", "application/xhtml+xml", "application/json",
    "application/x-ndjson", "application/tei+xml", "application/akn+xml", "application/xml", "text/xml",
  ]

  /// The media type that the ending of a file's name stands for.
  public static func mediaType(forFileName name: String) -> String? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    return switch name[dot...].dropFirst().lowercased() {
    case "txt", "text": "text/plain"
    case "md", "markdown": "text/markdown"
    case "html", "htm", "shtml": "text/html"
    case "xhtml": "application/xhtml+xml"
    case "json": "application/json"
    case "ndjson", "jsonl": "application/x-ndjson"
    case "xml": "application/xml"
    case "tei": "application/tei+xml"
    case "akn": "application/akn+xml"
    default: nil
    }
  }

  /// Reads a document; several where it is a list of records. Never empty.
  public func read(_ document: RawDocument) -> [Outcome] {
    guard !document.bytes.isEmpty else {
      let isJSON = document.mediaType.map { MediaType($0).name == "application/json" } ?? false
      return [
        .refused(Refusal(code: isJSON ? "malformed_json" : "empty_document", reason: "The document is empty."))
      ]
    }
    let declared = document.mediaType.map(MediaType.init)
    let type =
      declared?.name ?? document.fileName.flatMap(Self.mediaType) ?? MediaType.guess(document.bytes)
    let isLines = ["application/x-ndjson", "application/ndjson", "application/jsonl"].contains(type)
    // Of a list of lines each is a document with that bound; whoever hands them over bounds the list.
    if document.bytes.count > maximumBytes, !isLines {
      return [
        .refused(
          Refusal(
            code: "too_large",
            reason: "The document has \(document.bytes.count) bytes; at most \(maximumBytes) are accepted."))
      ]
    }
    switch type {
    case "application/json", "text/json": return JSONDocuments.readJSON(document, maximumRecords: maximumRecords)
    case _ where isLines:
      return JSONDocuments.readLines(document, maximumRecords: maximumRecords, maximumBytes: maximumBytes)
    case "text/plain", "text/markdown", "text/html", "application/xhtml+xml":
      return readText(document, type: type, charset: declared?.charset)
    case _ where XMLDocuments.mediaTypes.contains(type):
      return switch XMLDocuments.read(document, charset: declared?.charset) {
      case .outcomes(let outcomes): outcomes
      case .page: readText(document, type: "application/xhtml+xml", charset: declared?.charset)
      }
    default:
      if let refusal = Binary.fault(of: document.bytes), !MediaType.isXML(type) { return [.refused(refusal)] }
      return [
        .refused(Refusal(code: "unsupported_media_type", reason: MediaType.reason(type, document.bytes)))
      ]
    }
  }

  /// Reads a document again that was kept: all that decided about it then is kept with it.
  ///
  /// Its encoding, where it has one, was declared by who sent it or by the document; one that was guessed is left out, to be
  /// guessed again.
  public func read(again document: SourceDocument) -> [Outcome] {
    // The bytes of a record are a slice of a text that was UTF-8 by then, whatever the document was.
    let isRecord = document.mediaType == "application/json"
    let charset = isRecord ? "" : document.encoding.map { "; charset=" + $0 } ?? ""
    return read(
      RawDocument(
        bytes: document.bytes, mediaType: document.mediaType + charset, fileName: document.fileName,
        sidecar: document.sidecar))
  }

  private func readText(_ document: RawDocument, type: String, charset: String?) -> [Outcome] {
    switch pages(of: document, type: type, charset: charset) {
    case .failure(let refusal): [.refused(refusal)]
    case .success(let (text, pages)): read(pages, text: text, type: type, document)
    }
  }

  /// A text and the pages on it, one for each speech.
  func pages(
    of document: RawDocument, type: String, charset: String?
  ) -> Result<(text: DecodedText, pages: [Page]), Refusal> {
    let isHTML = Self.isHTML(type)
    let declared = charset ?? (isHTML ? HTMLPage.declaredCharset(document.bytes) : nil)
    return Decoding.decode(document.bytes, declared: declared).flatMap { text in
      guard !text.scalars.contains("\0") else {
        return .failure(
          Refusal(code: "binary_document", reason: "The document holds the character U+0000: it is not text."))
      }
      guard text.scalars.contains(where: { !$0.isBlank }) else {
        return .failure(Refusal(code: "empty_document", reason: "The document holds nothing but white space."))
      }
      let isMarkdown = type == "text/markdown" || !isHTML && MarkdownPage.isLikely(text.scalars)
      let page: Result<Page, Refusal> =
        isHTML
        ? HTMLPage.read(text.scalars)
        : .success(isMarkdown ? MarkdownPage.read(text.scalars) : Paragraphs.split(text.scalars))
      return page.map { page in
        var page = page
        if text.isGuessed { page.warnings.append("encoding_guessed") }
        if let sidecar = document.sidecar { Sidecar.read(sidecar, into: &page) }
        return (text, SeveralSpeeches.split(page))
      }
    }
  }

  static func isHTML(_ type: String) -> Bool { type == "text/html" || type == "application/xhtml+xml" }

  private func read(_ pages: [Page], text: DecodedText, type: String, _ document: RawDocument) -> [Outcome] {
    let source = SourceDocument(
      bytes: document.bytes, mediaType: type, encoding: text.encoding, fileName: document.fileName,
      sidecar: document.sidecar)
    let decoded = text.string
    let places = ExactPlaces(text.scalars, isHTML: Self.isHTML(type))
    return pages.enumerated().map { offset, page in
      var speech = PageReader.read(page)
      places.mend(&speech)
      guard !speech.text.isEmpty else {
        return .refused(Refusal(code: "no_text", reason: "No text of a speech was found in the document."))
      }
      let id = SpeechID(
        address: speech.provenance.url, decodedSource: decoded, ordinal: pages.count > 1 ? offset + 1 : nil)
      return .read(Reading(id: id, speech: speech, document: source))
    }
  }
}
