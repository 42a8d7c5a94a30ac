import Corpus
import Storage

/// A node of a speech as the API shows it.
enum SectionResource {
  /// Writes the address of a node; that of an older revision names it.
  static func writeURL(of path: String, in identity: RevisionIdentity, to writer: inout JSONWriter) {
    if identity.isCurrent {
      writer.member("url", joining: "/v1/speeches/", identity.id, "/sections/", path)
    } else {
      writer.member(
        "url", joining: "/v1/speeches/", identity.id, "/sections/", path, "?revision=", String(identity.revision))
    }
  }

  /// Writes a node among others, with its children in it.
  static func writeTree(_ node: OutlineNode, of stored: StoredSpeech, to writer: inout JSONWriter) {
    guard let place = stored.nodes.firstIndex(where: { $0.path == node.path }) else { return }
    let below = stored.nodes[(place + 1)...].prefix { $0.level > node.level }
    Array([node] + below).writeTree(to: &writer, index: stored.text) { child, writer in
      writeURL(of: child.path, in: stored.identity, to: &writer)
    }
  }

  /// Writes a node among others, without its children.
  static func write(_ node: OutlineNode, of stored: StoredSpeech, to writer: inout JSONWriter) {
    writer.object { writer in writeMembers(node, of: stored, to: &writer) }
  }

  private static func writeMembers(_ node: OutlineNode, of stored: StoredSpeech, to writer: inout JSONWriter) {
    node.writeMembers(to: &writer, index: stored.text)
    writeURL(of: node.path, in: stored.identity, to: &writer)
  }

  /// One node with what is around it; nil where the speech has no such node.
  static func json(_ path: String, of stored: StoredSpeech) -> [UInt8]? {
    let nodes = stored.nodes
    guard let place = nodes.firstIndex(where: { $0.path == path }) else { return nil }
    let node = nodes[place]
    let siblings = nodes.filter { $0.parent == node.parent }
    let among = siblings.firstIndex { $0.path == path } ?? 0
    var breadcrumb: [OutlineNode] = []
    var parent = node.parent
    while let name = parent, let above = nodes.first(where: { $0.path == name }) {
      breadcrumb.insert(above, at: 0)
      parent = above.parent
    }
    var end = place + 1
    while end < nodes.count, nodes[end].level > node.level { end += 1 }

    var writer = JSONWriter(capacity: 4096)
    writer.object { writer in
      writer.member("speech", stored.identity.id)
      writer.member("revision", stored.identity.revision)
      writeMembers(node, of: stored, to: &writer)
      writer.array("breadcrumb") { for above in breadcrumb { writeReference(above, stored, to: &$0) } }
      writer.name("previous")
      write(among > 0 ? siblings[among - 1] : nil, stored, to: &writer)
      writer.name("next")
      write(among + 1 < siblings.count ? siblings[among + 1] : nil, stored, to: &writer)
      writer.array("children") { writer in
        Array(nodes[(place + 1)..<end]).writeTree(to: &writer, index: stored.text) { child, writer in
          writeURL(of: child.path, in: stored.identity, to: &writer)
        }
      }
    }
    return writer.bytes
  }

  private static func write(_ node: OutlineNode?, _ stored: StoredSpeech, to writer: inout JSONWriter) {
    if let node { writeReference(node, stored, to: &writer) } else { writer.null() }
  }

  private static func writeReference(_ node: OutlineNode, _ stored: StoredSpeech, to writer: inout JSONWriter) {
    writer.object {
      $0.member("path", node.path)
      $0.member("kind", node.section.kind.rawValue)
      $0.member("label", node.section.label)
      $0.member("heading", node.section.heading)
      writeURL(of: node.path, in: stored.identity, to: &$0)
    }
  }
}
