import Corpus
import GRDB
import GRDBSQLite

/// Where a term stands: the nodes and documents in order, how often, and what that is worth.
struct Postings {
  /// Places of one kind, in order.
  struct List {
    var numbers: [UInt32] = []
    /// Occurrences of the term.
    var matches: [UInt32] = []
    /// Occurrences weighted by field, by whole numbers; more than 65,535 are no more. The score of the place once its length
    /// is weighed in.
    var worth: [UInt16] = []

    fileprivate mutating func append(_ number: Int, _ count: UInt32, _ worth: Float) {
      numbers.append(UInt32(truncatingIfNeeded: number))
      matches.append(count)
      self.worth.append(UInt16(min(worth, Float(UInt16.max))))
    }
  }

  /// Nodes, numbered as in the layout.
  var nodes = List()
  /// Documents.
  var documents = List()

  /// About how much memory they take.
  var bytes: Int { (nodes.numbers.count + documents.numbers.count) * 10 }

  /// Adds a document with those of its nodes in which the term stands.
  mutating func append(document: Int, _ places: [(node: Int, matches: Int, worth: Float)]) {
    if places.isEmpty { return }
    for place in places { nodes.append(place.node, UInt32(place.matches), place.worth) }
    documents.append(
      document, UInt32(places.reduce(0) { $0 + $1.matches }), places.reduce(0) { $0 + $1.worth })
  }
}

/// Something that goes through the places in the index of the documents that a statement comes to.
///
/// FTS5's own auxiliary functions know documents only, and a document is a whole speech.
class IndexVisitor {
  /// Takes in the document that FTS5 stands at.
  /// - Returns: a code of SQLite.
  func visit(_ api: Fts5ExtensionApi, _ context: OpaquePointer) -> CInt { SQLITE_MISUSE }
}

/// Reads the places of a term out of the index and divides them among the nodes.
final class PostingCollector: IndexVisitor {
  private var reading: Reading

  /// Where the term stands, so far.
  var postings: Postings { reading.postings }
  /// Whether a document came up that the layout does not have: it was written and taken out again meanwhile.
  var missesDocument: Bool { reading.missesDocument }

  /// - Parameter field: where the term has to stand; nil for anywhere.
  init(_ layout: SearchLayout, field: Query.Field?) { reading = Reading(layout: layout, field: field) }

  override func visit(_ api: Fts5ExtensionApi, _ context: OpaquePointer) -> CInt {
    // One access to the value for a document: an access to each member of a class is checked while the program runs.
    reading.collect(api, context)
  }

  /// What is collected, and the document at hand.
  private struct Reading {
    let layout: SearchLayout
    let wanted: Query.Field?
    var postings = Postings()
    var missesDocument = false

    init(layout: SearchLayout, field: Query.Field?) { (self.layout, wanted) = (layout, field) }

    mutating func collect(_ api: Fts5ExtensionApi, _ context: OpaquePointer) -> CInt {
      guard let rowid = api.xRowid, let first = api.xPhraseFirst, let next = api.xPhraseNext else {
        return SQLITE_ERROR
      }
      let document = rowid(context)
      guard let place = layout.place(of: document) else {
        missesDocument = true
        return SQLITE_OK
      }
      if place.nodes.isEmpty { return SQLITE_OK }
      var iterator = Fts5PhraseIter()
      var (column, offset): (CInt, CInt) = (0, 0)
      let code = first(context, 0, &iterator, &column, &offset)
      guard code == SQLITE_OK else { return code }
      // Of the node at hand, and of the document.
      var (node, current) = (0, 0)
      var (count, worth): (UInt32, Float) = (0, 0)
      var (total, totalWorth): (UInt32, Float) = (0, 0)
      while column >= 0 {
        let field = place.field(of: UInt32(offset), &node)
        if node != current {
          if count > 0 { postings.nodes.append(place.numbers.lowerBound + current, count, worth) }
          (current, count, worth) = (node, 0, 0)
        }
        if wanted == nil || wanted == field {
          let weight = Relevance.weight(of: field)
          count += 1
          worth += weight
          total += 1
          totalWorth += weight
        }
        next(context, &iterator, &column, &offset)
      }
      if count > 0 { postings.nodes.append(place.numbers.lowerBound + current, count, worth) }
      if total > 0 { postings.documents.append(Int(document), total, totalWorth) }
      return SQLITE_OK
    }
  }
}

