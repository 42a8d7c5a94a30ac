import Corpus
import Storage

/// The shapes of the API's answers as JSON Schema 2020-12, in the order of `api.md`. A test holds real answers against them.
enum Schemas {
  /// Every shape by its name.
  static let all: [(String, JSONValue)] =
    answers + [
      ("CollectionInput", collectionInput), ("Documents", documents), ("NewSpeech", newSpeech),
      ("Correction", correction),
    ]

  /// The shapes of answers.
  static let answers: [(String, JSONValue)] = [
    ("Corpus", corpus), ("Card", card), ("Speech", speech), ("Section", section),
    ("SectionInContext", sectionInContext),
    ("SpeechList", list(of: "Card", extra: notes(required: false) + [("facets", object([:], open: true), false)])),
    (
      "SearchResult",
      list(
        of: "SearchHit",
        extra: notes(required: true) + [
          ("total_speeches", integer, true), ("total_matches", integer, true),
          ("facets", object([:], open: true), false), ("explanation", object([:], open: true), false),
        ])
    ), ("SearchHit", searchHit),
    ("SectionList", list(of: "Section")),
    ("RevisionList", list(of: "Revision")), ("Revision", revision),
    ("RevisionChanges", revisionChanges),
    ("ValueList", list(of: "FieldValue")), ("FieldValue", fieldValue), ("ValueCount", valueCount),
    ("ChangeList", list(of: "Change")), ("Change", change),
    ("CollectionList", list(of: "Collection", extra: [("edits", integer, true), ("edited_at", text, true)])),
    ("Collection", collection),
    ("Passage", passage), ("Citation", citation),
    ("RelatedList", list(of: "RelatedSpeech", extra: [("terms", array(string), true)])),
    ("RelatedSpeech", related), ("FamilyList", list(of: "Family")), ("Family", family),
    ("FamilyMemberList", list(of: "FamilyMember")), ("FamilyMember", familyMember), ("Receipt", receipt),
    ("ImportReport", importReport),
    ("Health", object(["status": enumeration(["ok"])])),
    ("Readiness", object(["status": enumeration(["ready"]), "checks": object([:], open: true)])),
    ("Date", date), ("Speaker", speaker), ("Span", span), ("Evidence", evidence), ("Problem", problem),
  ]

  private static let valueCount = object(["value": string, "count": integer])
  /// A collection has a title besides.
  private static let fieldValue = JSONValue.object([
    .init("type", .string("object")), .init("required", .array([.string("value"), .string("count")])),
    .init(
      "properties",
      .object([.init("value", string), .init("count", integer), .init("title", string)])),
    .init("additionalProperties", .bool(false)),
  ])

  private static let corpus = object([
    "name": string, "version": string,
    "corpus": object([
      "revision": integer, "speeches": integer, "sections": integer, "characters": integer, "first_date": text,
      "last_date": text, "languages": array(reference("ValueCount")),
    ]),
    "links": object([:], open: true),
  ])

  private static let speaker = object([
    "name": text, "role": text, "organisation": text,
    "level": optional(enumeration(Level.allCases.map(\.rawValue))),
  ])

  private static let dateMembers: KeyValuePairs<String, JSONValue> = [
    "value": string, "precision": enumeration(SpeechDate.Precision.allCases.map(\.rawValue)), "earliest": text,
    "latest": text,
  ]
  private static let date = object(dateMembers)
  private static let cardDate = joined(date, ["kind": enumeration(DateKind.allCases.map(\.rawValue))])

  private static let cardMembers: KeyValuePairs<String, JSONValue> = [
    "id": string, "url": string, "revision": integer, "title": text, "clean_title": text, "language": string,
    "speaker": reference("Speaker"), "occasion": text, "genre": text, "location": text, "date": optional(cardDate),
    "site": text, "section_count": integer, "characters": integer, "excerpt": string,
  ]
  /// A card may hold members of the whole speech too (`include`), so it is open.
  private static let card = object(cardMembers, open: true, selectable: true)

  private static let span = JSONValue.object([
    .init("type", .string("array")), .init("items", integer), .init("minItems", .integer(2)),
    .init("maxItems", .integer(2)),
  ])
  private static let evidenceMembers: KeyValuePairs<String, JSONValue> = [
    "text": string, "source_start": number, "source_end": number,
  ]
  private static let evidence = object(evidenceMembers)

  private static let sectionMembers: KeyValuePairs<String, JSONValue> = [
    "path": string, "level": integer, "ordinal": integer, "kind": enumeration(Section.Kind.allCases.map(\.rawValue)),
    "label": text, "number": number, "heading": text, "start": integer, "end": integer,
    "heading_span": optional(reference("Span")), "body_spans": array(reference("Span")), "text": string,
    "characters": integer, "parent": text, "url": string,
  ]
  private static let section: JSONValue = {
    // In a flat list a node comes without its children, in a tree with them.
    guard case .object(var members) = object(sectionMembers),
      let place = members.firstIndex(where: { $0.name == "properties" }),
      case .object(let properties) = members[place].value
    else { return object(sectionMembers) }
    members[place].value = .object(properties + [.init("children", array(reference("Section")))])
    return .object(members)
  }()
  private static let sectionReference = object([
    "path": string, "kind": string, "label": text, "heading": text, "url": string,
  ])
  private static let sectionInContext = joined(
    object(["speech": string, "revision": integer]),
    [
      "path": string, "level": integer, "ordinal": integer,
      "kind": enumeration(Section.Kind.allCases.map(\.rawValue)), "label": text, "number": number, "heading": text,
      "start": integer, "end": integer, "heading_span": optional(reference("Span")),
      "body_spans": array(reference("Span")), "text": string, "characters": integer, "parent": text, "url": string,
      "breadcrumb": array(sectionReference), "previous": optional(sectionReference),
      "next": optional(sectionReference), "children": array(reference("Section")),
    ])

