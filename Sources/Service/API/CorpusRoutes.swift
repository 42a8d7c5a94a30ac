import Corpus
import Foundation
import HTTP
import HTTPTypes
import Storage

/// `/v1`, `/v1/values` and `/v1/changes`: the corpus as a whole.
struct CorpusRoutes {
  let overview: OverviewRepository
  let cards: CardRepository
  let changes: ChangeRepository
  let snapshots: SnapshotRepository
  let exports: ExportRepository
  let collections: CollectionRepository
  let pinyin: Pinyin?

  private static let fields = FacetField.allCases.map(\.rawValue) + ["collection"]
  private static let field: Parameter<String> = .path(
    "field", "A field: \(fields.joined(separator: ", ")), or meta.KEY."
  ).example("genre")
  private static let prefix: Parameter<String?> = .optional(
    "prefix", .text(maximum: 200), "Only values that begin with this; pinyin finds Chinese ones.", convert: { $0 }
  ).example("jiang")
  private static let since: Parameter<Int> = .once(
    "since", .integer(0...Int.max), default: "0", "Only what was written after this corpus revision.",
    convert: { Int($0) })

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, "/v1", name: "getCorpus", summary: "The corpus in a few numbers, and where to go from here.",
        results: [.init(200, "The corpus.", schema: "Corpus")], handler: .worker(corpus)),
      Endpoint(
        .get, "/v1/values/{field}", name: "listValues", summary: "The distinct values of a field with their counts.",
        parameters: [
          Self.field.specification, Self.prefix.specification, SpeechListRoutes.limit.specification,
          SpeechListRoutes.cursor.specification,
        ],
        results: [.init(200, "A page of values, the most frequent first.", schema: "ValueList")],
        problems: [
          .init(400, "invalid_cursor", "The cursor belongs to another query."),
          .init(404, "field_not_found", "There is no such field; the answer names those there are."),
        ], handler: .worker(values)),
      Endpoint(
        .get, "/v1/changes", name: "listChanges",
        summary: "What was added, revised and deleted, in order: enough to mirror the corpus.",
        parameters: [
          Self.since.specification, SpeechListRoutes.limit.specification, SpeechListRoutes.cursor.specification,
        ],
        formats: [.json, .ndjson, .csv],
        results: [.init(200, "A page of writes; as NDJSON and CSV all of them.", schema: "ChangeList")],
        problems: [.init(400, "invalid_cursor", "The cursor belongs to another query.")], handler: .worker(log)),
      Endpoint(
        .get, "/v1/snapshot", name: "getSnapshot",
        summary: "The corpus as one SQLite file, as it is at one moment, without the texts of deleted speeches.",
        formats: [],
        results: [
          .init(200, "The file, `application/vnd.sqlite3`; `Repr-Digest` has its SHA-256."),
          .init(206, "The range of it that `Range` asks for."),
        ],
        problems: [
          .init(
            416, "range_not_satisfiable",
            "`Range` begins behind the last byte; `Content-Range` says how many there are."),
          .init(507, "storage_full", "There is no room for the file."),
        ], handler: .worker(snapshot)),
    ]
  }

  private func corpus(_ call: Call) throws -> Response {
    let overview = try overview.overview()
    var writer = JSONWriter(capacity: 1024)
    writer.object { writer in
      writer.member("name", "Rostrum")
      writer.member("version", Version.text)
      writer.object("corpus") { writer in
        writer.member("revision", overview.state.revision)
        writer.member("speeches", overview.speeches)
        writer.member("sections", overview.sections)
        writer.member("characters", overview.characters)
        writer.member("first_date", overview.firstDate)
        writer.member("last_date", overview.lastDate)
        writer.array("languages") { for language in overview.languages { language.write(to: &$0) } }
      }
      writer.object("links") {
        $0.member("speeches", "/v1/speeches")
        $0.member("latest", "/v1/speeches?sort=-added")
        $0.member("search", "/v1/search?q={q}")
        $0.member("values", "/v1/values/{field}")
        $0.member("changes", "/v1/changes")
        $0.member("collections", "/v1/collections")
        $0.member("snapshot", "/v1/snapshot")
        $0.member("openapi", "/openapi.json")
        $0.member("docs", "/docs")
        $0.member("health", "/health")
        $0.member("ready", "/ready")
      }
    }
    return Response.json(writer.bytes).tagged(overview.state)
  }

  private func snapshot(_ call: Call) throws -> Response {
    let snapshot = try snapshots.current()
    let fields: HTTPFields = [
      .contentType: "application/vnd.sqlite3", .acceptRanges: "bytes",
      .contentDisposition: "attachment; filename=\"rostrum-\(snapshot.state.revision).sqlite\"",
      .reprDigest: "sha-256=:\(Data(snapshot.digest).base64EncodedString()):",
    ]
    let body = Response.Body.pieces(length: snapshot.length) { range, writer in
      try snapshot.read(range) { try writer.write($0) }
    }
    return Response(status: .ok, headerFields: fields, body: body).tagged(snapshot.digest.hexadecimal)
  }

  private func values(_ call: Call) throws -> Response {
    let name = try call[Self.field]
    var position: ValueCount?
    if let cursor = try call[SpeechListRoutes.cursor] {
      let parts = try Cursor.parts(cursor, for: call, count: 2)
      position = ValueCount(value: parts[1] ?? "", count: parts[0].flatMap { Int($0) } ?? 0)
    }
    let field: ValueField
    if name == "collection" {
      return try collectionValues(call, after: position)
    } else if name.hasPrefix("meta."), name.utf8.count > 5 {
      field = .metadata(String(name.dropFirst(5)))
    } else if let facet = FacetField(rawValue: name) {
      field = .card(facet)
    } else {
      let near = name.nearest(in: Self.fields).map { " Did you mean “\($0)”?" } ?? ""
      throw Problem(
        .notFound, code: "field_not_found",
        detail: "There is no field “\(name)”; there are \(Self.fields.joined(separator: ", ")) and meta.KEY." + near,
        parameter: "field")
    }
    let page = try cards.values(
      of: field, prefix: call[Self.prefix], after: position, limit: call[SpeechListRoutes.limit])
    let next = page.next.map { Cursor.text([String($0.count), $0.value], for: call) }
    return CollectionResource(call: call, total: page.total, next: next, state: page.state).response { writer in
      for value in page.items { value.write(to: &writer) }
    }.tagged(page.state)
  }

  /// Collections as values: their slugs, which `collection` takes, found by what slug or title begins with.
  private func collectionValues(_ call: Call, after position: ValueCount?) throws -> Response {
    let limit = try call[SpeechListRoutes.limit]
    let prefix = try call[Self.prefix].map { ValuePrefix($0, pinyin: pinyin) }
    let (all, _, state) = try collections.all()
    let found = all.filter { prefix?.begins($0.collection.slug) ?? true || prefix?.begins($0.collection.title) ?? true }
      .map { (value: ValueCount(value: $0.collection.slug, count: $0.speeches), title: $0.collection.title) }
      .sorted { $0.value.precedes($1.value) }
    let rest = found.drop { place in position.map { !$0.precedes(place.value) } ?? false }
    let page = rest.prefix(limit)
    let next = page.last.flatMap { last in
      rest.count > limit ? Cursor.text([String(last.value.count), last.value.value], for: call) : nil
    }
    return CollectionResource(call: call, total: found.count, next: next, state: state).response { writer in
      for (value, title) in page { value.write(to: &writer, title: title) }
    }.tagged(state)
  }

  private func log(_ call: Call) throws -> Response {
    let since = try call[Self.since]
    if call.isExport {
      try call.refusePaging()
      let export = try exports.changes(since: since)
      if call.format == .ndjson {
        return call.stream(export) { change in
          var writer = JSONWriter(capacity: 256)
          change.write(to: &writer)
          return writer.bytes + [10]
        }
      }
      return call.stream(export, head: Table.head(ChangeEntry.columns)) { Table.row($0.cells) }
    }
    var start = since
    if let cursor = try call[SpeechListRoutes.cursor] {
      start = try Cursor.parts(cursor, for: call, count: 1)[0].flatMap { Int($0) } ?? since
    }
    let page = try changes.changes(since: start, limit: call[SpeechListRoutes.limit])
    let next = page.next.map { Cursor.text([String($0)], for: call) }
    let total = max(0, page.state.revision - since)
    return CollectionResource(call: call, total: total, next: next, state: page.state).response { writer in
      for change in page.items { change.write(to: &writer) }
    }.tagged(page.state)
  }
}

extension ChangeEntry {
  fileprivate static let columns = ["corpus_revision", "kind", "id", "revision", "at", "source_sha256", "state", "url"]

  fileprivate var cells: [String] {
    [String(corpusRevision), kind, id, String(revision), at, sourceDigest ?? "", state, SpeechResource.url(id)]
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("corpus_revision", corpusRevision)
      $0.member("kind", kind)
      $0.member("id", id)
      $0.member("revision", revision)
      $0.member("at", at)
      $0.member("source_sha256", sourceDigest)
      $0.member("state", state)
      $0.member("url", SpeechResource.url(id))
    }
  }
}
