import Corpus

/// What was found when the promises that hold for every document were tried on one.
public struct Soundness: Sendable {
  /// Number of speeches that it was read as.
  public var speeches = 0
  /// Why it, or one of its records, was not read.
  public var refusals: [Refusal] = []
  /// The promises that were broken.
  public var faults: [String] = []

  /// Nothing that was tried yet.
  public init() {}
}

extension DocumentReader {
  /// Reads a document and says what does not hold: nodes that tile and nest, places that cut what they claim; where it is
  /// looked at thoroughly, also the same bytes from a second reading, and the same speech again from its own
  /// JSON, TEI and Akoma Ntoso.
  public func soundness(of document: RawDocument, thoroughly: Bool = true) -> Soundness {
    var result = Soundness()
    let outcomes = read(document)
    let again = thoroughly ? read(document) : outcomes
    if outcomes.count != again.count { result.faults.append("read twice, it holds another number of speeches") }
    var source: Scalars?
    var lines: [UInt8] = []
    var readings: [Reading] = []
    for (outcome, other) in zip(outcomes, again) {
      guard case .read(let reading) = outcome else {
        if case .refused(let refusal) = outcome { result.refusals.append(refusal) }
        continue
      }
      result.speeches += 1
      result.faults += reading.speech.violations
      if thoroughly {
        let written = Self.written(reading)
        for (type, bytes) in [
          ("application/tei+xml", reading.speech.tei(id: reading.id)),
          ("application/akn+xml", reading.speech.akomaNtoso(id: reading.id)),
        ] where !holds(reading, bytes, type) { result.faults.append("its own \(type) is read as another speech") }
        if case .read(let second) = other, Self.written(second) == written {
          lines += written + [10]
          readings.append(reading)
        } else {
          result.faults.append("read twice, it is not written alike")
        }
      }
      if source == nil, let decoded = try? Decoding.decode(document.bytes).get() { source = decoded.scalars }
      if let source, !Self.cutsExactly(reading.speech, source) {
        result.faults.append("a place cuts another text than it claims")
      }
    }
    guard !readings.isEmpty else { return result }
    let list = RawDocument(bytes: lines, mediaType: "application/x-ndjson")
    let own = DocumentReader(maximumBytes: 1 << 40, maximumRecords: 1 << 40).read(list)
    for (reading, outcome) in zip(readings, own) {
      guard case .read(let back) = outcome, back.speech == reading.speech, back.id == reading.id else {
        result.faults.append("its own JSON is read as another speech")
        continue
      }
    }
    if own.count != readings.count { result.faults.append("its own JSON holds another number of speeches") }
    return result
  }

  /// Whether a document is read as a speech and nothing else.
  private func holds(_ reading: Reading, _ bytes: [UInt8], _ type: String) -> Bool {
    let outcomes = DocumentReader(maximumBytes: .max).read(RawDocument(bytes: bytes, mediaType: type))
    guard case .read(let back)? = outcomes.first, outcomes.count == 1 else { return false }
    return back.speech == reading.speech && back.id == reading.id
  }

  private static func written(_ reading: Reading) -> [UInt8] {
    var writer = JSONWriter()
    reading.speech.write(to: &writer, id: reading.id, facts: SourceFacts(reading.document, importedAt: nil))
    return writer.bytes
  }

  private static func cutsExactly(_ speech: Speech, _ source: Scalars) -> Bool {
    var passages = speech.removed.map(\.line) + speech.notes + speech.appendices
    for inference in speech.inferred.values {
      passages += inference.evidence + inference.conflicts.compactMap(\.evidence)
    }
    return passages.allSatisfy { passage in
      guard let place = passage.source else { return true }
      guard place.start >= 0, place.start <= place.end, place.end <= source.count else { return false }
      return passage.text.unicodeScalars.elementsEqual(source[place.start..<place.end])
    }
  }
}
