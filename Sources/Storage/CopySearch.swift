import Corpus
import GRDB

extension Database {
  /// Finds of which others the speeches are copies whose text has changed, and puts their families in order.
  /// - Parameters:
  ///   - changed: the speeches with their texts as they are now, folded; nil for one that is taken out.
  ///   - whole: what they are a part of.
  func findCopies(of changed: [(key: Int64, text: [Folding.Folded]?)], partOf whole: LargeImport? = nil) throws {
    if changed.isEmpty { return }
    let keys = Set(changed.map(\.key))
    var touched = keys
    try eachRow(
      "SELECT copy, original FROM copy WHERE copy IN (SELECT value FROM json_each(?1)) "
        + "OR original IN (SELECT value FROM json_each(?1))", [Self.list(keys)]
    ) { touched.formUnion([Int64($0.integer(0)), Int64($0.integer(1))]) }
    for sql in [
      "DELETE FROM copy WHERE copy IN (SELECT value FROM json_each(?1)) "
        + "OR original IN (SELECT value FROM json_each(?1))",
      "DELETE FROM fingerprint WHERE speech IN (SELECT value FROM json_each(?1))",
    ] { try cachedStatement(sql: sql).execute(arguments: [Self.list(keys)]) }

    var search = CopySearch()
    for (key, text) in changed {
      guard let text else {
        whole?.samples?.remove(key)
        continue
      }
      let (print, weight) = CopyText.sample(of: text)
      try run("INSERT INTO fingerprint (speech, sparsity, hashes) VALUES (?, ?, ?)") {
        $0.integer(key)
        $0.integer(print.sparsity)
        $0.blob(CopySearch.bytes(of: print.hashes))
      }
      whole?.samples?.put(key, print)
      search.add(key, text, print, weight: weight)
    }
    // A copy of what has changed may have been told by that alone.
    for key in touched.subtracting(keys).sorted() {
      guard let text = try withText(of: key, { Folding.fold(utf8: $0) }) else { continue }
      let (print, weight) = CopyText.sample(of: text)
      search.add(key, text, print, weight: weight)
    }
    for pair in try search.pairs(self, among: whole?.samples(self)) {
      touched.formUnion([pair.copy, pair.original])
      try cachedStatement(sql: "INSERT OR REPLACE INTO copy (copy, original, share, coverage) VALUES (?, ?, ?, ?)")
        .execute(arguments: [pair.copy, pair.original, pair.share, pair.coverage])
    }
    try arrangeFamilies(of: touched, changed: keys)
  }

  /// Puts in order the families of some speeches and of all that hang together with them.
  /// - Parameter changed: those whose cards were made anew, without a family.
  private func arrangeFamilies(of keys: Set<Int64>, changed: Set<Int64>) throws {
    var (known, fresh) = (keys, keys)
    var pairs: Set<CopyPair> = []
    while !fresh.isEmpty {
      let list = Self.list(fresh)
      fresh = []
      // Two statements, each along an index of its own.
      for column in ["copy", "original"] {
        let sql =
          "SELECT copy, original, share, coverage FROM copy WHERE \(column) IN (SELECT value FROM json_each(?))"
        try eachRow(sql, [list]) { row in
          let pair = CopyPair(
            copy: Int64(row.integer(0)), original: Int64(row.integer(1)), share: row.double(2), coverage: row.double(3))
          pairs.insert(pair)
          for key in [pair.copy, pair.original] where known.insert(key).inserted { fresh.insert(key) }
        }
      }
    }
    let heads = SpeechFamilies.heads(pairs)
    for key in known.sorted() where heads[key] != nil || !changed.contains(key) {
      try cachedStatement(sql: "UPDATE card SET family = ?2 WHERE speech = ?1 AND family IS NOT ?2")
        .execute(arguments: [key, heads[key]])
    }
  }

  private static func list(_ keys: Set<Int64>) -> String {
    "[\(keys.sorted().map(String.init).joined(separator: ","))]"
  }
}

/// Looks for the copies of some texts among all: one walk through the samples of the corpus, then a look at the texts of
/// those that share much.
struct CopySearch {
  struct Sought {
    let key: Int64
    /// Its text, folded. Letters and windows are made where it is compared: of all together they are large.
    let text: [Folding.Folded]
    let print: CopyText.Fingerprint
    /// How many hashes of its sample there are at each sparsity.
    let counts: SampleCounts

