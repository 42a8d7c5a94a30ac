import Corpus

/// Holds every place in the source to what it promises: the source cut there is the text.
///
/// A passage that the source has in pieces, since a line was broken or a tag stands inside, becomes one passage for each
/// piece. One that the source writes otherwise, with references to characters for instance, keeps its text and no place.
struct ExactPlaces {
  private let source: Scalars
  /// Whether tags may stand inside a passage.
  private let isHTML: Bool

  init(_ source: Scalars, isHTML: Bool) {
    self.source = source
    self.isHTML = isHTML
  }

  /// Mends all places of a speech.
  func mend(_ speech: inout Speech) {
    speech.removed = speech.removed.flatMap { line in
      pieces(of: line.line).map { RemovedLine(kind: line.kind, line: $0) }
    }
    speech.notes = speech.notes.flatMap(pieces)
    speech.appendices = speech.appendices.flatMap(pieces)
    for (field, inference) in speech.inferred {
      var inference = inference
      inference.evidence = inference.evidence.flatMap(pieces)
      inference.conflicts = inference.conflicts.map { conflict in
        var conflict = conflict
        // A conflict shows one passage; of several pieces the whole text without a place says more.
        if let evidence = conflict.evidence, !isExact(evidence) { conflict.evidence = Evidence(text: evidence.text) }
        return conflict
      }
      speech.inferred[field] = inference
    }
  }

  private func isExact(_ evidence: Evidence) -> Bool {
    guard let span = evidence.source else { return true }
    guard span.start >= 0, span.end <= source.count, span.start <= span.end else { return false }
    return evidence.text.unicodeScalars.elementsEqual(source[span.start..<span.end])
  }

  /// A passage as the pieces that the source has of it.
  func pieces(of evidence: Evidence) -> [Evidence] {
    guard let span = evidence.source, !isExact(evidence) else { return [evidence] }
    let placeless = [Evidence(text: evidence.text)]
    guard span.start >= 0, span.end <= source.count, span.start < span.end else { return placeless }
    let text = evidence.text.scalars
    var result: [Evidence] = []
    var (index, place, start) = (0, span.start, 0)
    func close() {
      var (first, last) = (start, index)
      while first < last, text[first].isBlank { first += 1 }
      while last > first, text[last - 1].isBlank { last -= 1 }
      guard first < last else { return }
      let offset = place - (index - first)
      result.append(Evidence(text: text[first..<last].string, source: Span(offset, offset + last - first)))
    }
    while index < text.count {
      if place < span.end, text[index] == source[place], !isReference(place) {
        index += 1
        place += 1
        continue
      }
      close()
      if place < span.end, let next = passed(place, span.end) {
        place = next
      } else if text[index].isBlank {
        index += 1
      } else {
        return placeless
      }
      start = index
    }
    close()
    return result.isEmpty ? placeless : result
  }

  /// The index after what may stand in the source inside a passage and is no part of it: white space, a tag, the marks of
  /// Markdown.
  private func passed(_ place: Int, _ end: Int) -> Int? {
    let scalar = source[place]
    if scalar.isBlank { return place + 1 }
    if scalar == "<", let close = source[place..<end].firstIndex(of: ">") { return close + 1 }
    if isHTML {
      return ["&nbsp;", "&emsp;", "&ensp;", "&#160;", "&#12288;"].map(\.scalars).first { source.has($0, at: place) }
        .map { place + $0.count }
    }
    if scalar == "]", place + 1 < end, source[place + 1] == "(", let close = source[place..<end].firstIndex(of: ")") {
      return close + 1
    }
    return "*[]#>_".unicodeScalars.contains(scalar) ? place + 1 : nil
  }

  private func isReference(_ place: Int) -> Bool {
    guard isHTML, source[place] == "&" else { return false }
    var end = place + 1
    while end < source.count, end - place < 12, source[end].isLatin || source[end].isDigit || source[end] == "#" {
      end += 1
    }
    return end > place + 1 && end < source.count && source[end] == ";"
  }
}
