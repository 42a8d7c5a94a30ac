import Corpus

/// What the search for copies asks of many samples, in tables made for that.
extension CopySearch {
  /// Which of some lists have a number, in a table with open addresses: most numbers that are asked after stand in none.
  struct HashTable {
    private var entries: [(hash: UInt32, list: Int32)]
    /// Where the entries of a hash begin; -1 where there are none.
    private var slots: [Int32]
    /// A bit for each hash, one of sixteen for an entry, so that the rest is seldom looked at for one that is not there.
    private var bits: [UInt64]

    init(_ lists: [[UInt32]]) {
      entries = lists.enumerated().flatMap { list, hashes in hashes.map { ($0, Int32(list)) } }
      entries.sort { ($0.hash, $0.list) < ($1.hash, $1.list) }
      var size = 1 << 12
      while size < entries.count * 4 { size *= 2 }
      slots = [Int32](repeating: -1, count: size)
      bits = [UInt64](repeating: 0, count: size / 16)
      for (index, entry) in entries.enumerated() where index == 0 || entries[index - 1].hash != entry.hash {
        var slot = Int(entry.hash >> 2) & (size - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
        slots[slot] = Int32(index)
        bits[Int(entry.hash >> 8) & (bits.count - 1)] |= 1 << UInt64(entry.hash >> 2 & 63)
      }
    }

    /// How many entries there are.
    var count: Int { entries.count }

    /// The first entry of a hash.
    @inline(__always)
    func first(_ hash: UInt32) -> Int? {
      guard bits[Int(hash >> 8) & (bits.count - 1)] & 1 << UInt64(hash >> 2 & 63) != 0 else { return nil }
      var slot = Int(hash >> 2) & (slots.count - 1)
      while slots[slot] >= 0 {
        if entries[Int(slots[slot])].hash == hash { return Int(slots[slot]) }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }

    /// Calls `body` with each list that has a hash.
    @inline(__always)
    func forEach(_ hash: UInt32, _ body: (Int) -> Void) {
      guard var index = first(hash) else { return }
      while index < entries.count, entries[index].hash == hash {
        body(Int(entries[index].list))
        index += 1
      }
    }
  }
}
