import Foundation
import GRDB

/// Writes segments and puts them together.
///
/// A new segment is of a level by its size. Segments of one level that follow each other are put together once they are
/// eight, so that there are few however much was written, and each place is written again a few times only, its number
/// growing with the logarithm of the size (the logarithmic method of Bentley and Saxe, 1980). A large one takes in the
/// smaller ones right before it. Putting together goes on in steps, each in the transaction of some write and as much longer
/// as that is large; what is being made is not looked at before it is complete.
extension Database {
  /// So many segments of a level at most stay beside each other, and so many times larger is the next level.
  private static let fanOut = 8
  /// For each block that a write adds so many are put together: each is written anew about once a level.
  private static let share = 8
  /// At least so many.
  private static let leastBlocks = 32
  /// A segment is written anew where more than one in so many of its documents is dead.
  private static let deadShare = 8

  private static func level(blocks: Int) -> Int {
    var (level, rest) = (0, blocks / fanOut)
    while rest > 0 { (level, rest) = (level + 1, rest / fanOut) }
    return level
  }

  // MARK: Writing

  /// Writes where the tokens of documents stand, of higher numbers than all before, as a segment.
  /// - Returns: how many blocks it has.
  func writeSegment(_ inversion: Inversion) throws -> Int {
    guard let first = inversion.documents.first?.number, let last = inversion.documents.last?.number else { return 0 }
    let id = try beginSegment(level: 0, documents: first...last)
    var writer = SegmentWriter(self, id: id, base: first)
    let several = ByteBuffer(capacity: 64)
    try inversion.forEachToken { token, places in
      try writer.begin(token)
      var index = 0
      while index < places.count {
        let (number, tokens) = inversion.document(at: Int(places[index]))
        var last = Int(places[index])
        index += 1
        if index == places.count || places[index] >= tokens.upperBound {
          try writer.append(document: number, place: last - tokens.lowerBound)
          continue
        }
        several.removeAll()
        several.append(number: last - tokens.lowerBound)
        while index < places.count, places[index] < tokens.upperBound {
          several.append(number: Int(places[index]) - last)
          last = Int(places[index])
          index += 1
        }
        try writer.append(document: number, places: several.bytes, isSingle: false)
      }
    }
    try writer.finish()
    try execute(
      sql: "UPDATE search_segment SET state = 'live', level = ?, documents = ?, blocks = ? WHERE id = ?",
      arguments: [Self.level(blocks: writer.blocks), inversion.documents.count, writer.blocks, id])
    return writer.blocks
  }

  private func beginSegment(level: Int, documents: ClosedRange<Int>) throws -> Int64 {
    try execute(
      sql: """
        INSERT INTO search_segment (state, level, first, last, documents, dead, blocks)
        VALUES ('written', ?, ?, ?, 0, 0, 0)
        """, arguments: [level, documents.lowerBound, documents.upperBound])
    return lastInsertedRowID
  }

  /// Notes that a document counts no more. Its places leave the index when its segment is written anew.
  func bury(document: Int64) throws {
    try cachedStatement(sql: "INSERT INTO search_dead (document) VALUES (?)").execute(arguments: [document])
    try cachedStatement(
      sql: "UPDATE search_segment SET dead = dead + 1 WHERE state = 'live' AND ? BETWEEN first AND last"
    ).execute(arguments: [document])
  }

  // MARK: Putting together

  /// Does the part of a write in putting segments together.
  /// - Parameter blocks: how many it has added.
  func mergeSegments(after blocks: Int) throws {
    do {
      try inSavepoint {
        _ = try mergeSegments(blocks: max(Self.leastBlocks, blocks * Self.share))
        return .commit
      }
    } catch StorageError.corrupt {
      // What is written is kept whatever has happened to the index: searches, and `check`, say that it is damaged.
    }
  }

