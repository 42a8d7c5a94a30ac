import Corpus

/// Speeches in the API's own shape (`Speech.jsonMembers`): one object, an array of them, or one a line.
///
/// Each object is a document of its own, whose bytes are exactly its slice of the text.
enum JSONDocuments {
  /// One object or an array.
  static func readJSON(_ document: RawDocument, maximumRecords: Int) -> [Outcome] {
    switch text(document.bytes) {
    case .failure(let refusal): return [.refused(refusal)]
    case .success(let (bytes, encoding)):
      do {
        if let elements = try JSONReader.readElements(bytes) {
          guard !elements.isEmpty else {
            return [.refused(Refusal(code: "empty_document", reason: "The JSON array holds no speeches."))]
          }
          guard elements.count <= maximumRecords else { return [.refused(tooMany(elements.count, maximumRecords))] }
          return elements.enumerated().map { index, element in
            read(
              element.value, slice: Array(bytes[element.range]), pointer: "/\(index)", line: nil, document,
              encoding)
          }
        }
        let value = try JSONReader.read(bytes)
        return [read(value, slice: trimmed(bytes[...]), pointer: "", line: nil, document, encoding)]
      } catch {
        return [.refused(malformed(error, bytes, line: nil))]
      }
    }
  }

  /// One object a line; empty lines are passed over.
  static func readLines(_ document: RawDocument, maximumRecords: Int, maximumBytes: Int) -> [Outcome] {
    func read(_ bytes: [UInt8], _ encoding: String) -> [Outcome] {
      readLines(bytes, encoding, document, maximumRecords: maximumRecords, maximumBytes: maximumBytes)
    }
    // A record that can be read is UTF-8, so the whole is looked at only where one cannot.
    let outcomes = read(withoutMark(document.bytes), utf8)
    if outcomes.allSatisfy({ if case .read = $0 { true } else { false } }) || document.bytes.areUTF8 { return outcomes }
    switch text(document.bytes) {
    case .failure(let refusal): return [.refused(refusal)]
    case .success(let (bytes, encoding)): return read(bytes, encoding)
    }
  }

  private static func readLines(
    _ bytes: [UInt8], _ encoding: String, _ document: RawDocument, maximumRecords: Int, maximumBytes: Int
  ) -> [Outcome] {
    var outcomes: [Outcome] = []
    let lines = bytes.lineRanges
    guard lines.count <= maximumRecords + 1 else { return [.refused(tooMany(lines.count, maximumRecords))] }
    for (number, line) in lines.enumerated() {
      let slice = trimmed(bytes[line])
      guard !slice.isEmpty else { continue }
      guard slice.count <= maximumBytes else {
        let reason = "The record has \(slice.count) bytes; at most \(maximumBytes) are read."
        outcomes.append(.refused(Refusal(code: "too_large", reason: reason, line: number + 1)))
        continue
      }
      do {
        outcomes.append(
          read(try JSONReader.read(slice), slice: slice, pointer: "", line: number + 1, document, encoding))
      } catch {
        outcomes.append(.refused(malformed(error, slice, line: number + 1)))
      }
    }
    if outcomes.isEmpty {
      outcomes.append(.refused(Refusal(code: "empty_document", reason: "The document holds no record.")))
    }
    return outcomes
  }

  private static func tooMany(_ count: Int, _ maximum: Int) -> Refusal {
    Refusal(code: "too_large", reason: "The document has \(count) records; at most \(maximum) are read at once.")
  }

  /// JSON is UTF-8 (RFC 8259); UTF-16 with a byte-order mark is converted, anything else is refused.
  private static func text(_ bytes: [UInt8]) -> Result<(bytes: [UInt8], encoding: String), Refusal> {
    // Control characters are for the reader of JSON to refuse, which says where they stand.
    if bytes.areUTF8 { return .success((withoutMark(bytes), utf8)) }
    guard case .success(let text) = Decoding.decode(bytes, declared: "utf-8") else {
      return .failure(Refusal(code: "invalid_encoding", reason: "JSON must be UTF-8, and these bytes are not."))
    }
    return .success((Array(text.string.utf8), text.encoding))
  }

  private static let utf8 = "UTF-8"

