extension Speech {
  /// Writes the members that a list shows of a speech, without `id`, `url` and `revision`.
  /// - Parameter summary: that of its text.
  public func writeCard(to writer: inout JSONWriter, summary: TextSummary) {
    writer.member("title", title)
    writer.member("clean_title", cleanTitle)
    writer.member("language", language)
    writer.object("speaker") {
      $0.member("name", speaker.name)
      $0.member("role", speaker.role)
      $0.member("organisation", speaker.organisation)
      $0.member("level", speaker.level?.rawValue)
    }
    writer.member("occasion", occasion)
    writer.member("genre", genre)
    writer.member("location", location)
    writer.name("date")
    if let date {
      writer.object {
        date.value.writeMembers(to: &$0)
        $0.member("kind", date.kind.rawValue)
      }
    } else {
      writer.null()
    }
    writer.member("site", provenance.site)
    writer.member("section_count", sectionCount)
    writer.member("characters", summary.measure.characters)
    writer.member("excerpt", summary.excerpt)
  }

  /// Writes every member that a revision fixes, except `text` and `sections`: the card and the rest. `corrections` come first,
  /// where there are any.
  public func writeRecord(to writer: inout JSONWriter, facts: SourceFacts?, summary: TextSummary) {
    writeCorrections(to: &writer)
    writeCard(to: &writer, summary: summary)
    writer.member("subtitle", subtitle)
    writer.member("delivered", delivered)
    writer.member("published", published)
    writer.object("source") {
      $0.member("name", provenance.name)
      $0.member("site", provenance.site)
      $0.member("url", provenance.url)
      $0.member("author", provenance.author)
      $0.member("editor", provenance.editor)
      $0.member("disclaimer", provenance.disclaimer)
      guard let facts else { return }
      $0.member("media_type", facts.mediaType)
      $0.member("encoding", facts.encoding)
      $0.member("file_name", facts.fileName)
      $0.member("sha256", facts.sha256)
      $0.member("imported_at", facts.importedAt)
    }
    writer.member("announced_sections", announcedSections)
    writer.array("annotations") { writer in
      for annotation in annotations {
        writer.object {
          $0.member("kind", annotation.kind)
          $0.member("start", annotation.span.start)
          $0.member("end", annotation.span.end)
          $0.member("value", annotation.value)
        }
      }
    }
    writer.array("notes") { for note in notes { note.write(to: &$0) } }
    writer.array("appendices") { for appendix in appendices { appendix.write(to: &$0) } }
    writer.array("related_links") { writer in
      for link in relatedLinks {
        writer.object {
          $0.member("title", link.title)
          $0.member("url", link.url)
        }
      }
    }
    writer.array("removed") { writer in
      for removed in removed {
        writer.object {
          $0.member("kind", removed.kind)
          removed.line.writeMembers(to: &$0)
        }
      }
    }
    writer.object("inferred") { writer in
      for (field, inference) in inferred.sorted(by: { $0.key < $1.key }) {
        writer.name(field)
        inference.write(to: &writer)
      }
    }
    writer.array("warnings") { for warning in warnings { $0.string(warning) } }
    writer.member("speaking_time_seconds", summary.measure.speakingTimeSeconds)
    writer.member("masked_characters", maskedCharacters)
    writer.object("metadata") { writer in
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
        writer.name(key)
        writer.value(value)
      }
    }
  }

  /// Writes the whole speech as the object that `rostrum parse` prints.
  public func write(to writer: inout JSONWriter, id: SpeechID, facts: SourceFacts?) {
    writer.object { writer in
      writer.member("id", id.text)
      writeRecord(to: &writer, facts: facts, summary: TextSummary(of: self))
      writer.member("text", text)
      let index = TextIndex(text)
      writer.array("sections") { sections.outline(of: index).writeTree(to: &$0, index: index) }
    }
  }
}

extension [OutlineNode] {
  /// Writes the nodes as elements of an array, each with its children in it.
  /// - Parameter extra: writes further members of a node, such as its address.
  public func writeTree(
    to writer: inout JSONWriter, index: TextIndex,
    extra: (OutlineNode, inout JSONWriter) -> Void = { _, _ in }
  ) {
    var next = startIndex
    func write(level: Int, _ writer: inout JSONWriter) {
      while next < endIndex, self[next].level == level {
        let node = self[next]
        next += 1
        writer.object { writer in
          node.writeMembers(to: &writer, index: index)
          extra(node, &writer)
          writer.array("children") { write(level: level + 1, &$0) }
        }
      }
    }
    write(level: first?.level ?? 1, &writer)
  }
}

extension OutlineNode {
  /// The node's own text: its pieces joined by LF.
  public func ownText(_ index: TextIndex) -> ArraySlice<UInt8> {
    if section.bodySpans.count == 1 { return index.slice(section.bodySpans[0]) }
    return Array(section.bodySpans.map { index.slice($0) }.joined(separator: [10]))[...]
  }

  /// Writes the members of a node, without its address and its children.
  public func writeMembers(to writer: inout JSONWriter, index: TextIndex, text withText: Bool = true) {
    writer.member("path", path)
    writer.member("level", level)
    writer.member("ordinal", ordinal)
    writer.member("kind", section.kind.rawValue)
    writer.member("label", section.label)
    writer.member("number", section.number)
    writer.member("heading", section.heading)
    writer.member("start", section.span.start)
    writer.member("end", section.span.end)
    writer.name("heading_span")
    if let span = section.headingSpan { span.write(to: &writer) } else { writer.null() }
    writer.array("body_spans") { for span in section.bodySpans { span.write(to: &$0) } }
    if withText {
      writer.name("text")
      writer.string(utf8: ownText(index))
    }
    writer.member("characters", characters)
    writer.member("parent", parent)
  }
}

extension TextIndex {
  /// Number of code points of a span that are not white space.
  public func charactersWithoutSpace(_ span: Span) -> Int {
    var count = 0
    slice(span).withUnsafeBufferPointer { bytes in
      var position = 0
      while position < bytes.count {
        // From U+4000 on, three bytes each and no space among them.
        if bytes[position] &- 0xE4 < 12 {
          count += 1
          position += 3
          continue
        }
        var scalars = UTF8Scalars(bytes[position...].makeIterator())
        guard let scalar = scalars.next() else { break }
        position += scalar.utf8.count
        if !scalar.isSpace { count += 1 }
      }
    }
    return count
  }
}

extension Span {
  /// Writes `[start,end]`.
  public func write(to writer: inout JSONWriter) {
    writer.array {
      $0.integer(start)
      $0.integer(end)
    }
  }
}

extension SpeechDate {
  /// Writes the four members of a date.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.member("value", value)
    writer.member("precision", precision.rawValue)
    writer.member("earliest", earliest)
    writer.member("latest", latest)
  }
}

extension JSONWriter {
  mutating func member(_ name: StaticString, _ date: SpeechDate?) {
    self.name(name)
    if let date { object { date.writeMembers(to: &$0) } } else { null() }
  }
}

extension Evidence {
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("text", text)
    writer.member("source_start", source?.start)
    writer.member("source_end", source?.end)
  }

  func write(to writer: inout JSONWriter) { writer.object { writeMembers(to: &$0) } }
}

extension Inference {
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.name("confidence")
      writer.number(confidence)
      writer.array("evidence") { for passage in evidence { passage.write(to: &$0) } }
      writer.array("conflicts") { writer in
        for conflict in conflicts {
          writer.object {
            $0.member("reason", conflict.reason)
            (conflict.evidence ?? Evidence(text: "")).writeMembers(to: &$0)
          }
        }
      }
    }
  }
}