  /// Goes on with what is to be put together.
  /// - Parameters:
  ///   - budget: about how many blocks to write.
  ///   - whole: up to this one all segments are to become one, without any document that is dead now; nil to do what is due.
  /// - Returns: how many blocks were written or given up; 0 where there is nothing to do.
  func mergeSegments(blocks budget: Int, whole last: Int64? = nil) throws -> Int {
    var done = 0
    while done < budget {
      let segments = try Segment.all(self)
      let running = segments.filter { $0.state == .written }.min { $0.level < $1.level }
      let due: Due?
      if let last { due = running == nil ? Self.whole(segments, upTo: last) : nil } else { due = Self.due(segments) }
      if let spent = segments.first(where: { $0.state == .spent }) {
        done += try giveUp(spent, blocks: budget - done)
      } else if let running, due.map({ running.level <= $0.level }) ?? true {
        done += try merge(segments.filter { $0.target == running.id }, into: running, blocks: budget - done)
      } else if let due {
        try begin(due.segments, level: due.level)
        done += 1
      } else {
        break
      }
    }
    return done
  }

  private typealias Due = (segments: [Segment], level: Int)

  /// Which segments are to be put together first, those of the lowest level, and of which level that will be.
  private static func due(_ segments: [Segment]) -> Due? {
    var due: Due?
    func offer(_ some: ArraySlice<Segment>, _ level: Int) {
      if due.map({ level < $0.level }) ?? true { due = (Array(some), level) }
    }
    for run in segments.filter({ $0.state == .live }).split(whereSeparator: { $0.target != nil }) {
      for place in run.indices {
        let level = run[place].level
        if run[place].dead * deadShare > run[place].count { offer(run[place...place], level) }
        let before = run[..<place]
        // The larger one takes in the smaller ones before it.
        let smaller = before.suffix(while: { $0.level < level })
        if !smaller.isEmpty { offer(run[smaller.startIndex...place], level) }
        let equal = before.suffix(while: { $0.level == level })
        if equal.count + 1 >= fanOut { offer(run[equal.startIndex...place], level + 1) }
      }
    }
    return due
  }

  /// All segments, which follow each other; nil where those up to some one are one already and nothing in it is dead. What others
  /// write meanwhile, and what these have become, is of a higher number.
  private static func whole(_ segments: [Segment], upTo last: Int64) -> Due? {
    let live = segments.filter { $0.state == .live }
    let old = live.filter { $0.id <= last }
    guard old.count > 1 || old.contains(where: { $0.dead > 0 }) else { return nil }
    return (live, level(blocks: live.reduce(0) { $0 + $1.blocks }))
  }

  private func begin(_ segments: [Segment], level: Int) throws {
    guard let first = segments.first?.documents.lowerBound, let last = segments.last?.documents.upperBound else {
      return
    }
    let id = try beginSegment(level: level, documents: first...last)
    for segment in segments {
      try execute(sql: "UPDATE search_segment SET target = ? WHERE id = ?", arguments: [id, segment.id])
    }
    // Those that are dead now are left out of all of it. One that dies while it is being made may be in what is made already.
    try execute(
      sql: "UPDATE search_dead SET target = ? WHERE document BETWEEN ? AND ?", arguments: [id, first, last])
  }

