/// What is known of the Chinese language from lists: words, and how characters are read. Without a list there is less to
/// offer, and nothing else changes.
public struct LanguageData: Sendable {
  /// Words, by which a sentence is divided.
  public var lexicon: Lexicon?
  /// Readings, by which a name is found.
  public var pinyin: Pinyin?

  /// The lists at hand.
  public init(lexicon: Lexicon? = nil, pinyin: Pinyin? = nil) {
    self.lexicon = lexicon
    self.pinyin = pinyin
  }
}