    init(_ key: Int64, _ text: [Folding.Folded], _ print: CopyText.Fingerprint) {
      (self.key, self.text, self.print) = (key, text, print)
      counts = SampleCounts(print)
    }
  }

  /// So many are compared with a text, those that share most with it.
  private static let mostCompared = 32
  /// A hash that no more have leads to copies.
  private static let few = 16
  /// By so many at least a text is looked for.
  private static let fewest = 8

  private(set) var sought: [Sought] = []

  /// A text that another may be a copy of, or it of that, and how many hashes both have.
  typealias Candidate = (key: Int64, shared: Int)

  /// A hash with the number of samples that have it.
  typealias Counted = (count: Int, hash: UInt32)

  /// Adds a text whose sample is kept already; one that is too short to be a copy is not looked for.
  /// - Parameter weight: what its letters weigh.
  mutating func add(_ key: Int64, _ text: [Folding.Folded], _ print: CopyText.Fingerprint, weight: Int) {
    guard weight >= CopyKind.leastWeight else { return }
    sought.append(Sought(key, text, print))
  }

  /// The pairs in which one of the texts is the copy or the original.
  /// - Parameter samples: those of the corpus, where they are in memory.
  func pairs(_ db: Database, among samples: CopySamples?) throws -> [CopyPair] {
    var pairs: [CopyPair] = []
    let texts = Dictionary(uniqueKeysWithValues: sought.map { ($0.key, $0.text) })
    let candidates = try samples.map { self.candidates(among: $0) } ?? candidates(db)
    for (one, candidates) in zip(sought, candidates) where !candidates.isEmpty {
      let comparison = CopyComparison(CopyText(one.text))
      let weight = comparison.text.weight
      for (key, _) in candidates {
        let result = try texts[key].map(comparison.result) ?? db.withText(of: key) { comparison.result(with: $0) }
        guard let result else { continue }
        if result.isSame {
          // It is a copy of whatever the other is one of.
          pairs.append(CopyPair(copy: max(one.key, key), original: min(one.key, key), share: 1, coverage: 1))
          break
        }
        let isShorter = (weight, one.key) < (result.weight, key)
        let pair =
          isShorter
          ? CopyPair(copy: one.key, original: key, share: result.own, coverage: result.other)
          : CopyPair(copy: key, original: one.key, share: result.other, coverage: result.own)
        if pair.share >= CopyKind.most, min(weight, result.weight) >= CopyKind.leastWeight {
          pairs.append(pair)
        }
      }
    }
    return pairs
  }

  /// For each text those that may be copies of it, what shares most with it first, of equals the oldest.
  private func candidates(_ db: Database) throws -> [[Candidate]] {
    let lists = try telling(db)
    let telling = HashTable(lists)
    let order = Dictionary(uniqueKeysWithValues: sought.enumerated().map { ($1.key, $0) })
    var found = [[Candidate]](repeating: [], count: sought.count)
    // How many telling hashes the sample at hand has of each text, and of which it has any.
    var told = [Int](repeating: 0, count: sought.count)
    var met: [Int] = []
    try Self.eachSample(db) { key, sample in
      let place = order[key] ?? -1
      for hash in sample.hashes {
        telling.forEach(hash) { index in
          // Of two that are both looked for, the later one finds the other.
          guard place < index else { return }
          if told[index] == 0 { met.append(index) }
          told[index] += 1
        }
      }
      if met.isEmpty { return }
      let print = sample.print
      let counts = SampleCounts(print)
      for index in met {
        if sought[index].counts.isReached(by: told[index], of: lists[index].count, counts) {
          let shared = print.shared(with: sought[index].print)
          if sought[index].counts.mayBeCopies(shared: shared, counts) { found[index].append((key, shared)) }
        }
        told[index] = 0
      }
      met.removeAll(keepingCapacity: true)
    }
    return found.map(Self.foremost)
  }

  /// Those that are compared with a text.
  static func foremost(_ found: [Candidate]) -> [Candidate] {
    Array(found.sorted { ($1.shared, $0.key) < ($0.shared, $1.key) }.prefix(mostCompared))
  }

