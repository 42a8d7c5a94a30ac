/// Sections and spans as JSON has them.
extension Section {
  /// Those first that most have: they are looked through in order.
  private static let jsonMembers = [
    "kind", "start", "end", "body_spans", "children", "heading", "heading_span", "label", "number", "path", "level",
    "ordinal", "text", "characters", "parent", "url",
  ]

  init(_ cursor: JSONCursor, depth: Int) throws(SchemaError) {
    guard depth <= 16 else { throw cursor.error("sections nested deeper than 16 levels") }
    self.init(kind: .section, span: Span(-1, -1))
    for (name, cursor) in try cursor.members(known: Self.jsonMembers) {
      switch name {
      case "kind": kind = try cursor.word(Kind.self)
      case "label": label = try cursor.optionalString()
      case "number": number = try cursor.optionalInteger(in: 0...1_000_000)
      case "heading": heading = try cursor.optionalString()
      case "start": span.start = try cursor.integer()
      case "end": span.end = try cursor.integer()
      case "heading_span":
        if case .null = cursor.value { headingSpan = nil } else { headingSpan = try Span(cursor) }
      case "body_spans": bodySpans = try cursor.list { (cursor) throws(SchemaError) in try Span(cursor) }
      case "children":
        children = try cursor.list { (cursor) throws(SchemaError) in try Section(cursor, depth: depth + 1) }
      default: break
      }
    }
    guard span.start >= 0, span.end >= 0 else { throw cursor.error("a section needs “start” and “end”") }
    if bodySpans == [Span(-1, -1)] {
      guard children.isEmpty, headingSpan == nil, label == nil else {
        throw cursor.error("a section with a label, a heading or children needs its “body_spans”")
      }
      bodySpans = [span]
    }
  }
}

extension Span {
  init(_ cursor: JSONCursor) throws(SchemaError) {
    guard case .array(let ends) = cursor.value, ends.count == 2, case .integer(let start) = ends[0],
      case .integer(let end) = ends[1]
    else {
      // What is wrong is looked for with its place.
      _ = try cursor.list { (cursor) throws(SchemaError) in try cursor.integer() }
      throw cursor.error("expected [start, end]")
    }
    self.init(start, end)
  }
}
