import Corpus

/// The shapes of answers about the history of speeches.
extension Schemas {
  static let revision = object([
    "number": integer, "at": string, "cause": enumeration(["import", "correction", "reparse"]),
    "changed": array(string), "source_sha256": string, "url": string,
  ])

  static let revisionChanges: JSONValue = {
    let edit = object([
      "op": enumeration(TextEdit.Operation.allCases.map(\.rawValue)), "before": reference("Span"),
      "after": reference("Span"), "text": text,
    ])
    return object([
      "speech": string, "from": number, "to": integer, "from_url": text, "to_url": string,
      "fields": array(object(["name": string, "before": anything, "after": anything])),
      "sections": array(
        object([
          "status": enumeration(SpeechComparison.Status.allCases.map(\.rawValue)), "path_before": text,
          "path_after": text, "kind": string, "label": text, "heading": text, "edits": array(edit),
        ])),
      "coarse": type("boolean"),
    ])
  }()

  static let change = object([
    "corpus_revision": integer, "kind": enumeration(["added", "revised", "deleted", "purged"]), "id": string,
    "revision": integer, "at": string, "source_sha256": text, "state": string, "url": string,
  ])
}