/// The functions of ours that SQL on a connection can call.
enum SearchFunctions {
  /// Makes them known to a connection: `search_visit(search_index, POINTER)`, which hands the document at hand to an
  /// `IndexVisitor`, and `search_hits(NUMBER, SPEECH)`, which says how many results of a search a speech has.
  static func register(on db: Database, tallies: SpeechTallies) throws {
    let connection = db.sqliteConnection
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nil) == SQLITE_OK else {
      throw db.lastError(sqlite3_errcode(connection))
    }
    defer { sqlite3_finalize(statement) }
    var api: UnsafeMutablePointer<fts5_api>?
    withUnsafeMutablePointer(to: &api) { pointer in
      _ = sqlite3_bind_pointer(statement, 1, pointer, Self.name("fts5_api_ptr"), nil)
      _ = sqlite3_step(statement)
    }
    guard let api, let create = api.pointee.xCreateFunction else {
      throw StorageError.failed("this SQLite has no FTS5")
    }
    var code = create(
      api, "search_visit", nil,
      { api, context, result, count, values in
        guard let api, let context, count == 1, let value = values?[0],
          let pointer = sqlite3_value_pointer(value, Self.name("rostrum"))
        else {
          sqlite3_result_error_code(result, SQLITE_MISUSE)
          return
        }
        let visitor = Unmanaged<IndexVisitor>.fromOpaque(pointer).takeUnretainedValue()
        let code = visitor.visit(api.pointee, context)
        if code != SQLITE_OK { sqlite3_result_error_code(result, code) }
      }, nil)
    guard code == SQLITE_OK else { throw db.lastError(code) }
    code = sqlite3_create_function_v2(
      connection, "search_hits", 2, SQLITE_UTF8, Unmanaged.passUnretained(tallies).toOpaque(),
      { context, _, values in
        guard let values, let own = sqlite3_user_data(context) else { return }
        let speech = Int(sqlite3_value_int64(values[1]))
        // Looked up once for a statement, then kept beside it.
        let tally: SpeechTally
        if let kept = sqlite3_get_auxdata(context, 0) {
          tally = Unmanaged<SpeechTally>.fromOpaque(kept).takeUnretainedValue()
        } else {
          let tallies = Unmanaged<SpeechTallies>.fromOpaque(own).takeUnretainedValue()
          guard let found = tallies[sqlite3_value_int64(values[0])] else { return }
          tally = found
          sqlite3_set_auxdata(
            context, 0, Unmanaged.passRetained(found).toOpaque(),
            { kept in if let kept { Unmanaged<SpeechTally>.fromOpaque(kept).release() } })
        }
        sqlite3_result_int64(context, sqlite3_int64(tally.hits(of: speech)))
      }, nil, nil, nil)
    guard code == SQLITE_OK else { throw db.lastError(code) }
  }

  /// The type of a pointer, which SQLite keeps by its address: a Swift string lends its bytes for the length of a call only.
  private static func name(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Has the documents in which an expression holds visited, in order.
  /// - Parameters:
  ///   - limit: how many of them, the first; all unless given.
  ///   - body: called after each.
  static func visit(
    _ expression: String, _ visitor: IndexVisitor, _ db: Database, limit: Int = -1, _ body: () throws -> Void = {}
  ) throws {
    let statement = try db.cachedStatement(
      sql: "SELECT search_visit(search_index, ?2) FROM search_index WHERE search_index MATCH ?1 LIMIT ?3")
    let handle = statement.sqliteStatement
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    // SQLITE_TRANSIENT, a cast that C makes and the importer leaves out: SQLite copies the text.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(handle, 1, expression, -1, transient)
    sqlite3_bind_pointer(handle, 2, Unmanaged.passUnretained(visitor).toOpaque(), name("rostrum"), nil)
    sqlite3_bind_int64(handle, 3, sqlite3_int64(limit))
    try withExtendedLifetime(visitor) { try db.eachRow(handle) { _ in try body() } }
  }
}
