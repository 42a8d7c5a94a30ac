/// A document as it was imported: the bytes and what is known of them without reading their content.
public struct SourceDocument: Hashable, Sendable {
  /// The bytes as they came.
  public let bytes: [UInt8]
  /// SHA-256 of the bytes in lower-case hexadecimal: found once, as a document may hold thousands of speeches.
  public let sha256: String
  /// The media type without parameters: `text/plain`, `text/html`, `application/json`.
  public var mediaType: String
  /// The character encoding that the bytes were decoded with: `UTF-8`, `UTF-16LE`, `UTF-16BE`, `GB18030`.
  public var encoding: String?
  /// The name of the file, without folders.
  public var fileName: String?
  /// The bytes of the `<file>.meta.json` beside it.
  public var sidecar: [UInt8]?

  /// A document as it came.
  public init(
    bytes: [UInt8], mediaType: String, encoding: String? = nil, fileName: String? = nil, sidecar: [UInt8]? = nil
  ) {
    self.bytes = bytes
    sha256 = bytes.sha256
    self.mediaType = mediaType
    self.encoding = encoding
    self.fileName = fileName
    self.sidecar = sidecar
  }
}

/// What is known of a document beside its content: facts that the server adds to a speech's `source`.
public struct SourceFacts: Hashable, Sendable {
  /// Media type without parameters.
  public var mediaType: String
  /// Character encoding.
  public var encoding: String?
  /// Name of the file, without folders.
  public var fileName: String?
  /// SHA-256 of the bytes in hexadecimal.
  public var sha256: String
  /// When it was imported, ISO 8601 in UTC.
  public var importedAt: String?

  /// The facts about a document.
  public init(_ document: SourceDocument, importedAt: String?) {
    mediaType = document.mediaType
    encoding = document.encoding
    fileName = document.fileName
    sha256 = document.sha256
    self.importedAt = importedAt
  }

  /// The facts as they are.
  public init(mediaType: String, encoding: String?, fileName: String?, sha256: String, importedAt: String?) {
    self.mediaType = mediaType
    self.encoding = encoding
    self.fileName = fileName
    self.sha256 = sha256
    self.importedAt = importedAt
  }
}

extension [UInt8] {
  /// SHA-256 in lower-case hexadecimal.
  public var sha256: String { SHA256.digest(of: self).hexadecimal }
}

extension Sequence<UInt8> {
  /// Two lower-case hexadecimal digits a byte.
  public var hexadecimal: String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
    var text: [UInt8] = []
    text.reserveCapacity(underestimatedCount * 2)
    for byte in self {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
