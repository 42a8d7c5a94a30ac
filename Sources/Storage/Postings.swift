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
    /// Occurrences weighted by field; the score of the place once its length is weighed in.
    var worth: [Float] = []

    fileprivate mutating func append(_ number: Int, _ count: UInt32, _ worth: Float) {
      numbers.append(UInt32(truncatingIfNeeded: number))
      matches.append(count)
      self.worth.append(worth)
    }
  }

  /// Nodes, numbered as in the layout.
  var nodes = List()
  /// Documents.
  var documents = List()

  /// About how much memory they take.
  var bytes: Int { (nodes.numbers.count + documents.numbers.count) * 12 }

  /// Adds a document with those of its nodes in which the term stands.
  mutating func append(document: Int, _ places: [(node: Int, matches: Int, worth: Float)]) {
    if places.isEmpty { return }
    for place in places { nodes.append(place.node, UInt32(place.matches), place.worth) }
    documents.append(
      document, UInt32(places.reduce(0) { $0 + $1.matches }), places.reduce(0) { $0 + $1.worth })
  }
}

/// Reads the places of a term out of the index. FTS5 calls it for every document in which the term stands.
///
/// FTS5's own auxiliary functions know documents only, and a document is a whole speech; this one goes through the
/// positions and divides them among the nodes.
final class PostingCollector {
  private var reading: Reading

  /// Where the term stands, so far.
  var postings: Postings { reading.postings }
  /// Whether a document came up that the layout does not have: it was written and taken out again meanwhile.
  var missesDocument: Bool { reading.missesDocument }

  init(_ layout: SearchLayout) { reading = Reading(layout: layout) }

  /// Takes in the document that a statement stands at.
  fileprivate func collect(_ api: Fts5ExtensionApi, _ context: OpaquePointer) -> CInt {
    // One access to the value for a document: an access to each member of a class is checked while the program runs.
    reading.collect(api, context)
  }

  /// What is collected, and the document at hand.
  private struct Reading {
    let layout: SearchLayout
    var postings = Postings()
    var missesDocument = false
    /// Occurrences in each node of the document, and what they are worth.
    var counts: [UInt32] = []
    var worths: [Float] = []
    /// The nodes that have any.
    var touched: [Int] = []

    init(layout: SearchLayout) { self.layout = layout }

    mutating func collect(_ api: Fts5ExtensionApi, _ context: OpaquePointer) -> CInt {
      guard let rowid = api.xRowid, let first = api.xPhraseFirst, let next = api.xPhraseNext else {
        return SQLITE_ERROR
      }
      let document = rowid(context)
      guard let place = layout.place(of: document) else {
        missesDocument = true
        return SQLITE_OK
      }
      let (chunk, nodes) = (place.chunk, place.nodes)
      if counts.count < nodes.count {
        counts = [UInt32](repeating: 0, count: nodes.count)
        worths = [Float](repeating: 0, count: nodes.count)
      }
      touched.removeAll(keepingCapacity: true)
      var iterator = Fts5PhraseIter()
      var (column, offset): (CInt, CInt) = (0, 0)
      var (node, columnBefore): (Int, CInt) = (0, 0)
      var (count, worth): (UInt32, Float) = (0, 0)
      let code = first(context, 0, &iterator, &column, &offset)
      guard code == SQLITE_OK else { return code }
      while column >= 0 {
        // Positions come column by column, in order, so one walk along the nodes finds them.
        if column != columnBefore { (node, columnBefore) = (0, column) }
        if column < 2 {
          let starts = column == 0 ? chunk.body : chunk.heading
          while node + 1 < nodes.count, starts[nodes.lowerBound + node + 1] <= UInt32(offset) { node += 1 }
        }
        let weight = column == 0 ? 1 : column == 1 ? Relevance.headingWeight : Relevance.titleWeight
        if node < nodes.count {
          if counts[node] == 0 { touched.append(node) }
          counts[node] += 1
          worths[node] += weight
        }
        count += 1
        worth += weight
        next(context, &iterator, &column, &offset)
      }
      if zip(touched, touched.dropFirst()).contains(where: >) { touched.sort() }
      for node in touched {
        postings.nodes.append(chunk.firstNode + nodes.lowerBound + node, counts[node], worths[node])
        (counts[node], worths[node]) = (0, 0)
      }
      postings.documents.append(Int(document), count, worth)
      return SQLITE_OK
    }
  }
}

/// The functions of ours that SQL on a connection can call.
enum SearchFunctions {
  /// Makes them known to a connection: `search_collect(search_index, POINTER)`, which hands the document at hand to a
  /// `PostingCollector`, and `search_hits(NUMBER, SPEECH)`, which says how many results of a search a speech has.
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
      api, "search_collect", nil,
      { api, context, result, count, values in
        guard let api, let context, count == 1, let value = values?[0],
          let pointer = sqlite3_value_pointer(value, Self.name("rostrum"))
        else {
          sqlite3_result_error_code(result, SQLITE_MISUSE)
          return
        }
        let collector = Unmanaged<PostingCollector>.fromOpaque(pointer).takeUnretainedValue()
        let code = collector.collect(api.pointee, context)
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

  /// Runs `search_collect` over all documents in which an expression holds.
  static func collect(_ expression: String, into collector: PostingCollector, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "SELECT search_collect(search_index, ?2) FROM search_index WHERE search_index MATCH ?1")
    let handle = statement.sqliteStatement
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    // SQLITE_TRANSIENT, a cast that C makes and the importer leaves out: SQLite copies the text.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(handle, 1, expression, -1, transient)
    sqlite3_bind_pointer(handle, 2, Unmanaged.passUnretained(collector).toOpaque(), name("rostrum"), nil)
    try withExtendedLifetime(collector) { try db.eachRow(handle) { _ in } }
  }
}
