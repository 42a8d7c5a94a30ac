import Corpus
import HTTP
import HTTPTypes
import Storage

/// Strong entity tags (RFC 9110 §8.8.3): made of a digest over everything that the answer depends on.
extension Response {
  /// The answer with the tag of its content; what the content is called by the state of the corpus.
  func tagged(_ state: CorpusState) -> Response { tagged(state.digest) }

  /// The answer with the tag that a digest gives. The form of the answer and the version of the program count too.
  func tagged(_ digest: String) -> Response {
    var response = self
    let form = headerFields[.contentType] ?? ""
    response.headerFields[.eTag] = Self.tag(digest, form: form)
    return response
  }

  /// The answer to a client that has the content already.
  static func notModified(_ digest: String, form: String) -> Response {
    Response(status: .notModified, headerFields: [.eTag: tag(digest, form: form)])
  }

  static func tag(_ digest: String, form: String) -> String {
    "\"" + Array("\(digest) \(form) \(Version.text)".utf8).sha256.prefix(20) + "\""
  }
}

extension Call {
  /// Whether the client says that it has what the digest stands for, with or without compression.
  func alreadyHas(_ digest: String) -> Bool {
    guard request.method == .get || request.method == .head, let known = request.headerFields[.ifNoneMatch] else {
      return false
    }
    return known.namesTag(Response.tag(digest, form: format.contentType))
  }

  /// The answer to a client that has the content already.
  func notModified(_ digest: String) -> Response { .notModified(digest, form: format.contentType) }
}

extension String {
  /// Whether an `If-None-Match` field names a tag, or the tag of its compressed form (RFC 9110 §13.1.2: weak comparison).
  func namesTag(_ tag: String) -> Bool {
    let compressed = tag.compressedTag
    return split(separator: ",").contains { part in
      var candidate = part.drop { $0 == " " || $0 == "\t" }
      while let last = candidate.last, last == " " || last == "\t" { candidate.removeLast() }
      if candidate.hasPrefix("W/") { candidate = candidate.dropFirst(2) }
      return candidate == "*" || candidate == tag || candidate == compressed
    }
  }

  /// The tag of the same content compressed: another representation, so another tag.
  var compressedTag: String { dropLast() + "-gzip\"" }
}
