import CLibXML2
import Corpus
import Glibc

/// An XML document as a stream of events: libxml2's reader, held to what a text needs.
///
/// Nothing is fetched and no document type is loaded. A document that declares entities of its own, or uses one that
/// XML does not give it, is refused before or where it does so; elements nest at most `maximumDepth` deep.
final class XMLStream {
  /// What stands next in the document.
  enum Event {
    /// An element begins; `name`, `namespace` and `attribute` speak of it.
    case start
    /// The element that began last and is still open ends; `name` is its name.
    case end
    /// Characters; `append` and `text` give them.
    case text
    /// The document is over.
    case finish
  }

  /// How deep elements may nest.
  static let maximumDepth = 200

  private let memory: UnsafeMutableBufferPointer<CChar>
  private let reader: xmlTextReaderPtr
  /// Whether the element that just began is empty, so that its end comes next.
  private var owesEnd = false
  private var hasText = false
  /// Local names of the open elements.
  private(set) var path: [String] = []
  /// Local name of the element that begins or ends.
  private(set) var name = ""

  /// A stream over a document in UTF-8, whatever encoding it declares.
  init(_ document: String) throws(Refusal) {
    if XMLProlog.declaresEntities(document) {
      throw Refusal(
        code: "malformed_xml",
        reason: "The document declares entities (<!ENTITY …>), which are not expanded; "
          + "write the characters themselves."
      )
    }
    let bytes = document.utf8
    memory = .allocate(capacity: bytes.count + 1)
    memory.initialize(repeating: 0)
    UnsafeMutableRawBufferPointer(memory).copyBytes(from: bytes)
    let options =
      XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
      | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_NOCDATA.rawValue
    guard
      let reader = xmlReaderForMemory(memory.baseAddress, Int32(bytes.count), nil, "UTF-8", Int32(options))
    else {
      memory.deallocate()
      throw Refusal(code: "malformed_xml", reason: "The document cannot be read as XML.")
    }
    self.reader = reader
  }

  deinit {
    xmlFreeTextReader(reader)
    memory.deallocate()
  }

  /// Number of elements that are open, one that begins included; while one ends, without it.
  var depth: Int { path.count }

  /// Line of the document where the reader stands, from 1.
  var line: Int { Int(xmlTextReaderGetParserLineNumber(reader)) }

  /// The namespace of the element that begins.
  var namespace: String { Self.string(xmlTextReaderConstNamespaceUri(reader)) ?? "" }

  /// The `xml:lang` that holds where the reader stands.
  var language: String? {
    guard let text = Self.string(xmlTextReaderConstXmlLang(reader)), !text.isEmpty else { return nil }
    return text
  }

  /// The characters of a text event.
  var text: String { Self.string(xmlTextReaderConstValue(reader)) ?? "" }

  /// Lends the bytes of a text event.
  func withText(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    guard let value = xmlTextReaderConstValue(reader) else { return }
    body(UnsafeBufferPointer(start: value, count: Int(xmlStrlen(value))))
  }

  /// An attribute of the element that begins, by its name with prefix; nil where it is absent or blank.
  func attribute(_ name: String) -> String? {
    guard let value = xmlTextReaderGetAttribute(reader, name) else { return nil }
    defer { free(value) }
    let text = String(cString: value).trimmed
    return text.isEmpty ? nil : text
  }

  /// An attribute of the element that begins, as it is written; nil where it is absent.
  /// - Parameter namespace: the namespace of its name; empty for none.
  func exactAttribute(_ name: String, namespace: String = "") -> String? {
    let value =
      namespace.isEmpty
      ? xmlTextReaderGetAttribute(reader, name) : xmlTextReaderGetAttributeNs(reader, name, namespace)
    guard let value else { return nil }
    defer { free(value) }
    return String(cString: value)
  }

  /// Every character inside the element that just began, as it is written.
  func exactText() throws(Refusal) -> String {
    let depth = depth
    var characters = ""
    while true {
      switch try next() {
      case .text: characters += text
      case .end: if self.depth < depth { return characters }
      case .start: break
      case .finish: return characters
      }
    }
  }

  /// Goes on to the next event; comments, instructions and the document type are passed over.
  func next() throws(Refusal) -> Event {
    if owesEnd {
      owesEnd = false
      name = path.removeLast()
      return .end
    }
    while true {
      xmlResetLastError()
      switch xmlTextReaderRead(reader) {
      case 1: break
      case 0: return .finish
      default: throw failure()
      }
      switch UInt32(xmlTextReaderNodeType(reader)) {
      case XML_READER_TYPE_ELEMENT.rawValue:
        name = Self.string(xmlTextReaderConstLocalName(reader)) ?? ""
        path.append(name)
        if path.count > Self.maximumDepth {
          throw Refusal(
            code: "malformed_xml", reason: "The elements nest deeper than \(Self.maximumDepth) levels.", line: line)
        }
        owesEnd = xmlTextReaderIsEmptyElement(reader) == 1
        return .start
      case XML_READER_TYPE_END_ELEMENT.rawValue:
        name = path.popLast() ?? ""
        return .end
      case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue, XML_READER_TYPE_WHITESPACE.rawValue,
        XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
        return .text
      case XML_READER_TYPE_ENTITY_REFERENCE.rawValue:
        let entity = Self.string(xmlTextReaderConstName(reader)) ?? ""
        throw Refusal(
          code: "malformed_xml",
          reason: "The document uses the entity &\(entity);, which XML does not know; write the character itself.",
          line: line)
      default: continue
      }
    }
  }

  /// Passes over the rest of the element that just began.
  func skip() throws(Refusal) {
    let depth = depth
    while depth <= self.depth {
      if case .finish = try next() { return }
    }
  }

  private func failure() -> Refusal {
    guard let error = xmlGetLastError(), let message = error.pointee.message else {
      return Refusal(code: "malformed_xml", reason: "The document is not well-formed XML.", line: line)
    }
    let line = Int(error.pointee.line)
    return Refusal(
      code: "malformed_xml",
      reason: "The document is not well-formed XML: \(String(cString: message).trimmed) (line \(line)).", line: line)
  }

  private static func string(_ pointer: UnsafePointer<xmlChar>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}

/// What stands before the root element.
enum XMLProlog {
  /// Whether a document type declares entities.
  static func declaresEntities(_ document: String) -> Bool {
    let bytes = document.utf8
    guard let start = bytes.firstIndex(of: UInt8(ascii: "<")) else { return false }
    var rest = bytes[start...]
    while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[open...]
      if rest.starts(with: "<?".utf8) {
        guard let end = rest.firstRange(of: "?>".utf8) else { return false }
        rest = rest[end.upperBound...]
      } else if rest.starts(with: "<!--".utf8) {
        guard let end = rest.firstRange(of: "-->".utf8) else { return false }
        rest = rest[end.upperBound...]
      } else if rest.starts(with: "<!".utf8) {
        if rest.starts(with: "<!ENTITY".utf8) { return true }
        // Into the document type: what it declares begins with the same mark.
        rest = rest.dropFirst(2)
      } else {
        return false
      }
    }
    return false
  }

  /// The encoding that the XML declaration names.
  static func encoding(_ bytes: [UInt8]) -> String? {
    let head = String(decoding: bytes.prefix(200), as: UTF8.self)
    guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>"),
      let key = head[..<end.lowerBound].firstRange(of: "encoding")
    else { return nil }
    let value = head[key.upperBound..<end.lowerBound].drop { $0 != "\"" && $0 != "'" }.dropFirst()
      .prefix { $0 != "\"" && $0 != "'" }
    return value.isEmpty ? nil : String(value)
  }
}
