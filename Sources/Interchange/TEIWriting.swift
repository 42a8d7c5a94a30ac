public import Corpus

extension Speech {
  /// The speech as a document of TEI P5 in the manner of Parla-CLARIN: a header, one `u` with a `seg` for each node and
  /// each line, and what follows the text. Read again it is this speech.
  public func tei(id: SpeechID) -> [UInt8] {
    Supplement.complete(self, id: id, mediaType: "application/tei+xml") { json in
      var writer = XMLWriter()
      writer.element("TEI", ["xmlns": "http://www.tei-c.org/ns/1.0", "xml:lang": language]) { writer in
        writer.line()
        writeHeader(to: &writer, id: id, json: json)
        writer.element("text") { writer in
          writer.line()
          writer.element("body") { writer in
            writer.element("div", ["type": "debateSection"]) { writer in
              writer.line()
              writer.element("u", ["xml:id": "u1", "who": hasSpeaker ? "#speaker" : nil]) { writer in
                writer.line()
                MarkedForm.tei.write(markedEvents, to: &writer)
              }
              writer.line()
            }
          }
          writeBack(to: &writer)
        }
        writer.line()
      }
      writer.line()
      return writer.bytes
    }
  }

  private var hasSpeaker: Bool { speaker != Speaker() }

  private func writeHeader(to writer: inout XMLWriter, id: SpeechID, json: String) {
    writer.element("teiHeader") { writer in
      writer.line()
      writer.element("fileDesc") { writer in
        writer.element("titleStmt") { writer in
          writer.element("title", ["type": "main"]) { $0.text(title ?? "") }
          writer.element("title", ["type": "sub"], text: subtitle)
          writer.element("meeting", text: occasion)
        }
        writer.line()
        writer.element("publicationStmt") { writer in
          writer.element("distributor", text: "Rostrum")
          writer.element("idno", ["type": "rostrum"], text: id.text)
        }
        writer.line()
        writer.element("sourceDesc") { $0.element("bibl") { writeSource(to: &$0) } }
      }
      writer.line()
      writer.element("profileDesc") { writer in
        writer.element("langUsage") { $0.element("language", ["ident": language]) }
        if let genre {
          writer.element("textClass") { $0.element("keywords") { $0.element("term", ["type": "genre"], text: genre) } }
        }
        if location != nil || delivered != nil {
          writer.element("settingDesc") { writer in
            writer.element("setting") { writer in
              writer.element("placeName", text: location)
              writer.date(delivered)
            }
          }
        }
        if hasSpeaker { writer.element("particDesc") { $0.element("listPerson") { writeSpeaker(to: &$0) } } }
      }
      writer.line()
      writer.element("xenoData") { $0.element("speech", ["xmlns": MarkedForm.namespace], text: json) }
      writer.line()
    }
    writer.line()
  }

  private func writeSource(to writer: inout XMLWriter) {
    writer.element("author", text: provenance.author)
    writer.element("editor", text: provenance.editor)
    writer.element("publisher", text: provenance.name)
    writer.element("distributor", text: provenance.site)
    writer.date(published, type: "published")
    if let url = provenance.url { writer.element("ref", ["target": url]) }
    writer.element("note", ["type": "disclaimer"], text: provenance.disclaimer)
  }

  private func writeSpeaker(to writer: inout XMLWriter) {
    writer.element("person", ["xml:id": "speaker"]) { writer in
      writer.element("persName", text: speaker.name)
      guard speaker.role != nil || speaker.organisation != nil || speaker.level != nil else { return }
      writer.element("affiliation", ["type": speaker.level?.rawValue]) { writer in
        writer.element("roleName", text: speaker.role)
        writer.element("orgName", text: speaker.organisation)
      }
    }
  }

  private func writeBack(to writer: inout XMLWriter) {
    guard !notes.isEmpty || !appendices.isEmpty else { return }
    writer.line()
    writer.element("back") { writer in
      for (type, name, passages) in [("notes", "note", notes), ("appendices", "p", appendices)]
      where !passages.isEmpty {
        writer.element("div", ["type": type]) { writer in
          for passage in passages {
            writer.line()
            writer.element(name, ["source": passage.source?.fragment], text: passage.text)
          }
        }
      }
    }
  }
}

extension XMLWriter {
  /// A date in the attributes that its form has (TEI, att.datable): to the minute only ISO 8601 knows it.
  fileprivate mutating func date(_ date: SpeechDate?, type: String? = nil) {
    guard let date else { return }
    if let latest = date.latest, let own = SpeechDate(date.value), own.latest != latest {
      element("date", ["type": type, "from": date.value, "to": latest])
    } else {
      let isMinute = date.precision == .minute
      element("date", ["type": type, "when": isMinute ? nil : date.value, "when-iso": isMinute ? date.value : nil])
    }
  }
}

extension TEIDocument.Part {
  /// The speech of an export of ours, as far as TEI has words for it.
  func ownSpeech(_ people: TEIPeople) -> Speech {
    var speech = Speech()
    speech.title = header.titles.best(in: nil)
    speech.cleanTitle = speech.title
    speech.subtitle = header.subtitles.best(in: nil)
    speech.occasion = header.meetings.first?.text
    speech.location = header.place
    speech.genre = header.genre
    speech.delivered = header.held
    speech.published = header.sourcePublished
    speech.language = language ?? speech.language
    speech.provenance.name = header.sourcePublishers.best(in: nil)
    speech.provenance.site = header.sourceSite
    speech.provenance.url = header.sourceAddress
    speech.provenance.author = header.sourceAuthor
    speech.provenance.editor = header.sourceEditor
    speech.provenance.disclaimer = header.sourceDisclaimer
    if let person = people.persons["speaker"] {
      let affiliation = person.affiliations.first
      speech.speaker = Speaker(
        name: person.name, role: affiliation?.roleName, organisation: affiliation?.organisation,
        level: affiliation?.type.flatMap(Level.init))
    }
    speech.notes = notes
    speech.appendices = appendices
    speech.take(marked)
    return speech
  }
}

extension Speech {
  /// Takes text, nodes and annotations as they were marked.
  mutating func take(_ marked: MarkedText?) {
    guard let marked else { return }
    (text, sections, annotations) = (marked.text, marked.sections, marked.annotations)
  }
}
