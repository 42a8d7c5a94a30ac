/// What a copy is of the speech that it is a copy of.
public enum CopyKind: String, CaseIterable, Sendable {
  /// The same text under the same title, or under none.
  case repost
  /// The same text under another title.
  case retitled
  /// Most of either stands in the other.
  case nearCopy = "near_copy"
  /// Most of it stands in the other, which has much besides.
  case excerpt

  /// What counts as most of a text: of one in twenty of whose characters another stands, nine tenths are still found.
  public static let most = 0.75
  /// A text of less weight, some twenty characters, is a formula rather than a copy.
  public static let leastWeight = 48

  /// The kind of a copy.
  /// - Parameters:
  ///   - text: its text, and that of the speech that it is a copy of.
  ///   - title: both titles.
  ///   - share: what part of the other text stands in it.
  public init(_ text: CopyText, of other: CopyText, title: (String?, String?), share: Double) {
    if text.isSame(as: other) {
      let titles = [title.0, title.1].compactMap { $0 }.map { CopyText(Array($0.utf8)[...]) }
      self = titles.count == 2 && !titles[0].isSame(as: titles[1]) ? .retitled : .repost
    } else {
      self = share >= Self.most ? .nearCopy : .excerpt
    }
  }
}

/// Two speeches of which one stands in the other for the most part.
public struct CopyPair: Hashable, Sendable {
  /// The one that stands in the other, by its key; of two that stand in each other, the shorter.
  public var copy: Int64
  /// The other.
  public var original: Int64
  /// What part of the copy stands in the other.
  public var share: Double
  /// What part of the other stands in the copy.
  public var coverage: Double

  /// A pair.
  public init(copy: Int64, original: Int64, share: Double, coverage: Double) {
    (self.copy, self.original, self.share, self.coverage) = (copy, original, share, coverage)
  }

  /// Whether either stands in the other.
  var isMutual: Bool { coverage >= CopyKind.most }
}

/// Groups speeches into families: those that stand in each other, and below them what is a part of one.
public enum SpeechFamilies {
  /// The head of the family of every speech that has one.
  ///
  /// Speeches that stand in each other, by themselves or by way of others, belong together; the head of them is the one that
  /// was imported first. An excerpt joins those of which it has most; so two excerpts of one collected volume have it as their
  /// head, and two volumes with the same speech in both stay apart.
  public static func heads(_ pairs: some Sequence<CopyPair>) -> [Int64: Int64] {
    var parents: [Int64: Int64] = [:]
    func root(_ key: Int64) -> Int64 {
      var key = key
      while let parent = parents[key], parent != key { key = parent }
      return key
    }
    let pairs = pairs.sorted { ($0.copy, $0.original) < ($1.copy, $1.original) }
    for pair in pairs {
      for key in [pair.copy, pair.original] where parents[key] == nil { parents[key] = key }
      guard pair.isMutual else { continue }
      let (one, other) = (root(pair.copy), root(pair.original))
      parents[max(one, other)] = min(one, other)
    }
    // What each group is an excerpt of, if of anything.
    var wholes: [Int64: (head: Int64, share: Double)] = [:]
    for pair in pairs where !pair.isMutual {
      let (part, whole) = (root(pair.copy), root(pair.original))
      guard part != whole else { continue }
      if let known = wholes[part], (known.share, -known.head) >= (pair.share, -whole) { continue }
      wholes[part] = (whole, pair.share)
    }
    func top(_ key: Int64) -> Int64 {
      var path = [key]
      while let whole = wholes[path[path.count - 1]]?.head {
        // Near-copies of near-copies may come to be parts of each other.
        if let first = path.firstIndex(of: whole) { return path[first...].min() ?? whole }
        path.append(whole)
      }
      return path[path.count - 1]
    }
    return Dictionary(uniqueKeysWithValues: parents.keys.map { ($0, top(root($0))) })
  }
}
