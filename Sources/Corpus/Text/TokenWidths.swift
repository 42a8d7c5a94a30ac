/// How many code points the tokens of a text take up, in a byte or two for each of those that take up another number than one:
/// what turns places in the index into places in the text, kept for less than the text.
public struct TokenWidths: Hashable, Sendable {
  /// What a token is that does not take up one code point.
  private enum Exception: UInt8 {
    /// None at all: the first of two for one character.
    case nothing
    /// A character with a mark, or a word of two letters.
    case two
    /// The end of a line, alone or with the character before it.
    case lineEnd
    /// A longer word; its length follows.
    case word
  }

  /// The exceptions in order, each behind the number of ordinary tokens before it: that number in six bits, the exception
  /// in two. Of 63 ordinary tokens none is the exception.
  private(set) var bytes: [UInt8] = []
  private var ordinary = 0

  private static let most = 63

  /// Of no token.
  public init() {}

  /// How much memory they take, in bytes.
  public var size: Int { bytes.count }

  /// Appends those of the lines of a piece of text.
  public mutating func append(_ text: [Folding.Folded]) {
    var tokens: [UInt8] = []
    for line in text.lines {
      _ = Tokenizer.append(line: line, to: &tokens) { if let width = $0 { append(width) } else { append(.lineEnd) } }
    }
  }

  /// Appends a token that takes up a number of code points.
  private mutating func append(_ width: Int) {
    switch width {
    case 0: append(.nothing)
    case 1: ordinary += 1
    case 2: append(.two)
    default:
      append(.word)
      var rest = width
      while rest > 0x7F {
        bytes.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
  }

  private mutating func append(_ exception: Exception) {
    while ordinary >= Self.most {
      bytes.append(UInt8(Self.most << 2))
      ordinary -= Self.most
    }
    bytes.append(UInt8(ordinary << 2) | exception.rawValue)
    ordinary = 0
  }

  /// A walk along the tokens, which says where they begin.
  public struct Walk {
    /// What lies between the places of two lines: more than any distance within one.
    private static let line = 1 << 40

    private let bytes: [UInt8]
    private var index = 0
    /// The first token that has not been passed, and where it begins.
    private var token = 0
    private var place = 0

    /// A walk from the first token on.
    public init(_ widths: TokenWidths) { bytes = widths.bytes }

    /// Where a token begins, in code points from the beginning of its line and apart from any place of another line. Tokens
    /// have to be asked for in order.
    public mutating func place(of wanted: Int) -> Int {
      while index < bytes.count {
        let (gap, exception) = (Int(bytes[index] >> 2), Exception(rawValue: bytes[index] & 3) ?? .nothing)
        if wanted <= token + gap { break }
        index += 1
        token += gap
        place += gap
        if gap == TokenWidths.most { continue }
        token += 1
        switch exception {
        case .nothing: break
        case .two: place += 2
        case .lineEnd: place += Self.line
        case .word:
          var shift = 0
          while index < bytes.count {
            place += Int(bytes[index] & 0x7F) << shift
            shift = min(shift + 7, 35)
            index += 1
            if bytes[index - 1] & 0x80 == 0 { break }
          }
        }
      }
      return place + wanted - token
    }
  }
}
