import Corpus

/// A speech that a document in XML holds.
struct XMLSpeech {
  /// The ordinal of its utterance, from 1.
  var ordinal: Int
  var speech: Speech
  /// The id that it brings.
  var id: SpeechID?
}

/// XML documents by their root element: TEI, Akoma Ntoso and XHTML are read; any other vocabulary is refused by name.
enum XMLDocuments {
  /// What a document in XML turned out to be.
  enum Result {
    case outcomes([Outcome])
    /// It is a page, to be read as one.
    case page
  }

  /// Media types under which XML comes, whatever its vocabulary.
  static let mediaTypes: Set<String> = ["application/tei+xml", "application/akn+xml", "application/xml", "text/xml"]

  /// How many utterances one document may hold, so that a small file cannot become a large answer.
  static let maximumUtterances = 20_000

  /// Throws once a document has too many utterances.
  static func check(_ utterances: Int) throws(Refusal) {
    guard utterances > maximumUtterances else { return }
    throw Refusal(
      code: "too_large", reason: "The document holds more than \(maximumUtterances) speeches; import it in parts.")
  }

  /// Reads a document.
  /// - Parameter charset: the encoding that the container declares.
  static func read(_ document: RawDocument, charset: String?) -> Result {
    switch Decoding.decode(document.bytes, declared: charset ?? XMLProlog.encoding(document.bytes)) {
    case .failure(let refusal): return .outcomes([.refused(refusal)])
    case .success(let decoded):
      let text = decoded.string
      guard let first = text.first(where: { !$0.isWhitespace }), first == "<" else {
        let start = String(text.trimmed.prefix(20))
        return .outcomes([
          .refused(
            Refusal(
              code: "malformed_xml",
              reason: "The document is not XML: it begins with “\(start)”. Plain text is read as .txt, Markdown as .md."
            ))
        ])
      }
      do throws(Refusal) {
        let stream = try XMLStream(text)
        // The root element is the first event: a document without one is not well-formed.
        guard case .start = try stream.next() else {
          throw Refusal(code: "malformed_xml", reason: "The document has no root element.")
        }
        return try read(stream, text: text, encoding: decoded, document)
      } catch {
        return .outcomes([.refused(error)])
      }
    }
  }

  private static func read(
    _ stream: XMLStream, text: String, encoding: DecodedText, _ document: RawDocument
  ) throws(Refusal) -> Result {
    let type: String
    var speeches: [XMLSpeech]
    // What a container said beside the document; nil where it cannot be read.
    let extra: [JSONValue.Member]?
    switch stream.name {
    case "html": return .page
    case "TEI", "TEI.2", "teiCorpus":
      type = "application/tei+xml"
      let isCorpus = stream.name == "teiCorpus"
      var tei = try TEIDocument(stream)
      extra = document.sidecar.map { tei.people.add(sidecar: $0) } ?? []
      speeches = try tei.speeches()
      if speeches.isEmpty { throw tei.refusal(isCorpus: isCorpus) }
    case "akomaNtoso":
      type = "application/akn+xml"
      var nobody = TEIPeople()
      extra = document.sidecar.map { nobody.add(sidecar: $0) } ?? []
      speeches = try AkomaNtosoDocument(stream).speeches(fileName: document.fileName)
      if speeches.isEmpty {
        throw Refusal(code: "no_text", reason: "The Akoma Ntoso document holds no <speech> with text.")
      }
    default: throw unknown(stream)
    }
    for index in speeches.indices {
      if encoding.isGuessed { speeches[index].speech.warnings.append("encoding_guessed") }
      if extra == nil { speeches[index].speech.warnings.append("sidecar_unreadable") }
      for member in extra ?? [] where member.value != .null { speeches[index].speech.take(member) }
    }
    // One source for all: the bytes are shared, not copied, and hashed once.
    let source = SourceDocument(
      bytes: document.bytes, mediaType: type, encoding: encoding.encoding, fileName: document.fileName,
      sidecar: document.sidecar)
    // The addresses in headers are those of whole corpora and sites; only a sidecar's is the document's own.
    let address = extra?.first { $0.name == "source_url" || $0.name == "url" }.flatMap { member -> String? in
      if case .string(let address) = member.value { return address }
      return nil
    }
    let name = SpeechID.Source(address: address, decodedSource: text)
    let isAlone = speeches.count == 1
    return .outcomes(
      speeches.map {
        let id = $0.id ?? name.id(ordinal: isAlone ? nil : $0.ordinal)
        return .read(Reading(id: id, speech: $0.speech, document: source))
      })
  }

  /// Parts of TEI that people keep in files of their own, and what they hold.
  private static let partsOfTEI = [
    "taxonomy": "a taxonomy", "listPerson": "a list of people", "listOrg": "a list of organisations",
    "teiHeader": "a header", "particDesc": "a list of participants", "standOff": "a set of annotations",
    "listPrefixDef": "a list of prefixes", "classDecl": "a list of taxonomies", "listRelation": "a list of relations",
  ]

  private static func unknown(_ stream: XMLStream) -> Refusal {
    let isTEI = stream.namespace == "" || stream.namespace == "http://www.tei-c.org/ns/1.0"
    if isTEI, let part = partsOfTEI[stream.name] {
      return Refusal(
        code: "no_text",
        reason: "The root element <\(stream.name)> is \(part) of a TEI corpus, without any speech; "
          + "import the files with the speeches."
      )
    }
    return Refusal(
      code: "unsupported_media_type",
      reason: "XML with the root element <\(stream.name)> is not read; TEI (<TEI>, <teiCorpus>), "
        + "Akoma Ntoso (<akomaNtoso>) and XHTML are."
    )
  }
}

extension Speech {
  /// Takes a member of a sidecar: its address is the source's, all else is metadata.
  fileprivate mutating func take(_ member: JSONValue.Member) {
    if member.name == "source_url" || member.name == "url", case .string(let address) = member.value {
      provenance.url = address
    } else {
      metadata[member.name] = member.value
    }
  }
}

extension TEIDocument {
  /// Why a document without text is none.
  func refusal(isCorpus: Bool) -> Refusal {
    if isCorpus {
      let holds = [
        people.persons.isEmpty ? nil : "\(people.persons.count) \(people.persons.count == 1 ? "person" : "people")",
        people.organisations.isEmpty
          ? nil : "\(people.organisations.count) organisation\(people.organisations.count == 1 ? "" : "s")",
        includes == 0 ? nil : "the names of \(includes) file\(includes == 1 ? "" : "s") to include",
      ].compactMap { $0 }
      let list = holds.isEmpty ? "a header" : holds.joined(separator: ", ")
      return Refusal(
        code: "no_text",
        reason: "The file is the root of a TEI corpus: it holds \(list), but no speech; import the files that it names."
      )
    }
    return Refusal(
      code: "no_text", reason: "The TEI document holds no utterance (<u>, <sp>) and no paragraph with text.")
  }
}
