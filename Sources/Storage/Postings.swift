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

extension Postings {
  /// Divides the places of a term among the nodes.
  /// - Parameter wanted: the field in which it has to stand; nil for anywhere.
  init(_ occurrences: Occurrences, _ layout: SearchLayout, field wanted: Query.Field?) throws {
    for (index, document) in occurrences.documents.enumerated() {
      guard let place = layout.place(of: Int64(document)) else { throw StorageError.snapshotOvertaken }
      if place.nodes.isEmpty { continue }
      // Of the node at hand, and of the document.
      var (node, current) = (0, 0)
      var (count, worth): (UInt32, Float) = (0, 0)
      var (total, totalWorth): (UInt32, Float) = (0, 0)
      for token in occurrences.places(index) {
        let field = place.field(of: token, &node)
        if node != current {
          if count > 0 { nodes.append(place.numbers.lowerBound + current, count, worth) }
          (current, count, worth) = (node, 0, 0)
        }
        if wanted == nil || wanted == field {
          let weight = Relevance.weight(of: field)
          count += 1
          worth += weight
          total += 1
          totalWorth += weight
        }
      }
      if count > 0 { nodes.append(place.numbers.lowerBound + current, count, worth) }
      if total > 0 { documents.append(Int(document), total, totalWorth) }
    }
  }
}

/// The function of ours that SQL on a connection can call.
enum SearchFunctions {
  /// Makes it known to a connection: `search_hits(NUMBER, SPEECH)`, which says how many results of a search a speech has.
  static func register(on db: Database, tallies: SpeechTallies) throws {
    let code = sqlite3_create_function_v2(
      db.sqliteConnection, "search_hits", 2, SQLITE_UTF8, Unmanaged.passUnretained(tallies).toOpaque(),
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
}
