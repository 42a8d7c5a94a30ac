/// Which speeches are meant: one meaning for lists, counts, facets and export.
public struct SpeechFilter: Hashable, Sendable {
  /// A field that is matched as a whole.
  public enum Field: String, CaseIterable, Sendable {
    case speaker, role, level, genre, location, site, source, language
  }

  /// A field that is matched by a part of it.
  public enum TextField: String, CaseIterable, Sendable {
    case title, organisation, occasion
  }

  /// Which date counts.
  public enum DateChoice: String, CaseIterable, Sendable {
    case any, delivered, published
  }

  /// What becomes of speeches without that date.
  public enum Undated: String, CaseIterable, Sendable {
    case include, exclude, only
  }

  /// Whether copies of a speech count each, or all together once.
  public enum Copies: String, CaseIterable, Sendable {
    case raw, collapsed
  }

  /// Equal to one of the values, field by field.
  public var equal: [Field: [String]] = [:]
  /// Contains one of the values, field by field; case does not matter in Latin script.
  public var containing: [TextField: [String]] = [:]
  /// The first day that counts, `YYYY-MM-DD`.
  public var from: String?
  /// The last day that counts.
  public var to: String?
  /// Which date counts.
  public var dateChoice = DateChoice.any
  /// What becomes of undated speeches; nil for the default, which is to include them unless there are `from` or `to`.
  public var undated: Undated?
  /// Whether the speech has sections.
  public var hasSections: Bool?
  /// At least so many characters.
  public var minimumCharacters: Int?
  /// At most so many characters.
  public var maximumCharacters: Int?
  /// Metadata equal to one of the values, key by key.
  public var metadata: [String: [String]] = [:]

  /// Belongs to one of the sets; nil for no such condition.
  public var sets: [SpeechSet]?

  /// Whether of each family only one speech passes: of those that pass the rest and for which a query holds, the head of
  /// the family or else the one that was imported first.
  public var copies = Copies.raw

  /// A filter that lets everything pass.
  public init() {}

  /// A filter that lets the speeches of some sets pass.
  public init(in sets: [SpeechSet]) { self.sets = sets }

  /// What becomes of undated speeches.
  public var effectiveUndated: Undated { undated ?? (from == nil && to == nil ? .include : .exclude) }
}

/// The speeches that a collection stands for.
public enum SpeechSet: Hashable, Sendable {
  /// Those that stand in the list of a collection, by its slug.
  case listed(collection: String)
  /// Those that pass a filter.
  case passing(SpeechFilter)
}

/// A field that can be counted: its distinct values and how many speeches have each.
public enum FacetField: String, CaseIterable, Sendable {
  case speaker, role, level, genre, location, site, source, language, year, organisation, occasion, title
}

/// A field whose distinct values can be listed.
public enum ValueField: Hashable, Sendable {
  /// A field of the card.
  case card(FacetField)
  /// A key of the metadata.
  case metadata(String)
}

/// The order of a list; what has no date comes last, and equals are in order of their id.
public enum SpeechSort: String, CaseIterable, Sendable {
  case date
  case dateDescending = "-date"
  case added
  case addedDescending = "-added"
  case title
}
