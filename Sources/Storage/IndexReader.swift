import Corpus
import Foundation
import GRDB
import Locking

/// The index in one state of the database: where tokens stand.
struct IndexReader {
  private let db: Database
  private let segments: [Segment]
  private let dead: Set<Int>

  init(_ db: Database, _ cache: DeadDocuments) throws {
    self.db = db
    segments = try Segment.live(db)
    dead = try cache.numbers(in: segments, db)
  }

  /// Where the tokens of a pattern stand in a row.
  /// - Parameter most: from so many documents on the others need not be found.
  func occurrences(of pattern: Tokenizer.Pattern, atMost most: Int = .max) throws -> Occurrences {
    var tokens = pattern.tokens.map { Array($0.utf8) }
    guard let last = tokens.last else { return Occurrences() }
    if tokens.count == 1, !pattern.isPrefix { return try occurrences(of: last, atMost: most) }
    if pattern.isPrefix { tokens.removeLast() }
    // The rarest first: of the others only what is in its documents is kept.
    let order = try tokens.enumerated().map { (distance: $0, token: $1, blocks: try blocks(of: $1)) }
      .sorted { $0.blocks < $1.blocks }
    var found: Occurrences?
    for (distance, token, _) in order {
      let next = try occurrences(of: token, behind: distance, in: found)
      if next.documents.isEmpty { return next }
      found = next
    }
    guard pattern.isPrefix else { return found ?? Occurrences() }
    let ends = try occurrences(beginning: last, behind: tokens.count, in: found)
    return found.map(ends.intersection) ?? ends
  }

  /// How many blocks begin with a token: none where all that there is of it is in one.
  private func blocks(of token: [UInt8]) throws -> Int {
    try segments.reduce(0) { blocks, segment in
      try blocks
        + (db.firstRow("SELECT count(*) FROM search_term WHERE segment = ? AND term = ?", [segment.id, Data(token)]) {
          $0.integer(0)
        } ?? 0)
    }
  }

  /// Where a token stands at a distance behind something.
  /// - Parameters:
  ///   - others: where that is; nil for anywhere.
  ///   - most: from so many documents on the others need not be found.
  private func occurrences(
    of token: [UInt8], behind distance: Int = 0, in others: Occurrences? = nil, atMost most: Int = .max
  ) throws -> Occurrences {
    var found = Occurrences()
    var index = 0
    try forEachPart(of: token) { segment, bytes in
      var reader = PostingReader(bytes, of: segment)
      if let others {
        guard found.append(&reader, behind: distance, in: others, from: &index) else { throw segment.damage }
        return index < others.documents.count
      }
      guard found.append(&reader, behind: distance, except: dead, atMost: most) else { throw segment.damage }
      return found.documents.count < most
    }
    return found
  }

  /// Where a token that begins so stands at a distance behind something.
  /// - Parameter others: in the documents of which it is looked for; nil for all.
  private func occurrences(
    beginning prefix: [UInt8], behind distance: Int, in others: Occurrences?
  ) throws -> Occurrences {
    var found = Occurrences()
    // A document may be in the lists of many tokens: those of a segment are brought into order together.
    var gathering = Gathering()
    var current: Segment?
    try forEachPart(of: prefix, isPrefix: true) { segment, bytes in
      if let last = current, last.id != segment.id { gathering.move(to: &found, first: last.documents.lowerBound) }
      current = segment
      var reader = PostingReader(bytes, of: segment)
      let isSound = gathering.append(
        &reader, behind: distance, in: others?.documents, except: dead, first: segment.documents.lowerBound)
      guard isSound else { throw segment.damage }
      return true
    }
    if let current { gathering.move(to: &found, first: current.documents.lowerBound) }
    return found
  }

  /// Hands over what the blocks have of a token, or of all that begin so, in the order of the segments.
  /// - Parameter body: gets the bytes for the length of the call; returns whether to go on.
  private func forEachPart(
    of token: [UInt8], isPrefix: Bool = false,
    _ body: (_ segment: Segment, _ bytes: UnsafeBufferPointer<UInt8>) throws -> Bool
  ) throws {
    for segment in segments where segment.blocks > 0 {
      let statement = try db.cachedStatement(
        sql: "SELECT content FROM search_block WHERE number BETWEEN ? AND ? ORDER BY number")
      try statement.setArguments([
        segment.block(before: token, db), segment.firstBlock + Int64(segment.blocks) - 1,
      ])
      var goesOn = true
      try db.eachRow(statement.sqliteStatement) { row in
        var reader = NumberReader(row.raw(0).bindMemory(to: UInt8.self))
        while !reader.isAtEnd {
          let known = reader.bytes(reader.number())
          let bytes = reader.bytes(reader.number())
          if reader.isBroken { throw segment.damage }
          let order = token.withUnsafeBufferPointer { Self.compare($0, known, isPrefix: isPrefix) }
          if order < 0 { return false }
          if order == 0 { goesOn = try body(segment, bytes) }
          if !goesOn { return false }
        }
        return true
      }
      if !goesOn { return }
    }
  }

  /// Below zero where a token comes before another one, zero where it is the same, or its beginning.
  private static func compare(
    _ token: UnsafeBufferPointer<UInt8>, _ known: UnsafeBufferPointer<UInt8>, isPrefix: Bool
  ) -> Int {
    for (one, other) in zip(token, known) where one != other { return one < other ? -1 : 1 }
    if token.count > known.count { return 1 }
    return isPrefix || token.count == known.count ? 0 : -1
  }
}

/// The documents that were taken out and are still in segments, read once for a state of these.
final class DeadDocuments: Sendable {
  private struct State {
    var segments: [[Int]] = []
    var numbers: Set<Int> = []
  }

  private let state = Locked(State())

  /// Those in live segments.
  func numbers(in segments: [Segment], _ db: Database) throws -> Set<Int> {
    // A segment keeps its documents, and of the dead there are only more.
    let known = segments.filter { $0.dead > 0 }.map { [Int($0.id), $0.dead] }
    if known.isEmpty { return [] }
    if let numbers = state.withLock({ $0.segments == known ? $0.numbers : nil }) { return numbers }
    var numbers: Set<Int> = []
    try db.eachRow("SELECT document FROM search_dead", []) { numbers.insert($0.integer(0)) }
    state.withLock { $0 = State(segments: known, numbers: numbers) }
    return numbers
  }
}
