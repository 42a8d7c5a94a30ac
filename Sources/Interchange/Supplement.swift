import Corpus

/// What an export in XML says besides what its vocabulary has words for: the id, and as JSON the members of the speech
/// that whoever reads the rest of the document would not find as they are.
///
/// It stands in an element of our own namespace, which also tells our exports from other documents.
struct Supplement {
  /// The JSON object.
  private let json: String
  private let line: Int

  /// Reads the element that just began.
  init(_ stream: XMLStream) throws(Refusal) {
    line = stream.line
    json = try stream.exactText()
  }

  /// A speech as the document has it, made complete.
  func complete(_ speech: Speech, ordinal: Int = 1) throws(Refusal) -> XMLSpeech {
    do {
      var id: SpeechID?
      var members: [JSONValue.Member] = []
      let cursor = JSONCursor(try JSONReader.read(Array(json.utf8)))
      try cursor.requireNoNUL()
      for (name, member) in try cursor.members(known: Speech.givenMembers.union(["id"])) {
        if name == "id" { id = SpeechID(try member.string()) } else { members.append(.init(name, member.value)) }
      }
      let complete = try speech.overlaid(with: JSONCursor(.object(members)))
      guard complete.text.unicodeScalars.contains(where: { !$0.isBlank }) else {
        throw Refusal(code: "no_text", reason: "The document holds no text of a speech.")
      }
      return XMLSpeech(ordinal: ordinal, speech: complete, id: id)
    } catch let error as SchemaError {
      throw Refusal(
        code: "invalid_member", reason: "<speech>, line \(line): \(error.description)", pointer: error.pointer)
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(code: "malformed_json", reason: "What <speech> holds is not JSON.", line: line)
    }
  }

  /// Writes a speech in a form and, once it was read again, what is missing then.
  /// - Parameter write: writes the document with the JSON of the supplement in its place.
  static func complete(
    _ speech: Speech, id: SpeechID, mediaType: String, _ write: (_ json: String) -> [UInt8]
  ) -> [UInt8] {
    let plain = write(Self.json(id, []))
    var found = Speech()
    if case .read(let reading)? = DocumentReader(maximumBytes: .max).read(
      RawDocument(bytes: plain, mediaType: mediaType)
    ).first {
      found = reading.speech
    }
    let (there, here) = (members(of: found, id), members(of: speech, id))
    let known = Dictionary(there.map { ($0.name, $0.json) }) { one, _ in one }
    let missing = here.filter { Speech.givenMembers.contains($0.name) && known[$0.name] != $0.json }
    return missing.isEmpty ? plain : write(Self.json(id, missing.map(\.json)))
  }

  private static func members(of speech: Speech, _ id: SpeechID) -> [(name: String, json: ArraySlice<UInt8>)] {
    var writer = JSONWriter()
    speech.write(to: &writer, id: id, facts: nil)
    return JSONMembers.scan(writer.bytes).map { ($0.name, writer.bytes[$0.range]) }
  }

  /// The object as XML can hold it: what it cannot is written as JSON escapes it.
  private static func json(_ id: SpeechID, _ members: [ArraySlice<UInt8>]) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("id", id.text)
      for member in members { writer.json(member) }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
      .replacing("\u{FFFE}", with: "\\ufffe").replacing("\u{FFFF}", with: "\\uffff")
  }
}

extension Span {
  /// Code points of a plain text as RFC 5147 names them: `#char=12,40`.
  var fragment: String { "#char=\(start),\(end)" }

  /// Reads what `fragment` writes.
  init?(fragment: String) {
    let mark = "#char="
    guard fragment.hasPrefix(mark) else { return nil }
    let ends = fragment.dropFirst(mark.count).split(separator: ",").map { Int($0) }
    guard ends.count == 2, let start = ends[0], let end = ends[1], 0 <= start, start <= end, end <= 1 << 40 else {
      return nil
    }
    self.init(start, end)
  }
}
