import Corpus
import Storage

/// What was found, as the API shows it.
enum SearchResource {
  static func write(_ hit: SearchHit, _ selection: Selection, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.name("speech")
      SpeechResource.write(hit.card, to: &writer, selection)
      writer.object("section") { writer in
        writeMembers(of: hit.node, in: hit.card, to: &writer)
        writer.member("start", hit.node.section.span.start)
        writer.member("end", hit.node.section.span.end)
        writer.array("breadcrumb") { writer in
          for above in hit.breadcrumb { writer.object { writeMembers(of: above, in: hit.card, to: &$0) } }
        }
      }
      writer.name("score")
      writer.number((Double(hit.score) * 10_000).rounded() / 10_000)
      writer.member("matches", hit.matches)
      writer.object("snippet") { writer in
        writer.member("text", hit.passage)
        writer.member("start", hit.snippet.span.start)
        writer.array("highlights") { for span in hit.snippet.highlights { write(span, to: &$0) } }
      }
      writer.array("title_highlights") { for span in hit.titleHighlights { write(span, to: &$0) } }
    }
  }

  static func write(_ count: FacetCount, to writer: inout JSONWriter) {
    writer.object {
      $0.member("value", count.value)
      $0.member("count", count.count)
      $0.member("speeches", count.speeches)
    }
  }

  /// The members that say how a query was taken.
  static func write(_ notes: SearchNotes, to writer: inout JSONWriter) {
    writer.name("word_search")
    if let search = notes.wordSearch {
      writer.object { writer in
        writer.array("words") { for word in search.words { $0.string(word) } }
        writer.array("missing") { for word in search.missing { $0.string(word) } }
        writer.array("common") { for word in search.common { $0.string(word) } }
      }
    } else {
      writer.null()
    }
    writer.array("did_you_mean") { for suggestion in notes.suggestions { $0.string(suggestion) } }
    writer.array("masked_forms") { for form in notes.maskedForms { $0.string(form) } }
  }

  /// The query as it was read.
  static func write(_ query: Query, to writer: inout JSONWriter) {
    writer.object { writer in
      switch query {
      case .term(let term): writeMembers(of: term, to: &writer)
      case .near(let near):
        writer.member("distance", near.distance)
        writer.array("near") { for term in near.terms { $0.object { writeMembers(of: term, to: &$0) } } }
      case .and(let parts): writer.array("and") { for part in parts { write(part, to: &$0) } }
      case .or(let parts): writer.array("or") { for part in parts { write(part, to: &$0) } }
      case .not(let part):
        writer.name("not")
        write(part, to: &writer)
      }
    }
  }

  private static func writeMembers(of term: Term, to writer: inout JSONWriter) {
    writer.member("term", term.text)
    writer.member("folded", term.foldedText)
    writer.member("prefix", term.isPrefix)
    writer.member("field", term.field?.rawValue)
  }

  private static func writeMembers(of node: OutlineNode, in card: Card, to writer: inout JSONWriter) {
    writer.member("path", node.path)
    writer.member("kind", node.section.kind.rawValue)
    writer.member("label", node.section.label)
    writer.member("heading", node.section.heading)
    writer.member("url", joining: SpeechResource.url(card.id), "/sections/", node.path)
  }

  private static func write(_ span: Span, to writer: inout JSONWriter) {
    writer.array {
      $0.integer(span.start)
      $0.integer(span.end)
    }
  }
}
