/// Why (a part of) a document could not be read.
public struct Refusal: Error, Sendable, Hashable {
  /// A stable word: `empty_document`, `binary_document`, `invalid_encoding`, `malformed_json`, `malformed_xml`,
  /// `invalid_member`,
  /// `no_text`, `too_large`, `unsupported_media_type`.
  public var code: String
  /// One sentence that a person understands.
  public var reason: String
  /// JSON pointer to the value at fault.
  public var pointer: String?
  /// Line of the document, from 1.
  public var line: Int?

  /// A refusal with its reason.
  public init(code: String, reason: String, pointer: String? = nil, line: Int? = nil) {
    self.code = code
    self.reason = reason
    self.pointer = pointer
    self.line = line
  }
}

/// Documents that are no text at all are refused by name before anyone tries to decode them.
enum Binary {
  private static let magic: [(bytes: [UInt8], name: String)] = [
    ([0x25, 0x50, 0x44, 0x46, 0x2D], "a PDF document"),
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive, such as a Word document (.docx)"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Office document (.doc)"),
    ([0x1F, 0x8B], "a gzip archive"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
    ([0x52, 0x61, 0x72, 0x21], "a RAR archive"),
    ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"),
    (Array("GIF8".utf8), "a GIF image"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    (Array("{\\rtf".utf8), "an RTF document"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
  ]

  /// Why these bytes are not text, nil where they may be.
  static func fault(of bytes: [UInt8]) -> Refusal? {
    for kind in magic where bytes.starts(with: kind.bytes) {
      return Refusal(code: "binary_document", reason: "The document is \(kind.name), not text.")
    }
    if let place = bytes.firstIndex(of: 0) {
      return Refusal(
        code: "binary_document",
        reason:
          "The document has a NUL byte at offset \(place) and no UTF-16 byte-order mark, so it is not text.")
    }
    return nil
  }
}
