import Corpus
import HTTP
import HTTPTypes
import Storage

/// What a search is given besides its filters: the query, its order and its page.
enum QueryParameter {
  private static let summary = """
    What to look for: runs of Han characters, words, "phrases", OR, NOT or -, ( ), NEAR/n(a b), prefix*, title:, \
    heading:, text:.
    """
  static let required: Parameter<String> = .required("q", .text(maximum: QueryParser.maximumLength), summary)
    .example("图书馆 OR 养老")
  static let optional: Parameter<String?> = .optional(
    "q", .text(maximum: QueryParser.maximumLength), summary, convert: { $0 }
  ).example("群众")

  private static let sorts = SpeechSort.allCases.map(\.rawValue) + ["-relevance"]
  static let sort: Parameter<ResultSort> = .once(
    "sort", .word(sorts), default: "-relevance",
    "Order of the results; a minus reverses it, undated speeches come last.", convert: Self.sort)
  static let listSort: Parameter<ResultSort?> = .optional(
    "sort", .word(sorts),
    "Order of the list; a minus reverses it, undated speeches come last, ties are broken by id. Unless given, -date, "
      + "and with “q” -relevance.",
    convert: Self.sort)

  static let mode: Parameter<SearchMode> = .once(
    "mode", .word(SearchMode.allCases.map(\.rawValue)), default: "auto",
    "exact: the query as it is written. words: any of its words. auto: exact, but for a sentence that stands nowhere, "
      + "which is searched by its words; “word_search” then says so. masked: exact, and where a name of it is hidden, as in "
      + "×市, XXX or 某某; “masked_forms” then names what was found so.",
    convert: SearchMode.init)

  /// Filters that someone may take for fields of a query.
  private static let filters = Set(FilterParameters.all.map(\.name))

  /// Reads a query; a mistake is told with its place.
  static func query(_ text: String) throws -> Query {
    do { return try QueryParser.parse(text, otherFields: filters) } catch {
      throw required.problem(error.detail, position: error.position)
    }
  }

  /// Where a page of results begins.
  static func position(_ cursor: String, sort: ResultSort, for call: Call) throws -> ResultPosition {
    let parts = try Cursor.parts(cursor, for: call, count: 3)
    switch sort {
    case .relevance:
      let bits = parts[0].flatMap { UInt32($0) } ?? 0
      return .relevance(
        score: Float(bitPattern: bits), number: parts[1].flatMap { Int($0) } ?? 0, state: parts[2] ?? "")
    case .field:
      return .field(ListPosition(key: parts[0], id: parts[1] ?? ""), node: parts[2].flatMap { Int($0) } ?? 0)
    }
  }

  /// The cursor of a place.
  static func cursor(_ position: ResultPosition, for call: Call) -> String {
    switch position {
    case .relevance(let score, let number, let state):
      Cursor.text([String(score.bitPattern), String(number), state], for: call)
    case .field(let place, let node): Cursor.text([place.key, place.id, String(node)], for: call)
    }
  }

  private static func sort(_ word: String) -> ResultSort? {
    word == "-relevance" ? .relevance : SpeechSort(rawValue: word).map { .field($0) }
  }
}
