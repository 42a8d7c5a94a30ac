import Corpus

/// The notes on corrections and on what makes revisions differ.
extension SchemaNotes {
  static let historyMembers: [String: Note] = [
    "corrections": .value(
      "What people decided, by the names of the fields: the value that was `read`, and when (`at`).",
      object([
        "speaker.level": object(["read": .string("county"), "at": .string("2026-01-02T03:04:05Z")])
      ])),
    "NewSpeech.corrections": .value("What people decided about it, as an export has it.", object([:])),
    "Correction": .value(
      "A JSON merge patch: the fields that are corrected.",
      object(["speaker": object(["role": .string("镇长")]), "published": .null])),
    "Correction.corrections": .value(
      "Null for the name of a field takes its correction back.", object(["title": .null])),
    "RevisionChanges.speech": .text("Id of the speech.", "d35ntcd9an8f"),
    "from": .number("The revision that it is compared with; null before the first.", 1),
    "to": .number("The revision.", 2),
    "from_url": .text("The address.", "/v1/speeches/d35ntcd9an8f/revisions/1"),
    "to_url": .text("The address.", "/v1/speeches/d35ntcd9an8f/revisions/2"),
    "fields": .plain("The fields that differ, text and sections aside."),
    "fields.name": .text("The field; parts with the whole before them.", "speaker.role"),
    "fields.before": .value("The value before; null for none.", .string("县长")),
    "fields.after": .value("The value after; null for none.", .string("镇长")),
    "RevisionChanges.sections": .plain("The nodes of both, in the order of the later text."),
    "RevisionChanges.sections.status": .text("What became of the node.", "changed"),
    "path_before": .text("Where the node stood; null for one that was added.", "1"),
    "path_after": .text("Where it stands; null for one that was removed.", "1"),
    "edits": .plain("What leads from the old text of the node, label and heading included, to the new one."),
    "op": .text("What is done with the code points.", "insert"),
    "edits.before": .value("The code points of the text before; none for an insertion.", span(19, 19)),
    "edits.after": .value("The code points of the text after; none for a deletion.", span(19, 21)),
    "edits.text": .text("What is inserted or deleted; null for what is in both.", "修路"),
    "coarse": .value(
      "Whether a part was given as deleted and inserted whole, since finding out more would have taken too long.",
      .bool(false)),
  ]
}
