public import Corpus
import GRDB

/// What became of a passage that someone quoted by its place and the SHA-256 of its text.
public struct PassageCheck: Sendable {
  /// The revision that is told of: the latest in which that text stands at that place; where there is none, the one that was
  /// asked for.
  public var speech: StoredSpeech
  /// Whether that revision has the text at the place.
  public var isKnown: Bool
  /// The current revision.
  public var current: RevisionIdentity
  /// Whether the text stands in the current revision where it was quoted from.
  public var stands: Bool
  /// Where the text stands in the current revision, in order; places may overlap.
  public var places: [Place]

  /// A passage of the current revision.
  public struct Place: Sendable {
    /// Its place.
    public var span: Span
    /// The innermost node that has all of it.
    public var node: OutlineNode?
  }
}

extension SpeechRepository {
  /// Looks for a passage in the revision that is named, else from the current one back to the first, and for its text in the
  /// current one. All of it on one snapshot.
  /// - Parameters:
  ///   - span: the place of the passage; without an end, up to that of the text.
  ///   - sha256: the checksum of its UTF-8, in lower-case hexadecimal.
  public func check(
    _ id: SpeechID, revision: Int?, start: Int, end: Int?, sha256: String
  ) throws -> Lookup<PassageCheck> {
    try store.read { db in
      switch try Self.identity(of: id, revision: revision, db, { $0 }) {
      case .deleted(let time): return .deleted(at: time)
      case .noSuchRevision(let last): return .noSuchRevision(last: last)
      case .missing: return .missing
      case .found(let asked):
        let found = try Self.passage(start, end, sha256, in: asked, from: revision ?? 1, db)
        let identity = try found.map { try Self.sibling(of: asked, revision: $0.revision, id, db) } ?? asked
        let speech = try Self.content(of: identity, db)
        let current = try Self.sibling(of: asked, revision: nil, id, db)
        guard let found else {
          return .found(PassageCheck(speech: speech, isKnown: false, current: current, stands: false, places: []))
        }
        let now = identity.isCurrent ? speech : try Self.content(of: current, db)
        let stands = found.span.end <= now.text.count && now.text.slice(found.span).elementsEqual(found.bytes)
        let places = now.text.places(of: found.bytes).map { span in
          PassageCheck.Place(span: span, node: now.nodes.last { $0.section.span.contains(span) })
        }
        return .found(
          PassageCheck(speech: speech, isKnown: true, current: current, stands: stands, places: places))
      }
    }
  }

  /// The passage of that checksum in the latest revision that has it at the place, from `first` on up to that of `asked`.
  private static func passage(
    _ start: Int, _ end: Int?, _ sha256: String, in asked: RevisionIdentity, from first: Int, _ db: Database
  ) throws -> (revision: Int, span: Span, bytes: [UInt8])? {
    var found: (revision: Int, span: Span, bytes: [UInt8])?
    let sql = """
      SELECT number, text FROM revision WHERE speech = ? AND number BETWEEN ? AND ? ORDER BY number DESC
      """
    try db.eachRow(sql, [asked.key, first, asked.revision]) { row in
      if found != nil { return }
      let text = TextIndex(utf8: row.bytes(1))
      let span = Span(start, end ?? text.count)
      guard !span.isEmpty, span.end <= text.count else { return }
      let bytes = Array(text.slice(span))
      if bytes.sha256 == sha256 { found = (row.integer(0), span, bytes) }
    }
    return found
  }

  /// Another revision of a speech that is there; the current one unless told otherwise.
  private static func sibling(
    of asked: RevisionIdentity, revision: Int?, _ id: SpeechID, _ db: Database
  ) throws -> RevisionIdentity {
    guard case .found(let identity) = try identity(of: id, revision: revision, db, { $0 }) else {
      throw StorageError.corrupt("speech \(asked.id) lacks a revision")
    }
    return identity
  }
}

extension TextIndex {
  /// Where a passage stands, in order, places that overlap too: in a time that grows with the length of both, whatever they
  /// are (Knuth, Morris and Pratt, 1977).
  func places(of passage: [UInt8]) -> [Span] {
    guard !passage.isEmpty else { return [] }
    // Of each beginning of the passage: how long its longest own beginning is that it also ends with.
    var borders = [0]
    borders.reserveCapacity(passage.count)
    var matched = 0
    for byte in passage.dropFirst() {
      while matched > 0, passage[matched] != byte { matched = borders[matched - 1] }
      if passage[matched] == byte { matched += 1 }
      borders.append(matched)
    }
    let length = passage.count { $0 & 0xC0 != 0x80 }
    var spans: [Span] = []
    var position = 0
    matched = 0
    for byte in bytes {
      if byte & 0xC0 != 0x80 { position += 1 }
      while matched > 0, matched == passage.count || passage[matched] != byte { matched = borders[matched - 1] }
      if passage[matched] == byte { matched += 1 }
      if matched == passage.count { spans.append(Span(position - length, position)) }
    }
    return spans
  }
}
