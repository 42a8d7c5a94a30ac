/// The permanent name of a speech: 12 characters of lower-case Crockford base32 over SHA-256 of its source.
///
/// What is hashed is the normalised address of the source or, without one, its decoded text, as UTF-8. Where a
/// page holds several speeches, `#` and the ordinal on the page follow. Nothing that a parser made is in it.
/// `docs/identifiers.md` has the test vectors.
public struct SpeechID: Hashable, Comparable, Sendable {
  /// The twelve characters.
  public let text: String

  /// Reads an id; nil unless it is twelve characters of the alphabet.
  public init?(_ text: String) {
    guard text.utf8.count == 12, text.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
    self.text = text
  }

  /// The id of a document with the given address, or without one with the given decoded source.
  /// - Parameter ordinal: from 1, where the document holds several speeches; else nil.
  public init(address: String?, decodedSource: @autoclosure () -> String, ordinal: Int? = nil) {
    self = Source(address: address, decodedSource: decodedSource()).id(ordinal: ordinal)
  }

  /// A source that is hashed once, however many speeches it holds.
  public struct Source {
    private var hash = SHA256()

    /// The source with the given address, or without one with the given decoded text.
    public init(address: String?, decodedSource: @autoclosure () -> String) {
      hash.update(Array((address.flatMap(SourceAddress.normalised) ?? decodedSource()).utf8))
    }

    /// The id of the speech with an ordinal, from 1, or of the only one.
    public func id(ordinal: Int?) -> SpeechID {
      var hash = hash
      if let ordinal { hash.update(Array("#\(ordinal)".utf8)) }
      return SpeechID(hash.digest)
    }
  }

  private init(_ digest: [UInt8]) {
    var bits: UInt64 = 0
    for byte in digest.prefix(8) { bits = bits << 8 | UInt64(byte) }
    let characters = (0..<12).map { Self.alphabet[Int(bits >> UInt64(59 - 5 * $0) & 31)] }
    text = String(decoding: characters, as: UTF8.self)
  }

  /// Ids are in the order of their characters.
  public static func < (one: SpeechID, other: SpeechID) -> Bool { one.text < other.text }

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
