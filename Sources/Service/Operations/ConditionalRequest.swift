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

  /// The answer with the time at which what it tells was made, ISO 8601 in UTC.
  func dated(_ time: String) -> Response {
    var response = self
    response.headerFields[.lastModified] = HTTPDate(iso8601: time)?.text
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
    guard request.method == .get || request.method == .head, let known = request.headerFields[.ifNoneMatch],
      request.headerFields[.ifMatch] == nil, request.headerFields[.ifUnmodifiedSince] == nil
    else { return false }
    return known.namesTag(Response.tag(digest, form: format.contentType))
  }

  /// The answer to a client that has the content already.
  func notModified(_ digest: String) -> Response { .notModified(digest, form: format.contentType) }
}

/// What the preconditions of a request come to.
enum Precondition {
  case holds
  /// What is asked for is what the client has already: 304.
  case notModified
  /// What the client thinks it is about has changed: 412.
  case failed

  static let problem = Problem(
    .preconditionFailed, code: "precondition_failed",
    detail: "It has changed since: its tag or its date is another one.")
}

extension Request {
  /// The preconditions in the order of RFC 9110 §13.2.2; a date counts only where there is no tag of its kind.
  ///
  /// - Parameters:
  ///   - tags: the tags of what exists now, one for each form that a client may have got it in.
  ///   - modified: when that was made; nil where no date is true of it. Looked at only where a date is asked about.
  func precondition(tags: [String], modified: @autoclosure () -> HTTPDate?) -> Precondition {
    if let wanted = headerFields[.ifMatch] {
      guard tags.contains(where: { wanted.namesTag($0, isStrong: true) }) else { return .failed }
    } else if let date = headerFields[.ifUnmodifiedSince].flatMap({ HTTPDate($0) }), let modified = modified(),
      modified > date
    {
      return .failed
    }
    let reads = method == .get || method == .head
    if let known = headerFields[.ifNoneMatch] {
      guard tags.contains(where: { known.namesTag($0) }) else { return .holds }
      return reads ? .notModified : .failed
    }
    guard reads, let date = headerFields[.ifModifiedSince].flatMap({ HTTPDate($0) }), let modified = modified() else {
      return .holds
    }
    return modified <= date ? .notModified : .holds
  }
}

extension String {
  /// Whether an `If-None-Match` or `If-Match` field names a tag, or the tag of its compressed form. A weak tag counts for
  /// the former only (RFC 9110 §13.1).
  func namesTag(_ tag: String, isStrong: Bool = false) -> Bool {
    let compressed = tag.compressedTag
    return split(separator: ",").contains { part in
      var candidate = part.drop { $0 == " " || $0 == "\t" }
      while let last = candidate.last, last == " " || last == "\t" { candidate.removeLast() }
      if !isStrong, candidate.hasPrefix("W/") { candidate = candidate.dropFirst(2) }
      return candidate == "*" || candidate == tag || candidate == compressed
    }
  }

  /// The tag of the same content compressed: another representation, so another tag.
  var compressedTag: String { dropLast() + "-gzip\"" }
}
