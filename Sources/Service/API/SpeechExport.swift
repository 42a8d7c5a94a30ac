public import Storage

/// A speech as it leaves the corpus and can come back.
public enum SpeechExport {
  /// The whole speech as one JSON object without a line break.
  public static func json(_ stored: StoredSpeech) -> [UInt8] { SpeechResource(stored: stored).json(.everything) }
}
