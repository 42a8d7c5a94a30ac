import Corpus
import Storage

/// A passage of a speech: its text, where it stands and the address under which it will always be found.
struct PassageResource {
  let stored: StoredSpeech
  let span: Span

  /// The passage as JSON.
  var json: [UInt8] {
    let identity = stored.identity
    let bytes = Array(stored.text.slice(span))
    let node = stored.nodes.last { $0.section.span.contains(span) }
    var writer = JSONWriter(capacity: bytes.count + 512)
    writer.object { writer in
      writer.member("speech", identity.id)
      writer.member("revision", identity.revision)
      writer.member("start", span.start)
      writer.member("end", span.end)
      writer.name("text")
      writer.string(utf8: bytes[...])
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
      writer.member("sha256", bytes.sha256)
      writer.member(
        "url",
        SpeechResource.url(identity.id) + "/text?revision=\(identity.revision)&start=\(span.start)&end=\(span.end)")
    }
    return writer.bytes
  }
}