  /// Writes the next blocks of a segment.
  /// - Returns: how many.
  private func merge(_ sources: [Segment], into target: Segment, blocks budget: Int) throws -> Int {
    var dead: Set<Int> = []
    try eachRow("SELECT document FROM search_dead WHERE target = ?", [target.id]) { dead.insert($0.integer(0)) }
    var writer = SegmentWriter(
      self, id: target.id, base: target.documents.lowerBound, blocks: target.blocks)
    var readers = try sources.map { try SegmentReader($0, after: target.reached, self) }
    // What tells most tokens apart, beside each other: a reader is much to look at for that.
    var heads = readers.map(\.head)
    var holders: [Int] = []
    while writer.blocks - target.blocks < budget {
      // The first token, and the readers that stand at it, in the order of their documents.
      holders.removeAll(keepingCapacity: true)
      var least = SegmentReader.Head.end
      for (index, head) in heads.enumerated() where head.key <= least.key && !head.isEnd {
        if let first = holders.first, head.key == least.key {
          let order =
            head.length <= 8 || least.length <= 8
            ? head.length - least.length : readers[index].compare(withTokenOf: readers[first])
          if order > 0 { continue }
          if order < 0 { holders.removeAll(keepingCapacity: true) }
        } else {
          holders.removeAll(keepingCapacity: true)
        }
        least = head
        holders.append(index)
      }
      guard let first = holders.first else {
        try writer.finish()
        try complete(target, blocks: writer.blocks, dead: dead.count)
        return max(1, writer.blocks - target.blocks)
      }
      try writer.begin(readers[first].token)
      for index in holders {
        repeat {
          if dead.isEmpty, try readers[index].withRun({ try writer.append($0) }) { continue }
          try readers[index].forEachPosting { posting in
            if !dead.isEmpty, dead.contains(posting.document) { return }
            try writer.append(document: posting.document, places: posting.places, isSingle: posting.isSingle)
          }
        } while try readers[index].advance(self)
        heads[index] = readers[index].head
      }
    }
    try writer.finish()
    try execute(
      sql: "UPDATE search_segment SET blocks = ?, reached = ? WHERE id = ?",
      arguments: [writer.blocks, Data(writer.reached), target.id])
    return writer.blocks - target.blocks
  }

  /// Puts a segment in the place of those that it was made of.
  private func complete(_ segment: Segment, blocks: Int, dead: Int) throws {
    let count = try Int.fetchOne(
      self, sql: "SELECT sum(documents) FROM search_segment WHERE target = ?", arguments: [segment.id])
    try execute(sql: "DELETE FROM search_dead WHERE target = ?", arguments: [segment.id])
    try execute(
      sql: "UPDATE search_segment SET state = 'spent', target = NULL WHERE target = ?", arguments: [segment.id])
    try execute(
      sql: """
        UPDATE search_segment SET state = ?, blocks = ?, documents = ?, reached = NULL, level = min(level, ?),
          dead = (SELECT count(*) FROM search_dead WHERE document BETWEEN first AND last)
        WHERE id = ?
        """,
      arguments: [
        blocks > 0 ? "live" : "spent", blocks, max(0, (count ?? 0) - dead), Self.level(blocks: blocks) + 1, segment.id,
      ])
  }

  /// Takes blocks of a segment out that is not needed any more, the last first.
  /// - Returns: about as much work as writing so many.
  private func giveUp(_ segment: Segment, blocks budget: Int) throws -> Int {
    let left = max(0, segment.blocks - budget * 4)
    // Its pages are not written once more as zeros: what is dead in them goes when a purge writes the whole file anew, and the
    // rest stands in the segment that took them in.
    try execute(sql: "PRAGMA secure_delete = FAST")
    defer { try? execute(sql: "PRAGMA secure_delete = ON") }
    try execute(
      sql: "DELETE FROM search_block WHERE number BETWEEN ? AND ?",
      arguments: [segment.firstBlock + Int64(left), segment.firstBlock + Int64(segment.blocks)])
    if left == 0 {
      try execute(sql: "DELETE FROM search_term WHERE segment = ?", arguments: [segment.id])
      try execute(sql: "DELETE FROM search_segment WHERE id = ?", arguments: [segment.id])
    } else {
      try execute(sql: "UPDATE search_segment SET blocks = ? WHERE id = ?", arguments: [left, segment.id])
    }
    return max(1, (segment.blocks - left) / 4)
  }
}

extension ArraySlice {
  /// The longest end of it of which something holds.
  fileprivate func suffix(while holds: (Element) -> Bool) -> ArraySlice {
    var start = endIndex
    while start > startIndex, holds(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
