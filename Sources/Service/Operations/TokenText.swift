import Corpus
import Foundation

/// The text of a token: `rostrum_`, 32 random bytes in base64url, and a checksum that tells a slip of the pen from a token
/// that is not known.
public struct TokenText: Sendable {
  private static let mark = "rostrum_"
  private static let (secretLength, checksumLength) = (43, 4)

  /// The token, to be shown once.
  public let text: String

  /// A new token.
  public init() {
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let unchecked = Self.mark + Self.base64URL(bytes)
    text = unchecked + Self.checksum(of: unchecked)
  }

  /// How the token begins: what lists show of it.
  public var prefix: String { String(text.prefix(Self.mark.count + 8)) }

  /// What is stored of a token.
  public static func digest(of text: String) -> [UInt8] { SHA256.digest(of: Array(text.utf8)) }

  /// Whether a text looks like one of these tokens and cannot be one.
  static func isMisspelt(_ text: String) -> Bool {
    guard text.hasPrefix(mark) else { return false }
    return text.utf8.count != mark.utf8.count + secretLength + checksumLength
      || checksum(of: String(text.dropLast(checksumLength))) != text.suffix(checksumLength)
  }

  private static func checksum(of text: String) -> String {
    String(base64URL(Array(SHA256.digest(of: Array(text.utf8)).prefix(3))))
  }

  /// RFC 4648 §5, without padding.
  private static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
