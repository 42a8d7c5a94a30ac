import GRDB

/// What an import in many parts knows from one part to the next.
public final class LargeImport {
  /// The samples by which copies are found; nil before they are asked for, and where they take too much memory.
  var samples: CopySamples?
  private let mostBytes: Int
  private var isTooLarge = false
  /// How many rows the connection had changed when the samples were those of the corpus.
  private var changes = 0

  /// An import of which nothing is written yet.
  /// - Parameter mostBytes: how much memory it may take for what it keeps in mind.
  public init(mostBytes: Int) { self.mostBytes = mostBytes }

  /// A part begins: what was kept in mind is given up where others have written since.
  func begin(_ db: Database) { if db.totalChangesCount != changes { samples = nil } }

  /// A part is written but for the end of its transaction.
  func end(_ db: Database) { changes = db.totalChangesCount }

  /// A part was not written.
  func forget() { samples = nil }

  /// The samples of the corpus as it is now; nil where they would take too much.
  func samples(_ db: Database) throws -> CopySamples? {
    if samples == nil, !isTooLarge {
      var all = CopySamples()
      try CopySearch.eachSample(db) { key, sample in if all.bytes <= mostBytes { all.put(key, sample.print) } }
      samples = all
    }
    if let known = samples, known.bytes > mostBytes { (samples, isTooLarge) = (nil, true) }
    return samples
  }
}
