import Corpus

/// Who speaks an utterance: the person that `who` points at, else what the id and the printed speaker line say.
struct TEISpeaker {
  private let people: TEIPeople
  /// Ids of this document begin with the surname, as its speaker lines show.
  private let isSurnameFirst: Bool
  /// How many words of an id are surnames.
  private var surnames: [String: Int] = [:]

  /// - Parameter lines: the pairs of id and speaker line of the document.
  init(people: TEIPeople, lines: [(id: String, line: SpeakerLabel)]) {
    self.people = people
    var (first, last) = (0, 0)
    for (id, line) in lines {
      let parts = PersonID.parts(id)
      guard let one = parts.first, let other = parts.last, parts.count > 1 else { continue }
      if line.names(one) { first += 1 }
      if line.names(other) { last += 1 }
      let count = min(parts.prefix { line.names($0) }.count, parts.count - 1)
      surnames[id] = max(surnames[id] ?? 1, count)
    }
    isSurnameFirst = first > last
  }

  /// The speaker of an utterance and what else is known of them.
  func resolve(
    who: String?, kinds: [String], line: SpeakerLabel?, day: String?, language: String?, level: Level?
  ) -> (speaker: Speaker, metadata: [String: JSONValue], isResolved: Bool) {
    var speaker = Speaker(level: level)
    var metadata: [String: JSONValue] = [:]
    let ids = (who ?? "").split(separator: " ").map { TEINames.id(String($0)) }
    let known = ids.compactMap { people.persons[$0] }
    let names = ids.compactMap { id in
      people.persons[id]?.name ?? PersonID.name(id, surnames: isSurnameFirst ? surnames[id] ?? 1 : 0)
    }
    if !names.isEmpty { speaker.name = names.joined(separator: ", ") }
    if !ids.isEmpty { metadata["who"] = .string(ids.joined(separator: " ")) }
    var role: String?
    if known.count == 1, let person = known.first {
      if let sex = person.sex { metadata["gender"] = .string(sex) }
      let held = person.affiliations.filter { $0.holds(on: day) }
        .sorted { ($0.from ?? "") < ($1.from ?? "") }
      func member(_ isKind: (TEIPeople.Organisation) -> Bool) -> TEIPeople.Affiliation? {
        held.last { $0.organisation.flatMap { people.organisations[$0] }.map(isKind) ?? false }
      }
      let undeclared = held.last { $0.organisation?.lowercased().hasPrefix("party") ?? false }
      if let party = member(\.isParty) ?? member(\.isGroup) ?? undeclared, let id = party.organisation {
        let bare = id.lowercased().hasPrefix("party.") ? String(id.dropFirst(6)) : id
        let organisation = people.organisations[id]
        speaker.organisation = organisation?.name(in: language) ?? bare
        metadata["party"] = .string(organisation?.short ?? bare)
      }
      role =
        held.last { $0.roleName != nil && $0.role != "member" }?.roleName
        ?? held.last { ["minister", "deputyMinister", "head", "deputyHead"].contains($0.role) }.flatMap { office($0) }
      metadata["affiliation"] = held.last { $0.role != "member" }?.role.map(JSONValue.string)
    }
    let isName = line.map { line in ids.contains { PersonID.parts($0).contains { line.names($0) } } } ?? false
    if speaker.name == nil, let line { speaker.name = line.isOffice ? line.inner : line.inner ?? line.outer }
    let printed = line.flatMap { $0.inner != nil || $0.isOffice || !isName && !ids.isEmpty ? $0.outer : nil }
    let kind = kinds.first { $0 == "chair" || $0 == "guest" || $0 == "regular" }
    let affiliation = metadata["affiliation"].flatMap { value -> String? in
      if case .string(let text) = value { return text }
      return nil
    }
    // `regular` is the word for nobody in particular.
    speaker.role = role ?? printed ?? (kind == "chair" ? kind : nil) ?? affiliation ?? (kind == "regular" ? nil : kind)
    if let kind { metadata["speaker_type"] = .string(kind) }
    return (speaker, metadata, !ids.isEmpty && known.count == ids.count)
  }

  /// An office without a name of its own: its word and the organisation.
  private func office(_ affiliation: TEIPeople.Affiliation) -> String? {
    let organisation = affiliation.organisation.flatMap { people.organisations[$0] }
    if organisation?.isParty == true || organisation?.isGroup == true { return nil }
    return affiliation.role
  }
}
