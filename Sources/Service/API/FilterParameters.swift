import Corpus
import HTTP
import HTTPTypes
import Storage

/// The filters that lists, facets and export share, declared once.
enum FilterParameters {
  private static let equal: [(SpeechFilter.Field, Parameter<[String]>)] = [
    (.speaker, .repeatable("speaker", "Name of the speaker, as written.").example("顾青岚")),
    (.role, .repeatable("role", "Role of the speaker, as written.").example("县长")),
    (
      .level,
      .repeatable("level", as: .word(Level.allCases.map(\.rawValue)), "Level of the speaker's office or organisation.")
    ),
    (.genre, .repeatable("genre", "Genre word: 讲话, 致辞, 政府工作报告.").example("讲话")),
    (.location, .repeatable("location", "Place where it was spoken.").example("临溪县")),
    (.site, .repeatable("site", "Site that carried it.").example("云岭市人民政府")),
    (.source, .repeatable("source", "Publisher that the page names as its source.").example("云岭日报")),
    (.language, .repeatable("language", "BCP 47 language tag: zh-Hans, zh-Hant, en.").example("zh-Hans")),
  ]
  private static let containing: [(SpeechFilter.TextField, Parameter<[String]>)] = [
    (.title, .repeatable("title", "A part of the title.").example("新年贺词")),
    (.organisation, .repeatable("organisation", "A part of the speaker's organisation.").example("图书馆")),
    (.occasion, .repeatable("occasion", "A part of the name of the occasion.").example("创新大会")),
  ]
  private static let from = day(
    "from", "First day that counts: YYYY-MM-DD, or YYYY-MM or YYYY for its first day.", \.earliest
  ).example("1998")
  private static let to = day(
    "to", "Last day that counts: YYYY-MM-DD, or YYYY-MM or YYYY for its last day.", \.latest
  ).example("2024-12-31")
  private static let dateKind: Parameter<SpeechFilter.DateChoice> = .once(
    "date_kind", .word(SpeechFilter.DateChoice.allCases.map(\.rawValue)), default: "any",
    "Which date counts: the one that the card shows, the day of delivery or that of publication.",
    convert: SpeechFilter.DateChoice.init)
  private static let undated: Parameter<SpeechFilter.Undated?> = .optional(
    "undated", .word(SpeechFilter.Undated.allCases.map(\.rawValue)),
    "What becomes of speeches without that date; included unless “from” or “to” is given.",
    convert: SpeechFilter.Undated.init)
  private static let hasSections: Parameter<Bool?> = .optional(
    "has_sections", .boolean, "Whether the speech is divided into sections.", convert: { $0 == "true" })
  private static let minimum: Parameter<Int?> = .optional(
    "min_characters", .integer(0...Int.max), "At least so many characters, white space not counted.",
    convert: { Int($0) })
  private static let maximum: Parameter<Int?> = .optional(
    "max_characters", .integer(0...Int.max), "At most so many characters, white space not counted.",
    convert: { Int($0) })
  private static let collection: Parameter<[String]> = .repeatable(
    "collection", "Slug of a collection that the speech belongs to."
  ).example("heci")
  private static let metadata: Parameter<[String]> = .repeatable(
    "meta.", isFamily: true, "A value of the speech's metadata: meta.KEY=VALUE."
  ).example("云岭市")

  private static let copies: Parameter<SpeechFilter.Copies> = .once(
    "copies", .word(SpeechFilter.Copies.allCases.map(\.rawValue)), default: "raw",
    "Whether copies of a speech count each (raw), or of each family only one that is found (collapsed).",
    convert: SpeechFilter.Copies.init)

  /// Every declaration.
  static let all: [ParameterSpecification] = ofSpeeches + [collection.specification, copies.specification]

  /// The declarations that look at a speech itself: those of which collections are made.
  private static let ofSpeeches: [ParameterSpecification] =
    equal.map(\.1.specification) + containing.map(\.1.specification) + [
      from.specification, to.specification, dateKind.specification, undated.specification,
      hasSections.specification, minimum.specification, maximum.specification, metadata.specification,
    ]

  /// The filter that a call asks for.
  static func filter(_ call: Call, _ collections: CollectionRepository) throws -> SpeechFilter {
    var filter = try filter(call)
    filter.copies = try call[copies]
    let slugs = try call[collection]
    guard !slugs.isEmpty else { return filter }
    filter.sets = try slugs.map { slug in
      guard let set = try collections.set(slug) else { throw collection.problem("there is no collection “\(slug)”") }
      return set
    }
    return filter
  }

  /// The filter that a JSON object of parameters stands for: a value each, or an array of them.
  static func filter(_ json: JSONValue) throws -> SpeechFilter {
    guard case .object(let members) = json else {
      throw SchemaError(pointer: "/filter", message: "expected an object of parameters, found \(json.typeName)")
    }
    var query: [String] = []
    for member in members {
      let values = if case .array(let values) = member.value { values } else { [member.value] }
      for value in values {
        let text =
          switch value {
          case .string(let text): text
          case .integer(let number): String(number)
          case .bool(let value): String(value)
          default:
            throw SchemaError(
              pointer: "/filter/\(member.name)",
              message: "expected a text, a number or a boolean, found \(value.typeName)")
          }
        query.append(member.name.percentEncoded + "=" + text.percentEncoded)
      }
    }
    guard let target = Target("/?" + query.joined(separator: "&")) else { return SpeechFilter() }
    let endpoint = Endpoint(
      .get, "/", name: "filter", summary: "", parameters: ofSpeeches, results: [],
      handler: .quick { _ in .now(Response(status: .noContent)) })
    let call = Call(request: Request(target: target), endpoint: endpoint)
    do {
      try call.checkParameters { $0.nearest(in: $1) }
      return try filter(call)
    } catch let problem as Problem {
      throw SchemaError(pointer: "/filter" + (problem.parameter.map { "/" + $0 } ?? ""), message: problem.detail)
    }
  }

  private static func filter(_ call: Call) throws -> SpeechFilter {
    var filter = SpeechFilter()
    for (field, parameter) in equal { filter.equal[field] = try call[parameter] }
    for (field, parameter) in containing { filter.containing[field] = try call[parameter] }
    filter.from = try call[from]
    filter.to = try call[to]
    if let from = filter.from, let to = filter.to, from > to {
      throw Self.from.problem("\(from) is after “to”, which is \(to)")
    }
    filter.dateChoice = try call[dateKind]
    filter.undated = try call[undated]
    filter.hasSections = try call[hasSections]
    filter.minimumCharacters = try call[minimum]
    filter.maximumCharacters = try call[maximum]
    filter.metadata = try call.family(metadata)
    return filter
  }

  private static func day(
    _ name: String, _ summary: String, _ end: any KeyPath<SpeechDate, String?> & Sendable
  ) -> Parameter<String?> {
    .optional(name, .date, summary) { text in
      guard let date = SpeechDate(text), [.year, .month, .day].contains(date.precision) else { return nil }
      return date[keyPath: end]
    }
  }
}
