import Corpus

/// The people that a TEI corpus declares in a file of its own: the root of the corpus, a `listPerson`, a `listOrg`.
///
/// A reader is a pure function of one document, and in ParlaMint the document does not say who its speakers are. What
/// such files say of the speakers of a document is therefore handed to the reader as the document's sidecar, which is
/// kept with it: reading it again, years later and without those files, gives the same speeches.
public struct TEICompanion: Sendable {
  private var people = TEIPeople()

  /// Nobody yet.
  public init() {}

  /// Whether nobody is known.
  public var isEmpty: Bool { people.persons.isEmpty && people.organisations.isEmpty }

  /// Whether the first bytes of a file are those of one that declares people for others.
  public static func isLikely(_ head: [UInt8]) -> Bool {
    let roots = ["teiCorpus", "listPerson", "listOrg", "particDesc", "standOff"]
    return MediaType.rootElement(head).map { roots.contains($0) } ?? false
  }

  /// Adds the people and organisations of a file; one that cannot be read adds those before the fault.
  public mutating func add(_ bytes: [UInt8]) {
    guard case .success(let text) = Decoding.decode(bytes, declared: XMLProlog.encoding(bytes)) else { return }
    do throws(Refusal) {
      let stream = try XMLStream(text.string)
      while true {
        switch try stream.next() {
        case .start:
          if stream.name == "person" { try people.readPerson(stream) }
          if stream.name == "org" { try people.readOrganisation(stream) }
        case .finish: return
        case .end, .text: break
        }
      }
    } catch {
      // The file itself is refused with this reason where it is imported.
      return
    }
  }

  /// What is known of those who speak in a document, as its sidecar; nil where that is nothing.
  public func sidecar(for document: [UInt8]) -> [UInt8]? {
    let text = String(decoding: document, as: UTF8.self)
    guard let stream = try? XMLStream(text) else { return nil }
    var excerpt = TEIPeople()
    while let event = try? stream.next() {
      if case .finish = event { break }
      guard case .start = event, stream.name == "u" || stream.name == "sp", let who = stream.attribute("who") else {
        continue
      }
      for id in who.split(separator: " ").map({ TEINames.id(String($0)) }) { excerpt.persons[id] = people.persons[id] }
    }
    if excerpt.persons.isEmpty { return nil }
    let named = Set(excerpt.persons.values.flatMap { $0.affiliations.compactMap(\.organisation) })
    excerpt.organisations = people.organisations.filter { named.contains($0.key) }
    return excerpt.json
  }
}

extension TEIPeople {
  /// These people as JSON, the same bytes for the same people.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.object("tei_people") { writer in
        for (id, person) in persons.sorted(by: { $0.key < $1.key }) {
          writer.name(id)
          writer.object { writer in
            writer.member("name", person.name)
            writer.member("sex", person.sex)
            writer.array("affiliations") { writer in
              for affiliation in person.affiliations {
                writer.object {
                  $0.member("role", affiliation.role)
                  $0.member("organisation", affiliation.organisation)
                  $0.member("role_name", affiliation.roleName)
                  $0.member("from", affiliation.from)
                  $0.member("to", affiliation.to)
                }
              }
            }
          }
        }
      }
      writer.object("tei_organisations") { writer in
        for (id, organisation) in organisations.sorted(by: { $0.key < $1.key }) {
          writer.name(id)
          writer.object { writer in
            writer.member("role", organisation.role)
            writer.member("ana", organisation.ana)
            writer.member("short", organisation.short)
            writer.array("names") { writer in
              for name in organisation.names {
                writer.object {
                  $0.member("language", name.language)
                  $0.member("text", name.text)
                }
              }
            }
          }
        }
      }
    }
    return writer.bytes
  }

  /// Adds the people of a sidecar, and gives back its other members.
  mutating func add(sidecar: [UInt8]) -> [JSONValue.Member]? {
    let bytes = sidecar.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(sidecar[3...]) : sidecar
    guard let value = try? JSONReader.read(bytes), case .object(let members) = value else { return nil }
    for member in value["tei_people"].members {
      let person = member.value
      persons[member.name] = Person(
        name: person["name"].text, sex: person["sex"].text,
        affiliations: person["affiliations"].elements.map {
          Affiliation(
            role: $0["role"].text, organisation: $0["organisation"].text, roleName: $0["role_name"].text,
            from: $0["from"].text, to: $0["to"].text)
        })
    }
    for member in value["tei_organisations"].members {
      let organisation = member.value
      organisations[member.name] = Organisation(
        role: organisation["role"].text, ana: organisation["ana"].text,
        names: organisation["names"].elements.compactMap { name in
          name["text"].text.map { TEIWords(language: name["language"].text, text: $0) }
        }, short: organisation["short"].text)
    }
    return members.filter { $0.name != "tei_people" && $0.name != "tei_organisations" }
  }
}

extension JSONValue? {
  fileprivate var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  fileprivate var elements: [JSONValue] {
    if case .array(let elements) = self { return elements }
    return []
  }

  fileprivate var members: [JSONValue.Member] {
    if case .object(let members) = self { return members }
    return []
  }
}