  private static func notes(required: Bool) -> [(String, JSONValue, Bool)] {
    let search = object(["words": array(string), "missing": array(string), "common": array(string)])
    return [
      ("word_search", optional(search), required), ("did_you_mean", array(string), required),
      ("masked_forms", array(string), required),
    ]
  }

  private static let foundSection = joined(
    sectionReference, ["start": integer, "end": integer, "breadcrumb": array(sectionReference)])
  private static let searchHit = object([
    "speech": reference("Card"), "section": foundSection, "score": type("number"), "matches": integer,
    "snippet": object(["text": string, "start": integer, "highlights": array(reference("Span"))]),
    "title_highlights": array(reference("Span")),
  ])

  static let speech = joined(
    object(cardMembers),
    [
      "subtitle": text, "delivered": optional(reference("Date")), "published": optional(reference("Date")),
      "source": object([
        "name": text, "site": text, "url": text, "author": text, "editor": text, "disclaimer": text,
        "media_type": string, "encoding": text, "file_name": text, "sha256": string, "imported_at": text,
      ]),
      "text": string, "sections": array(reference("Section")), "announced_sections": number,
      "annotations": array(object(["kind": string, "start": integer, "end": integer, "value": text])),
      "notes": array(reference("Evidence")), "appendices": array(reference("Evidence")),
      "related_links": array(object(["title": string, "url": text])),
      "removed": array(joined(object(["kind": string]), evidenceMembers)),
      "inferred": object([:], open: true), "warnings": array(string), "speaking_time_seconds": integer,
      "masked_characters": integer,
      "metadata": object([:], open: true), "corrections": object([:], open: true), "collections": array(string),
      "created_at": string, "updated_at": string,
      "links": object([:], open: true),
    ], selectable: true)

  private static let collection = object([
    "slug": string, "title": string, "description": text, "ids": optional(array(string)),
    "filter": optional(object([:], open: true)), "created_at": string, "updated_at": string, "speeches": integer,
    "url": string, "links": object(["speeches": string]),
  ])

  private static let passage: JSONValue = {
    let place: KeyValuePairs<String, JSONValue> = [
      "start": integer, "end": integer, "section": optional(sectionReference), "url": string,
    ]
    let members = joined(object(["speech": string, "revision": integer, "text": string, "sha256": string]), place)
    guard case .object(var schema) = members, let index = schema.firstIndex(where: { $0.name == "properties" }),
      case .object(let properties) = schema[index].value
    else { return members }
    // Of a passage that was asked after by its checksum.
    schema[index].value = .object(
      properties + [
        .init("current_revision", integer), .init("stood_in", number), .init("stands", type("boolean")),
        .init("found_at", array(object(place))),
      ])
    return .object(schema)
  }()

  private static let citation = object([
    "speech": string, "revision": integer, "section": text, "start": number, "end": number, "url": string,
    "accessed": string, "gbt7714": string, "bibtex": string, "csl_json": object([:], open: true),
  ])

  private static let related = object([
    "speech": reference("Card"), "score": type("number"),
    "shared_terms": array(object(["term": string, "matches": integer])),
    "same": array(enumeration(RelatedField.allCases.map(\.rawValue))),
  ])

  private static let family = object(["speech": reference("Card"), "size": integer, "url": string])

  private static let familyMember = object([
    "speech": reference("Card"), "kind": enumeration(["head"] + CopyKind.allCases.map(\.rawValue)),
    "share": optional(type("number")), "coverage": optional(type("number")),
    "passage": optional(
      object(["start": integer, "end": integer, "head_start": integer, "head_end": integer])),
  ])

  private static let receipt = joined(
    object(["status": enumeration(["created", "revised", "unchanged"])]),
    [
      "id": string, "url": string, "revision": integer, "title": text, "clean_title": text, "language": string,
      "speaker": reference("Speaker"), "occasion": text, "genre": text, "location": text, "date": optional(cardDate),
      "site": text, "section_count": integer, "characters": integer, "excerpt": string, "warnings": array(string),
    ])

  private static let importReport = object([
    "created": integer, "revised": integer, "unchanged": integer,
    "refused": array(object(["index": integer, "code": string, "reason": string, "pointer": text, "line": number])),
    "items": array(
      object(
        [
          "status": enumeration(["created", "revised", "unchanged", "refused"]), "id": text,
          "warnings": array(string), "reason": text, "code": string, "pointer": text, "line": number,
        ], selectable: true)),
  ])

  private static let problem: JSONValue = {
    let always: KeyValuePairs = [
      "type": string, "title": string, "status": integer, "detail": string, "code": string, "instance": text,
      "request_id": string,
    ]
    let whereKnown: KeyValuePairs = [
      "parameter": string, "position": integer, "pointer": string, "checks": object([:], open: true),
    ]
    guard case .object(var members) = joined(object(always), whereKnown) else { return object(always) }
    members[1] = .init("required", .array(always.map { .string($0.key) }))
    return .object(members)
  }()
}
