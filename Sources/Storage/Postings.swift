import Corpus
import GRDB
import GRDBSQLite

/// Where a term stands: nodes, numbered as in the layout, or documents, in order; how often, and what that is worth.
struct Postings {
  private(set) var numbers: [UInt32] = []
  /// Occurrences of the term.
  private(set) var matches: [UInt32] = []
  /// Occurrences weighted by field, by whole numbers; more than 65,535 are no more. The score of the place once its length
  /// is weighed in.
  private(set) var worth: [UInt16] = []

  /// About how much memory they take.
  var bytes: Int { numbers.count * 10 }

  /// Adds a place behind all others; one without occurrences is none.
  mutating func append(_ number: Int, matches count: Int, worth: Int) {
    if count == 0 { return }
    numbers.append(UInt32(truncatingIfNeeded: number))
    matches.append(UInt32(clamping: count))
    self.worth.append(UInt16(clamping: worth))
  }

  /// Where a place stands in the list.
  func index(of number: Int) -> Int? { numbers.index(ofSorted: UInt32(truncatingIfNeeded: number)) }

  /// Occurrences in a place.
  func matches(in number: Int) -> Int { index(of: number).map { Int(matches[$0]) } ?? 0 }

  /// Occurrences in all places of a set.
  /// - Parameter count: of the set.
  func matches(in set: NumberSet, count: Int) -> Int {
    var sum = 0
    if count < numbers.count / 32 {
      // A few are looked up.
      set.forEach { sum += matches(in: $0) }
    } else {
      for index in numbers.indices where set.contains(Int(numbers[index])) { sum += Int(matches[index]) }
    }
    return sum
  }

  /// The same in the documents of nodes.
  func documents(_ layout: SearchLayout) -> Postings {
    var documents = Postings()
    var walk = layout.walk()
    var (document, count, sum) = (0, 0, 0)
    for index in numbers.indices {
      let next = walk.document(of: Int(numbers[index]))
      if next != document {
        documents.append(document, matches: count, worth: sum)
        (document, count, sum) = (next, 0, 0)
      }
      count += Int(matches[index])
      sum += Int(worth[index])
    }
    documents.append(document, matches: count, worth: sum)
    return documents
  }
}

extension Postings {
  /// Divides the places of a term among the nodes.
  /// - Parameter wanted: the field in which it has to stand; nil for anywhere.
  init(_ occurrences: Occurrences, _ layout: SearchLayout, field wanted: Query.Field?) throws {
    func weight(_ field: Query.Field) -> Int { (wanted ?? field) == field ? Int(Relevance.weight(of: field)) : 0 }
    let (inText, inHeading, inTitle) = (weight(.text), weight(.heading), weight(.title))
    // In one piece first, so that what is kept takes no more than it needs.
    var found: [(number: UInt32, matches: UInt32, worth: UInt16)] = []
    found.reserveCapacity(min(occurrences.places.count, layout.nodeCount))
    let (documents, ends, places) = (occurrences.documents, occurrences.ends, occurrences.places)
    var (index, place) = (0, 0)
    while index < documents.count {
      // What neighbouring documents share is looked up once.
      guard let (chunk, first) = layout.chunk(of: Int(documents[index])) else { throw StorageError.snapshotOvertaken }
      let (start, heading, body) = (chunk.start, chunk.heading, chunk.body)
      while index < documents.count, Int(documents[index]) - first < SearchLayout.Chunk.size {
        let document = Int(documents[index]) - first
        guard document < chunk.speech.count, chunk.speech[document] != 0 else { throw StorageError.snapshotOvertaken }
        var node = Int(start[document])
        let last = Int(start[document + 1]) - 1
        var (next, count, worth) = (0, 0, 0)
        if node <= last {
          next = node < last ? Int(heading[node + 1]) : .max
          while place < ends[index] {
            let token = Int(places[place])
            place += 1
            if token >= next {
              if count > 0 { found.append((UInt32(chunk.firstNode + node), UInt32(count), UInt16(clamping: worth))) }
              (count, worth) = (0, 0)
              repeat { node += 1 } while node < last && heading[node + 1] <= token
              next = node < last ? Int(heading[node + 1]) : .max
            }
            let weight = token >= body[node] ? inText : token >= heading[node] ? inHeading : inTitle
            if weight > 0 { count += 1 }
            worth += weight
          }
          if count > 0 { found.append((UInt32(chunk.firstNode + node), UInt32(count), UInt16(clamping: worth))) }
        }
        place = ends[index]
        index += 1
      }
    }
    numbers = found.map { $0.number }
    matches = found.map { $0.matches }
    worth = found.map { $0.worth }
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
