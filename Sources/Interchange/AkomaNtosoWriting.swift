public import Corpus

extension Speech {
  /// The speech as a debate of Akoma Ntoso 3.0 with one `speech`: a `blockContainer` for each node, a `p` for each line.
  /// Read again it is this speech.
  public func akomaNtoso(id: SpeechID) -> [UInt8] {
    Supplement.complete(self, id: id, mediaType: "application/akn+xml") { json in
      var writer = XMLWriter()
      writer.element(
        "akomaNtoso",
        ["xmlns": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0", "xmlns:rostrum": MarkedForm.namespace]
      ) { writer in
        writer.line()
        writer.element("debate", ["name": "speech"]) { writer in
          writer.line()
          writeMeta(to: &writer, id: id, json: json)
          writePreface(to: &writer)
          writer.element("debateBody") { writer in
            writer.element("debateSection", ["eId": "dbsect_1", "name": "speech"]) { writer in
              writer.line()
              let role = speaker.role == nil ? nil : "#role"
              writer.element("speech", ["eId": "speech_1", "by": "#speaker", "as": role]) { writer in
                writer.line()
                MarkedForm.akomaNtoso.write(markedEvents, to: &writer)
              }
              writer.line()
            }
          }
          writer.line()
        }
        writer.line()
      }
      writer.line()
      return writer.bytes
    }
  }

  private func writeMeta(to writer: inout XMLWriter, id: SpeechID, json: String) {
    let work = "/akn/zz/debate/rostrum/" + id.text
    // Every level needs a date: the day as far as it is known, else one that is named unknown.
    let day = delivered.flatMap { [.day, .second].contains($0.precision) ? $0.value : nil }
    let any = delivered?.earliest ?? published?.earliest
    let (date, name) =
      day.map { ($0, "delivered") } ?? any.map { (String($0.prefix(10)), "earliest") }
      ?? ("0001-01-01", "unknown")
    writer.element("meta") { writer in
      writer.line()
      writer.element("identification", ["source": "#rostrum"]) { writer in
        for level in ["FRBRWork", "FRBRExpression", "FRBRManifestation"] {
          writer.line()
          writer.element(level) { writer in
            let address = level == "FRBRWork" ? work : work + "/" + language
            writer.element("FRBRthis", ["value": address + (level == "FRBRManifestation" ? ".akn" : "")])
            writer.element("FRBRuri", ["value": address + (level == "FRBRManifestation" ? ".akn" : "")])
            writer.element("FRBRdate", ["date": date, "name": name])
            writer.element("FRBRauthor", ["href": level == "FRBRWork" ? "#speaker" : "#rostrum"])
            if level == "FRBRWork" { writer.element("FRBRcountry", ["value": "zz"]) }
            if level == "FRBRExpression" { writer.element("FRBRlanguage", ["language": language]) }
          }
        }
        writer.line()
      }
      writer.line()
      if let published, [.day, .second].contains(published.precision) {
        let showAs = provenance.name ?? ""
        writer.element("publication", ["date": published.value, "name": "source", "showAs": showAs])
        writer.line()
      }
      writer.element("references", ["source": "#rostrum"]) { writer in
        for (element, kind, id, words) in [
          ("TLCOrganization", "organization", "rostrum", "Rostrum"),
          ("TLCPerson", "person", "speaker", speaker.name ?? ""),
          ("TLCRole", "role", "role", speaker.role),
          ("TLCOrganization", "organization", "organisation", speaker.organisation),
          ("TLCLocation", "location", "place", location),
        ] where words != nil {
          writer.line()
          writer.element(element, ["eId": id, "href": "/akn/ontology/\(kind)/rostrum/\(id)", "showAs": words])
        }
        writer.line()
      }
      writer.line()
      writer.element("proprietary", ["source": "#rostrum"]) { $0.element("rostrum:speech", text: json) }
      writer.line()
    }
    writer.line()
  }

  private func writePreface(to writer: inout XMLWriter) {
    guard title != nil || location != nil else { return }
    writer.element("preface") { writer in
      if let title { writer.element("p") { $0.element("docTitle", text: title) } }
      if let location { writer.element("p") { $0.element("location", ["refersTo": "#place"], text: location) } }
    }
    writer.line()
  }
}

extension AkomaNtosoDocument {
  /// The speech of an export of ours, as far as Akoma Ntoso has words for it.
  var ownSpeech: Speech {
    var speech = Speech()
    speech.title = title
    speech.cleanTitle = title
    speech.language = language ?? speech.language
    speech.location = location
    speech.delivered = delivered
    speech.published = published
    speech.speaker = Speaker(name: names["speaker"], role: names["role"], organisation: names["organisation"])
    speech.take(marked)
    return speech
  }
}
