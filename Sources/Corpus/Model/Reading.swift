/// A speech as it was read from a document, ready to be kept.
public struct Reading: Hashable, Sendable {
  /// Its permanent name.
  public var id: SpeechID
  /// What was read.
  public var speech: Speech
  /// What it was read from.
  public var document: SourceDocument

  /// A speech and its document.
  public init(id: SpeechID, speech: Speech, document: SourceDocument) {
    self.id = id
    self.speech = speech
    self.document = document
  }
}