  private static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
    guard let first = bytes.firstIndex(where: { !isSpace($0) }),
      let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return [] }
    return Array(bytes[first...last])
  }

  private static func malformed(_ error: JSONReader.SyntaxError, _ bytes: [UInt8], line: Int?) -> Refusal {
    let before = bytes[..<min(error.offset, bytes.count)]
    let lineHere = line ?? before.count { $0 == 10 } + 1
    let column = before.reversed().prefix { $0 != 10 }.count { $0 & 0xC0 != 0x80 } + 1
    return Refusal(
      code: "malformed_json",
      reason: "The document is not JSON: \(error.message) (line \(lineHere), character \(column)).",
      line: lineHere)
  }

  private static func read(
    _ value: JSONValue, slice: [UInt8], pointer: String, line: Int?, _ document: RawDocument,
    _ encoding: String
  ) -> Outcome {
    do {
      let cursor = JSONCursor(value, pointer: pointer)
      // Only an escape can bring one into a string.
      if slice.holdsEscapedNUL { try cursor.requireNoNUL() }
      let (speech, id) = try speech(cursor)
      let source = SourceDocument(
        bytes: slice, mediaType: "application/json", encoding: encoding, fileName: document.fileName)
      let name =
        id ?? SpeechID(address: speech.provenance.url, decodedSource: String(decoding: slice, as: UTF8.self))
      return .read(Reading(id: name, speech: speech, document: source))
    } catch {
      let code = error.message == noText ? "no_text" : "invalid_member"
      return .refused(Refusal(code: code, reason: error.description, pointer: error.pointer, line: line))
    }
  }

  private static let noText = "a speech needs a “text” that is not empty"

  private static func speech(_ cursor: JSONCursor) throws(SchemaError) -> (Speech, SpeechID?) {
    var id: SpeechID?
    var text: JSONCursor?
    var hasSections = false
    for (name, member) in try cursor.members(known: Speech.jsonMembers) {
      switch name {
      case "id":
        if let written = try member.optionalString() {
          guard let read = SpeechID(written) else {
            throw member.error(
              "“\(written)” is no id: twelve characters of 0–9 and a–z without i, l, o and u")
          }
          id = read
        }
      case "text": text = member
      case "sections": hasSections = member.value != .null
      default: break
      }
    }
    guard let text else { throw cursor.error(noText) }
    let written = try text.string()
    guard written.unicodeScalars.contains(where: { !$0.isBlank }) else { throw text.error(noText) }
    if hasSections {
      var speech = Speech()
      if (cursor.value["language"] ?? .null) == .null { speech.language = Language.of(written.scalars) }
      return (try speech.overlaid(with: cursor), id)
    }
    // Without sections the text is divided here. One that comes with its title is the text and nothing else; one that
    // comes alone may be a whole page. What is given wins over what was inferred.
    var page = Paragraphs.split(written.scalars, places: false)
    var read = Speech()
    if case .string(let title)? = cursor.value["title"] {
      page.hints.title = title
    } else {
      read = PageReader.read(page)
    }
    if read.text.isEmpty { read = PageReader.readText(page) }
    guard !read.text.isEmpty, case .object(let members) = cursor.value else { throw text.error(noText) }
    let given = JSONCursor(.object(members.filter { $0.name != "text" }), pointer: cursor.pointer)
    var speech = try read.overlaid(with: given)
    merge(read, into: &speech, given: members)
    return (speech, id)
  }

  /// `speaker` and `source` are given in parts; parts that are not given stay as they were read.
  private static func merge(_ read: Speech, into speech: inout Speech, given: [JSONValue.Member]) {
    func has(_ object: String, _ member: String) -> Bool {
      given.first { $0.name == object }?.value[member] != nil
    }
    if given.contains(where: { $0.name == "speaker" && $0.value != .null }) {
      if !has("speaker", "name") { speech.speaker.name = read.speaker.name }
      if !has("speaker", "role") { speech.speaker.role = read.speaker.role }
      if !has("speaker", "organisation") { speech.speaker.organisation = read.speaker.organisation }
      if !has("speaker", "level") { speech.speaker.level = read.speaker.level }
    }
    if given.contains(where: { $0.name == "source" && $0.value != .null }) {
      if !has("source", "name") { speech.provenance.name = read.provenance.name }
      if !has("source", "site") { speech.provenance.site = read.provenance.site }
      if !has("source", "url") { speech.provenance.url = read.provenance.url }
      if !has("source", "author") { speech.provenance.author = read.provenance.author }
      if !has("source", "editor") { speech.provenance.editor = read.provenance.editor }
      if !has("source", "disclaimer") { speech.provenance.disclaimer = read.provenance.disclaimer }
    }
  }
}

extension [UInt8] {
  /// Whether `\u0000` stands somewhere, which may also be a backslash that stands for itself and what follows it.
  fileprivate var holdsEscapedNUL: Bool {
    withUnsafeBufferPointer { bytes in
      var start = 0
      while let place = bytes.firstIndex(of: UInt8(ascii: "\\"), from: start) {
        if bytes[(place + 1)...].starts(with: "u0000".utf8) { return true }
        start = place + 1
      }
      return false
    }
  }
}
