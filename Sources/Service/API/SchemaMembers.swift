import Corpus

/// The notes themselves: a key is the name of a member, or the end of the way to it from its shape. The examples belong to
/// one short speech, so that positions and texts agree.
extension SchemaNotes {
  /// A document as somebody may import it.
  static let plainDocument = """
    在青石镇道路建设动员会上的讲话
    （2021年3月5日）
    镇长　陈望山

    各位乡亲：
    新年好！
    一是修好路。今年修路一百公里。
    谢谢大家！
    """
  private static let speech = "各位乡亲：\n新年好！\n一是修好路。今年修路一百公里。\n谢谢大家！"
  private static let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
  /// The name of a request.
  static let requestID = "1k3fnru2umg76"

  /// Examples of answers that are no JSON.
  static let texts = ["text/plain": speech, "text/markdown": "# 在青石镇道路建设动员会上的讲话\n\n各位乡亲：\n\n新年好！"]

  /// Examples of documents of the kinds that are more than plain text.
  static let documents: [String: String] = [
    "text/markdown": "# 在青石镇道路建设动员会上的讲话\n\n各位乡亲：\n\n今年修路一百公里。\n\n谢谢大家！",
    "text/html": page, "application/xhtml+xml": page, "application/xml": tei, "text/xml": tei,
    "application/tei+xml": tei,
    "application/x-ndjson": #"{"title": "新年贺词", "text": "各位乡亲：\n新年好！"}"# + "\n",
    "application/akn+xml": """
    <akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><debate name="debate"><debateBody>\
    <debateSection name="agenda"><speech by="#chen"><from>陈望山</from><p>各位乡亲：今年修路一百公里。</p></speech>\
    </debateSection></debateBody></debate></akomaNtoso>
    """,
  ]
  private static let page = """
    <html lang="zh"><head><title>在青石镇道路建设动员会上的讲话</title></head><body>\
    <h1>在青石镇道路建设动员会上的讲话</h1><p>各位乡亲：</p><p>今年修路一百公里。</p><p>谢谢大家！</p></body></html>
    """
  private static let tei = """
    <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>会议记录</title></titleStmt></fileDesc>\
    </teiHeader><text><body><div><u who="#chen"><seg>各位乡亲：今年修路一百公里。</seg></u></div></body></text></TEI>
    """

