import Corpus
import HTTP
import HTTPTypes
import Storage

/// A collection as the API shows it: `items`, the exact `total`, `next`, the effective `query` and the state of the corpus.
struct CollectionResource {
  let call: Call
  let total: Int
  /// The cursor of the next page.
  let next: String?
  let state: CorpusState
  /// What parameters that were not given came to.
  var effective: [String: String] = [:]

  /// The answer.
  /// - Parameter items: writes the elements.
  /// - Parameter extra: writes members besides the usual ones.
  func response(
    items: (inout JSONWriter) -> Void, extra: (inout JSONWriter) -> Void = { _ in }
  ) -> Response {
    var writer = JSONWriter(capacity: 32_768)
    writer.object { writer in
      writer.array("items", items)
      writer.member("total", total)
      writer.member("next", next)
      writer.object("query") { writeQuery(to: &$0) }
      extra(&writer)
      writer.member("corpus_revision", state.revision)
    }
    var response = Response.json(writer.bytes)
    response.headerFields[.link] = link
    return response
  }

  private var link: String? {
    guard call.endpoint.parameters.contains(where: { $0.name == "cursor" }) else { return nil }
    let path = String(call.request.target.rawPath)
    let query = call.request.target.raw.dropFirst(path.count).dropFirst()
      .split(separator: "&").filter { !$0.hasPrefix("cursor=") }.joined(separator: "&")
    func reference(_ query: String, _ relation: String) -> String {
      "<\(path)\(query.isEmpty ? "" : "?" + query)>; rel=\"\(relation)\""
    }
    var links = [reference(query, "first")]
    if let next {
      links.append(reference((query.isEmpty ? "" : query + "&") + "cursor=" + next, "next"))
    }
    return links.joined(separator: ", ")
  }

  /// The parameters as they took effect, defaults included.
  private func writeQuery(to writer: inout JSONWriter) {
    for (name, texts, specification) in call.effectiveQuery where specification.name != "cursor" {
      writer.name(name)
      func write(_ text: String, _ writer: inout JSONWriter) {
        switch specification.kind {
        case .integer: writer.integer(Int(text) ?? 0)
        case .boolean: writer.value(.bool(text == "true"))
        case .text, .word, .date: writer.string(text)
        }
      }
      switch specification.multiplicity {
      case .once: if let text = texts.first ?? effective[name] { write(text, &writer) } else { writer.null() }
      case .repeatable: writer.array { for text in texts { write(text, &$0) } }
      case .commaSeparated:
        writer.array { for text in texts.first?.split(separator: ",") ?? [] { write(String(text), &$0) } }
      }
    }
  }
}

extension Response {
  /// An answer with JSON.
  static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, headerFields: [.contentType: "application/json"], body: .bytes(bytes))
  }
}

extension ValueCount {
  /// - Parameter title: what people call the value, where it is a name for programs.
  func write(to writer: inout JSONWriter, title: String? = nil) {
    writer.object {
      $0.member("value", value)
      $0.member("count", count)
      if let title { $0.member("title", title) }
    }
  }
}
