"""What schemathesis does besides its own; schemathesis.toml names this file."""
import schemathesis

# The parameters of which something may be wrong that no schema can say: the grammar of `q`; a cursor of another query; the
# end of a range before its beginning, or behind the text; an order that needs a query; a collection that there is not; a
# section beside a passage; a checksum that is none; a month where a day is wanted.
BEYOND_SCHEMAS = {"q", "cursor", "from", "start", "end", "sort", "collection", "section", "sha256", "accessed"}


@schemathesis.serializer("application/x-ndjson")
def as_it_stands(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def filter_case(ctx, case):
    """Nothing is wrong with a document that is not JSON: it is text, and every text is read. A list of documents is answered
    with a report, whatever becomes of each."""
    meta = case.meta
    if not meta or meta.generation.mode.is_positive:
        return True
    return case.media_type in (None, "application/json") and not isinstance(case.body, list)


@schemathesis.check
def refused_for_what_no_schema_says(ctx, response, case):
    """A request that fits the document may be refused, but only for that."""
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive or response.status_code not in (400, 415, 422):
        return
    problem = response.json()
    if case.method == "GET":
        assert response.status_code == 400 and problem.get("parameter") in BEYOND_SCHEMAS, problem
    else:
        # A body: XML or JSON inside a text, members that contradict each other, a document without a speech.
        assert problem["code"] in {
            "malformed_json", "malformed_xml", "invalid_encoding", "invalid_member", "no_text", "empty_document",
            "binary_document", "unknown_speech", "unsupported_media_type",
            # A key that another request had before.
            "idempotency_key_reused",
        }, problem