  static func span(_ start: Int, _ end: Int) -> JSONValue { .array([.integer(start), .integer(end)]) }
  private static func strings(_ texts: String...) -> JSONValue { .array(texts.map(JSONValue.string)) }
  static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { .init($0.key, $0.value) })
  }

  static let members: [String: Note] = [
    // Lists
    "total": .number("How many there are, exactly.", 1),
    "RelatedList.total": .number("How many are given.", 1),
    "next": .value("The cursor of the next page; null on the last.", .null),
    "query": .value("The parameters as they took effect, defaults included.", object(["limit": .integer(20)])),
    "corpus_revision": .number("A number that every import, revision and deletion raises.", 36),
    "facets": .value(
      "The values of the fields that were asked for, counted over the whole result.",
      object(["genre": .array([object(["value": .string("讲话"), "count": .integer(1)])])])),
    "SearchResult.facets": .value(
      "The values of the fields that were asked for, with the nodes and the speeches that have them.",
      object([
        "genre": .array([object(["value": .string("讲话"), "count": .integer(1), "speeches": .integer(1)])])
      ])),
    "total_speeches": .number("How many speeches the nodes belong to.", 1),
    "total_matches": .number("How often the terms of the query occur.", 1),
    "explanation": .value(
      "The query as it was read, with `explain=true`.",
      object([
        "term": .string("修路"), "folded": .string("修路"), "prefix": .bool(false), "field": .null,
      ])),
    "word_search": .value("The words that were searched instead of a sentence that stands nowhere.", .null),
    "masked_forms": .value(
      "With `mode=masked`: what the terms are where a name in them is hidden, as it stands in the corpus.",
      .array([.string("×市")])),
    "did_you_mean": .value("Terms of the corpus that are one edit away.", .array([])),
    // A speech
    "id": .text("The permanent name of the speech: 12 characters.", "d35ntcd9an8f"),
    "url": .text("The address.", "/v1/speeches/d35ntcd9an8f"),
    "revision": .number("Number of the revision; a changed text or field makes the next.", 1),
    "title": .text("The title as written.", "在青石镇道路建设动员会上的讲话"),
    "clean_title": .text("The title without tails for search engines.", "在青石镇道路建设动员会上的讲话"),
    "subtitle": .value("The second line of the title.", .null),
    "language": .text("BCP 47 language tag: zh-Hans, zh-Hant, en, und.", "zh-Hans"),
    "speaker": .plain("Who speaks."),
    "speaker.name": .text("The name as written.", "陈望山"), "Speaker.name": .text("The name as written.", "陈望山"),
    "speaker.level": .text("The level of the office or organisation.", "township"),
    "role": .text("The office as written.", "镇长"),
    "organisation": .text("The part of the role that names an organisation.", "青石镇"),
    "Speaker.level": .text("The level of the office or organisation.", "township"),
    "occasion": .text("The meeting or event.", "青石镇道路建设动员会"),
    "genre": .text("The genre word.", "讲话"), "location": .text("The place.", "青石镇"),
    "date": .plain("`delivered`, or where that is not known `published`."),
    "delivered": .plain("When it was spoken."), "published": .plain("When the page or paper is dated."),
    "Date.value": .text("As precise as known: 2021, 2021-03, 2021-03-05, 2021-03-05T10:00, --05-15.", "2021-03-05"),
    "date.value": .text("As precise as known: 2021, 2021-03, 2021-03-05, 2021-03-05T10:00, --05-15.", "2021-03-05"),
    "precision": .text("How much of it is known.", "day"),
    "earliest": .text("The first moment it may mean.", "2021-03-05"),
    "latest": .text("The last moment it may mean.", "2021-03-05"),
    "date.kind": .text("Which of the two it is.", "delivered"),
    "site": .text("The site that carried it.", "青石镇人民政府"),
    "section_count": .number("How many sections it has, subsections too.", 1),
    "characters": .number("Code points that are no white space.", 29),
    "Section.characters": .number("Code points of its span that are no white space.", 15),
    "SectionInContext.characters": .number("Code points of its span that are no white space.", 15),
    "excerpt": .text("How it begins.", "新年好！一是修好路。今年修路一百公里。"),
    "source": .plain("Where the document comes from."),
    "source.name": .text("The publisher that the page names.", "青石新闻"),
    "source.url": .text("The address of the page.", "https://example.org/2021/0305.html"),
    "author": .value("Who wrote it down.", .null), "editor": .value("Who edited it.", .null),
    "disclaimer": .value("What the page says of itself.", .null),
    "media_type": .text("The media type of the document.", "text/plain"),
    "encoding": .text("Its character encoding.", "UTF-8"), "file_name": .text("The name of its file.", "0305.txt"),
    "sha256": .text("SHA-256 of the bytes, in hexadecimal.", digest),
    "source_sha256": .text("SHA-256 of the document, in hexadecimal.", digest),
    "imported_at": .text("When it was imported.", "2026-01-02T03:04:05Z"),
    "created_at": .text("When it was first kept.", "2026-01-02T03:04:05Z"),
    "updated_at": .text("When it was last changed.", "2026-01-02T03:04:05Z"),
    "at": .text("When.", "2026-01-02T03:04:05Z"),
    "Speech.text": .value("The canonical text, paragraphs joined by LF.", .string(speech)),
    "NewSpeech": .value(
      "A speech as it is given.",
      object([
        "title": .string("在青石镇道路建设动员会上的讲话"),
        "speaker": object(["name": .string("陈望山"), "role": .string("镇长")]), "delivered": .string("2021-03-05"),
        "text": .string(speech),
      ])),
    "NewSpeech.delivered": .text("When it was spoken: a date, or just its value.", "2021-03-05"),
    "NewSpeech.published": .text("When the page or paper is dated: a date, or just its value.", "2021-03-05"),
    "NewSpeech.text": .value("The text of the speech, or of the page that holds it.", .string(speech)),
    "text": .text("The text: of a node its own, without that of its children.", "今年修路一百公里。"),
    "sections": .plain("The top-level nodes, which tile the text, each with its children."),
    "Corpus.corpus.sections": .number("How many sections there are, subsections too.", 138),
    "announced_sections": .value("How many points the speech itself announces.", .null),
    "annotations": .value("Marked spans of the text: stage directions, masks, note marks.", .array([])),
    "notes": .value("Notes behind the text.", .array([])),
    "appendices": .value("Appendices behind the text.", .array([])),
    "related_links": .value("Other titles of the page.", .array([])),
    "removed": .value("Every line of the source that is not in the text.", .array([])),
    "inferred": .value("Why a field has its value: confidence, evidence, conflicts.", object([:])),
    "warnings": .value("Codes for what was guessed or lost.", .array([])),
    "masked_characters": .number(
      "Of the characters, those that are masks of hidden names; unknown of revisions made by versions before this member.",
      0),
    "speaking_time_seconds": .number("At 220 Han characters or 130 words a minute.", 8),
    "metadata": .value("Any key and value that the source or the user gave.", object([:])),
    "collections": .value("Slugs of the collections that it belongs to.", .array([])),
    "links": .value("Addresses of what belongs to it.", object(["self": .string("/v1/speeches/d35ntcd9an8f")])),
    "source_start": .number("First code point in the decoded source; null where it has no such place.", 41),
    "source_end": .number("Code point behind it in the decoded source.", 50),
    // Nodes
    "path": .text("Ordinals among siblings (2.1), or salutation, opening, body, closing.", "1"),
    "level": .number("How deep it stands; 1 at the top.", 1),
    "ordinal": .number("Its place among its siblings of the same kind.", 1),
    "kind": .text("What it is.", "section"), "label": .text("The label as written.", "一是"),
    "number": .number("The number that the label says; of a revision its own.", 1),
    "heading": .text("The heading as written.", "修好路"), "start": .number("First code point.", 17),
    "end": .number("Code point behind the last.", 26),
    "Section.start": .number("First code point of the whole node.", 11),
    "Section.end": .number("Code point behind the whole node.", 26),
    "SectionInContext.start": .number("First code point of the whole node.", 11),
    "SectionInContext.end": .number("Code point behind the whole node.", 26),
    "section.start": .number("First code point of the whole node.", 11),
    "section.end": .number("Code point behind the whole node.", 26),
    "heading_span": .value("Where the heading stands.", span(13, 16)),
    "body_spans": .value("The pieces of its own text.", .array([span(17, 26)])),
    "parent": .value("Path of the node above.", .null), "children": .value("The nodes inside it.", .array([])),
    "breadcrumb": .value("The nodes above it, the topmost first.", .array([])),
    "previous": .value("The node before it.", .null), "SectionInContext.next": .value("The node behind it.", .null),
    "section": .plain("The node."),
    "SectionInContext.speech": .text("Id of the speech.", "d35ntcd9an8f"),
    "Passage.speech": .text("Id of the speech.", "d35ntcd9an8f"),
    // What was found
    "score": .plain("How relevant it is; larger is more."), "matches": .number("Occurrences of the query's terms.", 1),
    "snippet": .plain("A passage of the node in one line."),
    "snippet.text": .text("The passage.", "今年修路一百公里。"),
    "snippet.start": .number("Where it begins in the text.", 17),
    "highlights": .value("What of the text was found.", .array([span(19, 21)])),
    "title_highlights": .value("What of the title was found, in code points of the title.", .array([])),
    // The corpus and its history
    "Corpus.name": .text("The name of the program.", "Rostrum"),
    "version": .value("Its version.", .string(Version.text)),
    "speeches": .number("How many speeches there are.", 35),
    "Collection.speeches": .number("How many speeches it has now.", 2),
    "Collection.links": .value(
      "Addresses of what belongs to it.", object(["speeches": .string("/v1/speeches?collection=heci")])),
    "links.speeches": .text("The address.", "/v1/speeches?collection=heci"),
    "corpus.characters": .number("Characters of all speeches.", 33_345),
    "corpus.revision": .number("A number that every import, revision and deletion raises.", 36),
    "languages": .value(
      "The languages, each with how many speeches are in it.",
      .array([object(["value": .string("zh-Hans"), "count": .integer(31)])])),
    "first_date": .text("The earliest day.", "1998-08-03"), "last_date": .text("The latest day.", "2024-12-31"),
    "FieldValue.title": .text("Of a collection, what people call it.", "历年新年贺词"),
    "value": .text("The value.", "讲话"), "count": .number("How many speeches have it.", 12),
    "Revision.url": .text("The address.", "/v1/speeches/d35ntcd9an8f/revisions/1"),
    "cause": .text("What made it.", "import"),
    "changed": .value("The fields that differ from the revision before.", .array([])),
    "Change.kind": .text("What happened.", "added"),
    "Change.source_sha256": .text(
      "SHA-256 of the document, in hexadecimal; null for the end of a speech, and where the speech is not there any more.",
      digest),
    "state": .text(
      "Digest over this write and all before it: equal in a copy of the corpus whose history is the same up to here.",
      "2c26b46b68ffc68ff99b453c1d304134"),
    "CollectionList.edits": .number("How often collections were edited.", 3),
    "edited_at": .text("When one was edited last.", "2026-01-02T03:04:05Z"),
    "Passage.url": .text("Its permanent address.", "/v1/speeches/d35ntcd9an8f/text?start=17&end=26&revision=1"),
    "Section.url": .text("The address.", "/v1/speeches/d35ntcd9an8f/sections/1"),
    "SectionInContext.url": .text("The address.", "/v1/speeches/d35ntcd9an8f/sections/1"),
    "section.url": .text("The address.", "/v1/speeches/d35ntcd9an8f/sections/1"),
    "Passage.current_revision": .number("The revision that is current, of a passage that was asked after.", 1),
    "stood_in": .number("The latest revision in which the text stands at the place; null where none has it.", 1),
    "stands": .value("Whether the text stands at the place in the current revision.", .bool(true)),
    "found_at": .plain("Where the text stands in the current revision."),
    "found_at.start": .number("First code point.", 17), "found_at.end": .number("Code point behind the last.", 26),
    "found_at.url": .text("Its permanent address.", "/v1/speeches/d35ntcd9an8f/text?start=17&end=26&revision=1"),
    // Citations and related speeches
    "Citation.speech": .text("Id of the speech.", "d35ntcd9an8f"),
    "Citation.section": .text("Path of the node that is cited, or null.", "1"),
    "Citation.start": .value("First code point of the passage that is cited, or null.", .null),
    "Citation.end": .value("Code point behind it, or null.", .null),
    "Citation.url": .text("The permanent address of what is cited.", "/v1/speeches/d35ntcd9an8f/sections/1?revision=1"),
    "accessed": .text("The day on which the reader saw it.", "2026-01-02"),
    "gbt7714": .text(
      "As GB/T 7714-2015 has it.",
      "陈望山. 一是修好路[EB/OL]//在青石镇道路建设动员会上的讲话. 青石新闻, 2021(2021-03-05)[2026-01-02]. "
        + "https://example.org/2021/0305.html."),
    "bibtex": .text("One entry of BibTeX.", "@online{rostrum-d35ntcd9an8f-1-1,\n  author = {{陈望山}},\n  …\n}\n"),
    "csl_json": .value(
      "One item of CSL-JSON.",
      object([
        "id": .string("rostrum-d35ntcd9an8f-1-1"), "type": .string("speech"),
        "title": .string("在青石镇道路建设动员会上的讲话"), "section": .string("一是修好路"),
      ])),
    "RelatedSpeech.score": .value("How alike they are, from 0 to 1.", .number(0.42)),
    "shared_terms": .plain("Words that both have, what counted most first."),
    "term": .text("The word, as it stands in the speech that was asked about.", "修路"),
    "same": .value("Fields that have the same value in both.", strings("speaker", "genre")),
    "terms": .value("The words by which they were found, what says most first.", strings("修路", "公里")),
    // Families
    "size": .number("How many speeches the family has, the head among them.", 3),
    "Family.url": .text("The address of the family.", "/v1/speeches/d35ntcd9an8f/family"),
    "FamilyMember.kind": .text("What it is of the head of the family.", "excerpt"),
    "share": .value("What part of its text stands in that of the head, from 0 to 1; null for the head.", .number(0.97)),
    "coverage": .value("What part of the head's text stands in its own; null for the head.", .number(0.31)),
    "passage": .plain("The longest passage that stands in both; null for the head."),
    "passage.start": .number("Where it begins in the text of the speech.", 0),
    "passage.end": .number("Where it ends there.", 26),
    "head_start": .number("Where it begins in the text of the head.", 11),
    "head_end": .number("Where it ends there.", 37),
    // Collections
    "slug": .text("Its name in addresses.", "heci"), "Collection.title": .text("Its title.", "贺词"),
    "CollectionInput.title": .text("Its title.", "贺词"), "description": .text("What it holds.", "历年贺词"),
    "CollectionInput.ids": .plain("The ids of its speeches."),
    "ids": .value("The ids of its speeches, or null.", .null),
    "filter": .value(
      "Parameters of a list of speeches, each with its value or values.", object(["genre": strings("贺词")])),
    "Collection.url": .text("The address.", "/v1/collections/heci"),
    // Import and problems
    "status": .plain("What became of it."), "created": .number("How many are new.", 1),
    "revised": .number("How many have a new revision.", 0), "unchanged": .number("How many were known already.", 0),
    "refused": .value("The documents that were not taken, and why.", .array([])),
    "ImportReport.items": .value(
      "What became of each document, in order.",
      .array([
        object([
          "status": .string("created"), "id": .string("d35ntcd9an8f"), "warnings": .array([]), "reason": .null,
        ])
      ])),
    "items.reason": .value("Why it was not taken, or null.", .null),
    "reason": .text("Why it was not taken.", "The record: a speech needs a “text” that is not empty."),
    "index": .number("Its place among the documents.", 0),
    "line": .number("The line of the document.", 1), "pointer": .text("JSON pointer to the value at fault.", "/text"),
    "code": .text("A stable word for programs.", "invalid_parameter"),
    "type": .text("Always about:blank; `code` tells problems apart.", "about:blank"),
    "Problem.title": .text("The reason phrase of the status.", "Bad Request"),
    "Problem.status": .number("The status.", 400),
    "detail": .text("One sentence for people.", "limit: expected an integer from 1 to 100, found “0”"),
    "instance": .text("The path that was asked.", "/v1/speeches"),
    "request_id": .value("The name of the request, as in `X-Request-Id`.", .string(requestID)),
    "parameter": .text("The parameter at fault.", "limit"),
    "position": .number("Where in the parameter, in code points.", 0),
    "checks": .value(
      "What was looked at, each `ok` or what is wrong with it.",
      object(["serving": .string("ok"), "database": .string("ok"), "disk": .string("ok")])),
  ]
}
