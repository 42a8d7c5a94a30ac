import Corpus
import GRDB

/// The samples of all texts in memory, found by their hashes.
///
/// An import in many parts asks for each text that it brings which others share some of its hashes. A walk through all samples
/// for each part takes longer the larger the corpus is; here it takes what there is to find.
struct CopySamples {
  /// A hash, and which samples have it.
  private struct Slot {
    var hash: UInt32 = 0
    /// How many have it.
    var count: Int32 = 0
    /// Where their numbers begin in `lists`, with room up to the next power of two; of a single one the number itself. Negative
    /// where the slot is free.
    var list: Int32 = -1
  }

  private var slots = [Slot](repeating: Slot(), count: 1 << 12)
  private var used = 0
  private var lists: [Int32] = []
  /// Of each sample, by its number: the speech; where its hashes end; how many they are.
  private var keys: [Int64] = []
  private var ends: [Int] = []
  private var counts: [CopySearch.SampleCounts] = []
  private var hashes: [UInt32] = []
  private var numbers: [Int64: Int] = [:]

  /// About how many bytes it takes.
  var bytes: Int {
    slots.capacity * MemoryLayout<Slot>.stride + (lists.capacity + hashes.capacity) * 4 + keys.capacity * 128
  }

  /// How many samples it has had, also those that were taken out: their numbers go from 0.
  var count: Int { keys.count }

  /// The number of a speech's sample.
  func number(of key: Int64) -> Int? { numbers[key] }

  /// The speech that a sample is of.
  func key(of number: Int) -> Int64 { keys[number] }

  /// How large a sample is.
  @inline(__always)
  func counts(of number: Int) -> CopySearch.SampleCounts { counts[number] }

  /// A sample.
  func print(of number: Int) -> CopyText.Fingerprint {
    CopyText.Fingerprint(sparsity: counts[number].sparsity, hashes: Array(hashes[range(of: number)]))
  }

  private func range(of number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  // MARK: Changing

  /// Takes in the sample of a speech in the place of the one before.
  mutating func put(_ key: Int64, _ print: CopyText.Fingerprint) {
    remove(key)
    let number = keys.count
    numbers[key] = number
    keys.append(key)
    counts.append(CopySearch.SampleCounts(print))
    hashes.append(contentsOf: print.hashes)
    ends.append(hashes.count)
    for hash in print.hashes { add(Int32(number), to: hash) }
  }

  private mutating func add(_ number: Int32, to hash: UInt32) {
    if used * 3 >= slots.count * 2 { grow() }
    let place = place(of: hash)
    var slot = slots[place]
    if slot.list < 0 { (slot.hash, used) = (hash, used + 1) }
    let count = Int(slot.count)
    switch count {
    case 0: slot.list = number
    case _ where count & (count - 1) == 0:
      // No room any more.
      let start = lists.count
      if count == 1 {
        lists.append(slot.list)
      } else {
        for place in 0..<count { lists.append(lists[Int(slot.list) + place]) }
      }
      lists.append(number)
      lists.append(contentsOf: repeatElement(-1, count: count - 1))
      slot.list = Int32(start)
    default: lists[Int(slot.list) + count] = number
    }
    slot.count += 1
    slots[place] = slot
  }

  /// Takes the sample of a speech out.
  mutating func remove(_ key: Int64) {
    guard let number = numbers.removeValue(forKey: key) else { return }
    for place in range(of: number) { remove(Int32(number), from: hashes[place]) }
  }

  private mutating func remove(_ number: Int32, from hash: UInt32) {
    let place = place(of: hash)
    let (start, last) = (Int(slots[place].list), Int(slots[place].count) - 1)
    slots[place].count -= 1
    // One that no sample has any more stays in its slot, where others were led past it.
    guard last > 0, let own = lists[start...(start + last)].firstIndex(of: number) else { return }
    lists[own] = lists[start + last]
    if last == 1 { slots[place].list = lists[start] }
  }

  /// The slot of a hash, or the one where it would be.
  @inline(__always)
  private func place(of hash: UInt32) -> Int {
    let mask = slots.count - 1
    // The lowest bits of a sparse sample are all zero.
    var place = Int((UInt64(hash) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[place].list >= 0, slots[place].hash != hash { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where slot.list >= 0 { slots[place(of: slot.hash)] = slot }
  }

  // MARK: Asking

  /// How many samples have a hash.
  func count(of hash: UInt32) -> Int { Int(slots[place(of: hash)].count) }

  /// Counts of each sample how many of some hashes it has.
  /// - Parameters:
  ///   - told: the counts, by the numbers of samples.
  ///   - met: gets the numbers of those that had none before.
  func count(_ hashes: ArraySlice<CopySearch.Counted>, in told: inout [Int32], _ met: inout [Int]) {
    for (_, hash) in hashes {
      let slot = slots[place(of: hash)]
      for place in 0..<Int(slot.count) {
        let number = Int(slot.count == 1 ? slot.list : lists[Int(slot.list) + place])
        if told[number] == 0 { met.append(number) }
        told[number] += 1
      }
    }
  }
}

extension CopySearch {
  /// For each text those that may be copies of it, as `candidates` finds them by a walk.
  /// - Parameter look: as so many steps along a list counts a look at a sample.
  func candidates(among samples: CopySamples, look: Int = 32) -> [[Candidate]] {
    // The place of each sample among what is looked for, and how many hashes it has of the text at hand.
    var places = [Int32](repeating: -1, count: samples.count)
    for (index, one) in sought.enumerated() {
      if let number = samples.number(of: one.key) { places[number] = Int32(index) }
    }
    var told = [Int32](repeating: 0, count: samples.count)
    var met: [Int] = []
    return sought.enumerated().map { index, one in
      let (telling, rest) = Self.telling(one.print.hashes.map { (samples.count(of: $0), $0) })
      samples.count(telling, in: &told, &met)
      // Of two that are both looked for, the later one finds the other.
      let reached = met.filter { number in
        places[number] < index
          && one.counts.isReached(by: Int(told[number]), of: telling.count, samples.counts(of: number))
      }
      // What the rest tells is counted for all that have it, or looked up in each that is left, whatever is less.
      let isCounted = rest.reduce(0) { $0 + $1.count } < reached.count * look
      if isCounted { samples.count(rest, in: &told, &met) }
      var found: [Candidate] = []
      for number in reached {
        let shared = isCounted ? Int(told[number]) : samples.print(of: number).shared(with: one.print)
        if one.counts.mayBeCopies(shared: shared, samples.counts(of: number)) {
          found.append((samples.key(of: number), shared))
        }
      }
      for number in met { told[number] = 0 }
      met.removeAll(keepingCapacity: true)
      return Self.foremost(found)
    }
  }
}