  /// The hashes by which each text is looked for.
  private func telling(_ db: Database) throws -> [[UInt32]] {
    let all = HashTable(sought.map(\.print.hashes))
    var counts = [Int](repeating: 0, count: all.count)
    try Self.eachSample(db) { _, sample in
      for hash in sample.hashes { if let first = all.first(hash) { counts[first] += 1 } }
    }
    return sought.map { one in
      let known = one.print.hashes.compactMap { hash in all.first(hash).map { (counts[$0], hash) } }
      return Self.telling(known).telling.map(\.hash)
    }
  }

  /// The hashes of a text that others have too: first those by which it is looked for, then the rest. These are those that few
  /// others have, and if there are few of these the rarest. What many texts share, formulas and set phrases, would lead to all
  /// of these.
  /// - Parameter hashes: each with the number of samples that have it.
  static func telling(_ hashes: [Counted]) -> (telling: ArraySlice<Counted>, rest: ArraySlice<Counted>) {
    // The text itself is among those that have it.
    let known = hashes.filter { $0.count > 1 }.sorted { $0 < $1 }
    let telling = max(known.prefix { $0.count <= Self.few }.count, fewest)
    return (known.prefix(telling), known.dropFirst(telling))
  }

  /// Walks through the samples of the corpus.
  static func eachSample(_ db: Database, _ body: (Int64, Sample) throws -> Void) throws {
    try db.eachRow("SELECT speech, sparsity, hashes FROM fingerprint", []) { row in
      // A damaged row is taken for one of the samples that there are.
      try body(Int64(row.integer(0)), Sample(sparsity: min(max(row.integer(1), 0), 2), bytes: row.raw(2)))
    }
  }

  /// Numbers of four bytes, the lowest byte first.
  static func bytes(of numbers: [UInt32]) -> [UInt8] {
    // A closure: the key path would be followed for each number anew.
    numbers.map { $0.littleEndian }.withUnsafeBytes { Array($0) }
  }

  /// How large a sample is: its sparsity, and how many hashes are left at each.
  struct SampleCounts {
    let sparsity: Int
    private let counts: (Int32, Int32, Int32)

    init(_ print: CopyText.Fingerprint) {
      sparsity = print.sparsity
      counts = (Int32(print.count(at: 0)), Int32(print.count(at: 1)), Int32(print.count(at: 2)))
    }

    /// How many hashes there are.
    var all: Int { Int(counts.0) }

    @inline(__always)
    private func count(at sparsity: Int) -> Int { Int(sparsity == 0 ? counts.0 : sparsity == 1 ? counts.1 : counts.2) }

    /// Whether two texts may be copies whose samples have so many hashes in common.
    @inline(__always)
    func mayBeCopies(shared: Int, _ other: SampleCounts) -> Bool {
      let common = max(sparsity, other.sparsity)
      return CopyText.Fingerprint.mayBeCopies(
        shared: shared, of: count(at: common), other.count(at: common))
    }

    /// Whether so many telling hashes make it worth while to hold the sample against another. A text has one or two in common
    /// with hundreds of others, which does not make it their copy.
    /// - Parameter telling: by so many of them it is looked for.
    @inline(__always)
    func isReached(by told: Int, of telling: Int, _ other: SampleCounts) -> Bool {
      if told * 4 >= telling { return true }
      // About how many hashes would be there where both are equally sparse.
      let common = max(sparsity, other.sparsity)
      return told * 8 >= min(all >> (common - sparsity), other.all >> (common - other.sparsity))
    }
  }

  /// A sample where SQLite has it.
  struct Sample {
    let sparsity: Int
    let bytes: UnsafeRawBufferPointer

    var hashes: some Sequence<UInt32> {
      (0..<bytes.count / 4).lazy.map {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
      }
    }

    /// A copy of it.
    var print: CopyText.Fingerprint { CopyText.Fingerprint(sparsity: sparsity, hashes: Array(hashes)) }
  }
}

extension Database {
  /// Hands over the text of the current revision of a speech, as UTF-8; nil where there is none.
  func withText<Result>(of key: Int64, _ body: (ArraySlice<UInt8>) -> Result) throws -> Result? {
    try firstRow(
      """
      SELECT r.text FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
      WHERE s.key = ? AND s.deleted_at IS NULL
      """, [key]
    ) { body($0.bytes(0)[...]) }
  }

  /// The text of the current revision of a speech, as copies are told by it; nil where there is none.
  func copyText(of key: Int64) throws -> CopyText? { try withText(of: key) { CopyText($0) } }
}
