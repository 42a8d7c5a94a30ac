extension Speech {
  /// This speech as a person corrects it.
  ///
  /// The patch is a JSON merge patch (RFC 7396) of the members that can be corrected. Null says that a value is not known.
  /// `corrections` has the decisions there are by their names; null takes one away, and with it the value goes back to what
  /// was read. What is said to be as it is already is no correction.
  /// - Parameter time: when it is decided, ISO 8601 in UTC.
  public func corrected(by patch: JSONCursor, at time: String) throws(SchemaError) -> Speech {
    try patch.requireNoNUL()
    let before = HeadMembers(self)
    var (head, decisions) = (before, corrections)
    var given: [(name: String, cursor: JSONCursor)] = []
    for (name, cursor) in try patch.correctableMembers() {
      if name == "corrections" {
        for name in try cursor.withdrawn(of: decisions) {
          head[name] = decisions[name]?.read ?? .null
          decisions[name] = nil
        }
      } else {
        given += try cursor.parts(of: name, head)
      }
    }
    let withdrawn = HeadMembers(try head.put(over: self))
    for (name, cursor) in given { head[name] = head[name].corrected(by: cursor.value, name) }
    var speech: Speech
    do throws(SchemaError) { speech = try head.put(over: self) } catch {
      throw SchemaError(pointer: patch.pointer + error.pointer, message: error.message)
    }
    let after = HeadMembers(speech)
    for (name, _) in given where after[name] != withdrawn[name] {
      decisions[name] = Correction(read: decisions[name]?.read ?? withdrawn[name], at: time)
    }
    speech.corrections = decisions
    return speech
  }

  /// This speech, as it was read again, with what people decided about it before. Of two decisions about the same the later
  /// one stands.
  public func keepingCorrections(of before: Speech) throws(SchemaError) -> Speech {
    let kept = before.corrections.filter { name, correction in corrections[name].map { $0.at <= correction.at } ?? true
    }
    guard !kept.isEmpty else { return self }
    let decided = HeadMembers(before)
    var (head, decisions) = (HeadMembers(self), corrections)
    for (name, correction) in kept {
      decisions[name] = Correction(read: corrections[name]?.read ?? head[name], at: correction.at)
      head[name] = decided[name]
    }
    var speech = try head.put(over: self)
    speech.corrections = decisions
    return speech
  }

  /// Corrections of `before` that this speech, a later revision of it, has lost or has values against.
  public func lostCorrections(of before: Speech) -> [String] {
    let (old, new) = (HeadMembers(before), HeadMembers(self))
    return before.corrections.filter { name, correction in
      guard let here = corrections[name] else { return true }
      return here.at < correction.at || here.at == correction.at && old[name] != new[name]
    }.keys.sorted()
  }
}

extension JSONValue {
  /// The value with a patch of it. What a date means follows from its value, so an old meaning is not kept beside a new value.
  fileprivate func corrected(by patch: JSONValue, _ name: String) -> JSONValue {
    let isDate = name == "delivered" || name == "published"
    return (isDate && patch["value"] != nil ? JSONValue.null : self).merged(with: patch)
  }
}

extension JSONCursor {
  /// The members of a correction.
  fileprivate func correctableMembers() throws(SchemaError) -> Members {
    let known = Correction.plainMembers.union(Correction.parts.keys).union(["corrections"])
    for (name, cursor) in try members() where Speech.jsonMembers.contains(name) && !known.contains(name) {
      throw cursor.error(
        "“\(name)” cannot be corrected: it is the server's, or follows from the document; import the speech anew as JSON "
          + "with its id")
    }
    return try members(known: known)
  }

  /// What a member of a correction says of its parts, or of itself where it has none. The member as a whole may be null.
  fileprivate func parts(
    of name: String, _ head: HeadMembers
  ) throws(SchemaError) -> [(name: String, cursor: JSONCursor)] {
    guard let known = Correction.parts[name] else { return [(name, self)] }
    if value == .null { return head.parts(of: name).map { ($0, self) } }
    return try (known.isEmpty ? members(known: Set(members().map(\.name))) : members(known: known))
      .map { (name + "." + $0.name, $0.cursor) }
  }

  /// The names of the corrections that are taken away.
  fileprivate func withdrawn(of decisions: [String: Correction]) throws(SchemaError) -> [String] {
    if value == .null { return decisions.keys.sorted() }
    return try members(known: Set(members().map(\.name))).map { (name, cursor) throws(SchemaError) in
      guard Correction.isName(name) else { throw cursor.error("“\(name)” is nothing that can be corrected") }
      guard cursor.value == .null else {
        throw cursor.error("null takes the correction away; to correct “\(name)”, give the member itself")
      }
      return name
    }.filter { decisions[$0] != nil }
  }
}

extension Speech {
  /// Reads `corrections` as a document brings them.
  static func readCorrections(_ cursor: JSONCursor) throws(SchemaError) -> [String: Correction] {
    var corrections: [String: Correction] = [:]
    for (name, cursor) in try cursor.members(known: Set(cursor.members().map(\.name))) {
      guard Correction.isName(name) else { throw cursor.error("“\(name)” is nothing that can be corrected") }
      var correction = Correction(read: .null, at: "")
      for (member, cursor) in try cursor.members(known: ["read", "at"]) {
        if member == "at" {
          correction.at = try cursor.string()
          guard correction.at.hasSuffix("Z"), SpeechDate(String(correction.at.dropLast()))?.precision == .second else {
            throw cursor.error("“\(correction.at)” is no time such as 2026-01-02T03:04:05Z")
          }
        } else {
          correction.read = cursor.value
          // It may come to be the value of the member again, so it has to be one.
          var head = HeadMembers(Speech())
          head[name] = cursor.value
          do throws(SchemaError) { _ = try head.put(over: Speech()) } catch { throw cursor.error(error.message) }
        }
      }
      guard !correction.at.isEmpty else { throw cursor.error("a correction needs its “at”") }
      corrections[name] = correction
    }
    return corrections
  }

  /// Writes `corrections`, where there are any.
  func writeCorrections(to writer: inout JSONWriter) {
    guard !corrections.isEmpty else { return }
    writer.object("corrections") { writer in
      for (name, correction) in corrections.sorted(by: { $0.key < $1.key }) {
        writer.name(name)
        writer.object {
          $0.name("read")
          $0.value(correction.read)
          $0.member("at", correction.at)
        }
      }
    }
  }
}
