import Corpus
import Storage

/// A passage of a speech: its text, where it stands and the address under which it will always be found.
struct PassageResource {
  let stored: StoredSpeech
  let span: Span
  /// What became of it, where that was asked.
  var check: PassageCheck?

  /// The address of a passage, with the revision, so that the same text is always found there.
  static func url(_ span: Span, in identity: RevisionIdentity) -> String {
    SpeechResource.url(identity.id) + "/text?revision=\(identity.revision)&start=\(span.start)&end=\(span.end)"
  }

  /// The passage as JSON.
  var json: [UInt8] {
    let identity = stored.identity
    let bytes = Array(stored.text.slice(span))
    var writer = JSONWriter(capacity: bytes.count + 512)
    writer.object { writer in
      writer.member("speech", identity.id)
      writer.member("revision", identity.revision)
      writer.member("start", span.start)
      writer.member("end", span.end)
      writer.name("text")
      writer.string(utf8: bytes[...])
      Self.writeSection(stored.nodes.last { $0.section.span.contains(span) }, in: identity, to: &writer)
      writer.member("sha256", bytes.sha256)
      writer.member("url", Self.url(span, in: identity))
      if let check {
        writer.member("current_revision", check.current.revision)
        writer.member("stood_in", check.isKnown ? identity.revision : nil)
        writer.member("stands", check.stands)
        writer.array("found_at") { writer in
          for place in check.places {
            writer.object { writer in
              writer.member("start", place.span.start)
              writer.member("end", place.span.end)
              Self.writeSection(place.node, in: check.current, to: &writer)
              writer.member("url", Self.url(place.span, in: check.current))
            }
          }
        }
      }
    }
    return writer.bytes
  }

  /// Writes the innermost node that has all of a passage.
  private static func writeSection(_ node: OutlineNode?, in identity: RevisionIdentity, to writer: inout JSONWriter) {
    writer.name("section")
    if let node {
      writer.object {
        $0.member("path", node.path)
        $0.member("kind", node.section.kind.rawValue)
        $0.member("label", node.section.label)
        $0.member("heading", node.section.heading)
        SectionResource.writeURL(of: node.path, in: identity, to: &$0)
      }
    } else {
      writer.null()
    }
  }
}
