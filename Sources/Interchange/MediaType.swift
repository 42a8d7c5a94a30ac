import Corpus

/// A declared media type, and what bytes look like where none was declared.
struct MediaType {
  /// Type and subtype in lower case.
  var name: String
  /// The `charset` parameter.
  var charset: String?

  init(_ text: String) {
    let parts = text.split(separator: ";")
    name = (parts.first.map(String.init) ?? "").trimmed.lowercased()
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
      if pair.count == 2, pair[0].lowercased() == "charset" {
        charset = pair[1].filter { $0 != "\"" && $0 != "'" }
      }
    }
  }

  /// The media type of bytes of which nothing is known.
  static func guess(_ bytes: [UInt8]) -> String {
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < bytes.count, bytes[index] <= 32 { index += 1 }
    let head = String(decoding: bytes[index..<min(bytes.count, index + 400)], as: UTF8.self).lowercased()
    if head.hasPrefix("<!doctype html") || head.hasPrefix("<html") || head.hasPrefix("<head")
      || head.hasPrefix("<body")
    {
      return "text/html"
    }
    if head.hasPrefix("<?xml") { return head.contains("<html") ? "application/xhtml+xml" : "application/xml" }
    if head.hasPrefix("<") { return "application/xml" }
    if head.hasPrefix("{") || head.hasPrefix("[{") { return "application/json" }
    return "text/plain"
  }

  static func isXML(_ type: String) -> Bool { type.hasSuffix("xml") }

  /// Why a type is not read; of XML, the root element is named.
  static func reason(_ type: String, _ bytes: [UInt8]) -> String {
    if isXML(type) || bytes.starts(with: Array("<?xml".utf8)), let root = rootElement(bytes) {
      return
        "XML with the root element <\(root)> is not read; TEI (<TEI>, <teiCorpus>), Akoma Ntoso (<akomaNtoso>) and XHTML are."
    }
    return
      "Documents of the type \(type.isEmpty ? "(none)" : type) are not read; plain text, Markdown, HTML, JSON, NDJSON, TEI and Akoma Ntoso are."
  }

  /// The name of the first element, past declarations and comments.
  static func rootElement(_ bytes: [UInt8]) -> String? {
    var index = 0
    let limit = min(bytes.count, 65_536)
    while index < limit {
      guard bytes[index] == UInt8(ascii: "<"), index + 1 < limit else {
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "?"), UInt8(ascii: "!"):
        index += 2
      default:
        var end = index + 1
        while end < limit, bytes[end] > 32, bytes[end] != UInt8(ascii: ">"), bytes[end] != UInt8(ascii: "/"),
          end - index < 80
        { end += 1 }
        return end > index + 1 ? String(decoding: bytes[(index + 1)..<end], as: UTF8.self) : nil
      }
    }
    return nil
  }
}
